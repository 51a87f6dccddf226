"""The battery task alone: what it logs, says, plays and ends at which voltage."""

import asyncio

import pytest
from backstep.app.battery import Battery
from backstep.core.charge import FLAT_MV, LOW_MV
from backstep.core.log import log

FIRST_S = 2  # by then the first pattern is over
LOOK_S = 30


class Keeper:
    """A session that a flat battery may end, with or without a log."""

    def __init__(self, logged):
        self.running = True
        self.ended = []
        self.noted = []
        self.log = self if logged else None

    def end(self, why):
        assert self.running, "ended twice"
        self.running = False
        self.ended.append(why)

    def note(self, code, *fields):
        self.noted.append((code, *fields))


class Bench:
    """A battery of which the voltage is a function of time, and what came of it."""

    def __init__(self, world, voltage_mv, logged=True):
        self.world = world
        self.keeper = Keeper(logged)
        self.said, self.cues, self.looks_s = [], [], []
        self._voltage_mv = voltage_mv
        self.battery = Battery(self._read_mv, self.keeper, self.cues.append, self.said.append)

    def _read_mv(self):
        self.looks_s.append(self.world.now_us // 1_000_000)
        return self._voltage_mv(self.looks_s[-1])

    def run(self, for_s):
        async def limited():
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(self.battery.run(), for_s + 0.5)

        asyncio.run(limited())
        return self


@pytest.fixture
def bench(world):
    return lambda voltage_mv, for_s, **how: Bench(world, voltage_mv, **how).run(for_s)


def dips(at_s, to_mv, for_s=1, else_mv=3700):
    return lambda s: to_mv if at_s <= s < at_s + for_s else else_mv


def test_a_full_battery_is_logged_and_nothing_else(bench):
    found = bench(lambda s: 4100, 100)
    assert found.keeper.noted == [(log.BATTERY, 4100)]
    assert (found.said, found.cues, found.keeper.ended) == ([], [], [])
    assert found.battery.mv == 4100


def test_it_looks_twice_a_minute_and_logs_every_ten_minutes(bench):
    found = bench(lambda s: 4100 - s, 1799)
    assert found.looks_s == [0, *range(FIRST_S, 1800, LOOK_S)]
    # Of the last two looks the higher one.
    noted = [(log.BATTERY, 4100 - s) for s in (0, FIRST_S + 600 - LOOK_S, FIRST_S + 1200 - LOOK_S)]
    assert found.keeper.noted == noted


@pytest.mark.parametrize(("mv", "low"), [(LOW_MV, False), (LOW_MV - 1, True)])
def test_a_low_battery_is_said_and_felt_every_ten_minutes(bench, mv, low):
    found = bench(lambda s: mv, 1210)
    assert found.cues == ["low_battery"] * 3 * low
    assert found.said == [f"battery: {mv} mV, low: 3 %"] * 3 * low
    assert found.keeper.running


@pytest.mark.parametrize(("mv", "flat"), [(FLAT_MV, False), (FLAT_MV - 1, True)])
def test_a_flat_battery_ends_the_session_once_with_its_reason(bench, mv, flat):
    found = bench(lambda s: 3700 if s < 100 else mv, 400)
    assert found.keeper.ended == [log.BATTERY_FLAT] * flat
    assert found.said == [f"battery: {mv} mV, flat: the session ends"] * flat


def test_a_session_begun_on_a_flat_battery_ends_at_the_next_look(world):
    bench = Bench(world, lambda s: FLAT_MV - 50)
    world.at(100_000, lambda: setattr(bench.keeper, "running", True))
    bench.run(200)
    assert bench.keeper.ended == [log.BATTERY_FLAT] * 2


def test_a_dip_at_one_look_is_not_believed(bench):
    found = bench(dips(FIRST_S + 2 * LOOK_S, 3000), 200)
    assert found.keeper.running and found.said == []


def test_a_dip_at_the_first_look_is_not_believed_either(bench):
    found = bench(dips(0, 3000), 200)  # the start's own pattern plays then
    assert found.keeper.running


def test_two_low_looks_in_a_row_are_believed(bench):
    assert bench(dips(LOOK_S, 3000, 2 * LOOK_S), 200).keeper.ended == [log.BATTERY_FLAT]


def test_a_dip_while_ten_minutes_are_over_is_not_logged(bench):
    found = bench(dips(600, 3000), 700)
    assert found.keeper.noted == [(log.BATTERY, 3700)] * 2
    assert found.cues == []


def test_without_a_log_it_warns_all_the_same(bench):
    found = bench(lambda s: FLAT_MV - 1, 40, logged=False)
    assert found.cues == ["low_battery"]
    assert found.keeper.ended == [log.BATTERY_FLAT] and found.keeper.noted == []


def test_looks_that_measure_nothing_end_no_session_and_are_not_logged(bench):
    found = bench(lambda s: -1 if s >= 100 else 3700, 2000)
    assert found.keeper.ended == [] and found.said == [] and found.cues == []
    assert found.keeper.noted == [(log.BATTERY, 3700)]


def test_a_supply_by_usb_is_neither_low_nor_flat(bench):
    found = bench(lambda s: 4900, 100)
    assert found.keeper.noted == [(log.BATTERY, 4900)] and found.said == [] and found.keeper.ended == []
