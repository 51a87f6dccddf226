"""Readings past the sensor's range: what they leave of the level that a foot is believed to have.

Nobody knows what was cut off. Of a rate it is taken for a quarter of the range, in angle as long as a sample. An
impact past the range turns a foot faster than its samples follow. Either stays in the attitude until gravity shows
the level again: an integral has to be told what it missed.
"""

from array import array

from ..compat import const, ptr32, viper
from ..fixed import isqrt, saturate
from .strapdown_kernel import UX

CLIPS = const(0)  # samples of this stride that have reached a range
TILT = const(1)  # what the rates may have turned the level by, on the way [mrad, which is mg of gravity]
_MARKED = const(2)  # both, as they were at the mark
ACCEL2 = const(4)  # ranges squared [(4 mg)^2, (0.4 deg/s)^2]
GYRO2 = const(5)
_JOLT = const(6)  # what one sample may have turned it by: an impact, a rate
_SPIN = const(7)
_SIZE = const(8)

ACCEL_MG = const(16000)  # where a pod's readings end
GYRO_DDPS = const(20000)
_NEAR_PCT = const(99)  # a reading is at its range from here on
_MG_PER_JOLT = const(400)  # 40 mrad at 16 g
_CUT_OFF = const(4)  # the share of a range
_MRAD_Q16 = const(114382)  # 0.1 deg
_LOST_MG = const(707)  # 45 deg: ahead and up change places
_CALM_MG = const(400)  # a foot on its way is not that calm
_GRAVITY_MG = const(1000)
_FAR = const(1 << 26)


