"""Which way is forward for a pod mounted anyhow: learnt from the first strides, taken to be forward."""

from array import array

from ..compat import const
from ..fixed import ONE_Q14, hypot

_SHORTEST_MM = const(500)  # a shorter stride says too little about the heading
_LONGEST_MM = const(3000)
_STRIDES = const(8)


class Heading:
    """The forward axis seen from the sensor, turned into the mean direction of the first strides.

    left: from so many strides it still learns.  learnt: strides it was learnt from.  way_mm: their lengths' sum.
    agreed_mm: the length of their sum, which is as long where all went the same way.
    up: world-up [Q14] as the sensor saw it where the last stride ended.
    grade_zero_permille: what a stride forward on a level floor seems to climb, by the accelerometer's offset.
    """

    def __init__(self, known: bool, x: int = ONE_Q14, y: int = 0, z: int = 0):
        """known: the axis x, y, z [Q14] is forward, such as the sensor's x axis in frame "body"."""
        self.axis = array("i", (x, y, z))
        self.up = array("i", (0, 0, 0))
        self.grade_zero_permille = 0
        self.forget()
        if known:
            self.known = True
            self.left = 0

    def forget(self) -> None:
        """Learn forward anew from the next strides."""
        self.known = False
        self.learnt = self.way_mm = self.agreed_mm = 0
        self.left = _STRIDES

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
        if not self.left:
            return False
        length = hypot(fore_mm, lateral_mm)
        if not _SHORTEST_MM <= length <= _LONGEST_MM:
            return False
        if self.known and fore_mm < abs(lateral_mm):  # not the way the strides before went: begin again
            self.forget()
            return False
        fore = self.agreed_mm + fore_mm
        self.way_mm += length
        length = hypot(fore, lateral_mm)
        strapdown.horizontal_into(self.axis, fore, lateral_mm, length)
        strapdown.point(self.axis)
        self.agreed_mm = length
        self.learnt += 1
        self.left -= 1
        self.known = True
        return True
