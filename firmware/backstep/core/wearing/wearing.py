"""Is the pod worn as it was calibrated? Asked of where gravity points in gait, against where it did standing."""

from ..compat import const
from ..events import STEP, STRIDE
from ..fixed import hypot

UNKNOWN = const(0)
WELL = const(1)
TURNED = const(2)

# How far gravity may be off in the mean. A hill of 20 % pitches a foot by 11 deg, and an uneven one by some more;
# who climbs bends forward.
SHOE_DEG = const(30)
BELT_DEG = const(35)
_SHOE_Q14 = const(14189)  # their cosines
_BELT_Q14 = const(13421)
_STRIDES = const(16)
_STEPS = const(32)


class Wearing:
    """Hears every event; `found`: UNKNOWN, WELL or TURNED, by the mean of the last strides or steps.

    is_new: it has become another one; to be set to False by who has taken note.
    """

    def __init__(self, upright, heading, lean):
        """upright: world-up as the sensor saw it standing [Q14], for a shoe.  heading: the shoe's, None at a belt.

        lean: the belt's, whose z axis is up by that calibration.
        """
        self._upright = upright
        self._heading = heading
        self._lean = lean
        self._count = self._sum = 0
        self.found = UNKNOWN
        self.is_new = False

    def hear(self, code: int, fields) -> None:
        """Take an event of the detector.  code, fields: of it."""
        if code == STRIDE and self._heading:
            self._sum += cosine_q14(self._heading.up, self._upright) - _SHOE_Q14
        elif code == STEP and self._lean:
            self._sum += self._lean.up_q14 - _BELT_Q14
        else:
            return
        self._count += 1
        if self._count == (_STRIDES if self._heading else _STEPS):
            found = TURNED if self._sum < 0 else WELL
            self.is_new = self.is_new or found != self.found
            self.found = found
            self._count = self._sum = 0


def cosine_q14(one, other) -> int:
    """Return the cosine of the angle between two vectors [Q14].

    one, other: each at least 2^10 long and shorter than 2^17.
    """
    length = hypot(hypot(one[0], one[1]), one[2])
    of_other = hypot(hypot(other[0], other[1]), other[2])
    total = 0
    for i in range(3):
        total += (((one[i] << 13) // length) * ((other[i] << 13) // of_other)) >> 12
    return total
