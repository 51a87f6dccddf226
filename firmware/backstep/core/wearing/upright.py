"""A belt pod that hangs tilted: its samples turned so that its wearer, standing upright, has gravity along z."""

from ..compat import const
from ..detector import Detector

_HALF_Q14 = const(1 << 13)
_LIMIT = const(32767)


class Upright(Detector):
    """Feed it samples as of the detector behind it, all else of which it passes on.

    The turn is the shortest one from where up was at calibration to z: which way is forward stays as it was.
    """

    def __init__(self, detector, x: int, y: int, z: int):
        """detector: a belt's, gets the samples.  x, y, z: world-up as the sensor saw it standing [Q14], z > 0."""
        self._detector = detector
        self.spans = detector.spans
        self.lean = detector.lean
        self.gap = detector.gap
        self.heed = detector.heed  # type: ignore[method-assign]
        self.steady = detector.steady  # type: ignore[method-assign]
        self.snooze = detector.snooze  # type: ignore[method-assign]
        self.gait = detector.gait  # type: ignore[method-assign]
        self.cancel_fall = detector.cancel_fall  # type: ignore[method-assign]
        self._x = x
        self._y = y
        self._z = z
        self._xx = (1 << 14) - x * x // ((1 << 14) + z)
        self._xy = -(x * y) // ((1 << 14) + z)
        self._yy = (1 << 14) - y * y // ((1 << 14) + z)

    @property
    def fields(self):
        """Integers of the event that `feed` has just returned: of the belt's or of a fall's."""
        return self._detector.fields

    @property
    def n(self) -> int:
        """Samples seen so far, lost ones too."""
        return self._detector.n

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s]; return an event code, 0 for nothing."""
        return self._detector.feed(
            self._fore(ax, ay, az),
            self._left(ax, ay, az),
            self._up(ax, ay, az),
            self._fore(gx, gy, gz),
            self._left(gx, gy, gz),
            self._up(gx, gy, gz),
        )

    def _fore(self, x, y, z) -> int:
        return _bounded((x * self._xx + y * self._xy - z * self._x + _HALF_Q14) >> 14)

    def _left(self, x, y, z) -> int:
        return _bounded((x * self._xy + y * self._yy - z * self._y + _HALF_Q14) >> 14)

    def _up(self, x, y, z) -> int:
        return _bounded((x * self._x + y * self._y + z * self._z + _HALF_Q14) >> 14)


def _bounded(value) -> int:
    return _LIMIT if value > _LIMIT else -_LIMIT if value < -_LIMIT else value
