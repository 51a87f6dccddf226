"""A session's goal and when to stop: told once, and every minute."""

import json

import pytest
from backstep.core.events import DOSE_STOP, GOAL, NOTHING
from backstep.core.training import programme
from backstep.core.training.guide import BY_MINUTES, BY_STEPS, BY_WEEK, Guide
from hypothesis import given
from hypothesis import strategies as st
from vm import run_on_vm

RATE = 104


def fed(guide, steps):
    """Return (code, kind, amount, sample, backward) of all it tells; steps: (samples since the last, how many)."""
    sample = backward = 0
    found = []
    for apart, count in steps:
        sample += apart
        backward += count
        code = guide.feed(sample, backward)
        if code:
            found.append((code, *guide.fields, sample, backward))
    return found


def test_the_goal_is_told_once_at_its_step_and_the_stop_past_it_every_minute():
    found = fed(Guide(RATE, (40, 0), (50, 0)), [(RATE // 2, 1)] * 300)
    assert found[0] == (GOAL, BY_STEPS, 40, 40 * RATE // 2, 40)
    assert [row[0] for row in found[1:]] == [DOSE_STOP] * 3
    assert [row[4] for row in found[1:]] == [50, 170, 290]


def test_minutes_are_those_of_stepping_backward():
    guide = Guide(RATE, (0, 1), (0, 2))
    found = fed(guide, [(RATE, 1)] * 50 + [(100 * RATE, 1)] + [(RATE, 1)] * 80)
    assert found[0][:3] == (GOAL, BY_MINUTES, 1) and found[0][4] == 62  # the pause does not count, nor its step
    assert found[1][:3] == (DOSE_STOP, BY_MINUTES, 2) and guide.seconds == 129


def test_the_weeks_share_stops_before_the_dose():
    guide = Guide(RATE, (40, 0), (50, 0))
    guide.begin(10)
    assert fed(guide, [(RATE, 1)] * 20)[0] == (DOSE_STOP, BY_WEEK, 11, 11 * RATE, 11)
    guide.begin(-1)
    assert fed(guide, [(RATE, 1)])[0][:2] == (DOSE_STOP, BY_WEEK)


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 4)), max_size=300),
    st.integers(0, 60), st.integers(0, 3), st.integers(0, 100),
)  # fmt: skip
def test_the_goal_comes_exactly_once_and_no_stop_before_its_limit(steps, dose_steps, dose_min, week_left):
    goals = dose_steps, dose_min
    guide = Guide(RATE, goals, (programme.enough(dose_steps), programme.enough(dose_min)))
    guide.begin(week_left)
    found = fed(guide, steps)
    codes = [row[0] for row in found]
    backward = sum(count for _, count in steps)
    assert codes.count(GOAL) <= 1
    if dose_steps and backward >= dose_steps and len(steps) > 1 and steps[-1][1]:
        assert codes.count(GOAL) == 1 or codes[-1] == DOSE_STOP
    for code, kind, amount, _, at in found:
        if code == DOSE_STOP:
            assert at > week_left > 0 if kind == BY_WEEK else any(goals)
            assert kind != BY_STEPS or at >= amount >= dose_steps
    times = [row[3] for row in found if row[0] == DOSE_STOP]
    assert all(late - early >= 60 * RATE for early, late in zip(times, times[1:], strict=False))


def test_without_a_dose_nothing_is_told():
    assert fed(Guide(RATE, (0, 0), (0, 0)), [(RATE, 5)] * 1000) == []
    assert Guide(RATE, (1, 0), (1, 0)).feed(10, 0) == NOTHING


SCRIPT = """
import json, micropython
from array import array
from backstep.core.training.guide import Guide
guide = Guide(208, (40, 1), (50, 1))
guide.begin(45)
found = array("i", [0] * 30)
def run():
    k = 0
    for n in range(1, 400):
        code = guide.feed(n * 150, n)
        if code:
            found[k] = code
            found[k + 1] = n
            k += 2
    return k
micropython.heap_lock()
k = run()
micropython.heap_unlock()
print(json.dumps(list(found[:k])))
"""


def test_it_allocates_nothing_on_the_pod_and_tells_the_same():
    guide = Guide(208, (40, 1), (50, 1))
    guide.begin(45)
    here = [number for row in fed(guide, [(150, 1)] * 399) for number in (row[0], row[4])]
    assert json.loads(run_on_vm(SCRIPT)) == here and len(here) >= 6


@pytest.mark.parametrize("minutes", [1, 120])
def test_no_sum_leaves_a_small_int(minutes):
    guide = Guide(208, (0, minutes), (0, programme.enough(minutes)))
    assert 60 * programme.enough(120) * 208 < 2**30 and not guide.feed(2**29, 1)
