"""Standstill: the only moments at which gravity, its size and the gyro's bias are learnt."""

from array import array

from .compat import const, ptr32, viper
from .fixed import hypot, samples

LEVEL = const(1)
BIAS = const(2)

SUM = const(0)  # of a state: sums of the block's samples, ax ay az gx gy gz
COUNT = const(6)  # how many they are
_FIRST = const(7)  # what the others of the block are compared with
_NEXT = const(13)  # the sample that is compared
_LEVEL_COUNT = const(19)
_BIAS_COUNT = const(20)
_SIZE = const(21)

_LEVEL_MS = const(240)
_BIAS_MS = const(960)  # no stance of a walk lasts that long without the foot's slow roll
_ACCEL_RANGE_MG = const(40)
_GYRO_RANGE_DDPS = const(30)
_BIAS_LIMIT_DDPS = const(300)
_GRAVITY_LOW_MG = const(900)
_GRAVITY_HIGH_MG = const(1100)


@viper
def alike(state, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
    """Take one sample; return LEVEL or BIAS when as many before it as that needs were all alike, else 0."""
    p = ptr32(state)
    p[_NEXT] = ax
    p[_NEXT + 1] = ay
    p[_NEXT + 2] = az
    p[_NEXT + 3] = gx
    p[_NEXT + 4] = gy
    p[_NEXT + 5] = gz
    same = p[COUNT]
    i = 0
    while i < 6:
        off = p[_NEXT + i] - p[_FIRST + i]
        limit = _ACCEL_RANGE_MG if i < 3 else _GYRO_RANGE_DDPS
        if off > limit or off < 0 - limit:
            same = 0
        i += 1
    i = 0
    while i < 6:
        if not same:
            p[_FIRST + i] = p[_NEXT + i]
            p[SUM + i] = 0
        p[SUM + i] += p[_NEXT + i]
        i += 1
    p[COUNT] = same + 1
    if same:
        if same + 1 == p[_LEVEL_COUNT]:
            return LEVEL
        if same + 1 == p[_BIAS_COUNT]:
            return BIAS
        if same == p[_BIAS_COUNT]:
            p[COUNT] = 0
    return 0


class Still:
    """Watches for blocks of samples that hardly differ; the sums in `state` are what a sensor at rest reads."""

    def __init__(self, rate_hz: int):
        self.state = array("i", bytearray(4 * _SIZE))
        self.state[_LEVEL_COUNT] = samples(_LEVEL_MS, rate_hz)
        self.state[_BIAS_COUNT] = samples(_BIAS_MS, rate_hz)

    def feed(self, ax, ay, az, gx, gy, gz) -> int:
        """Take one sample; return LEVEL or BIAS when as many before it as that needs were at rest, else 0.

        Who is in a hurry asks alike(), and plausible() of what it finds.
        """
        found = alike(self.state, ax, ay, az, gx, gy, gz)
        return found if found and self.plausible() else 0

    def restart(self) -> None:
        """Forget the block under way."""
        self.state[COUNT] = 0

    def gravity_mg(self) -> int:
        """Return the size of the mean acceleration [mg]."""
        p = self.state
        count = p[COUNT]
        return hypot(hypot(p[SUM] // count, p[SUM + 1] // count), p[SUM + 2] // count)

    def rate_q4(self, axis: int) -> int:
        """Return the mean rate about an axis 0 .. 2 [0.1 deg/s / 16]."""
        return (self.state[SUM + 3 + axis] << 4) // self.state[COUNT]

    def plausible(self) -> bool:
        """Return whether what was alike can be a sensor at rest."""
        p = self.state
        limit = _BIAS_LIMIT_DDPS * p[COUNT]
        return (
            -limit < p[SUM + 3] < limit
            and -limit < p[SUM + 4] < limit
            and -limit < p[SUM + 5] < limit
            and _GRAVITY_LOW_MG < self.gravity_mg() < _GRAVITY_HIGH_MG
        )
