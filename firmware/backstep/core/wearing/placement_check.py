"""Where is this pod worn? Told from how it turns and rests in gait; unknown until there was enough of it.

A foot comes to rest in every stride and swings fast between two rests. A trunk turns slowly, and by little but
about the axis that its wearer turns round. An arm swings, rolls and yaws, and has no such rests; one that is held
still, at a rail for example, moves as a trunk does.
"""

from array import array

from ..compat import const
from ..fixed import samples

PASSING = True  # see app/passing.py

UNKNOWN = const(0)
SHOE = const(1)
BELT = const(2)
WRIST = const(3)
NAMES = ("unknown", "shoe", "belt", "wrist")  # of what is `seen`

_LOOK_MS = const(2000)
_CHUNK_MS = const(50)
_REST_MS = const(100)
_REST_RATE2 = const(62 * 62)  # 25 deg/s [(0.4 deg/s)^2]
_SWING_RATE2 = const(625 * 625)  # 250 deg/s
_LOW2 = const(225 * 225)  # 0.9 g [(4 mg)^2]
_HIGH2 = const(275 * 275)  # 1.1 g
_LIVELY_PCT = const(30)  # of a look's samples are off 0.9 to 1.1 g
_ARM_DEG = const(25)  # an arm turns by more within a look, about two axes at least
_LOOKS = const(20)  # lively ones for an opinion; two that agree are a verdict
_SHARE = const(4)  # of the looks, 1 in so many at most are otherwise


class PlacementCheck:
    """Feed it every sample until `seen` is not UNKNOWN any more.

    looks: how many looks of two seconds were gait, of an opinion under way.  feet, trunks, arms: how many of them
    looked like these.
    """

    def __init__(self, rate_hz: int):
        """rate_hz: sample rate [Hz]."""
        self._rate_hz = rate_hz
        self._look = samples(_LOOK_MS, rate_hz)
        self._chunk = samples(_CHUNK_MS, rate_hz)
        self._rest = samples(_REST_MS, rate_hz)
        self._angle = array("i", bytearray(12))  # since the look began [0.1 deg / rate]
        self._low = array("i", bytearray(12))
        self._high = array("i", bytearray(12))
        self.seen = self._found = UNKNOWN
        self.looks = self.feet = self.trunks = self.arms = 0
        self.gap(0)

    def gap(self, missing: int) -> None:
        """Begin a look anew."""
        self._count = self._off = self._resting = self._longest = self._fast = 0
        for i in range(3):
            self._angle[i] = self._low[i] = self._high[i] = 0

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> None:
        """Take one sample [mg, 0.1 deg/s]."""
        angle = self._angle
        angle[0] += gx
        angle[1] += gy
        angle[2] += gz
        size2 = (ax >> 2) * (ax >> 2) + (ay >> 2) * (ay >> 2) + (az >> 2) * (az >> 2)
        rate2 = (gx >> 2) * (gx >> 2) + (gy >> 2) * (gy >> 2) + (gz >> 2) * (gz >> 2)
        calm = _LOW2 < size2 < _HIGH2
        if not calm:
            self._off += 1
        if calm and rate2 < _REST_RATE2:
            self._resting += 1
            if self._resting > self._longest:
                self._longest = self._resting
        else:
            self._resting = 0
            if rate2 > _SWING_RATE2:
                self._fast = 1
        self._count += 1
        if self._count % self._chunk == 0:
            self._note()
        if self._count == self._look:
            self._judge()
            self.gap(0)

    def _note(self) -> None:
        for i in range(3):
            angle = self._angle[i]
            if angle < self._low[i]:
                self._low[i] = angle
            elif angle > self._high[i]:
                self._high[i] = angle

    def _judge(self) -> None:
        if self._off * 100 < _LIVELY_PCT * self._count:
            return
        self.looks += 1
        if self._fast and self._longest >= self._rest:
            self.feet += 1
        elif self._second_deg() > _ARM_DEG:
            self.arms += 1
        elif not self._fast:
            self.trunks += 1
        if self.looks == _LOOKS:
            self._tell()

    def _second_deg(self) -> int:
        """Return by how much the pod turned about the axis with the second largest turn [deg]."""
        a = self._high[0] - self._low[0]
        b = self._high[1] - self._low[1]
        c = self._high[2] - self._low[2]
        return max(min(a, b), min(max(a, b), c)) // (10 * self._rate_hz)

    def _tell(self) -> None:
        """Form an opinion; give a verdict when it is the second one in a row."""
        found = UNKNOWN
        if self.feet * 2 >= _LOOKS:
            found = SHOE
        elif self.feet * _SHARE <= _LOOKS:
            if self.arms * _SHARE >= _LOOKS * (_SHARE - 1):
                found = WRIST
            elif self.trunks * _SHARE >= _LOOKS * (_SHARE - 1):
                found = BELT
        if found == self._found:
            self.seen = found
        self._found = found
        self.looks = self.feet = self.trunks = self.arms = 0
