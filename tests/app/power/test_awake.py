"""What keeps a pod awake, and what it looks at when it wakes."""

import asyncio
from types import SimpleNamespace

import pytest
from app.fakes import McuSleep
from backstep.app.power import power as power_module
from backstep.app.power.power import Power
from backstep.core import settings
from backstep.core.log import log
from backstep.core.power_states import ARMED, ON_USB, STATES, STILL, WALKING, WORN

REST = [0, 0, 1000, 0, 0, 0]


class Bench:
    """A Power among stubs, and a clock that is set."""

    def __init__(self, monkeypatch, radio=None, **wanted):
        self.now_ms = 0
        clock = SimpleNamespace(ticks_ms=lambda: self.now_ms, ticks_diff=lambda a, b: a - b)
        monkeypatch.setattr(power_module, "time", clock)
        self.mcu = McuSleep()
        self.mcu.usb = False
        self.edges = []
        flag = SimpleNamespace(rose=False, on_edge=lambda pin: self.edges.append("int1"))
        self.followed = []
        self.sampling = SimpleNamespace(well=True, waits=True, data_ready=flag, wait_ms=20, awake_ms=20)
        self.sampling.follow = self._follow
        self.sampling.since_drain_ms = lambda: self.since_ms
        self.sampling.miss = lambda: self.edges.append("missed")
        self.sampling.drain_soon = lambda: self.edges.append("drain")
        self.since_ms = 0
        self.sampling.drain_now = lambda: self.edges.append("drained")
        self.detecting = SimpleNamespace(last=list(REST))
        self.notifying = SimpleNamespace(silent=True, rest=lambda: None)
        self.gait = False
        self.alarm = SimpleNamespace(on=False)
        self.keeper = SimpleNamespace(gait_is_recent=lambda: self.gait, alarm=self.alarm)
        pressed = SimpleNamespace(rose=False, on_edge=lambda pin: self.edges.append("press"))
        self.presses = SimpleNamespace(busy=False, pressed=pressed, is_down=lambda: self.down)
        self.down = False
        self.console = SimpleNamespace(heard=False)
        self.stopped = []
        parts = self.sampling, self.detecting, self.notifying, self.keeper
        full = settings.check({"placement": "belt"} | wanted)
        health = SimpleNamespace(stop=self.stopped.append)
        self.clocks = []
        pod_parts = SimpleNamespace(mcu_sleep=self.mcu, set_mhz=self.clocks.append, radio=radio)
        self.power = Power(pod_parts, parts, self.presses, self.console, full, health)

    def _follow(self, wait_ms, notices):
        self.followed.append((wait_ms, notices))
        return self.sampling.well

    def pass_s(self, seconds):
        for _ in range(round(4 * seconds)):
            self.now_ms += 250
            self.power._look()
        return self.power._states.state


@pytest.fixture
def bench(monkeypatch):
    return Bench(monkeypatch)


def asleep_by_now(bench):
    assert bench.pass_s(75) == STILL and bench.power._may_sleep()


def test_a_start_is_awake_for_a_minute(bench):
    assert bench.pass_s(59) == ON_USB and not bench.power._may_sleep()
    assert bench.pass_s(2) == STILL and bench.power._may_sleep()


@pytest.mark.parametrize(
    "wakes",
    [
        lambda bench: setattr(bench.notifying, "silent", False),
        lambda bench: setattr(bench.presses, "busy", True),
        lambda bench: setattr(bench.sampling, "well", False),
        lambda bench: setattr(bench.sampling, "waits", False),
        lambda bench: setattr(bench.sampling.data_ready, "rose", True),
    ],
)
def test_each_of_these_alone_keeps_it_awake(bench, wakes):
    asleep_by_now(bench)
    wakes(bench)
    assert not bench.power._may_sleep()


@pytest.mark.parametrize(
    ("wakes", "for_s"),
    [
        (lambda bench: setattr(bench.presses.pressed, "rose", True), 60),
        (lambda bench: setattr(bench.console, "heard", True), 300),
    ],
)
def test_who_may_want_to_talk_has_time_to(bench, wakes, for_s):
    asleep_by_now(bench)
    wakes(bench)
    assert bench.pass_s(for_s - 1) == ON_USB
    assert bench.pass_s(3) == STILL


def test_a_host_on_usb_and_an_alarm_keep_it_awake_as_long_as_they_last(bench):
    asleep_by_now(bench)
    bench.mcu.usb = True
    assert bench.pass_s(3600) == ON_USB
    bench.mcu.usb = False
    bench.alarm.on = True
    assert bench.pass_s(3600) == ON_USB and bench.stopped == []


def test_the_clock_follows_the_state_and_is_set_once_for_each(bench):
    asleep_by_now(bench)
    assert bench.clocks == [160, 240]
    bench.mcu.usb = True
    bench.pass_s(5)
    assert bench.clocks == [160, 240, 160]


