"""The client and its verbs, at a line with a pod's manners and at the virtual pod."""

import json
import os
import time
from binascii import crc32

import pytest
from patient import SLOWER
from still import Still
from talking import Line, command, while_running

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.sessions import session_log
from host_tools.talk import client, find
from host_tools.talk.client import Client
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod

LOG = {"log/00001-01.bsl": os.urandom(3000), "log/00001-02.bsl": os.urandom(100), "log/00002-01.bsl": b""}


@pytest.fixture
def line(monkeypatch):
    made = []

    def make(*args, **named):
        made.append(Line(*args, **named))
        return made[-1]

    monkeypatch.setattr(find, "ports", lambda: [one.port for one in made])
    yield make
    for one in made:
        one.close()


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(client, "ANSWER_S", 0.3 / SLOWER)
    monkeypatch.setattr(client, "_HELLO_S", 0.2 / SLOWER)
    monkeypatch.setattr(client, "START_S", 0.5 / SLOWER)


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


def test_silence_is_said_with_what_to_do(line, hasty):
    there = line()
    there.mute = True
    with Client(there.port) as pod, pytest.raises(UserError, match="no answer to 'hello'.*backstep deploy"):
        pod.meet(client.START_S)


def test_a_pod_that_starts_is_waited_for_and_said_to(line, hasty, monkeypatch):
    there = line()
    there.mute = True
    heard = []

    def waits(words):
        heard.append(words)
        there.mute = False

    with Client(there.port) as pod:
        assert pod.meet(1e6, waits)["name"] == "left"
    assert heard == [f"{there.port}: no answer yet: it may be starting; waits 1000000 s"]


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


def test_sync_fetches_what_is_missing_and_says_so(line, tmp_path):
    there = line(files=LOG)
    code, out, _ = command("sync", "--port", there.port, "--to", tmp_path)
    folder = tmp_path / "01"
    assert code == 0 and out == f"3 new sessions in {folder}; 0 here before\n"
    assert {f"log/{path.name}": path.read_bytes() for path in folder.iterdir()} == LOG
    assert [asked["path"] for asked in there.asked if asked["do"] == "synced"] == list(LOG)
    reads = len([asked for asked in there.asked if asked["do"] == "read"])
    code, out, _ = command("sync", "--port", there.port, "--to", tmp_path, "--json")
    assert json.loads(out) == {"folder": str(folder), "new": [], "had": 3, "raw": [], "running": [], "removed": 0}
    assert len([asked for asked in there.asked if asked["do"] == "read"]) == reads


def test_sync_goes_on_where_a_broken_cable_left_off(line, tmp_path, monkeypatch):
    there, read = line(files=LOG), Client.read
    left = 2

    def breaks(self, path, offset):
        nonlocal left
        if not left:
            raise UserError("connection lost")
        left -= 1
        return read(self, path, offset)

    monkeypatch.setattr(Client, "read", breaks)
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 2
    folder = tmp_path / "01"
    assert [(path.name, path.stat().st_size) for path in folder.iterdir()] == [("00001-01.bsl.part", 1536)]
    monkeypatch.setattr(Client, "read", read)
    there.asked.clear()
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert next(asked["offset"] for asked in there.asked if asked["do"] == "read") == 1536
    assert {f"log/{path.name}": path.read_bytes() for path in folder.iterdir()} == LOG


def test_what_is_damaged_on_its_way_is_asked_for_again(line, tmp_path):
    there = line(files=LOG)
    there.damage = 2
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    there.damage = 99
    there.files["log/00009-01.bsl"] = b"x" * 50
    code, _, err = command("sync", "--port", there.port, "--to", tmp_path)
    assert code == 2 and "damaged on its way 3 times at 0; is the cable sound?" in err


@pytest.mark.parametrize("rest", [b"other", b"x" * 9000])
def test_a_part_of_another_session_is_begun_anew(line, tmp_path, rest):
    there = line(files=LOG)
    (tmp_path / "01").mkdir()
    (tmp_path / "01" / "00001-01.bsl.part").write_bytes(rest)
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert (tmp_path / "01" / "00001-01.bsl").read_bytes() == LOG["log/00001-01.bsl"]


def test_a_session_of_the_same_name_is_not_overwritten(line, tmp_path):
    there = line(files=LOG)
    (tmp_path / "01").mkdir()
    (tmp_path / "01" / "00001-02.bsl").write_bytes(b"from before the pod was erased")
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert (tmp_path / "01" / "00001-02.bsl").read_bytes() == b"from before the pod was erased"
    assert (tmp_path / "01" / "00001-02_2.bsl").read_bytes() == LOG["log/00001-02.bsl"]
    assert "0 new" in command("sync", "--port", there.port, "--to", tmp_path)[1]


