"""The integer helpers against exact arithmetic, at the ends of their ranges."""

import math

from backstep.core.fixed import ONE_Q14, hypot, isqrt, mul_q14, samples, saturate, shift_round
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(0, 1 << 30))
def test_isqrt_is_the_floor_of_the_root(value):
    assert isqrt(value) == math.isqrt(value)


def test_isqrt_at_its_ends():
    assert [isqrt(v) for v in (0, 1, 3, 4, (1 << 30) - 1, 1 << 30)] == [0, 1, 1, 2, 32767, 32768]


@given(st.integers(-(1 << 29) + 1, (1 << 29) - 1), st.integers(-ONE_Q14, ONE_Q14))
def test_mul_q14_is_within_one_of_the_product(value, factor):
    assert abs(mul_q14(value, factor) - value * factor / ONE_Q14) <= 1


@given(st.integers(-(1 << 28), 1 << 28), st.integers(-(1 << 28), 1 << 28))
def test_hypot_is_close_to_the_length(x, y):
    assert abs(hypot(x, y) - math.hypot(x, y)) <= max(2, math.hypot(x, y) / (1 << 12))


@given(st.integers(-(1 << 29), 1 << 29), st.integers(1, 20))
def test_shift_round_is_nearest(value, bits):
    assert abs(shift_round(value, bits) - value / (1 << bits)) <= 0.5


def test_saturate_holds_both_ends():
    assert [saturate(v, 10) for v in (-11, -10, 0, 10, 11)] == [-10, -10, 0, 10, 10]


def test_samples_scale_with_the_rate_and_are_never_none():
    assert [samples(40, 208), samples(40, 104), samples(1, 52)] == [8, 4, 1]
