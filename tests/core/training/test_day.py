"""The day's counts, over sessions, resets and midnight."""

from backstep.core.training.day import DayCounts
from backstep.core.training.day_turn import DAYS, remembered

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


def test_a_day_is_left_and_found_again_as_it_was():
    day = DayCounts(100, BEFORE)
    day.date(100, NONE)
    day.date(101, ONE)
    assert day.days == [[100, 11, 21, 31, 5, 6]] and day.news
    day.date(100, (3, 3, 3, 3, 3))  # a time zone put right
    assert day.now((3, 3, 3, 3, 3)) == [11, 21, 31, 5, 6]
    assert day.days == [[101, 2, 2, 2, 2, 2]]


def test_days_that_have_not_come_are_dropped_when_the_clock_was_put_back():
    day = DayCounts(100, BEFORE, [[90, *ONE]])
    day.date(100, NONE)
    day.date(465, NONE)  # a laptop that is a year ahead
    day.date(466, ONE)
    day.end_session((2, 2, 2, 2, 2))
    day.doubt()
    day.date(100, (5, 0, 0, 0, 0))
    assert day.days == [[90, *ONE]] and day.news
    assert day.now((5, 0, 0, 0, 0)) == [10 + 6, 21, 31, 5, 6]  # of that day what was counted since the start


def test_days_that_have_not_come_are_dropped_after_a_start_too():
    day = DayCounts(465, (7, 7, 7, 7, 7), [[100, *BEFORE], [463, *ONE]])
    day.date(100, ONE)
    assert day.days == [] and day.news
    assert day.now(ONE) == [11, 21, 31, 5, 6]
    day = DayCounts(100, BEFORE, [[99, *ONE], [463, *ONE]])
    day.date(100, NONE)
    assert day.days == [[99, *ONE]] and day.news


def test_a_day_without_counts_takes_no_room_and_the_earliest_goes():
    days: list = []
    for number in range(100, 100 + 2 * DAYS):
        days = remembered(days, number, (number % 2, 0, 0, 0, 0))
    assert [row[0] for row in days] == list(range(101, 100 + 2 * DAYS, 2))
    days = remembered(days, 200, ONE)
    assert [row[0] for row in days] == [*range(103, 100 + 2 * DAYS, 2), 200]


def test_of_two_counts_of_a_day_the_higher_stands():
    days = remembered([[100, *BEFORE]], 100, ONE)
    assert days == [[100, *BEFORE]]
    assert remembered(days, 100, (70, 0, 0, 0, 0)) == [[100, 70, 0, 0, 0, 0]]
