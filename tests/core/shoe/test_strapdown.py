"""The integer strapdown against motions whose answer is known."""

import math

from backstep.core.shoe.strapdown import Strapdown
from backstep.core.shoe.strapdown_kernel import COUNT, HX, HZ, PF, PL, PU, UX, UZ, VF, VL, VU, mark, move, turn
from hypothesis import given
from hypothesis import strategies as st

RATE = 208


def feed(strapdown, ax, ay, az, gx, gy, gz):
    move(strapdown.state, ax, ay, az, turn(strapdown.state, gx, gy, gz))


def unit(strapdown):
    return [v / (1 << 28) for v in strapdown.state[UX : UZ + 1]]


def angle_deg(a, b):
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return math.degrees(math.atan2(math.hypot(*cross), dot))


@given(st.sampled_from(range(3)), st.integers(-18000, 18000))
def test_a_turn_and_back_ends_where_it_began(axis, rate_ddps):
    strapdown = Strapdown(RATE)
    for sign in (1, -1):
        for _ in range(40):
            gyro = [0, 0, 0]
            gyro[axis] = sign * rate_ddps
            feed(strapdown, 0, 0, 1000, *gyro)
    feed(strapdown, 0, 0, 1000, 0, 0, 0)
    assert angle_deg(unit(strapdown), (0, 0, 1)) < 0.2


@given(st.integers(-9000, 9000))
def test_a_constant_turn_has_the_right_angle(rate_ddps):
    strapdown = Strapdown(RATE)
    feed(strapdown, 0, 0, 1000, rate_ddps, 0, 0)
    for _ in range(52):
        feed(strapdown, 0, 0, 1000, rate_ddps, 0, 0)
    turned = math.radians((rate_ddps / 10) * 52.5 / RATE)
    assert angle_deg(unit(strapdown), (0, math.sin(turned), math.cos(turned))) < 0.5


def test_constant_acceleration_integrates_exactly():
    strapdown = Strapdown(RATE)
    for _ in range(100):
        feed(strapdown, 300, -120, 1050, 0, 0, 0)
    assert list(strapdown.state[VF : VU + 1]) == [30000, -12000, 5000]
    assert list(strapdown.state[PF : PU + 1]) == [300 * 5050, -120 * 5050, 50 * 5050]


def test_bias_is_taken_off():
    strapdown = Strapdown(RATE)
    strapdown.set_bias(16 * 250, 0, 0)
    for _ in range(RATE):
        feed(strapdown, 0, 0, 1000, 250, 0, 0)
    assert angle_deg(unit(strapdown), (0, 0, 1)) < 0.2


def test_set_up_levels_any_posture():
    strapdown = Strapdown(RATE)
    strapdown.set_up(-500 * 208, 700 * 208, -510 * 208, (1 << 14, 0, 0))
    length = math.hypot(500, 700, 510)
    assert angle_deg(unit(strapdown), (-500 / length, 700 / length, -510 / length)) < 0.05
    up, heading = unit(strapdown), [v / (1 << 28) for v in strapdown.state[HX : HZ + 1]]
    assert abs(sum(a * b for a, b in zip(up, heading, strict=True))) < 1e-3


def test_rebase_keeps_what_came_after_the_mark():
    strapdown = Strapdown(RATE)
    for _ in range(50):
        feed(strapdown, 200, 0, 1000, 0, 0, 0)
    mark(strapdown.state)
    for _ in range(10):
        feed(strapdown, 100, 40, 1000, 0, 0, 0)
    assert strapdown.point((1 << 14, 0, 0))
    strapdown.rebase()
    assert list(strapdown.state[VF : VL + 1]) + [strapdown.state[COUNT]] == [1000, 400, 10]
    assert list(strapdown.state[PF : PL + 1]) == [100 * 55, 40 * 55]


def test_the_integral_stops_growing():
    strapdown = Strapdown(RATE)
    for _ in range(10 * RATE):
        feed(strapdown, 15990, 0, 1000, 0, 0, 0)
    assert strapdown.state[COUNT] == 2.5 * RATE
    assert strapdown.state[PF] < 1 << 30
