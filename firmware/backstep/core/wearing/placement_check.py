"""Where is this pod worn? Told from how it turns and rests in gait; unknown until there was enough of it.

A foot comes to rest in every stride and swings fast between two rests. A trunk turns slowly, and by little but
about the axis that its wearer turns round. An arm swings, rolls and yaws, and has no such rests; one that is held
still, at a rail for example, moves as a trunk does.
"""

from array import array

from ..compat import const, ptr32, viper
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


_ANGLE = const(0)  # of the state: about each axis since the look began [0.1 deg / rate]
_LOW = const(3)  # least and most of it
_HIGH = const(6)
_OFF = const(9)  # samples off 0.9 to 1.1 g
_RESTING = const(10)  # samples at rest until now, and in the longest rest
_LONGEST = const(11)
_FAST = const(12)  # 1: it swung
_COUNT = const(13)
_CHUNK = const(14)
_SIZE = const(15)


@viper
def _watch(state, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
    """Take one sample [mg, 0.1 deg/s]; return how many this look has."""
    p = ptr32(state)
    p[_ANGLE] += gx
    p[_ANGLE + 1] += gy
    p[_ANGLE + 2] += gz
    size2 = (ax >> 2) * (ax >> 2) + (ay >> 2) * (ay >> 2) + (az >> 2) * (az >> 2)
    rate2 = (gx >> 2) * (gx >> 2) + (gy >> 2) * (gy >> 2) + (gz >> 2) * (gz >> 2)
    p[_RESTING] += 1
    if not _LOW2 < size2 < _HIGH2:
        p[_OFF] += 1
        p[_RESTING] = 0
    elif rate2 >= _REST_RATE2:
        p[_RESTING] = 0
    if p[_RESTING] > p[_LONGEST]:
        p[_LONGEST] = p[_RESTING]
    if not p[_RESTING] and rate2 > _SWING_RATE2:
        p[_FAST] = 1
    p[_COUNT] += 1
    if p[_COUNT] % p[_CHUNK] == 0:
        i = 0
        while i < 3:
            angle = p[_ANGLE + i]
            if angle < p[_LOW + i]:
                p[_LOW + i] = angle
            elif angle > p[_HIGH + i]:
                p[_HIGH + i] = angle
            i += 1
    return p[_COUNT]


class PlacementCheck:
    """Feed it every sample until `seen` is not UNKNOWN any more.

    looks: how many looks of two seconds were gait, of an opinion under way.  feet, trunks, arms: how many of them
    looked like these.
    """

    def __init__(self, rate_hz: int):
        """rate_hz: sample rate [Hz]."""
        self._rate_hz = rate_hz
        self._look = samples(_LOOK_MS, rate_hz)
        self._rest = samples(_REST_MS, rate_hz)
        self._state = array("i", bytearray(4 * _SIZE))
        self._state[_CHUNK] = samples(_CHUNK_MS, rate_hz)
        self.seen = self._found = UNKNOWN
        self.looks = self.feet = self.trunks = self.arms = 0
        self.gap(0)

    def gap(self, missing: int) -> None:
        """Begin a look anew."""
        for i in range(_CHUNK):
            self._state[i] = 0

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> None:
        """Take one sample [mg, 0.1 deg/s]."""
        if _watch(self._state, ax, ay, az, gx, gy, gz) == self._look:
            self._judge()
            self.gap(0)

    def _judge(self) -> None:
        state = self._state
        if state[_OFF] * 100 < _LIVELY_PCT * state[_COUNT]:
            return
        self.looks += 1
        if state[_FAST] and state[_LONGEST] >= self._rest:
            self.feet += 1
        elif self._second_deg() > _ARM_DEG:
            self.arms += 1
        elif not state[_FAST]:
            self.trunks += 1
        if self.looks == _LOOKS:
            self._tell()

    def _second_deg(self) -> int:
        """Return by how much the pod turned about the axis with the second largest turn [deg]."""
        state = self._state
        a = state[_HIGH] - state[_LOW]
        b = state[_HIGH + 1] - state[_LOW + 1]
        c = state[_HIGH + 2] - state[_LOW + 2]
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
