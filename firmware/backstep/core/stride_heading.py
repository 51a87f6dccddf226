"""Which way is forward for a pod mounted anyhow: learnt from the first strides, taken to be forward."""

from array import array

from .compat import const
from .fixed import ONE_Q14, hypot

_SHORTEST_MM = const(500)  # a shorter stride says too little about the heading
_LONGEST_MM = const(3000)
_STRIDES = const(8)


class Heading:
    """The forward axis seen from the sensor, turned into the mean direction of the first strides."""

    def __init__(self, known: bool, x: int = ONE_Q14, y: int = 0, z: int = 0):
        """known: the axis x, y, z [Q14] is forward, such as the sensor's x axis in frame "body"."""
        self.known = known
        self._left = 0 if known else _STRIDES
        self._total_mm = 0
        self.axis = array("i", (x, y, z))

    def aim(self, ux: int, uy: int, uz: int) -> None:
        """Choose an axis to start from, far from world-up (any length), while nothing is known."""
        if self.known:
            return
        least = min(abs(ux), abs(uy), abs(uz))
        axis = self.axis
        axis[0] = ONE_Q14 if abs(ux) == least else 0
        axis[1] = ONE_Q14 if not axis[0] and abs(uy) == least else 0
        axis[2] = ONE_Q14 if not axis[0] and not axis[1] else 0

    def learn(self, fore_mm: int, lateral_mm: int, strapdown) -> bool:
        """Take a sure stride, as seen along the axis so far; True when it was learnt from, and so is forward.

        strapdown: its mark is where the stride ended; it is pointed along the new axis.
        """
        if not self._left:
            return False
        length = hypot(fore_mm, lateral_mm)
        if not _SHORTEST_MM <= length <= _LONGEST_MM:
            return False
        if self.known and fore_mm < abs(lateral_mm):  # not the way the strides before went: begin again
            self.known = False
            self._left = _STRIDES
            self._total_mm = 0
            return False
        fore = self._total_mm + fore_mm
        length = hypot(fore, lateral_mm)
        strapdown.horizontal_into(self.axis, fore, lateral_mm, length)
        strapdown.point(self.axis)
        self._total_mm = length
        self._left -= 1
        self.known = True
        return True
