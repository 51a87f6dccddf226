"""The button and the words of the console: mark, snooze, awake, begin and end, and an alarm that comes first."""

import asyncio

import pytest
from app.fake_chips import REST
from app.fakes import MARK, Parts
from backstep.app.wearer.button import Presses
from backstep.core import events

SWAY = (MARK + events.SWAY, 0, 0, 0, 0, 0)
CAUTION = (MARK + events.CAUTION, 0, 0, 0, 0, 0)
RATE_HZ = 104


@pytest.fixture
def belt(pod):
    """A pod at the belt that tells of events."""
    pod.settings(placement="belt", console_events=1)
    return pod


def told(pod, *names):
    return [event for event in pod.events if event["event"] in names]


def buzzed(pod):
    return [event["pattern"] for event in told(pod, "buzz")]


def double_press_at(pod, at_ms):
    pod.parts.press_at(at_ms)
    pod.parts.press_at(at_ms + 250)


def test_a_short_press_marks_the_moment_and_is_felt(belt):
    belt.parts.press_at(2000)
    belt.run(4000)
    (mark,) = told(belt, "mark")
    assert (mark["false_alarm"], mark["ago_ms"]) == (0, 0)
    assert mark["sample"] == pytest.approx(2.45 * RATE_HZ, abs=5)
    assert buzzed(belt) == ["start", "mark", "stop"]
    summary = belt.events[-1]
    assert (summary["marks"], summary["false_alarms"]) == (1, 0)


@pytest.mark.parametrize("warning", [SWAY, CAUTION])
@pytest.mark.parametrize(("after_ms", "false_alarm"), [(300, 1), (14_000, 1), (15_600, 0)])
def test_a_mark_soon_after_a_warning_calls_it_a_false_alarm(belt, warning, after_ms, false_alarm):
    belt.imu.rows = [REST] * 300 + [warning]
    warned_ms = 301_000 / RATE_HZ
    belt.parts.press_at(warned_ms + after_ms)
    belt.run(warned_ms + after_ms + 2000)
    (mark,) = told(belt, "mark")
    assert mark["false_alarm"] == false_alarm
    assert mark["ago_ms"] == (pytest.approx(after_ms + 470, abs=50) if false_alarm else 0)
    (summary,) = told(belt, "summary")
    assert summary["false_alarms"] == false_alarm


def test_only_one_mark_calls_a_warning_false(belt):
    belt.imu.rows = [REST] * 300 + [SWAY]
    belt.parts.press_at(4000)
    belt.parts.press_at(6000)
    belt.run(8000)
    assert [mark["false_alarm"] for mark in told(belt, "mark")] == [1, 0]


def test_a_mark_means_the_sway_not_a_caution_that_followed_it(belt):
    belt.imu.rows = [REST] * 300 + [SWAY] + [REST] * 400 + [CAUTION]
    belt.parts.press_at(8000)
    belt.run(10_000)
    (mark,), (sway,) = told(belt, "mark"), told(belt, "sway")
    assert mark["sample"] - mark["ago_ms"] * RATE_HZ / 1000 == pytest.approx(sway["sample"], abs=1)


def test_a_double_press_snoozes_the_warnings_and_the_next_one_wakes_them(belt):
    belt.imu.rows = [REST] * 500 + [SWAY] + [REST] * 300 + [CAUTION] + [REST] * 300 + [SWAY]
    double_press_at(belt, 3000)
    double_press_at(belt, 9000)
    belt.run(13_000)
    found = told(belt, "snooze", "awake", "sway", "caution")
    assert [event["event"] for event in found] == ["snooze", "awake", "sway"]
    assert buzzed(belt) == ["start", "snoozed", "awake", "sway", "stop"]
    assert [seconds for _, seconds in belt.detector.snoozed] == [300, 0]
    assert told(belt, "snooze")[0]["seconds"] == 300


def test_the_end_of_a_snooze_is_felt_and_said(belt):
    belt.settings(placement="belt", console_events=1, snooze_min=1)
    belt.type_at(2000, b"snooze\n")
    belt.type_at(30_000, b"status\n")
    belt.run(64_000)
    (snooze,), (awake,), (status,) = told(belt, "snooze"), told(belt, "awake"), told(belt, "status")
    assert awake["sample"] - snooze["sample"] == pytest.approx(60 * RATE_HZ, abs=1.1 * RATE_HZ)
    assert status["snoozed_s"] == pytest.approx(32, abs=1) and belt.events[-1]["snoozed_s"] == 0
    assert buzzed(belt) == ["start", "snoozed", "awake", "stop"]


@pytest.mark.parametrize("changed", [{"placement": "shoe"}, {"placement": "wrist"}, {"snooze_min": 0}])
def test_where_nothing_can_be_snoozed_a_double_press_marks_and_the_commands_say_so(belt, changed):
    belt.settings(**{"placement": "belt", "console_events": 1} | changed)
    double_press_at(belt, 2000)
    belt.type_at(4000, b"snooze\nawake\n")
    belt.run(6000)
    assert buzzed(belt) == ["start", "mark", "stop"] and not told(belt, "snooze", "awake")
    texts = [error["text"] for error in told(belt, "error")]
    assert texts == ["snooze: nothing to do now", "awake: nothing to do now"]


def test_the_console_marks_snoozes_and_wakes_in_words_for_a_person(pod):
    pod.settings(placement="belt")
    pod.imu.rows = [REST] * 300 + [CAUTION]
    pod.type_at(4000, b"mark\nmark\nsnooze\n")
    pod.type_at(6500, b"awake\n")
    lines = pod.run(9000)
    wanted = [
        "CAUTION: leaning back 12.3 deg at 70 deg/s",
        "mark: false alarm 1.1 s ago",
        "mark",
        "SNOOZED: no sway warnings for 5:00",
        "awake: sways are warned of again",
    ]
    assert [line for line in lines if line in wanted] == wanted
    assert [line for line in lines if "KB free  SNOOZED 4:59" in line]
    assert "1 caution, 2 marks, 1 of them a false alarm" in lines


def test_marks_between_sessions_are_told_but_not_counted(belt):
    belt.parts.press_at(2000, 1300)
    belt.parts.press_at(5000)
    belt.run(7000)
    assert len(told(belt, "mark")) == 1
    assert [event["marks"] for event in told(belt, "summary")] == [0]


class Alarm:
    """An alarm that counts down until it is pressed."""

    def __init__(self):
        self.counting = True

    def press(self):
        counting, self.counting = self.counting, False
        return counting


class Keeper:
    """Notes what it is told."""

    running = True

    def __init__(self, alarm):
        self.alarm = alarm
        self.told = []

    def __getattr__(self, name):
        return lambda: self.told.append(name)


@pytest.mark.parametrize("length_ms", [100, 3000])
def test_a_press_ends_an_alarm_at_once_and_means_nothing_else(world, length_ms):
    parts, alarm = Parts(world, None, None), Alarm()
    keeper = Keeper(alarm)
    presses = Presses(parts.button_down, keeper, None)
    parts.on_button(presses.pressed.on_edge)
    ended = []

    async def listen():
        task = asyncio.create_task(presses.run())
        parts.press_at(1000, length_ms)
        parts.press_at(6000)
        await asyncio.sleep(1.05)
        ended.append(not alarm.counting)
        await asyncio.sleep(8)
        task.cancel()

    asyncio.run(listen())
    assert ended == [True] and keeper.told == ["mark"]
