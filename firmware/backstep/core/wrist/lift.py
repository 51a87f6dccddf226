"""How much of a movement is up and down: gait lifts the body, whatever else a hand does."""

from ..compat import const
from ..fixed import samples, saturate

_MEAN_MS = const(200)
_MEMORY_MS = const(2500)
_G_MG = const(1000)
_CLIP_MG = const(2000)
_SHARE = const(6)  # of a walk's movement at a wrist a quarter to two thirds goes up and down, of clapping a tenth


class Lift:
    """Keeps the energy of the last seconds' movement, in all and along gravity."""

    def __init__(self, rate_hz: int):
        """rate_hz: rate at which feed is called [Hz]."""
        self._mean_n = samples(_MEAN_MS, rate_hz)
        self._memory_n = samples(_MEMORY_MS, rate_hz)
        self.restart()

    def restart(self) -> None:
        """Forget the past."""
        self._x_q6 = self._y_q6 = self._z_q6 = 0
        self._known = False
        self._all = self._up = 0

    def feed(self, ax: int, ay: int, az: int) -> None:
        """Take one sample, each axis within +-16000 [mg]."""
        mean_n = self._mean_n
        self._x_q6 += ((ax << 6) - self._x_q6) // mean_n
        self._y_q6 += ((ay << 6) - self._y_q6) // mean_n
        self._z_q6 += ((az << 6) - self._z_q6) // mean_n
        x = self._x_q6 >> 6
        y = self._y_q6 >> 6
        z = self._z_q6 >> 6
        ax = saturate(ax - x, _CLIP_MG)
        ay = saturate(ay - y, _CLIP_MG)
        az = saturate(az - z, _CLIP_MG)
        up = saturate((ax * x + ay * y + az * z) // _G_MG, _CLIP_MG)
        self._up += ((up * up << 4) - self._up) // self._memory_n
        self._all += ((ax * ax + ay * ay + az * az << 4) - self._all) // self._memory_n

    def sideways(self) -> bool:
        """Whether less than 1 / 6 of the movement's energy is up and down."""
        return self._all > _SHARE * self._up
