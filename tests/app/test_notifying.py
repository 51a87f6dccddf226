"""Notifying: order of patterns, strength, and a motor that fails or is not there."""

import asyncio
import math

import pytest
from app.fake_chips import REST
from app.fakes import MARK
from backstep.app.notifying import Notifying
from backstep.core import events
from backstep.core.haptic import ERM_RISE_MS
from backstep.core.patterns import PATTERNS

SWAY = (MARK + events.SWAY, 0, 0, 0, 0, 0)
CAUTION = (MARK + events.CAUTION, 0, 0, 0, 0, 0)
STRIDE = (MARK + events.STRIDE, events.BACKWARD, 0, 0, 0, 0)


@pytest.fixture
def pod(pod):
    pod.settings(console_events=1, cue_every_steps=2)
    return pod


def played(pod):
    return [event["pattern"] for event in pod.events if event["event"] == "buzz"]


def test_a_pattern_has_the_lengths_and_levels_of_the_table(pod):
    pod.imu.rows = [REST] * 300 + [SWAY]
    pod.run(4000)
    spans = pod.haptic.on_spans()[2:5]
    assert [round(to - since) for since, to in spans] == pytest.approx([250, 250, 250], abs=4)
    assert spans[2][1] - spans[0][0] == pytest.approx(sum(PATTERNS[0][3:]), abs=4)


def test_a_motor_that_takes_its_time_is_kicked_and_braked(pod):
    pod.haptic.rise_ms = ERM_RISE_MS
    pod.imu.rows = [REST] * 300 + [CAUTION]
    pod.run(4000)
    caution = [write for write in pod.haptic.writes if write[0] > 300 / 0.208][:4]
    assert [level for _, level in caution] == [127, 90, -127, 0]
    lengths_ms = [round(after[0] - before[0]) for before, after in zip(caution, caution[1:], strict=False)]
    assert lengths_ms == pytest.approx([28, 42, 13], abs=3)


@pytest.fixture
def ticks(pod, monkeypatch):
    """Sleeps that end on ticks of 10 ms, at least one tick later, as on an ESP32."""

    async def sleep_ms(ms):
        now_ms = pod.world.now_us / 1000
        await asyncio.sleep((math.ceil((now_ms + ms) / 10) * 10 - now_ms) / 1000)

    monkeypatch.setattr(asyncio, "sleep_ms", sleep_ms)


def caution_of(pod):
    pod.haptic.rise_ms = ERM_RISE_MS
    pod.imu.rows = [REST] * 300 + [CAUTION]
    pod.run(4000)
    caution = [write for write in pod.haptic.writes if write[0] > 300 / 0.208][:4]
    assert [level for _, level in caution] == [127, 90, -127, 0]
    return [round(after[0] - before[0]) for before, after in zip(caution, caution[1:], strict=False)]


@pytest.mark.usefixtures("ticks")
def test_steps_shorter_than_a_tick_end_in_time(pod):
    """A brake that lasts a tick too long turns the motor backward."""
    assert caution_of(pod) == pytest.approx([28, 42, 13], abs=1)
    assert pod.parts.one_shot.calls > 10


@pytest.mark.usefixtures("ticks")
def test_a_timer_that_never_calls_costs_a_tick_and_the_motor_stops_all_the_same(pod):
    pod.parts.one_shot.dead = True
    lengths_ms = caution_of(pod)
    assert all(-10 <= took - want <= 20 for took, want in zip(lengths_ms, [28, 42, 13], strict=True))
    assert pod.haptic.level == 0 and pod.parts.one_shot.calls == 0


def test_it_is_not_silent_while_a_timer_is_to_end_a_step(pod, monkeypatch):
    """A pod that is not silent takes no light sleep, in which the timer stops."""
    made, seen = [], []
    plain = Notifying.run
    monkeypatch.setattr(Notifying, "run", lambda self: made.append(self) or plain(self))
    pod.haptic.rise_ms = ERM_RISE_MS
    pod.imu.rows = [REST] * 300 + [CAUTION]

    def look():
        seen.append((made[-1].silent, pod.haptic.level != 0 or pod.parts.one_shot.is_set))

    for at_ms in range(1000, 2500):
        pod.world.at(at_ms, look)
    pod.run(4000)
    assert (False, True) in seen and (True, False) in seen and (True, True) not in seen


