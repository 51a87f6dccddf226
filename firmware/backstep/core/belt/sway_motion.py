"""What the trunk does before a fall, as numbers that the sway detector decides on.

Lean counts against the wearer's own posture, which follows backward leaning fast and forward leaning slowly: who
sits down bends forward first and comes back up, and that is no sway. A fall drops the trunk more than its gait
does; who collapses into a chair has just risen from it. The lean a little later, lean + rate * horizon, is the
angular form of the extrapolated centre of mass (Hof et al., The condition for dynamic stability, J. Biomech.
2005).
"""

from array import array

from ..compat import const, ptr32, viper
from ..fixed import samples
from .lean import BACK_DDEG, BACK_DDPS, FORE_MG, LIFT_MG, SIDE_Q14, UP_Q14

COUNT = const(16)
LEFT = const(4)  # times that are counted down with each sample
SOON = const(0)  # lean + rate * horizon [0.1 deg]
DROP = const(1)  # downward velocity beyond the usual [mm/s]
USUAL_RATE = const(2)  # mean of |rate| [0.1 deg/s]
LIVELY = const(3)  # mean of |vertical acceleration| [mg]; a brisk walk has 150, running 400 and more
_SINKING = const(4)  # downward velocity [mm/s]
LEAN = const(5)  # backward lean from the posture [0.1 deg]
_PUSHED = const(6)  # forward velocity [mm/s]
_ROSE_SLOW = const(7)  # fastest rise lately, slow way of integrating [mm/s]
_RATE_SLOW = const(8)  # backward rate, mean of the last fifth of a second [0.1 deg/s]
_ROSE = const(9)  # fastest rise lately [mm/s]
SUNK = const(10)  # height lost lately [mm]
_BENT = const(11)  # furthest forward lean lately, negative [0.1 deg]
UPRIGHT = const(12)  # mean cosine between z axis and world-up [Q14]
_SINCE_STEP = const(13)  # since the last step of gait [ms]
_LIFT = const(14)  # vertical acceleration [mg]
_ASIDE = const(15)  # lean to either side from the usual one [0.1 deg]

_HORIZON_MS = const(200)  # about 1 / sqrt(g / pendulum length) less the time to react
_RATE_MS = const(30)
_RATE_SLOW_MS = const(200)
_LIFT_MS = const(50)
_POSTURE_FORWARD_MS = const(8000)
_POSTURE_BACK_MS = const(2000)
_DROP_MS = const(300)
_DROP_SLOW_MS = const(1000)
_SUNK_MS = const(500)
_ROSE_MS = const(1500)
_ROSE_SLOW_MS = const(2000)
_BENT_MS = const(4000)
_USUAL_MS = const(2000)
_SETTLE_MS = const(500)
_LONG_AGO_MS = const(9600)
_DDEG_PER_RAD = const(573)


_SETTLED = const(0)  # of the state: 1 = posture and motion are known
_COUNT = const(1)
_SINCE = const(2)  # samples since the last step
_POSTURE = const(3)  # Q10
_RATE = const(4)  # Q6
_SLOW = const(5)
_USUAL = const(6)
_BACKMOST = const(7)
_DROP = const(8)  # [mg sample]
_DROP_SLOWLY = const(9)
_PUSH = const(10)
_USUAL_DROP = const(11)  # Q6
_LIVE = const(12)
_UP = const(13)
_SIDE = const(14)
_RAISED = const(15)
_LOWERED = const(16)
_RISEN = const(17)
_RISEN_SLOW = const(18)
_RATE_HZ = const(19)
_N = const(20)  # how many samples each of the following means is taken over
_RATE_N = const(20)
_RATE_SLOW_N = const(21)
_LIFT_N = const(22)
_FORWARD_N = const(23)
_BACK_N = const(24)
_DROP_N = const(25)
_DROP_SLOW_N = const(26)
_SUNK_N = const(27)
_ROSE_N = const(28)
_ROSE_SLOW_N = const(29)
_BENT_N = const(30)
_USUAL_N = const(31)
_SETTLE_N = const(32)
_LONG_AGO = const(33)
_TIMES_MS = (
    _RATE_MS, _RATE_SLOW_MS, _LIFT_MS, _POSTURE_FORWARD_MS, _POSTURE_BACK_MS, _DROP_MS, _DROP_SLOW_MS, _SUNK_MS,
    _ROSE_MS, _ROSE_SLOW_MS, _BENT_MS, _USUAL_MS, _SETTLE_MS, _LONG_AGO_MS,
)  # fmt: skip


