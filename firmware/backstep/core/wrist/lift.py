"""How much of a movement is up and down: gait lifts the body, whatever else a hand does."""

from array import array

from ..compat import const, ptr32, viper
from ..fixed import samples

_MEAN_MS = const(200)
_MEMORY_MS = const(2500)
_G_MG = const(1000)
_CLIP_MG = const(2000)
_SHARE = const(6)  # of a walk's movement at a wrist a quarter to two thirds goes up and down, of clapping a tenth


_MEAN = const(0)  # of the state: mean acceleration [mg Q6]
_OFF = const(3)  # how far the sample is from it [mg]
_ALL = const(6)  # energy of the movement, in all and along gravity
_UP = const(7)
_MEAN_N = const(8)
_MEMORY_N = const(9)
_SIZE = const(10)


@viper
def _weigh(state, ax: int, ay: int, az: int):
    """Take one sample, each axis within +-16000 [mg]."""
    p = ptr32(state)
    p[_OFF] = ax
    p[_OFF + 1] = ay
    p[_OFF + 2] = az
    size2 = up = i = 0
    while i < 3:
        p[_MEAN + i] += ((p[_OFF + i] << 6) - p[_MEAN + i]) // p[_MEAN_N]
        mean = p[_MEAN + i] >> 6
        off = p[_OFF + i] - mean
        off = _CLIP_MG if off > _CLIP_MG else -_CLIP_MG if off < -_CLIP_MG else off
        up += off * mean
        size2 += off * off
        i += 1
    up //= _G_MG
    up = _CLIP_MG if up > _CLIP_MG else -_CLIP_MG if up < -_CLIP_MG else up
    p[_UP] += ((up * up << 4) - p[_UP]) // p[_MEMORY_N]
    p[_ALL] += ((size2 << 4) - p[_ALL]) // p[_MEMORY_N]


class Lift:
    """Keeps the energy of the last seconds' movement, in all and along gravity."""

    def __init__(self, rate_hz: int):
        """rate_hz: rate at which feed is called [Hz]."""
        self._state = array("i", bytearray(4 * _SIZE))
        self._state[_MEAN_N] = samples(_MEAN_MS, rate_hz)
        self._state[_MEMORY_N] = samples(_MEMORY_MS, rate_hz)

    def restart(self) -> None:
        """Forget the past."""
        for i in range(_MEAN_N):
            self._state[i] = 0

    def feed(self, ax: int, ay: int, az: int) -> None:
        """Take one sample, each axis within +-16000 [mg]."""
        _weigh(self._state, ax, ay, az)

    def sideways(self) -> bool:
        """Whether less than 1 / 6 of the movement's energy is up and down."""
        return self._state[_ALL] > _SHARE * self._state[_UP]