def test_a_first_step_arms_at_once_and_the_fifo_follows(bench):
    asleep_by_now(bench)
    bench.gait = True
    bench.now_ms += 30
    bench.power._look()
    assert bench.power._states.state == ARMED and bench.followed[-1] == (20, 0)


@pytest.mark.parametrize(("wanted", "state"), [({"placement": "shoe"}, WALKING), ({"frame": "sensor"}, WALKING)])
def test_only_a_belt_that_warns_is_ever_armed(monkeypatch, wanted, state):
    bench = Bench(monkeypatch, **wanted)
    bench.pass_s(61)
    bench.gait = True
    assert bench.pass_s(1) == state


def test_armed_always_means_out_of_standing_too_but_not_on_a_table(monkeypatch):
    bench = Bench(monkeypatch, sway_arming="always")
    assert bench.pass_s(110) == ARMED
    assert bench.pass_s(20) == STILL


def test_no_sleep_is_longer_than_half_the_watchdogs_time(monkeypatch):
    bench = Bench(monkeypatch, watchdog_s=2)
    asleep_by_now(bench)
    assert bench.followed[-1] == (1000, 1)


def test_awake_again_it_looks_at_the_levels(bench):
    asleep_by_now(bench)
    bench.power._sleep()
    assert bench.mcu.told[-1] == ("sleep", 25) and bench.edges == ["drain"]
    bench.edges.clear()
    bench.down = True
    bench.mcu.is_ready = lambda: True
    bench.power._sleep()
    assert bench.edges == ["int1", "press"] and bench.power.sleeps == 2


@pytest.mark.parametrize(("since_ms", "asked_ms"), [(0, 25), (10, 15), (24, 1), (500, 1)])
def test_a_sleep_ends_so_long_after_the_last_drain_however_long_its_samples_took(bench, since_ms, asked_ms):
    asleep_by_now(bench)
    bench.since_ms = since_ms
    bench.power._sleep()
    assert bench.mcu.told[-1] == ("sleep", asked_ms)


def test_an_int1_that_did_not_come_is_not_waited_for(bench):
    asleep_by_now(bench)

    def sleep(longest_ms):
        bench.since_ms += longest_ms

    bench.mcu.light_sleep = sleep
    bench.power._sleep()
    assert bench.edges == ["missed"]


def test_armed_it_drains_and_judges_before_anything_that_is_overdue(bench):
    bench.gait = True
    assert bench.pass_s(61) == ARMED
    bench.mcu.is_ready = lambda: True
    bench.power._sleep()
    assert bench.edges == ["drained"]


def test_an_imu_that_did_not_follow_is_told_again_and_nobody_sleeps_meanwhile(bench):
    bench.sampling.follow = lambda wait_ms, notices: False
    bench.pass_s(75)
    assert not bench.power._may_sleep()
    bench.sampling.follow = bench._follow
    bench.pass_s(1)
    assert bench.power._may_sleep()


def test_after_minutes_of_stillness_the_pod_is_to_leave(bench):
    bench.pass_s(598)
    assert bench.stopped == []
    bench.pass_s(4)
    assert set(bench.stopped) == {log.STILL}


def test_with_its_radio_on_it_goes_off_but_never_sleeps_nor_changes_the_clock(monkeypatch):
    bench = Bench(monkeypatch, SimpleNamespace(is_awaited=False))
    bench.pass_s(598)
    assert not bench.power._may_sleep() and bench.clocks == bench.followed == bench.stopped == []
    bench.pass_s(4)
    assert set(bench.stopped) == {log.STILL}


def test_steps_of_the_shoe_and_who_waits_for_its_word_keep_a_pod_that_lies_still(monkeypatch):
    radio = SimpleNamespace(is_awaited=False)
    bench = Bench(monkeypatch, radio)
    bench.gait = True
    bench.pass_s(3600)
    bench.gait, radio.is_awaited = False, True
    bench.pass_s(3600)
    radio.is_awaited = False
    bench.pass_s(598)
    assert bench.stopped == []
    bench.pass_s(4)
    assert set(bench.stopped) == {log.STILL}


def test_movement_makes_it_worn(bench):
    asleep_by_now(bench)
    bench.detecting.last[0] = 200
    assert bench.pass_s(1) == WORN and STATES[WORN][3]


def test_the_task_sleeps_only_after_the_others_had_their_turn(bench):
    async def woken_once():
        task = asyncio.create_task(bench.power.run())
        bench.detecting.paused()
        for _ in range(6):
            await asyncio.sleep(0)
        task.cancel()

    asleep_by_now(bench)
    asyncio.sleep_ms = lambda ms: asyncio.sleep(ms / 1000)
    try:
        asyncio.run(woken_once())
    finally:
        del asyncio.sleep_ms
    assert bench.mcu.told[-1][0] == "sleep"
