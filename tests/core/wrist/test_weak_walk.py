"""Weak, interrupted and half-heard walks at hand and wrist: what has a rhythm is counted from its beginning on."""

import math

import numpy as np
import pytest
from wrist_rhythms import RATE, bounce, carried, detected, still

from host_tools.recordings import Recording
from host_tools.replay import replay_recording


def within(rows, begin_s, more):
    """Rows with something added to their upward axis from begin_s on."""
    rows = rows.copy()
    at = int(begin_s * RATE)
    rows[at : at + len(more), 2] += np.rint(more).astype(int)
    return rows


def gesture(seconds, mg, hz=0.9):
    t = np.arange(int(seconds * RATE)) / RATE
    return mg * np.sin(2 * math.pi * hz * t) * np.sin(math.pi * t / seconds)


@pytest.mark.parametrize(("step_hz", "mg"), [(1.3, 70), (1.5, 70), (1.9, 85)])
def test_a_weak_walk_is_counted_where_its_rhythm_is_clear(step_hz, mg):
    rows = np.vstack([still(3), bounce(step_hz, 40, mg), still(3)])
    assert len(detected(rows)) == pytest.approx(40 * step_hz, rel=0.06)


@pytest.mark.parametrize("hz", [2.4, 2.8, 3.2])
def test_fast_and_weak_is_a_rocked_leg_or_a_home_trainer(hz):
    assert detected(np.vstack([still(3), bounce(hz, 60, 80), still(3)])) == []


def test_a_weak_rhythm_takes_twice_as_long_to_be_a_walk():
    assert detected(np.vstack([still(4), bounce(1.5, 5, 70)] * 4 + [still(4)])) == []
    assert detected(np.vstack([still(4), bounce(1.5, 5, 160)] * 4 + [still(4)]))


def test_a_weak_rhythm_that_is_not_clear_is_no_walk():
    rng = np.random.default_rng(2)
    rows = np.vstack([still(3), bounce(1.5, 60, 55), still(3)])
    assert detected(within(rows, 3, rng.normal(0, 90, 60 * RATE))) == []
    assert detected(within(rows, 3, rng.normal(0, 30, 60 * RATE)))


@pytest.mark.parametrize("step_hz", [1.1, 1.15])
def test_a_slow_walk_is_told_by_its_strides_alone(step_hz):
    rows = np.vstack([still(3), bounce(step_hz, 40, 60, 120), still(3)])
    assert len(detected(rows)) == pytest.approx(40 * step_hz, rel=0.06)


def test_a_fast_walk_after_a_slow_one_is_not_held_for_slow():
    fast = bounce(2.4, 25, 100, 100)
    fast[:, 4] = np.rint(900 * np.sin(math.pi * 2.4 * np.arange(len(fast)) / RATE)).astype(int)
    rows = np.vstack([still(3), carried(1.2, 15, 120, 0, 150), fast, still(3)])
    assert len(detected(rows)) == pytest.approx(18 + 60, rel=0.1)


def test_a_walk_goes_on_softly():
    rows = np.vstack([still(3), bounce(1.25, 20, 80), bounce(1.25, 20, 36), still(3)])
    assert len(detected(rows)) == pytest.approx(50, abs=2)


@pytest.mark.parametrize("step_hz", [0.75, 0.85, 1.0])
def test_two_steps_are_given_back_before_a_rhythm_shows(step_hz):
    found = detected(np.vstack([still(5), carried(step_hz, 15, 300, 0, 150), still(5)]))
    assert found[0]["contact"] < (5 + 1.2 / step_hz) * RATE


def test_steps_after_a_gesture_are_no_end():
    walk = np.vstack([still(3), bounce(1.6, 40, 80), still(3)])
    assert len(detected(within(walk, 20, gesture(1.5, 1200)))) == pytest.approx(64, abs=3)


def test_a_beginning_that_is_broken_off_counts_where_its_rhythm_comes_back():
    walk = np.vstack([still(3), bounce(1.8, 20, 120), still(3)])
    found = detected(within(walk, 5.5, gesture(1, 700)))
    assert len(found) == pytest.approx(36, abs=2)
    assert found[0]["contact"] < 4.8 * RATE


def test_of_a_hand_that_fiddles_longer_than_it_had_a_rhythm_nothing_is_given_back():
    rng = np.random.default_rng(3)
    fiddling = bounce(1.8, 10, 0)
    fiddled = np.convolve(rng.normal(0, 200, len(fiddling)), np.ones(9) / 3, "same")
    fiddling[:, 2] += np.rint(fiddled).astype(int)
    found = detected(np.vstack([still(3), bounce(1.8, 1.6, 120), fiddling, bounce(1.8, 20, 120), still(3)]))
    assert len(found) == pytest.approx(36, abs=3)


@pytest.mark.parametrize("rate_hz", [12.5, 25])
def test_rows_lost_now_and_then_cost_no_steps(rate_hz):
    rng = np.random.default_rng(4)
    rows = np.vstack([still(3), bounce(1.7, 60, 200), still(3)])
    kept = rows[:: round(RATE / rate_hz)][: int(66 * rate_hz)]
    lost = rng.random(len(kept)) < 0.05
    lost[[0, -1]] = False
    edges = np.flatnonzero(np.diff(np.pad(lost.astype(int), 1)))
    before = np.cumsum(~lost)
    gaps = tuple((int(before[a]), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True))
    told = replay_recording(Recording(kept[~lost].astype(np.int16), rate_hz, "wrist", "sensor", gaps))
    assert len(gaps) > 20
    cadence_hz = 1.7 * rate_hz * round(RATE / rate_hz) / RATE
    assert sum(event["event"] == "step" for event in told) == pytest.approx(60 * cadence_hz, rel=0.05)