@viper
def clip(state, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
    """Count a sample [mg, 0.1 deg/s] that has reached a range; return the tilt it may have made [mg], or 0.

    By the size of all three axes together: samples may have been turned since they were cut off.
    """
    p = ptr32(state)
    if (gx >> 2) * (gx >> 2) + (gy >> 2) * (gy >> 2) + (gz >> 2) * (gz >> 2) >= p[GYRO2]:
        p[CLIPS] += 1
        p[TILT] += p[_SPIN]
        return p[_SPIN]
    if (ax >> 2) * (ax >> 2) + (ay >> 2) * (ay >> 2) + (az >> 2) * (az >> 2) >= p[ACCEL2]:
        p[CLIPS] += 1
        return p[_JOLT]
    return 0


class Clipping:
    """What was cut off since a foot was last at rest.

    hard2: motion energy below which nothing is.  doubt_mg: how far gravity may lie beside the level [mg].
    """

    def __init__(self, rate_hz: int):
        self._rate_hz = rate_hz
        self.state = array("i", bytearray(4 * _SIZE))
        self._begun_mg = self._tilt_mg = self._count = self._calm = 0
        self._felt = array("i", (0, 0, 0))  # acceleration of this calm moment, summed up
        self.ranged(ACCEL_MG, GYRO_DDPS)
        self.restart()

    def ranged(self, accel_mg: int, gyro_ddps: int) -> None:
        """Say where the sensor's readings end, on either side of zero [mg, 0.1 deg/s]."""
        accel_mg = accel_mg * _NEAR_PCT // 100
        gyro_ddps = gyro_ddps * _NEAR_PCT // 100
        p = self.state
        p[_JOLT] = accel_mg // _MG_PER_JOLT + 1
        p[_SPIN] = ((gyro_ddps // _CUT_OFF * _MRAD_Q16 // self._rate_hz) >> 16) + 1
        p[ACCEL2] = (accel_mg >> 2) * (accel_mg >> 2)
        p[GYRO2] = (gyro_ddps >> 2) * (gyro_ddps >> 2)
        moved = max(0, accel_mg - _GRAVITY_MG) >> 2
        self.hard2 = min(moved * moved, p[GYRO2] >> 2)

    def restart(self) -> None:
        """Forget what was cut off: nothing is known of the level."""
        self._settle()
        self.begin()

    def begin(self) -> None:
        """A stride begins here."""
        for i in range(ACCEL2):
            self.state[i] = 0
        self._start()

    def take(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> bool:
        """Take a sample that is hard enough; return whether it has reached a range."""
        tilt_mg = clip(self.state, ax, ay, az, gx, gy, gz)
        if tilt_mg:
            self._doubt(tilt_mg)
        return tilt_mg > 0

    def _doubt(self, tilt_mg) -> None:
        self._tilt_mg = min(self._tilt_mg + tilt_mg, _LOST_MG)
        self.doubt_mg = isqrt(self._begun_mg * self._begun_mg + self._tilt_mg * self._tilt_mg)

    def mark(self) -> None:
        """Should the stride end here, what is cut off from now on is the next one's."""
        p = self.state
        p[_MARKED] = p[CLIPS]
        p[_MARKED + 1] = p[TILT]

    def close(self) -> bool:
        """The stride ended at the mark; return whether anything was cut off since."""
        p = self.state
        for i in range(_MARKED):
            p[i] -= p[_MARKED + i]
            p[_MARKED + i] = 0
        self._start()
        return p[CLIPS] > 0

    def clips(self) -> int:
        """Return how many samples of the stride up to the mark have reached a range."""
        return self.state[_MARKED]

    def lost(self) -> bool:
        """Return whether nobody knows any more how the foot lies."""
        return self.doubt_mg >= _LOST_MG

    def astray(self, count: int) -> int:
        """Return how far off the way of the stride up to the mark may be [mg sample^2].  count: its samples.

        That is what remains of a level that jumped within, when the speed left over at the end has been taken out
        evenly.
        """
        return saturate(min(self.state[_MARKED + 1], _LOST_MG) * count // 8 * count, _FAR)

    def regain(self, strapdown, axis, rests: bool, calm: int, window: int, ax: int, ay: int, az: int) -> None:
        """Take the level from acceleration as far as that says more of it than what is believed; at rest, wholly.

        calm: the energy of motion by acceleration's size and rate alone, summed over a window of samples: what a
        level is off by that was felt then.  axis: forward, seen from the sensor, should the heading be lost.
        """
        felt = self._felt
        if calm < _energy(_CALM_MG, window):
            if not self._count:
                felt[0] = felt[1] = felt[2] = 0
                self._calm = calm
            self._count += 1
            self._calm = min(self._calm, calm)
            felt[0] += ax
            felt[1] += ay
            felt[2] += az
            if rests:
                strapdown.level_again(felt[0], felt[1], felt[2], axis)
                self._settle()
        elif self._count:
            self._blend(strapdown, axis, isqrt(self._calm // window) << 2)
            self._count = 0

    def _blend(self, strapdown, axis, off_mg) -> None:
        """Weigh the level that was felt, off by so much, against the one that is believed, by squares."""
        doubt2 = self.doubt_mg * self.doubt_mg
        both2 = doubt2 + off_mg * off_mg
        share_q8 = (doubt2 << 8) // both2
        felt = self._felt
        for i in range(3):
            believed_mg = (strapdown.state[UX + i] >> 14) * _GRAVITY_MG >> 14
            felt[i] = believed_mg * (256 - share_q8) + felt[i] // self._count * share_q8
        strapdown.level_again(felt[0], felt[1], felt[2], axis)
        self.doubt_mg = self.doubt_mg * off_mg // isqrt(both2)
        self._start()

    def _start(self) -> None:
        """What is cut off from here on has nothing to do with what was before: their squares add up."""
        self._begun_mg = min(self.doubt_mg, _LOST_MG)
        self._tilt_mg = 0

    def _settle(self) -> None:
        self.doubt_mg = self._calm = self._count = 0


def _energy(amplitude_mg, window) -> int:
    return window * (amplitude_mg >> 2) * (amplitude_mg >> 2)
