"""The day's counts, over sessions, resets and midnight."""

from backstep.core.day import DayCounts

BEFORE = (10, 20, 30, 4, 5)
ONE = (1, 1, 1, 1, 1)
NONE = (0, 0, 0, 0, 0)


def test_a_session_adds_to_what_was_before_the_reset():
    day = DayCounts(100, BEFORE)
    day.date(100, ONE)
    assert day.now(ONE) == [11, 21, 31, 5, 6]
    day.end_session(ONE)
    assert day.now(NONE) == [11, 21, 31, 5, 6]
    assert day.now(ONE) == [12, 22, 32, 6, 7]


def test_what_was_counted_before_the_clock_told_another_day_belongs_to_that_day():
    day = DayCounts(100, BEFORE)
    day.end_session(ONE)
    assert day.now(ONE) == [12, 22, 32, 6, 7]  # no clock: the same day as far as anyone knows
    day.date(101, ONE)
    assert day.now(ONE) == [2, 2, 2, 2, 2]
    assert day.day == 101


def test_midnight_in_a_session_begins_at_nought():
    day = DayCounts()
    day.date(100, NONE)
    day.date(100, (5, 5, 5, 5, 5))
    day.date(101, (5, 5, 5, 5, 5))
    assert day.now((5, 5, 5, 5, 5)) == list(NONE)
    assert day.now((7, 6, 5, 5, 5)) == [2, 1, 0, 0, 0]
    day.end_session((7, 6, 5, 5, 5))
    assert day.now(NONE) == [2, 1, 0, 0, 0]
