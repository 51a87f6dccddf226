"""Console: what a person reads and types, and what a flood or a stalled laptop does."""

import random
from types import SimpleNamespace

import pytest
from app.fake_chips import REST
from app.fakes import MARK
from backstep.app.clock import shown
from backstep.app.console import console_lines
from backstep.app.console.lines import LINE_MAX, LineReader
from backstep.core import events

STRIDE = (MARK + events.STRIDE, events.BACKWARD, 0, 0, 0, 0)
ASIDE = (MARK + events.STRIDE, events.LEFT, 0, 0, 0, 0)
SWAY = (MARK + events.SWAY, 0, 0, 0, 0, 0)


def walk():
    return [REST] * 300 + ([STRIDE] + [REST] * 249) * 7 + [ASIDE] + [REST] * 50 + [SWAY]


def test_a_grade_is_told_where_a_calibrated_level_gives_it():
    counts = SimpleNamespace(cadence_spm=100, direction=events.BACKWARD, strides=8, grade_permille=85)
    assert console_lines._pace(counts, True) == "100/min  backward  grade +8.5 % "
    assert console_lines._pace(counts, False) == "100/min  backward               "


def test_what_does_not_lean_back_was_dropping():
    assert console_lines.sway_words(1, 702) == "leaning back 0.1 deg at 70 deg/s"
    assert console_lines.sway_words(-19, 300) == "trunk dropping, bent forward 1.9 deg"


def test_the_status_line_reads_well(pod):
    pod.imu.rows = walk()
    lines = pod.run(11_500)
    found = [line for line in lines if line.startswith("   0:10")]
    assert found[0] == "   0:10  back   14  fwd    0  other   2  100/min  left                      97 KB free  ok"
    assert "SWAY: leaning back 12.3 deg at 70 deg/s" in lines and "buzz: sway" in lines
    assert lines[-4:] == [
        "session of 0:11: 14 backward, 0 forward, 2 other steps",
        "walked 4.9 m backward, 0.0 m forward, climbed 0.4 m, descended 0.0 m",
        "1 sway, slowest cue 38 ms after its sample",
        "backstep: stopped",
    ]


def test_standing_after_a_walk_has_no_cadence(pod):
    pod.imu.rows = walk()
    assert "standing" in [line for line in pod.run(20_500) if "KB free" in line][-1]


def test_commands_are_answered(pod):
    pod.type_at(1500, b"help\r\n")
    pod.type_at(1700, b"  status \n\n\r\n")
    lines = pod.run(1950)
    assert "help    this list" in lines and len([line for line in lines if "KB free" in line]) == 2


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (b"start\n", "error: unknown command 'start', try help"),
        (b"stop now\n", "error: unknown command 'stop now', try help"),
        (b"STOP\r", "error: unknown command 'STOP', try help"),
        (b"x" * 90 + b"\n", "error: unknown command '" + "x" * 40 + "...', try help"),
        (b"x" * 5000 + b"\n", "error: line of 5000 bytes dropped, at most 1024 are read"),
        (b"\xff\xfe\n", "error: line of 2 bytes dropped, it is no UTF-8"),
        (b"\x1b[A\n", "error: unknown command '\\x1b[A', try help"),
    ],
)
def test_wrong_input_gets_one_clear_line_and_changes_nothing(pod, typed, answer):
    pod.type_at(1200, typed)
    lines = pod.run(3500)
    assert [line for line in lines if line.startswith("error")] == [answer]
    assert "session of 0:03" in lines[-2]


def test_json_mode_answers_in_json(pod):
    pod.settings(console_events=1)
    pod.type_at(1500, b"status\nwhat?\n")
    pod.run(2500)
    status, error = pod.events[2:4]
    assert (status["event"], status["imu"], status["faults"]) == ("status", "running", {})
    assert error == {"event": "error", "text": "unknown command 'what?', try help"}


def test_random_bytes_never_crash_it(pod):
    source = random.Random(7)
    for at_ms in range(500, 5000, 50):
        pod.type_at(at_ms, source.randbytes(source.randrange(300)).replace(b"stop", b""))
    pod.type_at(5001, b"\n")
    lines = pod.run(5500)
    assert lines[-1] == "backstep: stopped" and not [line for line in lines if "task restarts" in line]


def test_a_laptop_that_does_not_read_silences_the_console_not_the_pod(pod):
    def stall():
        pod.stdout.takes_us = 500_000
        pod.world.at(5000, lambda: setattr(pod.stdout, "takes_us", 0))

    pod.imu.rows = [(0, index, 1000, 0, 0, 0) for index in range(9000)]
    pod.world.at(3500, stall)
    lines = pod.run(30_500)
    assert pod.detector.gaps == [] and pod.detector.seen == list(range(len(pod.detector.seen)))
    assert [line for line in lines if line.startswith("console: ") and line.endswith(" lines lost")]
    assert len([line for line in lines if "KB free" in line]) > 15


def test_more_lines_than_the_queue_takes_are_counted(pod):
    pod.type_at(1500, b"help\n" * 20)
    lines = pod.run(4500)
    assert any("console lines lost" in line for line in lines)


def test_the_button_ends_a_session_and_begins_the_next(pod):
    pod.imu.rows = walk()
    pod.parts.press_at(2500, 1300)
    pod.parts.press_at(4600, 1500)
    lines = pod.run(9500)
    sums = [line for line in lines if line.startswith("session of")]
    assert [line[:15] for line in sums] == ["session of 0:03", "session of 0:03"]
    assert any(line.startswith("stopped") for line in lines)


def test_a_line_of_exactly_the_limit_is_read():
    reader = LineReader()
    for _ in range(LINE_MAX):
        assert reader.take(ord("a")) is None
    assert reader.take(10) == "a" * LINE_MAX
    assert reader.take(10) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59, "0:59"), (3599, "59:59"), (3600, "1:00:00"), (36061, "10:01:01")],
)
def test_times_read_as_on_a_watch(seconds, text):
    assert shown(seconds) == text
