"""The fall alarm as it is felt: countdown, alarm, and what ends them."""

import pytest
from app.fake_chips import REST
from app.fakes import MARK
from backstep.core import events

FALL, FALL_OVER, FALL_ALARM, SWAY = (
    (MARK + code, 0, 0, 0, 0, 0) for code in (events.FALL, events.FALL_OVER, events.FALL_ALARM, events.SWAY)
)
RATE_HZ = 208


def rests(seconds):
    return [REST] * round(seconds * RATE_HZ)


def felt(pod, *skipped):
    skipped = ("start", "stop", *skipped)
    return [e["pattern"] for e in pod.events if e["event"] == "buzz" and e["pattern"] not in skipped]


@pytest.fixture
def fallen(pod):
    """A pod whose wearer falls after 3 s."""
    pod.settings(console_events=1)
    pod.imu.rows = [*rests(3), FALL, *rests(60)]
    return pod


def test_a_countdown_buzzes_on_until_it_is_over(fallen):
    fallen.imu.rows = [*rests(3), FALL, *rests(10), FALL_OVER, *rests(20)]
    fallen.run(30_000)
    assert felt(fallen) == ["fall_countdown"] * 5
    over_ms = fallen.imu.started[0] + 13_000
    assert all(until_ms < over_ms + 60 for since_ms, until_ms in fallen.haptic.on_spans() if since_ms < 29_000)


def test_the_alarm_follows_when_the_countdown_has_run_out(fallen):
    fallen.imu.rows = [*rests(3), FALL, *rests(8), FALL_ALARM, *rests(60)]
    fallen.run(24_000)
    patterns = felt(fallen)
    assert patterns[:4] == ["fall_countdown"] * 4
    assert len(patterns) >= 8
    assert set(patterns[4:]) == {"fall_alarm"}
    assert (fallen.events[-1]["falls"], fallen.events[-1]["fall_alarms"]) == (1, 1)


@pytest.mark.parametrize("events_of_the_fall", [[FALL], [FALL, *rests(2), FALL_ALARM]])
def test_a_press_ends_it_at_once_and_a_hold_then_ends_the_session(fallen, events_of_the_fall):
    fallen.imu.rows = [*rests(3), *events_of_the_fall, *rests(60)]
    fallen.parts.press_at(10_000)
    fallen.parts.press_at(20_000, 1500)
    fallen.run(25_000)
    assert felt(fallen)
    after = [(since, until) for since, until in fallen.haptic.on_spans() if until > 10_050]
    assert all(since > 19_900 for since, _ in after)
    assert [e["pattern"] for e in fallen.events if e["event"] == "buzz"][-1] == "stop"
    (summary,) = [e for e in fallen.events if e["event"] == "summary"]
    assert summary["seconds"] in (20, 21)


def test_a_press_ends_the_detectors_countdown_too(fallen):
    def begin():
        fallen.detector.counting = True

    fallen.world.at(3_500, begin)
    fallen.parts.press_at(8_000)
    fallen.run(12_000)
    assert not fallen.detector.counting


def test_without_a_fall_a_hold_ends_the_session(pod):
    pod.settings(console_events=1)
    pod.parts.press_at(5_000, 1300)
    pod.run(8_000)
    assert [e["seconds"] for e in pod.events if e["event"] == "summary"] == [6]


def test_a_sway_cuts_in(fallen):
    fallen.imu.rows = [*rests(3), FALL, *rests(0.2), SWAY, *rests(60)]
    fallen.run(8_000)
    assert felt(fallen)[:2] == ["fall_countdown", "sway"]


@pytest.mark.slow
def test_the_alarm_ends_after_ten_minutes(fallen):
    fallen.imu.rows = [*rests(3), FALL, *rests(8), FALL_ALARM]
    fallen.run(700_000)
    last_ms = [until for since, until in fallen.haptic.on_spans() if since < 699_000][-1]
    assert 608_000 < last_ms < 616_000


def test_switched_off_nothing_listens(pod):
    pod.settings(console_events=1, fall_alarm=0)
    pod.imu.rows = [*rests(3), FALL, *rests(10)]
    pod.run(8_000)
    assert felt(pod) == []


def test_a_person_reads_what_happened(fallen):
    fallen.settings()
    fallen.imu.rows = [*rests(3), FALL, *rests(3), FALL_OVER, *rests(3), FALL, *rests(2), FALL_ALARM, *rests(9)]
    fallen.run(15_000)
    assert fallen.said("FALL: impact of 4.1 g, turned by 88 deg, lying still")
    assert fallen.said("fall over: moved, or a press")
    assert fallen.said("FALL ALARM")
    assert fallen.said("2 falls, 1 alarm")
