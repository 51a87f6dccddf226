"""The client and its verbs, at a line with a pod's manners."""

import itertools
import json
import os
import time

import pytest
import session_logs
from patient import SLOWER
from talking import Line, command

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.sessions import session_log
from host_tools.talk import client, find
from host_tools.talk.client import Client


def test_two_pods_are_told_apart_by_name_and_never_guessed(line):
    line("left", "01"), line("right", "02")
    code, out, err = command("buzz", "--pod", "nobody")
    assert code == 2 and "not found; there is: " in err and "left, uid 01" in err and "right, uid 02" in err
    left = line("left", "03")
    code, _, err = command("status", "--pod", "left")
    assert code == 2 and "which one? Name its uid or --port" in err
    with find.connected(type("Args", (), {"pod": "03", "port": None})) as pod:
        assert pod.port == left.port


def test_the_one_at_the_port_must_have_the_name(line):
    there = line("left", "01")
    code, _, err = command("mark", "--pod", "right", "--port", there.port)
    assert code == 2 and "--pod right: not found; there is: " in err
    assert [asked["do"] for asked in there.asked] == ["hello"]


def test_silence_is_said_with_how_long_it_was_and_what_to_do(line, monkeypatch):
    there = line()
    there.mute = True
    seconds = itertools.count(step=6)
    monkeypatch.setattr(client, "time", type("Leaps", (), {"monotonic": lambda self: next(seconds)})())
    with Client(there.port) as pod, pytest.raises(UserError, match=r"no answer for (4|5)\d s;.*backstep deploy"):
        pod.meet(client.START_S)


def test_a_pod_that_starts_is_waited_for_and_said_to(line, hasty, monkeypatch):
    there = line()
    there.mute = True
    heard = []

    def waits(words):
        heard.append(words)
        there.mute = len(heard) < 2

    with Client(there.port) as pod:
        assert pod.meet(1e9, waits)["name"] == "left"
    words = f"{there.port}: no answer yet: it may be starting; waits "
    assert len(heard) == 2 and all(one.startswith(words) and one.endswith(" s more") for one in heard)


def test_in_a_pipe_it_is_said_once_that_a_pod_is_waited_for(capsys):
    with find._waiting() as tell:
        tell("waits 40 s more")
        tell("waits 37 s more")
    assert capsys.readouterr().err == "waits 40 s more\n"


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_firmware_from_before_there_were_requests_is_told_at_once_and_left_running(lines, monkeypatch, pieces):
    class Before(Line):
        """Answers as firmware of 22 November: what it does not know is quoted. It comes in so many pieces."""

        def _answer(self, asked):
            self.asked.append(asked)
            said = f"error: unknown command '{json.dumps(asked)}', try help".encode()
            for at in range(pieces - 1):
                os.write(self._master, said[20 * at : 20 * at + 20])
                time.sleep(0.1)
            return said[20 * (pieces - 1) :].decode()

    there = lines(Before)()
    code, _, err = command("status", "--port", there.port)
    assert code == 2 and "its firmware knows no requests yet: backstep deploy brings" in err
    assert [asked["do"] for asked in there.asked] == ["hello"]


def test_a_port_that_is_not_there_is_said():
    code, _, err = command("status", "--port", "/dev/nosuch")
    assert (code, err) == (2, "backstep status: /dev/nosuch: there is no such port; is the pod plugged in?\n")


def test_a_pod_that_cannot_just_now_is_asked_again(line):
    there = line()
    there.busy = 2
    with Client(there.port) as pod:
        assert pod.ask_again("hello")["name"] == "left"
        there.busy = 3
        with pytest.raises(client.Busy):
            pod.ask_again("hello")


def test_what_a_program_before_asked_is_not_taken_for_ones_own_answer(line):
    there = line()
    there.late = 1
    with Client(there.port) as before, pytest.raises(client.Silent):
        before.ask("hello", 0.2 / SLOWER)
    with Client(there.port) as pod:
        assert pod.ask("time") == {"ahead_ms": None, "stepped_back": False, "uptime_ms": 5}
    assert [asked["do"] for asked in there.asked] == ["hello", "time"]


def test_a_cable_that_is_pulled_is_said(line):
    there = line()
    with Client(there.port) as pod:
        pod.meet()
        there.close()
        with pytest.raises(UserError, match="connection lost|no answer"):
            pod.ask("hello", 0.3 / SLOWER)


@pytest.mark.parametrize("word", ["99", "-1", "half"])
def test_minutes_that_are_none_are_refused_before_a_pod_is_looked_for(word, capsys):
    with pytest.raises(SystemExit):
        main(["record", word, "--port", "/dev/nosuch"])
    assert "1..60, or 0 to end it now" in capsys.readouterr().err or word == "-1"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("list", "x"), "list: takes no names"),
        (("get",), "get: want a name or more"),
        (("set",), "set: want NAME=VALUE, has nothing"),
        (("set", "x"), "set: want NAME=VALUE, has x"),
    ],
)
def test_words_that_do_not_fit_are_refused_before_a_pod_is_looked_for(words, fault):
    code, _, err = command("config", *words, "--port", "/dev/nosuch")
    assert code == 2 and fault in err


def test_a_session_log_is_shown_with_what_is_missing(tmp_path):
    with pytest.raises(UserError, match="no session log: no sound block in its 4 bytes"):
        path = tmp_path / "bad.bsl"
        path.write_bytes(b"junk")
        session_log.load(path)
    code, _, err = command("sessions", tmp_path / "nix")
    assert code == 2 and "there is no such file or folder" in err


def test_a_bad_session_file_does_not_hide_the_sound_ones(tmp_path):
    session_logs.write(tmp_path / "00001-01.bsl", [])
    (tmp_path / "._00001-01.bsl").write_bytes(b"Mac OS X" + bytes(100))
    code, out, err = command("sessions", tmp_path)
    assert code == 2 and "00001-01.bsl" in out
    assert "._00001-01.bsl: no session log: no sound block in its 108 bytes" in err
    code, out, err = command("sessions", tmp_path, "--json")
    assert code == 2 and out.startswith('{"session": "00001-01.bsl"') and "._00001-01.bsl" in err
    code, out, _ = command("sessions", tmp_path, "--figures")
    assert code == 2 and "00001-01" in out
