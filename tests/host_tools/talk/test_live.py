"""The verb `live`: plain lines in a pipe, a view that stands in a terminal, raw lines for a program."""

import io
import json
import os
import pty
import threading

import pytest
from backstep.core import settings as pod_settings
from patient import SLOWER
from rich.console import Console
from talking import Line, command

from host_tools.talk import live, sway_bars
from host_tools.talk.client import Client
from host_tools.talk.keys import Keys
from host_tools.talk.live_view import KEYS, View
from host_tools.talk.sway_bars import SwayBars, watched

WHO = {"name": "left", "board": "Virtual pod", "placement": "belt", "rate_hz": 104}
STANDING = {
    "seconds": 51, "running": True, "backward": 44, "forward": 8, "other": 0, "strides": 26, "cadence_spm": 0,
    "direction": "backward", "grade_permille": 70, "sways": 1, "falls": 0, "marks": 2, "snoozed_s": 0,
    "battery_mv": 3920, "faults": {}, "tasks_lost": [], "imu": "running", "worn": "well", "calibrated_day": 0,
    "placement": "belt", "level": True,
}  # fmt: skip
BELT = pod_settings.defaults() | {"placement": "belt"}
SWAY = {"sample": 6160, "event": "sway", "lean_ddeg": 91, "rate_ddps": 780}
STRIDE = {"sample": 6161, "event": "stride"}


class Lively(Line):
    """Tells the events it is given as soon as it is to, beside a person's words, and where it is when asked."""

    def __init__(self, *events, status=STANDING):
        super().__init__()
        self.events, self.status = events, status

    def _live(self, asked):
        if asked["on"]:
            said = [*map(json.dumps, self.events), "SWAY: leaning back 9.1 deg at 78 deg/s", '{"sample": 7, "dama']
            os.write(self._master, "".join(line + "\r\n" for line in said).encode())
        return {}

    def _status(self, asked):
        return self.status

    def _mark(self, asked):
        return {}


@pytest.fixture
def line(lines):
    return lines(Lively)


def test_in_a_pipe_events_are_words_and_one_who_stands_is_told_of(line):
    there = line(SWAY, STRIDE)
    code, out, err = command("live", "--port", there.port, "--seconds", 2 / SLOWER)
    assert (code, err) == (0, "")
    lines = [told.split("  ", 1)[1] for told in out.splitlines()]
    told = "SWAY: leaning back 9.1 deg at 78 deg/s"
    assert set(lines) == {"44 backward, 8 forward, 0 other  standing", told} and lines.count(told) == 1
    assert max(map(len, out.splitlines())) <= 80
    assert [asked["on"] for asked in there.asked if asked["do"] == "live"] == [True, False]


def test_a_program_gets_each_event_as_it_came_and_nothing_else(line):
    there = line(SWAY, STRIDE)
    out = command("live", "--port", there.port, "--seconds", 2 / SLOWER, "--json")[1]
    assert [json.loads(told) for told in out.splitlines()[:2]] == [SWAY, STRIDE]
    assert "status" not in [asked["do"] for asked in there.asked]


@pytest.mark.parametrize("word", ["0", "-1", "soon", "nan"])
def test_a_length_that_is_none_is_refused(word, capsys):
    with pytest.raises(SystemExit):
        command("live", "--seconds", word)


def shown(view, width, height=24) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width).print(view.shown(width, height, True))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("events", [0, 3, 200])
def test_the_view_fits_and_stands_still_whatever_happened(width, events):
    view = View(WHO, SwayBars())
    view.now = STANDING | {"cadence_spm": 90}
    before = shown(view, width)
    for _ in range(events):
        view.take(SWAY)
    lines = shown(view, width)
    assert len(lines) <= 24 and max(map(len, lines)) <= width
    assert lines.index(next(told for told in lines if "backward" in told)) == 3 + (width < 60)
    assert lines[:7] == before[:7]
    text = "\n".join(lines)
    leans = ("9 deg (sways: 8)", "78 deg/s (sways: 50)") if events else ("- deg (sways: 8)", "- deg/s (sways: 50)")
    for words in ("left: Virtual pod", "44", "90/min", "+7.0 %", "m mark", *leans):
        assert words in text


def test_a_bar_has_its_mark_where_sways_are_and_is_empty_again_later(monkeypatch):
    bars = SwayBars()
    bars.take(SWAY | {"lean_ddeg": 50})
    assert [line.plain for line in bars.lines(66)] == [
        "sway lean     " + "#" * 12 + "." * 8 + "|" + "." * 9 + " 5 deg (sways: 8)",
        "sway rate     " + "#" * 20 + "|" + "#" * 9 + " 78 deg/s (sways: 50)",
    ]
    monkeypatch.setattr(sway_bars, "SHOWN_S", 0.0)
    assert "#" not in bars.lines(66)[0].plain
    assert watched(BELT) and not watched(BELT | {"frame": "sensor"}) and not watched(BELT | {"placement": "shoe"})
    assert not watched({})


