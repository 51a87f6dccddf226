"""How well the last seconds' turning agrees with itself a time ago: once in a stride an arm swings to and fro.

What a hand carries turns with trunk and arm, left and right by turns, whatever its acceleration does: steps and
strides that are alike there differ here. Where no gyro was recorded the acceleration's axes stand in for it.
"""

from array import array

from ..compat import const, ptr8, ptr32, viper
from ..fixed import samples

_KEPT = const(64)  # moments kept of each axis, at half the rate: 5 s
_AXES = const(3)
_MEAN_MS = const(1000)  # as long without a word from the gyro, and there is none
_SHIFT = const(3)  # a moment is kept in 0.8 deg/s, or in 8 mg
_ROUND = const(4)
_LIMIT = const(127)  # a gesture turns the arm no faster than its swing
_MIDDLE = const(128)
_WINDOW_MS = const(2500)
_LEAST = const(2)  # of what is kept, root of the mean square: less is a sensor's noise

_MEAN = const(0)  # of the state: mean of each axis [0.1 deg/s Q6, mg Q6]
_SUM = const(3)  # of two samples
_AT = const(6)  # the newest moment
_HALF = const(7)
_MUTE = const(8)  # samples without a word from the gyro
_SENSE = const(9)  # whose mean it is
_TURNS = const(1)
_PUSHES = const(2)
_MEAN_N = const(10)
_SIZE = const(11)


@viper
def _keep(state, past, ax: int, ay: int, az: int, gx: int, gy: int, gz: int):
    """Take one sample [mg, 0.1 deg/s], each within +-32768."""
    p = ptr32(state)
    kept = ptr8(past)
    p[_MUTE] = 0 if gx | gy | gz else p[_MUTE] + 1
    sense = _TURNS
    if p[_MUTE] > p[_MEAN_N]:
        p[_MUTE] = p[_MEAN_N] + 1
        sense = _PUSHES
        gx = ax
        gy = ay
        gz = az
    p[_SUM] += gx
    p[_SUM + 1] += gy
    p[_SUM + 2] += gz
    p[_HALF] ^= 1
    if p[_HALF]:
        return
    at = (p[_AT] + 1) & (_KEPT - 1)
    p[_AT] = at
    i = 0
    while i < _AXES:
        rate = p[_SUM + i] >> 1
        p[_SUM + i] = 0
        if p[_SENSE] != sense:
            p[_MEAN + i] = rate << 6
        p[_MEAN + i] += ((rate << 6) - p[_MEAN + i]) // p[_MEAN_N]
        rate = (rate - (p[_MEAN + i] >> 6) + _ROUND) >> _SHIFT
        kept[_AXES * at + i] = _MIDDLE + (_LIMIT if rate > _LIMIT else -_LIMIT if rate < -_LIMIT else rate)
        i += 1
    p[_SENSE] = sense


@viper
def _agree_pct(past, at: int, lag: int, window: int) -> int:
    """Return how well the last moments agree with those a lag before them, -100 .. 100."""
    kept = ptr8(past)
    both = energy = i = 0
    while i < window:
        now = _AXES * (at - i & (_KEPT - 1))
        then = _AXES * (at - i - lag & (_KEPT - 1))
        end = now + _AXES
        while now < end:
            a = kept[now] - _MIDDLE
            b = kept[then] - _MIDDLE
            both += a * b
            energy += a * a + b * b
            now += 1
            then += 1
        i += 1
    if energy < 2 * _LEAST * _LEAST * window:
        return 0
    return 200 * both // energy


class Swing:
    """Keeps how the sensor turned in the last seconds."""

    def __init__(self, rate_hz: int):
        """rate_hz: rate at which feed is called [Hz], about 26."""
        self._state = array("i", bytearray(4 * _SIZE))
        self._past = bytearray(_AXES * _KEPT)
        self._state[_MEAN_N] = samples(_MEAN_MS, rate_hz // 2)
        self._window = samples(_WINDOW_MS, rate_hz // 2)
        self.restart()

    def restart(self) -> None:
        """Forget the past."""
        for i in range(_MEAN_N):
            self._state[i] = 0
        self._state[_MUTE] = self._state[_MEAN_N]
        for i in range(_AXES * _KEPT):
            self._past[i] = _MIDDLE

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> None:
        """Take one sample [mg, 0.1 deg/s]."""
        _keep(self._state, self._past, ax, ay, az, gx, gy, gz)

    def turns(self) -> bool:
        """Whether it goes by a gyro."""
        return self._state[_SENSE] == _TURNS

    def agrees_pct(self, lag: int) -> int:
        """Return how well the turning agrees with itself a lag ago, -100 .. 100; 0 where nothing turns.

        lag: in samples fed, up to 60.
        """
        return _agree_pct(self._past, self._state[_AT], (lag + 1) >> 1, self._window)
