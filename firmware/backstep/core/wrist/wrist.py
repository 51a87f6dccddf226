"""Wrist placement, or a phone in hand or pocket: steps counted by their rhythm in the size of the acceleration.

Which way they go, and how the trunk sways, a wrist cannot tell: directions are unknown, and there is no sway
warning. The gyro tells strides from steps.
"""

from array import array

from ..compat import const
from ..detector import Detector
from ..events import FIELD_COUNT, NOTHING, STEP, UNKNOWN
from ..fixed import isqrt, samples, saturate
from .lift import Lift
from .rhythm import Rhythm
from .swing import Swing

_RHYTHM_HZ = const(26)
_ACCEL_LIMIT_MG = const(16000)
_SMOOTH_MS = const(40)  # applied twice: heel strikes ring on in a watch
_LIVELY_MG = const(40)  # a walk begins with more movement than that, standard deviation
_FADED_MG = const(20)  # and goes on with that; so does a slow one begin, and a clear one by its cadence
_SOFT_MG = const(10)  # what a slow one goes on with; what slow ones want goes by the square of the cadence
_SLOW_MS = const(850)  # between steps; below a car's own 1.1 to 1.6 Hz
_LOOK_MS = const(500)
_LOOKS_HELD = const(6)  # so many looks in a row with one rhythm, and what was held back is counted
_LOOKS_WEAK = const(6)  # as many more as are less than lively, up to this
_PERIODS_HELD = const(5)  # and as many steps at least: a gesture that is repeated slowly ends sooner
_PERIODS_BEFORE = const(2)  # a rhythm shows so many steps after the first
_LOOKS_LOST = const(1)  # so many without one, and it has to come back clearly
_LOOKS_AGAIN = const(2)  # in so many looks in a row
_LOOKS_OTHER = const(4)  # so many with another rhythm, and the walk goes on in that
_PERIODS_PAUSED = const(2)  # quiet for as long is no end yet: between slow steps an arm hardly moves
_LOOKS_GONE = const(20)  # so many without one end a walk; back before that, the time between was walked, too
_ALIKE_PCT = const(25)  # two rhythms in a row are one if their periods differ by less
_STEADY = const(4)  # a walk's period follows the rhythm by 1 / this a look
_STEP_Q10 = const(1 << 10)


def _alike(period, other) -> bool:
    return -_ALIKE_PCT * other <= 100 * (period - other) <= _ALIKE_PCT * other