@pytest.mark.parametrize("at_ms", range(1440, 1540, 7))
def test_a_timer_s_call_after_the_end_drives_nothing(pod, at_ms):
    """Left amid a step: what the timer was to end is over, and its late call finds nobody."""
    pod.haptic.rise_ms = ERM_RISE_MS
    pod.imu.rows = [REST] * 300 + [SWAY]

    def interrupt():
        raise KeyboardInterrupt

    pod.world.at(at_ms, interrupt)
    pod.run(None)
    writes = len(pod.haptic.writes)
    pod.world.wait(500_000)
    assert pod.haptic.level == 0 and len(pod.haptic.writes) == writes


@pytest.mark.parametrize(("strength_pct", "level"), [(0, 0), (1, 1), (50, 64), (100, 127)])
def test_strength_scales_every_level(pod, strength_pct, level):
    pod.settings(haptic_strength_pct=strength_pct)
    pod.imu.rows = [REST] * 300 + [SWAY]
    pod.run(4000)
    assert max(written for _, written in pod.haptic.writes) == level


def test_a_cue_that_may_not_start_waits_and_is_played_later(pod):
    pod.imu.rows = [REST] * 300 + [SWAY, STRIDE]
    pod.run(4000)
    assert played(pod) == ["start", "sway", "milestone", "stop"]


def test_no_motor_is_said_once_and_the_pod_counts_on(pod):
    pod.haptic.refuses = "drv2605l at 0x5a: no answer"
    pod.imu.rows = [REST] * 300 + [SWAY, STRIDE]
    pod.run(5000)
    texts = [event["text"] for event in pod.events if event["event"] == "note"]
    assert texts.count("haptic: drv2605l at 0x5a: no answer; trying again") == 1
    assert (pod.events[-1]["sways"], pod.events[-1]["backward"]) == (1, 2)
    assert pod.lines[-1].endswith("THE MOTOR DID NOT TAKE ITS STOP")


def test_a_motor_that_comes_back_plays_what_waits(pod):
    pod.haptic.refuses = "drv2605l at 0x5a: no answer"
    pod.world.at(2500, lambda: setattr(pod.haptic, "refuses", None))
    pod.run(6000)
    assert played(pod) == ["start", "stop"]
    assert pod.haptic.writes[0][0] == pytest.approx(2625, abs=130)


def test_a_failed_write_of_the_sway_level_is_repeated_within_20_ms(pod):
    pod.imu.rows = [REST] * 300 + [SWAY]
    pod.world.at(1300, lambda: setattr(pod.haptic, "fail_next", 1))
    pod.run(4000)
    first_ms = next(at_ms for at_ms, level in pod.haptic.writes if level and at_ms > 1300)
    assert first_ms - 301 / 0.208 < 70  # a shoe's samples wait 50 ms in the FIFO
    assert pod.events[-1]["faults"] == {"motor errors": 1}


@pytest.mark.parametrize("failures", [1, 5, 9, 10, 11, 30])
def test_a_motor_that_refuses_to_go_off_is_asked_until_it_does(pod, failures):
    pod.imu.rows = [REST] * 300 + [SWAY]
    pod.world.at(1580, lambda: setattr(pod.haptic, "fail_next", failures))
    pod.run(12_000)
    assert all(to - since < 6000 for since, to in pod.haptic.on_spans())
    assert pod.events[-1]["faults"]["motor errors"] == min(failures, 11)


def test_a_crash_while_the_motor_runs_stops_it_and_notifying_starts_again(pod):
    pod.imu.rows = [REST] * 300 + [SWAY] + [REST] * 500 + [SWAY]
    drive, crashes = pod.haptic.drive, []

    def crash(level):
        if pod.world.now_us > 1_600_000 and not crashes:
            crashes.append(pod.world.now_us)
            raise MemoryError
        drive(level)

    pod.haptic.drive = crash
    pod.run(7000)
    since, to = pod.haptic.on_spans()[2]
    assert to - since < 255
    assert played(pod) == ["start", "sway", "sway", "stop"]
    assert pod.events[-1]["faults"] == {"task restarts": 1}
