"""The timer behind one call, and that nothing comes after a cancel."""

import pytest
from backstep.drivers.one_shot import OneShot


class Timer:
    """machine.Timer; due() is its interrupt, which the scheduler may serve later than it came."""

    ONE_SHOT = 0

    def __init__(self):
        self.periods = []

    def init(self, *, mode, period, callback):
        assert mode == self.ONE_SHOT
        self.periods.append(period)
        self.callback = callback

    def due(self):
        self.callback(self)


@pytest.fixture
def made():
    timer, calls = Timer(), []
    return timer, OneShot(timer), calls


def test_it_calls_once(made):
    timer, one_shot, calls = made
    one_shot.begin(17, lambda: calls.append(1))
    timer.due()
    timer.due()
    assert calls == [1] and timer.periods == [17]


def test_nothing_is_shorter_than_a_millisecond(made):
    timer, one_shot, _ = made
    one_shot.begin(0, print)
    assert timer.periods == [1]


def test_a_call_that_waits_is_cancelled(made):
    timer, one_shot, calls = made
    one_shot.begin(5, lambda: calls.append(1))
    one_shot.cancel()
    timer.due()
    assert calls == []


def test_the_last_one_counts_and_may_begin_the_next(made):
    timer, one_shot, calls = made
    one_shot.begin(5, lambda: calls.append("a"))
    one_shot.begin(9, lambda: one_shot.begin(3, lambda: calls.append("b")))
    timer.due()
    timer.due()
    assert calls == ["b"] and timer.periods == [5, 9, 3]