@viper
def move(state, lean, values, left) -> int:
    """Take the outputs of a Lean, and 1 off each of `left` that is not 0; return the backward rate [0.1 deg/s]."""
    p = ptr32(state)
    counting = ptr32(left)
    i = 0
    while i < LEFT:
        if counting[i]:
            counting[i] -= 1
        i += 1
    of = ptr32(lean)
    v = ptr32(values)
    usual_n = p[_USUAL_N]
    tilt = (of[BACK_DDEG] << 10) - p[_POSTURE]
    posture_n = p[_FORWARD_N] if tilt < 0 else p[_BACK_N]
    if not p[_SETTLED]:
        p[_COUNT] += 1
        if p[_COUNT] >= p[_SETTLE_N]:
            p[_SETTLED] = 1
        usual_n = p[_COUNT]
        posture_n = usual_n
    p[_POSTURE] += tilt // posture_n
    if p[_SINCE] < p[_LONG_AGO]:
        p[_SINCE] += 1
    v[_SINCE_STEP] = p[_SINCE] * 1000 // p[_RATE_HZ]
    p[_UP] += ((of[UP_Q14] << 6) - p[_UP]) // usual_n
    v[UPRIGHT] = p[_UP] >> 6
    side = (of[SIDE_Q14] * _DDEG_PER_RAD) >> 14
    p[_SIDE] += ((side << 6) - p[_SIDE]) // usual_n
    side -= p[_SIDE] >> 6
    v[_ASIDE] = side if side > 0 else 0 - side
    _turn(state, values, of[BACK_DDEG] - (p[_POSTURE] >> 10), of[BACK_DDPS], usual_n)
    _fall(state, values, of[LIFT_MG], of[FORE_MG], usual_n)
    return p[_RATE] >> 6


@viper
def _turn(state, values, lean: int, rate: int, usual_n: int):
    p = ptr32(state)
    v = ptr32(values)
    size = rate if rate > 0 else 0 - rate
    p[_RATE] += ((rate << 6) - p[_RATE]) // p[_RATE_N]
    p[_SLOW] += ((rate << 6) - p[_SLOW]) // p[_RATE_SLOW_N]
    p[_USUAL] += ((size << 6) - p[_USUAL]) // usual_n
    bent = p[_BACKMOST]
    bent -= bent // p[_BENT_N]
    p[_BACKMOST] = lean << 6 if lean << 6 < bent else bent
    v[LEAN] = lean
    v[_RATE_SLOW] = p[_SLOW] >> 6
    v[USUAL_RATE] = p[_USUAL] >> 6
    v[_BENT] = p[_BACKMOST] >> 6
    v[SOON] = lean + (p[_RATE] >> 6) * _HORIZON_MS // 1000


@viper
def _fall(state, values, lift: int, fore: int, usual_n: int):
    p = ptr32(state)
    v = ptr32(values)
    per_mps = 100 * p[_RATE_HZ]
    p[_DROP] -= lift + p[_DROP] // p[_DROP_N]
    p[_DROP_SLOWLY] -= lift + p[_DROP_SLOWLY] // p[_DROP_SLOW_N]
    p[_PUSH] += fore - p[_PUSH] // p[_DROP_N]
    drop = (p[_DROP] * 981) // per_mps
    p[_USUAL_DROP] += (((drop if drop > 0 else 0 - drop) << 6) - p[_USUAL_DROP]) // usual_n
    p[_LIVE] += (((lift if lift > 0 else 0 - lift) << 6) - p[_LIVE]) // usual_n
    p[_RAISED] += ((lift << 6) - p[_RAISED]) // p[_LIFT_N]
    p[_LOWERED] += drop - p[_LOWERED] // p[_SUNK_N]
    rose = p[_RISEN] - p[_RISEN] // p[_ROSE_N]
    p[_RISEN] = 0 - drop << 6 if 0 - drop << 6 > rose else rose
    rise = -((p[_DROP_SLOWLY] >> 4) * 981 // (per_mps >> 4)) << 6
    rose = p[_RISEN_SLOW] - p[_RISEN_SLOW] // p[_ROSE_SLOW_N]
    p[_RISEN_SLOW] = rise if rise > rose else rose
    v[_SINKING] = drop
    v[DROP] = drop - (p[_USUAL_DROP] >> 6)
    v[LIVELY] = p[_LIVE] >> 6
    v[_LIFT] = p[_RAISED] >> 6
    v[_PUSHED] = (p[_PUSH] * 981) // per_mps
    v[SUNK] = p[_LOWERED] // p[_RATE_HZ]
    v[_ROSE] = p[_RISEN] >> 6
    v[_ROSE_SLOW] = p[_RISEN_SLOW] >> 6


class Motion:
    """Feed it Lean's outputs, read `values`: one number for each of the indices above."""

    def __init__(self, rate_hz: int):
        self.values = array("i", bytearray(4 * COUNT))
        self._left = array("i", bytearray(4 * LEFT))
        self.state = array("i", [0] * _N + [samples(ms, rate_hz) for ms in _TIMES_MS])
        self.state[_RATE_HZ] = rate_hz
        self.stepless()

    def restart(self) -> None:
        """Forget posture and motion, which are found again in the next half second; values are of who stands."""
        for i in range(_RATE_HZ):
            if i != _SINCE:
                self.state[i] = 0
        for i in range(COUNT):
            self.values[i] = 0
        self.values[UPRIGHT] = 1 << 14
        self.values[_SINCE_STEP] = _LONG_AGO_MS

    @property
    def settled(self) -> bool:
        """Whether posture and motion are known; not so in the first half second after a start."""
        return self.state[_SETTLED] != 0

    @property
    def rate_ddps(self) -> int:
        """Backward rate, smoothed [0.1 deg/s]."""
        return self.state[_RATE] >> 6

    def stepless(self) -> None:
        """Take note that there was no gait for long."""
        self.state[_SINCE] = self.state[_LONG_AGO]

    def step(self) -> None:
        """Take note of a step of gait."""
        self.state[_SINCE] = 0

    def feed(self, lean) -> int:
        """Take the outputs of a Lean fed with the same sample, and set values; return rate_ddps."""
        return move(self.state, lean.state, self.values, self._left)
