"""The step period in a signal, from its running autocorrelation.

Autocorrelation finds a rhythm where peaks come and go, as at a swinging wrist or in a pocket (Rai et al., Zee:
zero-effort crowdsourcing for indoor localization, MobiCom 2012, step counting by normalised autocorrelation).
"""

from array import array

from ..compat import const, ptr8, ptr32, viper
from ..fixed import isqrt, samples
from .swing import Swing

LAGS = const(52)  # a stride of 0.9 s a step is within: where an arm swings, nothing else may show
_MASK = const(63)  # the past is a ring of 64
# Two high passes: neither arm swing at the stride's frequency nor a gesture shall drown the steps.
_SWING_MS = const(200)
_GESTURE_MS = const(300)
_MEMORY_MS = const(2500)
_CLIP_MG = const(800)
_NOW_MS = const(400)
_STOPPED = const(8)  # the last moments hold less than 1 / this of the energy remembered: it is over
_STOPPED_PCT = const(40)  # and less than this of its root: beside a gesture's energy steps are nothing
_SHORTEST_MS = const(230)
_LONGEST_MS = const(1430)
_HALVED_MS = const(500)  # from here on a period may be two steps
_NO_BEAT_PCT = const(-50)  # a swing that is strong drowns the beat between: then that says no more than this
_STRIDE_PCT = const(156)  # what must speak for a stride, less this much for every second it would last
_LONGER_PCT = const(120)
_SURE_PCT = const(20)  # so much more must speak against what a walk's rhythm has been where no gyro speaks
_NEVER_PCT = const(-1000)
_SCALE = const(12)  # of what the long means are taken of, so that they are not rounded away
_ENTER_PCT = const(45)
_CLEAR_PCT = const(70)  # more than springs and damping leave of what shakes a car
_STAY_PCT = const(25)
_ALIKE_PCT = const(70)  # of several periods nearly as good the shortest is the true one
_NEAR_PCT = const(20)  # a rhythm already known changes by less from one look to the next


_AT = const(0)  # of the state: the newest slot of the past
_NOW = const(1)  # energy of the last moments, and of what is remembered
_USUAL = const(2)
_GESTURE = const(3)  # what the high passes take off [mg Q8]
_MEAN = const(4)
_SWING_N = const(5)
_GESTURE_N = const(6)
_NOW_N = const(7)
_MEMORY_N = const(8)
_FIRST_LAG = const(9)
_NOW_ROOT = const(10)  # as _NOW, of the root of the movement
_PAST = const(11)


@viper
def _compare(state, likeness, root, value_mg: int):
    """Take one value [mg], 0 .. 32767."""
    p = ptr32(state)
    like = ptr32(likeness)
    roots = ptr8(root)
    if p[_MEAN] < 0:
        p[_MEAN] = value_mg << 8
    p[_MEAN] += ((value_mg << 8) - p[_MEAN]) // p[_SWING_N]
    value = value_mg - (p[_MEAN] >> 8)
    value = _CLIP_MG if value > _CLIP_MG else -_CLIP_MG if value < -_CLIP_MG else value
    p[_GESTURE] += ((value << 8) - p[_GESTURE]) // p[_GESTURE_N]
    value -= p[_GESTURE] >> 8
    value = _CLIP_MG if value > _CLIP_MG else -_CLIP_MG if value < -_CLIP_MG else value
    energy = value * value << 6
    p[_NOW] += (energy - p[_NOW]) // p[_NOW_N]
    p[_USUAL] += (energy - p[_USUAL]) // p[_MEMORY_N]
    value = 0 - roots[(0 - value) >> 2] if value < 0 else roots[value >> 2]
    p[_NOW_ROOT] += ((value * value << _SCALE) - p[_NOW_ROOT]) // p[_NOW_N]
    at = (p[_AT] + 1) & _MASK
    p[_AT] = at
    p[_PAST + at] = value
    lag = 0
    while lag < LAGS:
        like[lag] += ((value * p[_PAST + (at - lag & _MASK)] << _SCALE) - like[lag]) // p[_MEMORY_N]
        lag = lag + 1 if lag else p[_FIRST_LAG]  # nobody asks for those between


