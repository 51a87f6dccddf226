"""The trunk's lean, on motions made by hand."""

import math

import numpy as np
import pytest
from backstep.core.angle import angle_ddeg
from backstep.core.belt import lean as lean_module
from backstep.core.belt.lean import BACK_DDEG, BACK_DDPS, LIFT_MG, Lean
from trunks import RATE, tip


def test_lean_follows_a_slow_and_a_fast_turn():
    for seconds in (0.3, 3):
        course = np.concatenate([np.zeros(RATE), np.linspace(0, 40, int(seconds * RATE)), np.full(8, 40)])
        lean = Lean(RATE)
        for row in tip(course).tolist():
            lean.feed(*row)
        assert lean.state[BACK_DDEG] == pytest.approx(400, abs=12)
        assert lean.up_q14 == pytest.approx(16384 * math.cos(math.radians(40)), abs=300)


def test_lean_gives_the_rate_and_the_lift():
    course = np.concatenate([np.zeros(RATE), np.arange(20) * 50 / RATE])
    lean = Lean(RATE)
    for row in tip(course, drop_mg=300).tolist():
        lean.feed(*row)
    assert lean.state[BACK_DDPS] == pytest.approx(500, abs=15)
    assert lean.state[LIFT_MG] == pytest.approx(-300, abs=15)


def test_the_gyro_bias_is_learnt_at_standstill_only():
    lean = Lean(RATE)
    for row in tip(np.zeros(6 * RATE), bias_ddps=40).tolist():
        lean.feed(*row)
    assert abs(lean.state[BACK_DDPS]) <= 1
    turning = Lean(RATE)
    for row in tip(np.concatenate([np.zeros(20), 15 * np.sin(np.arange(6 * RATE) / 30)]), bias_ddps=40).tolist():
        turning.feed(*row)
    assert turning.state[lean_module._BIAS + 1] == 0


def test_a_lean_finds_up_from_any_first_sample():
    for row in ([0, 0, 0, 0, 0, 0], [0, 0, -1000, 0, 0, 0], [32767, 32767, 32767, 0, 0, 0]):
        lean = Lean(RATE)
        lean.feed(*row)
        for _ in range(12 * RATE):
            lean.feed(600, 0, 800, 0, 0, 0)
        assert lean.state[BACK_DDEG] == pytest.approx(369, abs=12)
        assert abs(lean.state[LIFT_MG]) < 20


@pytest.mark.parametrize("angle_deg", range(-90, 91, 5))
def test_sine_to_angle(angle_deg):
    sine = round(16384 * math.sin(math.radians(angle_deg)))
    assert angle_ddeg(sine) == pytest.approx(10 * angle_deg, abs=2 if abs(angle_deg) < 85 else 7)
    assert angle_ddeg(40000) == 900
