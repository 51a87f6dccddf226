"""Angles of sines, in integers."""

from .compat import const, viper
from .fixed import isqrt

_HALF_Q14 = const(1 << 13)
_ONE_Q28 = const(1 << 28)
_DDEG_PER_RAD = const(573)
_ASIN_3_Q14 = const(2731)  # asin(s) = s + s^3 / 6 + ..., the rest of the series made to fit at 45 deg
_ASIN_5_Q14 = const(1794)
_SINE_45_Q14 = const(11585)


@viper
def angle_ddeg(sine_q14: int) -> int:
    """Return the angle [0.1 deg] of a sine [Q14], to 0.2 deg."""
    size = sine_q14 if sine_q14 > 0 else 0 - sine_q14
    if size > 1 << 14:
        size = 1 << 14
    steep = size > _SINE_45_Q14
    if steep:
        size = int(isqrt(_ONE_Q28 - size * size))
    square = (size * size) >> 14
    angle = (size * ((1 << 14) + ((square * (_ASIN_3_Q14 + ((square * _ASIN_5_Q14) >> 14))) >> 14))) >> 14
    angle = (angle * _DDEG_PER_RAD + _HALF_Q14) >> 14
    if steep:
        angle = 900 - angle
    return 0 - angle if sine_q14 < 0 else angle