@pytest.mark.parametrize(
    ("lean_ddeg", "filled", "words"), [(50, 16, "5 deg (sways: 8)"), (-30, 0, "-3 deg (sways: 8)")]
)
def test_the_lean_now_is_shown_until_a_sway_comes_and_again_later(monkeypatch, lean_ddeg, filled, words):
    view = View(WHO, SwayBars())
    view.now = STANDING | {"lean_ddeg": lean_ddeg}
    (lean,) = [line for line in shown(view, 80) if "(sways: 8)" in line]
    assert lean.startswith("lean now ") and lean.count("#") == filled and lean.endswith(words)
    view.take(SWAY)
    assert "sway lean" in "".join(shown(view, 80)) and "lean now" not in "".join(shown(view, 80))
    monkeypatch.setattr(sway_bars, "SHOWN_S", 0.0)
    assert "lean now" in "".join(shown(view, 80)) and "- deg/s (sways: 50)" in "".join(shown(view, 80))


def test_a_grade_without_a_calibrated_level_is_not_shown():
    view = View(WHO)
    view.now = STANDING | {"cadence_spm": 90, "level": False}
    assert "%" not in view.where() and "+7.0" not in "".join(shown(view, 80))


def test_trouble_and_silence_are_shown():
    view = View(WHO)
    assert shown(view, 80)[1].startswith("waits")
    view.now = STANDING | {"faults": {"bus_errors": 3}, "imu": "down", "running": False, "snoozed_s": 90}
    view.answers = False
    text = "\n".join(shown(view, 80))
    for words in ("faults: bus_errors 3, IMU DOWN", "no session runs", "snoozed for 1 min 30 s", "NO ANSWER"):
        assert words in text
    assert view.where() == "the pod does not answer just now"


def test_a_long_refusal_is_shown_to_its_end():
    view = View(WHO)
    view.now = STANDING
    view.lines.append("13:01:08  snooze: nothing to do: snooze_min is 0, or this placement warns of no sways")
    text = shown(view, 80)
    assert any(line.rstrip().endswith("sways") for line in text) and max(map(len, text)) <= 80


def test_keys_give_orders_and_a_refusal_is_shown(line):
    there = line()
    view = View(WHO)
    with Client(there.port) as pod:
        view.obey(pod, "m")
        view.obey(pod, "l")
        view.obey(pod, "x")
    assert [asked["do"] for asked in there.asked] == ["mark", "lap"]
    assert view.lines[0].endswith("  marked") and "no attribute" in view.lines[1]
    assert set(KEYS) == set("mlbs")


def test_what_came_beside_an_answer_is_heard_too(line):
    there = line(SWAY)
    heard = []
    with Client(there.port) as pod:
        pod.ask("live", on=True)
        pod.ask("status")
        pod.listen(heard.append, 0)
    assert json.dumps(SWAY) in heard


def test_keys_are_heard_one_by_one_and_the_terminal_is_left_as_it_was():
    import termios

    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    with os.fdopen(theirs) as stream, Keys(stream) as keys:
        assert keys.heard and keys.pressed() == ""
        os.write(ours, b"q")
        waited = threading.Event()
        pressed = ""
        while not pressed:
            pressed = keys.pressed()
            waited.wait(0.01)
        assert pressed == "q"
        keys.__exit__()
        assert termios.tcgetattr(theirs) == before
    os.close(ours)


def test_where_nothing_is_typed_no_key_is_heard():
    with Keys(io.StringIO()) as keys:
        assert not keys.heard and keys.pressed() == ""


def test_a_terminal_gets_the_view_and_q_ends_it(line, monkeypatch):
    there, out, pressed = line(SWAY), io.StringIO(), ["m", "", "q"]
    screen = Console(file=out, force_terminal=True, width=80, height=24)
    monkeypatch.setattr(live, "Console", lambda **named: screen)
    monkeypatch.setattr(Keys, "pressed", lambda self: pressed.pop(0))
    monkeypatch.setattr(live, "_TURN_S", live._TURN_S / SLOWER)
    assert command("live", "--port", there.port)[0] == 0
    assert "SWAY: leaning back" in out.getvalue() and "marked" in out.getvalue()
    assert [asked["do"] for asked in there.asked][-1] == "live"
