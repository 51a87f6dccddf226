"""The heart strap: by its address, or chosen among those that the pod hears."""

import io
import json
import sys

import pytest
from talking import command

FIRST, LAST = "c0:bb:cc:dd:ee:01", "10:00:00:00:00:01"
NEAR = [["ca:bb:cc:dd:ee:02", 1, -80, ""], [FIRST, 1, -50, "Polar H10"], [LAST, 0, -90, "T"]]
MOVES = ["4a:bb:cc:dd:ee:03", 1, -40, "Watch"]


@pytest.fixture
def pod(pods):
    there = pods("belt", "waist", "02", "phone")
    there.requests.append("straps")
    there.near = [list(row) for row in NEAR]
    return there


@pytest.fixture
def typed(monkeypatch):
    """Have a person at a terminal type a line."""

    def types(line):
        there = io.StringIO(line)
        there.isatty = lambda: True
        monkeypatch.setattr(sys, "stdin", there)

    return types


def test_a_strap_is_chosen_and_forgotten(pods):
    pod = pods("belt", "waist", "02", "phone")
    port = ("--port", pod.port)
    assert "heart rate from aa:bb:cc:dd:ee:ff" in command("pair", "hr", "AA:BB:CC:DD:EE:FF", *port)[1]
    assert pod.strap == "aa:bb:cc:dd:ee:ff"
    assert command("pair", "hr", "--off", *port)[1].startswith("no strap any more") and pod.strap == ""


def test_a_strap_needs_an_address_a_radio_and_a_firmware_that_knows_it(pods):
    pod = pods("belt", "waist", "02")
    assert "hr: nonsense: want the strap's address" in command("pair", "hr", "nonsense")[2]
    assert "takes no address" in command("pair", "hr", "aa:bb:cc:dd:ee:ff", "--off")[2]
    told = command("pair", "hr", "aa:bb:cc:dd:ee:ff", "--port", pod.port)
    assert told[0] == 2 and "its radio is off" in told[2] and pod.did == []
    pod.requests = ["hello"]
    assert "knows no strap" in command("pair", "hr", "aa:bb:cc:dd:ee:ff", "--port", pod.port)[2]


@pytest.mark.parametrize("words", [("hr",), ("HR", "scan")])
@pytest.mark.parametrize(("line", "chosen"), [("1\n", FIRST), ("3\n", LAST), ("\n", ""), ("", "")])
def test_a_person_chooses_among_those_that_are_near(pod, typed, words, line, chosen):
    typed(line)
    code, out, err = command("pair", *words, "--port", pod.port)
    assert code == 0 and pod.strap == chosen and "listens for heart straps for 6 s" in err
    first, second, third = out.splitlines()[:3]
    assert first.split() == ["1", "c0:bb:cc:dd:ee:01", "-50", "dBm", "Polar", "H10"]
    assert second.endswith("-80 dBm  (no name)") and third.startswith(" 3  10:")
    assert (f"heart rate from {chosen}, from the next start on" in out) == bool(chosen)


@pytest.mark.parametrize(("line", "fault"), [
    ("4\n", "hr: '4' is outside 1..3; nothing was changed"), ("0\n", "is outside 1..3"),
    ("Polar\n", "hr: 'Polar' is outside 1..3"),
])  # fmt: skip
def test_what_is_none_of_them_changes_nothing(pod, typed, line, fault):
    typed(line)
    code, _, err = command("pair", "hr", "--port", pod.port)
    assert code == 2 and fault in err and pod.did == ["straps"]


def test_the_nearest_is_taken_without_a_question(pod):
    pod.near.append(MOVES)
    assert command("pair", "hr", "--first", "--port", pod.port)[0] == 0 and pod.strap == "c0:bb:cc:dd:ee:01"


def test_one_that_changes_its_address_cannot_be_chosen(pod, typed):
    pod.near = [MOVES]
    code, out, err = command("pair", "hr", "--port", pod.port)
    assert code == 2 and f"hr: {MOVES[0]} Watch: changes its address" in err
    pod.near = [MOVES, NEAR[1]]
    typed("1\n")
    code, out, err = command("pair", "hr", "--port", pod.port)
    assert code == 2 and "Watch; changes its address" in out and f"{MOVES[0]}: changes" in err and not pod.strap


def test_without_a_terminal_they_are_listed_and_nothing_is_chosen(pod):
    code, out, _ = command("pair", "hr", "--port", pod.port)
    assert code == 0 and out.splitlines()[-1].endswith("the nearest: backstep pair hr --first")
    told = json.loads(command("pair", "hr", "--json", "--port", pod.port)[1])
    assert [row["dbm"] for row in told["straps"]] == [-50, -80, -90] and pod.did == ["straps", "straps"]


def test_where_none_is_near_it_is_said_what_to_do_and_which_one_is_connected(pod):
    pod.near, pod.strap, pod.bpm = [], "aa:aa:aa:aa:aa:aa", 71
    code, out, err = command("pair", "hr", "--port", pod.port)
    assert (code, out) == (2, "") and "no heart strap is near: wear it" in err
    assert "aa:aa:aa:aa:aa:aa is connected, 71/min" in err


def test_what_cannot_be_is_told_before_anybody_listens(pod):
    assert "--first: takes the nearest strap, and no address" in command("pair", "hr", NEAR[0][0], "--first")[2]
    assert "and no --off" in command("pair", "hr", "--off", "--first")[2]
    pod.requests.remove("straps")
    assert "cannot look for straps: backstep deploy" in command("pair", "hr", "--port", pod.port)[2]
    pod.requests.append("straps")
    pod.radio = "off"
    assert "its radio is off" in command("pair", "hr", "--port", pod.port)[2] and pod.did == []
