"""Which way is forward for a pod mounted anyhow: learnt from the first strides, taken to be forward."""

from array import array

from .compat import const
from .fixed import ONE_Q14, hypot

_SHORTEST_MM = const(500)  # a shorter stride says too little about the heading
_LONGEST_MM = const(3000)
_STRIDES = const(8)


def from_settings(settings: dict, frame: str):
    """Return the Heading that the settings know of: as a calibration kept it, else by the frame."""
    mount = settings["mount_x"], settings["mount_y"], settings["mount_z"]
    known = frame == "sensor" and any(mount)
    heading = Heading(True, *mount) if known else Heading(frame == "body")
    heading.grade_zero_permille = settings["grade_zero"]
    return heading


class Heading:
    """The forward axis seen from the sensor, turned into the mean direction of the first strides.

    learnt: strides it was learnt from.  way_mm: their lengths' sum.  agreed_mm: the length of their sum, which is
    as long where all went the same way.  up: world-up [Q14] as the sensor saw it where the last sure stride ended.
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
            self._left = 0

    def forget(self) -> None:
        """Learn forward anew from the next strides."""
        self.known = False
        self.learnt = self.way_mm = self.agreed_mm = 0
        self._left = _STRIDES

    def keep(self) -> None:
        """Learn no more."""
        self._left = 0

    def rise_mm(self, fore_mm: int) -> int:
        """Return how much a stride so far forward [mm] only seems to climb [mm]."""
        return fore_mm * self.grade_zero_permille // 1000

    def put_back(self, known: bool, axis) -> None:
        """Take an axis from before a forget(); known: whether it was forward."""
        self.forget()
        self.known = known
        if known:
            self._left = 0
        for i in range(3):
            self.axis[i] = axis[i]

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
        strapdown.marked_up_into(self.up)
        if not self._left:
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
        self._left -= 1
        self.known = True
        return True
