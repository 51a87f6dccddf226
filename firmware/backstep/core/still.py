"""Standstill: the only moments at which gravity, its size and the gyro's bias are learnt."""

from .compat import const
from .fixed import hypot, samples

LEVEL = const(1)
BIAS = const(2)

_LEVEL_MS = const(240)
_BIAS_MS = const(960)  # no stance of a walk lasts that long without the foot's slow roll
_ACCEL_RANGE_MG = const(40)
_GYRO_RANGE_DDPS = const(30)
_BIAS_LIMIT_DDPS = const(300)
_GRAVITY_LOW_MG = const(900)
_GRAVITY_HIGH_MG = const(1100)


class Still:
    """Watches for blocks of samples that hardly differ; their sums are what a sensor at rest reads."""

    def __init__(self, rate_hz: int):
        self._level_count = samples(_LEVEL_MS, rate_hz)
        self._bias_count = samples(_BIAS_MS, rate_hz)
        self.count = 0
        self.sum_ax = self.sum_ay = self.sum_az = 0
        self.sum_gx = self.sum_gy = self.sum_gz = 0
        self._ax = self._ay = self._az = self._gx = self._gy = self._gz = 0

    def feed(self, ax, ay, az, gx, gy, gz) -> int:
        """Take one sample; return LEVEL or BIAS when as many before it as that needs were all alike, else 0."""
        if (
            not self.count
            or not -_GYRO_RANGE_DDPS <= gx - self._gx <= _GYRO_RANGE_DDPS
            or not -_GYRO_RANGE_DDPS <= gy - self._gy <= _GYRO_RANGE_DDPS
            or not -_GYRO_RANGE_DDPS <= gz - self._gz <= _GYRO_RANGE_DDPS
            or not -_ACCEL_RANGE_MG <= ax - self._ax <= _ACCEL_RANGE_MG
            or not -_ACCEL_RANGE_MG <= ay - self._ay <= _ACCEL_RANGE_MG
            or not -_ACCEL_RANGE_MG <= az - self._az <= _ACCEL_RANGE_MG
        ):
            self._begin(ax, ay, az, gx, gy, gz)
            return 0
        self.sum_ax += ax
        self.sum_ay += ay
        self.sum_az += az
        self.sum_gx += gx
        self.sum_gy += gy
        self.sum_gz += gz
        self.count += 1
        if self.count == self._level_count:
            return LEVEL if self._plausible() else 0
        if self.count == self._bias_count:
            return BIAS if self._plausible() else 0
        if self.count > self._bias_count:
            self.count = 0
        return 0

    def _begin(self, ax, ay, az, gx, gy, gz) -> None:
        self.count = 1
        self._ax = self.sum_ax = ax
        self._ay = self.sum_ay = ay
        self._az = self.sum_az = az
        self._gx = self.sum_gx = gx
        self._gy = self.sum_gy = gy
        self._gz = self.sum_gz = gz

    def restart(self) -> None:
        """Forget the block under way."""
        self.count = 0

    def gravity_mg(self) -> int:
        """Return the size of the mean acceleration [mg]."""
        count = self.count
        return hypot(hypot(self.sum_ax // count, self.sum_ay // count), self.sum_az // count)

    def _plausible(self) -> bool:
        limit = _BIAS_LIMIT_DDPS * self.count
        return (
            -limit < self.sum_gx < limit
            and -limit < self.sum_gy < limit
            and -limit < self.sum_gz < limit
            and _GRAVITY_LOW_MG < self.gravity_mg() < _GRAVITY_HIGH_MG
        )