class Wrist(Detector):
    """Steps, by the contract of Detector."""

    def __init__(self, rate_hz: int, settings: dict, frame: str):
        """rate_hz: sample rate [Hz].  settings: from settings.check.  frame: either, it makes no difference."""
        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        self.n = 0
        self.spans = samples(_LOOK_MS, rate_hz)  # as long without a rhythm is nothing to a walk
        self._every = max(1, rate_hz // _RHYTHM_HZ)
        self._smooth_n = samples(_SMOOTH_MS, rate_hz)
        self._swing = Swing(rate_hz // self._every)
        self._rhythm = Rhythm(rate_hz // self._every, self._swing)
        self._lift = Lift(rate_hz // self._every)
        self._look = samples(_LOOK_MS, rate_hz // self._every)
        self._slow_q4 = 16 * samples(_SLOW_MS, rate_hz // self._every)
        self._restart()

    def gap(self, missing: int) -> None:
        """Take note that samples were lost: the rhythm is found anew."""
        self.n += missing
        self._rhythm.restart()
        self._lift.restart()
        self._swing.restart()
        self._restart()

    def _restart(self) -> None:
        self._from = self.n
        self._smooth = self._smoother = -1
        self._skipped = 0
        self._until_look = self._look
        self._due = 0
        self._rest()

    def _rest(self) -> None:
        self._tried = self._known = self._tried_q4 = 0
        self._pauses = 0
        self._moving = 0  # looks since the movement began, as far as it matters
        self._forget()

    def _forget(self) -> None:
        self._walking = False
        self._period_q4 = 0
        self._looks = 0  # with a rhythm, before a walk; without one, in a walk
        self._weak = 0
        self._again = 0
        self._others = self._other_q4 = 0
        self._held = 0  # looks not yet counted
        self._part_q10 = 0  # steps not yet counted

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg]; return an event code, 0 for nothing."""
        self.n += 1
        ax = saturate(ax, _ACCEL_LIMIT_MG)
        ay = saturate(ay, _ACCEL_LIMIT_MG)
        az = saturate(az, _ACCEL_LIMIT_MG)
        self._smoothen(isqrt(ax * ax + ay * ay + az * az) << 6)
        self._skipped += 1
        if self._skipped == self._every:
            self._skipped = 0
            self._lift.feed(ax, ay, az)
            self._swing.feed(ax, ay, az, gx, gy, gz)
            self._rhythm.feed(self._smoother >> 6)
            self._until_look -= 1
            if not self._until_look:
                self._until_look = self._look
                self._judge()
        return self._step() if self._due else NOTHING

    def _smoothen(self, size_q6) -> None:
        if self._smooth < 0:
            self._smooth = self._smoother = size_q6
        self._smooth += (size_q6 - self._smooth) // self._smooth_n
        self._smoother += (self._smooth - self._smoother) // self._smooth_n

    def _judge(self) -> None:
        """Twice a second: is there a rhythm, and how many steps did it make since the last look."""
        period = 0 if self._walking else self._rhythm.found_q4()
        if self._rhythm.quiet(self._least_mg(period)):
            self._pause()
            return
        self._pauses = 0
        self._moving = min(self._moving + 1, 2 * _LOOKS_GONE)
        if self._walking:
            self._go_on()
        else:
            self._begin(period)

    def _least_mg(self, period) -> int:
        if self._walking:
            return self._slowed_mg(_SOFT_MG, self._period_q4)
        if period >= self._slow_q4:
            return self._slowed_mg(_FADED_MG, period)
        if not (period and self._rhythm.clear):
            return _LIVELY_MG
        return min(_FADED_MG * self._slow_q4 // period, _LIVELY_MG)

    def _slowed_mg(self, slow_mg, period) -> int:
        """Return what slow_mg at the slow cadence is at another: acceleration goes by its square."""
        return max(_SOFT_MG, min(slow_mg * self._slow_q4 // period * self._slow_q4 // period, _FADED_MG))

    def _pause(self) -> None:
        """Be quiet: the end, unless a walk's next step may still come."""
        self._pauses += 1
        if self._walking and (self._pauses + 1) * self._look * 16 <= _PERIODS_PAUSED * self._period_q4:
            self._looks = max(self._looks, _LOOKS_LOST)
            self._lose()
        else:
            self._rest()

    def _begin(self, period) -> None:
        if self._tried:
            self._tried += 1
        if not period or not _alike(period, self._period_q4):
            self._break_off()
        if not period:
            return
        if not self._looks:
            self._held = self._before(period)
        self._period_q4 = period
        self._looks += 1
        self._weak += period < self._slow_q4 and self._rhythm.weak(_LIVELY_MG)
        self._add(period)
        held = _LOOKS_HELD + min(self._weak, _LOOKS_WEAK)
        if self._looks < held or self._looks * self._look * 16 < _PERIODS_HELD * period:
            return
        if self._lift.sideways():
            self._forget()
            return
        self._walking = True
        self._looks = self._tried = self._known = 0
        self._count()

    def _break_off(self) -> None:
        """End a beginning, and keep in mind that it was one: its rhythm may come back."""
        if self._looks >= _LOOKS_AGAIN:
            self._tried = self._tried or self._looks + 1
            self._known += self._looks
            self._tried_q4 = self._period_q4
        self._forget()

    def _before(self, period) -> int:
        """Return how many looks were walked before a beginning's first: two steps, and what was broken off.

        As much again as had that rhythm may lie between, and no more than in a walk.
        """
        if not _alike(period, self._tried_q4) or self._tried > min(_LOOKS_GONE, 2 * self._known + 1):
            self._tried = self._known = 0
        steps = (_PERIODS_BEFORE * period + 8 * self._look) // (16 * self._look)
        return min(self._moving, steps + max(0, self._tried - 1))

    def _go_on(self) -> None:
        lost = self._looks > _LOOKS_LOST
        period = self._rhythm.near_q4(self._period_q4, lost)
        if not period:
            self._lose()
            return
        self._period_q4 += (period - self._period_q4 + _STEADY // 2) // _STEADY
        self._again += 1
        if lost and self._again < _LOOKS_AGAIN:
            self._held += 1
            return
        self._looks = self._others = self._other_q4 = 0
        self._add(period)
        self._count()

    def _lose(self) -> None:
        """Bridge a gesture; another rhythm that lasts is the walk's new one."""
        self._again = 0
        self._looks += 1
        self._held += 1
        if self._looks > _LOOKS_GONE:
            self._forget()
            return
        self._try(self._rhythm.found_q4())

    def _try(self, period) -> None:
        """Take a rhythm for the walk's new one when it has lasted; what lies between counts by the slower of them.

        A faster one has to go up and down as a walk's beginning; slow steps lift an arm less than it swings.
        """
        self._others = self._others + 1 if period and _alike(period, self._other_q4) else 0
        self._other_q4 = period
        if self._others < _LOOKS_OTHER - 1 or (period < self._period_q4 and self._lift.sideways()):
            return
        self._held -= 1
        self._add(max(period, self._period_q4))
        self._period_q4 = period
        self._looks = self._others = self._other_q4 = 0
        self._count()

    def _add(self, period_q4) -> None:
        self._part_q10 += (self._held + 1) * (self._look << 14) // period_q4
        self._held = 0

    def _count(self) -> None:
        self._due += self._part_q10 >> 10
        self._part_q10 &= _STEP_Q10 - 1

    def _step(self) -> int:
        self._due -= 1
        ago_q10 = (self._due << 10) + self._part_q10
        ago = (ago_q10 * self._period_q4 >> 14) * self._every
        self.fields[0] = max(self._from, self.n - 1 - ago)
        self.fields[1] = UNKNOWN
        self.fields[2] = 1
        return STEP
