"""Fixed-point helpers; every intermediate stays inside +-2^30, a small int on the pod."""

from .compat import const, viper

ONE_Q14 = const(1 << 14)
_MASK_Q14 = const((1 << 14) - 1)


def saturate(value: int, limit: int) -> int:
    """Return value, held inside +-limit."""
    if value > limit:
        return limit
    if value < -limit:
        return -limit
    return value


def shift_round(value: int, bits: int) -> int:
    """Return value / 2^bits, rounded to nearest (bits >= 1; |value| < 2^30 - 2^(bits - 1))."""
    return (value + (1 << (bits - 1))) >> bits


def mul_q14(value: int, factor_q14: int) -> int:
    """Return value * factor / 2^14, floored.

    value: |value| < 2^29.  factor_q14: |factor| <= 2^14, so that no product leaves +-2^30.
    """
    return (value >> 14) * factor_q14 + (((value & _MASK_Q14) * factor_q14) >> 14)


@viper
def isqrt(value: int) -> int:
    """Return the floor of the square root; value: 0 .. 2^30."""
    root = 0
    bit = 1 << 28
    if value >> 28 >= 4:
        bit <<= 2  # no constant: 2^30 is none of a kernel's
    while bit > value:
        bit >>= 2
    while bit:
        if value >= root + bit:
            value -= root + bit
            root = (root >> 1) + bit
        else:
            root >>= 1
        bit >>= 2
    return root


def hypot(x: int, y: int) -> int:
    """Return the length of (x, y), exact to 1 in 2^13; |x|, |y| < 2^28."""
    shift = 0
    high = max(abs(x), abs(y))
    while (high >> shift) >= 1 << 14:
        shift += 1
    x >>= shift
    y >>= shift
    return isqrt(x * x + y * y) << shift


def samples(ms: int, rate_hz: int) -> int:
    """Return how many samples a time [ms] lasts, at least one."""
    return max(1, (ms * rate_hz + 500) // 1000)