class Rhythm:
    """Keeps how well the last seconds agree with themselves one lag ago, and names the step period.

    It goes by the root of the movement: a gesture ten times as strong as the steps counts three times.
    clear: whether what found_q4 has just seen agreed so well that no car makes it.
    """

    def __init__(self, rate_hz: int, swing: Swing):
        """rate_hz: rate at which feed is called [Hz], about 26.  swing: asked whether a period is a stride."""
        self._swing = swing
        self._state = array("i", bytearray(4 * (_PAST + _MASK + 1)))
        self._state[_SWING_N] = samples(_SWING_MS, rate_hz)
        self._state[_GESTURE_N] = samples(_GESTURE_MS, rate_hz)
        self._state[_NOW_N] = samples(_NOW_MS, rate_hz)
        self._state[_MEMORY_N] = samples(_MEMORY_MS, rate_hz)
        self._shortest = samples(_SHORTEST_MS, rate_hz)
        self._longest_q4 = 16 * samples(_LONGEST_MS, rate_hz)
        self._rate = rate_hz
        self._halved = samples(_HALVED_MS, rate_hz)
        self._state[_FIRST_LAG] = self._shortest - 1
        self._likeness = array("i", bytearray(4 * LAGS))
        self.clear = False
        self._root = bytearray(isqrt(i << 6) for i in range(_CLIP_MG // 4 + 1))  # of 4 i [mg], times 4
        self.restart()

    def restart(self) -> None:
        """Forget the past."""
        state = self._state
        for i in range(_MASK + 1):
            state[_PAST + i] = 0
        for i in range(LAGS):
            self._likeness[i] = 0
        state[_AT] = state[_NOW] = state[_USUAL] = state[_GESTURE] = state[_NOW_ROOT] = 0
        state[_MEAN] = -1

    def feed(self, value_mg) -> None:
        """Take one value [mg], 0 .. 32767."""
        _compare(self._state, self._likeness, self._root, value_mg)

    def weak(self, least_mg) -> bool:
        """Whether there was less movement than that; least_mg: standard deviation [mg]."""
        return self._state[_USUAL] < least_mg * least_mg << 6

    def quiet(self, least_mg) -> bool:
        """Whether there is too little movement for gait, in all or just now; least_mg: standard deviation [mg]."""
        return self.weak(least_mg) or self._stopped()

    def _stopped(self) -> bool:
        state = self._state
        if state[_NOW] >= state[_USUAL] // _STOPPED:
            return False
        return state[_NOW_ROOT] < self._likeness[0] // 100 * _STOPPED_PCT

    def found_q4(self) -> int:
        """Return the step period [samples Q4] of a rhythm, 0 when there is none; `clear` tells how clear one."""
        likeness = self._likeness
        best = self._peak(self._shortest, LAGS - 2)
        self.clear = likeness[best] >= likeness[0] // 100 * _CLEAR_PCT
        if not best or likeness[best] < likeness[0] // 100 * _ENTER_PCT:
            return 0
        alike = likeness[best] // 100 * _ALIKE_PCT
        lag = self._shortest
        while lag < best and (not self._is_peak(lag) or likeness[lag] < alike):
            lag += 1
        period = self._between_q4(lag)
        if self._stride_pct(lag) >= 0:
            period >>= 1
        return self._plausible_q4(period)

    def near_q4(self, period_q4, clearly: bool) -> int:
        """Return the step period [samples Q4] of a rhythm near a known one, as a step or as a stride, or 0.

        clearly: as clearly as found_q4 wants it, else what is left of a rhythm is enough.
        """
        likeness = self._likeness
        least = likeness[0] // 100 * (_ENTER_PCT if clearly else _STAY_PCT)
        found = 0
        for steps in (1, 2):
            low = period_q4 * steps * (100 - _NEAR_PCT) // 1600
            lag = self._peak(max(low, self._shortest), period_q4 * steps * (100 + _NEAR_PCT) // 1600 + 1)
            if lag and not self._stays(lag, steps):
                break  # what was taken for a step is a stride, and two of it are no better
            if lag and likeness[lag] > least:
                least = likeness[lag]
                found = self._between_q4(lag) // steps
        return self._plausible_q4(found)

    def _stays(self, lag, steps) -> bool:
        """Whether a walk's rhythm may be taken as before, as one step or two: only what is clear overrules it."""
        stride = self._stride_pct(lag)
        sure = 0 if self._swing.turns() else _SURE_PCT
        return stride > -sure if steps == 2 else stride < sure

    def _stride_pct(self, lag) -> int:
        """Return how much speaks for a period being two steps; from 0 on it is taken for that.

        Half of it is a beat as well, the arm swings to and fro once in it, and it is long for a single step.
        """
        if lag <= self._halved:
            return _NEVER_PCT
        likeness = self._likeness
        half = self._peak(lag * 42 // 100, lag * 58 // 100 + 1) or lag >> 1
        beat = likeness[half] // max(1, likeness[lag] // 100)
        beat = max(_NO_BEAT_PCT, min(beat, 100))
        return beat + self._swing.agrees_pct(lag) + _LONGER_PCT * lag // self._rate - _STRIDE_PCT

    def _plausible_q4(self, period) -> int:
        return period if 16 * self._shortest <= period <= self._longest_q4 else 0

    def _is_peak(self, lag) -> bool:
        likeness = self._likeness
        return likeness[lag - 1] <= likeness[lag] > likeness[lag + 1]

    def _peak(self, first, last) -> int:
        """Return the lag of the highest peak among first .. last, 0 without one."""
        likeness = self._likeness
        best = 0
        for lag in range(first, min(last, LAGS - 2) + 1):
            if self._is_peak(lag) and (not best or likeness[lag] > likeness[best]):
                best = lag
        return best

    def _between_q4(self, lag) -> int:
        """Return where the parabola through a peak and its neighbours has its top."""
        likeness = self._likeness
        before = likeness[lag - 1] - likeness[lag]
        after = likeness[lag + 1] - likeness[lag]
        return 16 * lag + 8 * (before - after) // (before + after)
