"""Slow walks at hand and wrist: a step is not taken for a stride, nor a stride for a step, and none is dropped."""

import math

import numpy as np
import pytest
from backstep.core.wrist import swing
from backstep.core.wrist.swing import Swing
from int_bounds import Watched, watch_kernels
from wrist_rhythms import RATE, bounce, carried, detected, still


@pytest.mark.parametrize("step_hz", [1.0, 1.15, 1.3])
@pytest.mark.parametrize("bump_mg", [0, 90, 150])
def test_slow_steps_whose_push_off_is_felt_are_not_counted_twice(step_hz, bump_mg):
    rows = np.vstack([still(3), carried(step_hz, 40, 120, bump_mg, 150), still(3)])
    assert len(detected(rows)) == pytest.approx(40 * step_hz, rel=0.06)


@pytest.mark.parametrize("slow_hz", [1.05, 1.2, 1.3])
def test_a_walk_that_slows_down_does_not_double_its_cadence(slow_hz):
    brisk = [carried(1.8, 15, 150, 0, 200), carried(2.1, 10, 250, 0, 250)]
    rows = np.vstack([still(3), *brisk, carried(slow_hz, 20, 110, 80, 150), still(3)])
    assert len(detected(rows)) == pytest.approx(27 + 21 + 20 * slow_hz, rel=0.06)


@pytest.mark.parametrize("step_hz", [1.7, 1.9, 2.1])
def test_an_arm_that_swings_tells_strides(step_hz):
    arm = carried(step_hz / 2, 40, 150, 60, 0)
    arm[:, 4] = np.rint(900 * np.sin(math.pi * step_hz * np.arange(len(arm)) / RATE)).astype(int)
    rows = np.vstack([still(3), arm, still(3)])
    assert len(detected(rows)) == pytest.approx(40 * step_hz, rel=0.06)


def test_a_hand_without_a_gyro_is_told_by_its_own_axes():
    t = np.arange(40 * RATE) / RATE
    steps = bounce(1.9, 40, 120, 140)
    steps[:, 0] += np.rint(300 * np.sin(2 * math.pi * 0.95 * t)).astype(int)
    rows = np.vstack([still(3), steps, still(3)])
    assert len(detected(rows)) == pytest.approx(40 * 1.9, rel=0.06)


@pytest.mark.parametrize(("step_hz", "up_mg"), [(0.75, 110), (0.75, 50), (0.85, 110), (1.0, 50), (1.2, 110)])
def test_a_slow_walk_is_counted(step_hz, up_mg):
    rows = np.vstack([still(3), carried(step_hz, 60, up_mg, 0, 150), still(3)])
    assert len(detected(rows)) == pytest.approx(60 * step_hz, rel=0.1)


def test_a_walk_goes_on_where_its_cadence_leaps():
    rows = np.vstack([still(3), carried(2.4, 20, 250, 0, 250), carried(1.25, 25, 110, 0, 150), still(3)])
    assert len(detected(rows)) == pytest.approx(48 + 31, rel=0.08)


def test_soft_slow_steps_within_a_walk_are_counted():
    rows = np.vstack([still(3), carried(1.7, 15, 150, 0, 200), carried(1.1, 25, 50, 0, 150), still(3)])
    assert len(detected(rows)) == pytest.approx(25.5 + 27.5, rel=0.06)


def test_a_slow_gesture_of_a_few_seconds_is_no_walk():
    rows = np.vstack([still(4), carried(1.0, 3.5, 200)] * 6 + [still(4)])
    assert detected(rows) == []


def turning(period_s, seconds, ddps, mg=0):
    """What a Swing is fed at 26 Hz: a turn to and fro about y."""
    wave = np.sin(2 * math.pi * np.arange(int(26 * seconds)) / 26 / period_s)
    return [(0, round(mg * v), 1000, 0, round(ddps * v), 0) for v in wave.tolist()]


def fed(rows):
    arm = Swing(26)
    for row in rows:
        arm.feed(*row)
    return arm


def test_turning_agrees_with_itself_a_period_ago_and_not_half_of_it():
    arm = fed(turning(1.08, 6, 800))
    assert arm.agrees_pct(28) > 90
    assert arm.agrees_pct(14) < -80


def test_what_turns_no_more_than_a_sensor_s_noise_says_nothing():
    assert fed(turning(1.08, 6, 10)).agrees_pct(28) == 0


def test_acceleration_stands_in_for_a_gyro_that_was_not_recorded():
    assert fed(turning(1.08, 6, 0, 300)).agrees_pct(28) > 90
    assert fed(turning(1.08, 6, 10, 300)).agrees_pct(28) == 0


def test_a_gyro_that_is_still_for_a_moment_is_no_missing_one():
    arm = fed([*turning(1.08, 6, 800), *[(0, 300, 1000, 0, 0, 0)] * 10])
    assert arm.turns()
    for _ in range(40):
        arm.feed(0, 300, 1000, 0, 0, 0)
    assert not arm.turns()


def test_a_gap_forgets_the_turning():
    arm = fed(turning(1.08, 6, 800))
    arm.restart()
    assert arm.agrees_pct(28) == 0


def test_the_wildest_turning_stays_in_bounds(monkeypatch):
    watch_kernels(monkeypatch, swing)
    arm = Swing(26)
    rng = np.random.default_rng(5)
    for row in rng.choice([-32768, -16000, 0, 16000, 32767], (400, 6)).tolist():
        arm.feed(*(Watched(value) for value in row))
    assert -100 <= arm.agrees_pct(Watched(28)) <= 100