def test_only_what_is_here_is_removed(line, tmp_path):
    there = line(files=LOG)
    assert "3 removed from the pod" in command("sync", "--port", there.port, "--to", tmp_path, "--remove")[1]
    assert there.files == {} and len(list((tmp_path / "01").iterdir())) == 3


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


def work(port, folder):
    """Do what a person does at a desk; return what was said."""
    at = ("--port", port)
    said = {
        "status": command("status", *at),
        "set": command("config", "set", "pod_name=left shoe", "cue_every_steps=20", *at),
        "wrong": command("config", "set", "cue_every_steps=20000", "hat=1", *at),
        "get": command("config", "get", "cue_every_steps", "pod_name", *at),
        "list": command("config", "list", *at),
        "time": command("time", *at),
        "buzz": command("buzz", *at),
        "mark": command("mark", *at),
        "lap": command("lap", *at),
        "snooze": command("snooze", *at),
        "direction": command("direction", "backward", *at),
        "live": command("live", "--seconds", str(0.2 / SLOWER), *at),
        "running": command("sync", "--to", folder, "--json", *at),
        "end": command("session", "end", *at),
        "sync": command("sync", "--to", folder, *at),
        "sessions": command("sessions", *at),
        "reasons": command("reasons", *at),
        "json": command("status", "--json", "--pod", "left shoe", *at),
        "reset": command("config", "reset", *at),
        "maintenance": command("maintenance", *at),
    }
    time.sleep(1)
    said["prompt"] = command("status", *at)
    said["reboot"] = command("reboot", *at)
    return said | {"again": command("status", *at)}


class Spinning(Still):
    """A pod that never has a calm moment."""

    def row(self, index, rate_hz):
        return index % 2, 0, 1000, 0, 0, 3000


def test_a_pod_that_never_rests_says_so_before_the_host_gives_up():
    model = board_model.build(board_model.read_board("virtual"), Spinning(), Timeline())
    hardware, heard = model.hardware, []
    with VirtualPod(hardware, podfiles.files("virtual")) as pod:
        hardware.at(4_000_000, lambda: pod.send(b'{"id": 1, "do": "hello"}\n'))
        hardware.at(8_000_000, lambda: pod.send(b'{"id": 2, "do": "set", "values": {"snooze_min": 9}}\n'))
        pod.run(lambda data: heard.append((hardware.now_us, data)), until_us=20_000_000)
    text = b"".join(data for _, data in heard)
    assert b'{"id": 2, "busy": true, "error": "the pod moves too much' in text
    (answered_us,) = [now_us for now_us, data in heard if data.startswith(b'{"id": 2')]
    took_s = answered_us / 1e6 - 8
    print(f"answered after {took_s:.2f} s")
    assert 6.0 < took_s < client.ANSWER_S - 1


def test_every_verb_at_the_virtual_pod(tmp_path):
    model = board_model.build(board_model.read_board("virtual"), Still(), Timeline())
    flash = tmp_path / "flash.bin"
    with VirtualPod(model.hardware, podfiles.files("virtual"), flash=flash) as pod:
        said = while_running(pod, lambda port: work(port, tmp_path))
    codes = {name: code for name, (code, _, _) in said.items() if code}
    assert codes == {"wrong": 2, "snooze": 2, "direction": 2, "prompt": 2}
    assert "a shoe senses it" in said["direction"][2]
    assert "shoe at 208 Hz" in said["status"][1] and "faults: none" in said["status"][1]
    assert said["set"][1] == "changed: cue_every_steps, pod_name\n"
    assert "hat: no such setting" in said["wrong"][2] and "20000 is outside 0..1000 steps" in said["wrong"][2]
    assert said["get"][1] == "cue_every_steps=20\npod_name=left shoe\n"
    assert "left shoe" in said["list"][1] and "4..30 deg or 0" in said["list"][1]
    assert "1 new session in" in said["sync"][1] and "fetched" in said["sessions"][1]
    assert "ended by console" in said["reasons"][1]
    assert json.loads(said["json"][1])["name"] == "left shoe"
    assert "at MicroPython's prompt: backstep reboot starts its firmware" in said["prompt"][2]
    assert said["reboot"][1] == "starts anew, from the prompt\n" and "shoe at 208 Hz" in said["again"][1]
    (path,) = (tmp_path / "020000000001").glob("*.bsl")
    on_flash = read_files(flash)["/log/00001-01.old"]
    assert crc32(path.read_bytes()) == crc32(on_flash)
    names = [record["event"] for record in session_log.load(path).records]
    assert {"begin", "boot", "clock", "buzz", "mark", "lap", "end"} <= set(names)
    assert "lap 2" in command("sessions", path, "--figures")[1]
