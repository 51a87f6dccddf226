"""The clock: it goes on over the ticks' end, knows the wearer's day, and steps back only from far ahead."""

import time
from contextlib import contextmanager

import pytest
from backstep.app.clock import Clock
from hypothesis import given
from hypothesis import strategies as st

PERIOD_MS = 1 << 30  # of MicroPython's ticks_ms
DAY_MS = 86_400_000
NOON_MS = 20_419 * DAY_MS + DAY_MS // 2  # 2025-11-27


class Ticks:
    """MicroPython's ticks, which wrap; diff as its documentation has it."""

    def __init__(self, now_ms=0):
        self.now_ms = now_ms

    def ticks_ms(self):
        return self.now_ms % PERIOD_MS

    def ticks_diff(self, later, earlier):
        return (later - earlier + PERIOD_MS // 2) % PERIOD_MS - PERIOD_MS // 2


@contextmanager
def ticking(now_ms=0):
    ticks = Ticks(now_ms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "ticks_ms", ticks.ticks_ms, raising=False)
        patch.setattr(time, "ticks_diff", ticks.ticks_diff, raising=False)
        yield ticks


@pytest.fixture
def ticks():
    with ticking() as ticks:
        yield ticks


@given(st.integers(0, PERIOD_MS - 1), st.lists(st.integers(0, PERIOD_MS // 2 - 1), max_size=12))
def test_time_since_the_start_adds_up_over_any_number_of_wraps(start_ms, steps_ms):
    with ticking(start_ms) as ticks:
        clock = Clock()
        for step_ms in steps_ms:
            ticks.now_ms += step_ms
            assert clock.ms == ticks.now_ms - start_ms
        assert clock.ms == sum(steps_ms)


def test_no_time_of_day_is_known_before_it_was_told(ticks):
    clock = Clock()
    ticks.now_ms += 5000
    assert (clock.unix_ms, clock.day, clock.start_unix_ms) == (0, 0, 0)


def test_the_time_told_is_that_of_now_and_the_start_lies_before(ticks):
    ticks.now_ms = 77_000
    clock = Clock()
    ticks.now_ms += 5000
    clock.set(NOON_MS, 0)
    assert (clock.unix_ms, clock.start_unix_ms) == (NOON_MS, NOON_MS - 5000)
    ticks.now_ms += 2000
    assert (clock.unix_ms, clock.start_unix_ms) == (NOON_MS + 2000, NOON_MS - 5000)


NEWS = st.tuples(
    st.integers(0, 200_000),  # later [ms]
    st.booleans(),  # whether it is asked the time
    st.one_of(st.none(), st.integers(-300_000, 10**9), st.integers(-(10**9), 10**9)),  # a host's, from noon [ms]
)


@given(st.lists(NEWS, max_size=15))
def test_it_steps_back_by_minutes_or_waits_and_is_right_once_that_time_has_come(news):
    with ticking(PERIOD_MS - 100_000) as ticks:
        clock, latest_ms, right_at_0_ms = Clock(), 0, None
        for later_ms, asked, off_ms in news:
            ticks.now_ms += later_ms
            if right_at_0_ms is not None and (asked or off_ms is not None):
                latest_ms = max(latest_ms, right_at_0_ms + ticks.now_ms)
            if off_ms is not None:
                is_far = latest_ms - (NOON_MS + off_ms) > 300_000
                assert clock.must_step_back(NOON_MS + off_ms) == is_far
                clock.set(NOON_MS + off_ms, 0)
                latest_ms = 0 if is_far else latest_ms
                right_at_0_ms = NOON_MS + off_ms - ticks.now_ms
            if asked and right_at_0_ms is not None:
                latest_ms = max(latest_ms, right_at_0_ms + ticks.now_ms)
                assert clock.unix_ms == latest_ms


def test_set_back_before_anybody_asked_it_does_not_step_back_either(ticks):
    clock = Clock()
    clock.set(NOON_MS, 0)
    ticks.now_ms += 10_000
    clock.set(NOON_MS, 0)
    assert clock.unix_ms == NOON_MS + 10_000


def test_told_a_wrong_year_once_it_is_right_from_the_next_telling_on(ticks):
    clock = Clock()
    clock.set(NOON_MS + 365 * DAY_MS, 60)
    ticks.now_ms += 10_000
    assert clock.set(NOON_MS, 60) == 365 * DAY_MS + 10_000
    ticks.now_ms += 1000
    assert (clock.unix_ms, clock.day) == (NOON_MS + 1000, 20_419)


def test_it_tells_how_far_it_was_ahead(ticks):
    clock = Clock()
    ticks.now_ms += 1000
    assert clock.set(NOON_MS, 0) == 0
    ticks.now_ms += 10_000
    assert clock.set(NOON_MS + 7000, 0) == 3000
    assert clock.set(NOON_MS + 7000, 0) == 0
    ticks.now_ms += 1000
    assert clock.set(NOON_MS + 9500, 0) == -1500


@pytest.mark.parametrize(
    ("past_midnight_ms", "utc_offset_min", "days"),
    [(0, 0, 0), (-1, 0, -1), (DAY_MS - 1, 0, 0), (0, -1, -1), (-60_000, 1, 0), (0, 840, 0)]
    + [(DAY_MS - 840 * 60_000, 840, 1), (DAY_MS - 840 * 60_000 - 1, 840, 0), (600 * 60_000, -600, 0)],
)
def test_the_day_is_that_of_the_wearers_clock(ticks, past_midnight_ms, utc_offset_min, days):
    clock = Clock()
    clock.set(20_419 * DAY_MS + past_midnight_ms, utc_offset_min)
    assert clock.day == 20_419 + days


def test_the_day_changes_at_midnight_and_does_not_change_back_when_set_back(ticks):
    clock = Clock()
    clock.set(20_420 * DAY_MS - 1, 0)
    assert clock.day == 20_419
    ticks.now_ms += 1
    assert clock.day == 20_420
    clock.set(20_420 * DAY_MS - 3000, 0)
    assert clock.day == 20_420
    ticks.now_ms += 3001
    assert (clock.unix_ms, clock.day) == (20_420 * DAY_MS + 1, 20_420)
