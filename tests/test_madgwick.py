"""The filter that the pod's speed is compared with works as a filter."""

from math import cos, radians, sin
from pathlib import Path

import madgwick
import pytest
from vm import run_on_vm

RATE = 208


def gravity(roll_deg, pitch_deg):
    """Return what an accelerometer at rest reads [mg] at an attitude."""
    roll, pitch = radians(roll_deg), radians(pitch_deg)
    force = -sin(pitch), sin(roll) * cos(pitch), cos(roll) * cos(pitch)
    return [round(1000 * part) for part in force]


@pytest.mark.parametrize(("roll", "pitch"), [(0, 0), (30, 0), (0, -40), (-60, 20), (120, 10)])
def test_it_converges_to_a_tilt(roll, pitch):
    one = madgwick.make(RATE)
    for _ in range(40 * RATE):
        one.feed(*gravity(roll, pitch), 0, 0, 0)
    found = one.roll_pitch_yaw_deg()
    assert found[:2] == pytest.approx((roll, pitch), abs=0.5)


def test_it_follows_a_turn():
    one = madgwick.make(RATE)
    for _ in range(RATE):
        one.feed(0, 0, 1000, 0, 0, 900)
    assert one.roll_pitch_yaw_deg() == pytest.approx((0, 0, 90), abs=0.5)


@pytest.mark.parametrize(("axis", "sign"), [(0, 1), (0, -1), (1, 1), (1, -1)])
def test_it_follows_a_tilting_motion_of_the_gyro_at_once(axis, sign):
    one = madgwick.make(RATE)
    for k in range(RATE // 2):
        angles = [0, 0]
        angles[axis] = sign * 60 * (k + 1) / RATE
        rates = [0, 0, 0]
        rates[axis] = sign * 600
        one.feed(*gravity(*angles), *rates)
    expected = [0, 0]
    expected[axis] = sign * 30
    assert one.roll_pitch_yaw_deg()[:2] == pytest.approx(expected, abs=0.5)


def test_a_constant_gyro_error_is_held_by_gravity():
    one = madgwick.make(RATE)
    for _ in range(30 * RATE):
        one.feed(0, 0, 1000, 20, -20, 0)
    assert one.roll_pitch_yaw_deg()[:2] == pytest.approx((0, 0), abs=1)


def test_free_fall_and_a_still_start_divide_by_nothing():
    one = madgwick.make(RATE)
    one.feed(0, 0, 0, 0, 0, 0)
    one.feed(0, 0, 1000, 0, 0, 0)
    assert one.roll_pitch_yaw_deg() == (0, 0, 0)


def test_micropython_has_the_same_within_its_shorter_floats():
    script = """
import madgwick
one = madgwick.make(208)
for k in range(416):
    one.feed(300, -400, 866, k % 50, 40 - k % 90, 300)
print(*one.roll_pitch_yaw_deg())
"""
    one = madgwick.make(RATE)
    for k in range(416):
        one.feed(300, -400, 866, k % 50, 40 - k % 90, 300)
    said = run_on_vm(script, path=(Path(__file__).parent,), heapsize="1M")
    assert [float(word) for word in said.split()] == pytest.approx(one.roll_pitch_yaw_deg(), abs=0.1)
