"""Time that never steps back, and a battery that is told of and not run flat."""

import pytest
from app.fakes import Parts
from backstep.app.clock import Clock
from backstep.core import log

from host_tools import session_log

DAY_MS = 86_400_000
NOON_MS = 1_764_244_800_000  # 2025-11-27 12:00 UTC


def test_time_goes_on_and_knows_no_date_at_first(world):
    clock = Clock()
    world.now_us += 5_000_000
    assert (clock.ms, clock.unix_ms, clock.day) == (5000, 0, 0)


def test_the_host_tells_the_date_and_the_wearers_day(world):
    clock = Clock()
    world.now_us += 5_000_000
    assert clock.set(NOON_MS, 0) == 0
    world.now_us += 2_000_000
    assert clock.unix_ms == NOON_MS + 2000
    assert clock.day == NOON_MS // DAY_MS
    clock.set(NOON_MS + 2000, 13 * 60)
    assert clock.day == NOON_MS // DAY_MS + 1
    clock.set(NOON_MS + 2000, -13 * 60)
    assert clock.day == NOON_MS // DAY_MS - 1


def test_set_back_it_waits_until_that_time_comes_again(world):
    clock = Clock()
    clock.set(NOON_MS, 0)
    world.now_us += 10_000_000
    assert clock.unix_ms == NOON_MS + 10_000
    assert clock.set(NOON_MS + 7_000, 0) == 3000
    seen = []
    for _ in range(5):
        seen.append(clock.unix_ms - NOON_MS)
        world.now_us += 1_000_000
    assert seen == [10_000, 10_000, 10_000, 10_000, 11_000]


def test_ticks_may_wrap(world, monkeypatch):
    import time

    period = 1 << 30
    monkeypatch.setattr(time, "ticks_ms", lambda: world.now_us // 1000 % period)
    monkeypatch.setattr(time, "ticks_diff", lambda a, b: (a - b + period // 2) % period - period // 2)
    world.now_us = (period - 500) * 1000
    clock = Clock()
    for _ in range(3):
        world.now_us += 400_000
        seen = clock.ms
    assert seen == 1200


@pytest.fixture
def logged(pod, monkeypatch):
    def run(voltage_mv, for_ms=3000):
        monkeypatch.setattr(Parts, "battery_mv", lambda parts: voltage_mv(pod.world.now_us / 1e6))
        pod.run(for_ms)
        return session_log.load(next((pod.settings_path.parent / "log").iterdir()))

    return run


def test_the_voltage_is_logged_every_ten_minutes(logged):
    found = logged(lambda s: 3900, 1_300_000)
    assert [record["mv"] for record in found.records if record["event"] == "battery"] == [3900] * 3


def test_a_low_battery_is_said_and_felt(pod, logged):
    logged(lambda s: 3480)
    assert pod.said("battery: 3480 mV, low")
    lengths_ms = [to - since for since, to in pod.haptic.on_spans() if to - since > 500]
    assert lengths_ms == pytest.approx([900], abs=15)


def test_a_flat_battery_ends_the_session_with_its_reason(pod, logged):
    found = logged(lambda s: 3600 if s < 70 else 3200, 200_000)
    assert found.ended == "flat battery"
    assert pod.said("battery: 3200 mV, flat: the session ends")


def test_a_dip_while_the_motor_runs_is_no_flat_battery(logged):
    found = logged(lambda s: 3200 if 59 < s < 61 else 3600, 200_000)
    assert found.ended == "stop"


def test_a_board_that_cannot_measure_logs_none(logged):
    found = logged(lambda s: -1)
    assert "battery" not in [record["event"] for record in found.records]
    assert log.BATTERY_FLAT != log.STOPPED
