"""What the trunk does before a fall, as numbers that the sway detector decides on.

Lean counts against the wearer's own posture, which follows backward leaning fast and forward leaning slowly: who
sits down bends forward first and comes back up, and that is no sway. A fall drops the trunk more than its gait
does; who collapses into a chair has just risen from it. The lean a little later, lean + rate * horizon, is the
angular form of the extrapolated centre of mass (Hof et al., The condition for dynamic stability, J. Biomech.
2005).
"""

from array import array

from ..compat import const
from ..fixed import samples

COUNT = const(16)
SOON = const(0)  # lean + rate * horizon [0.1 deg]
DROP = const(1)  # downward velocity beyond the usual [mm/s]
_USUAL_RATE = const(2)  # mean of |rate| [0.1 deg/s]
LIVELY = const(3)  # mean of |vertical acceleration| [mg]; a brisk walk has 150, running 400 and more
_SINKING = const(4)  # downward velocity [mm/s]
LEAN = const(5)  # backward lean from the posture [0.1 deg]
_PUSHED = const(6)  # forward velocity [mm/s]
_ROSE_SLOW = const(7)  # fastest rise lately, slow way of integrating [mm/s]
_RATE_SLOW = const(8)  # backward rate, mean of the last fifth of a second [0.1 deg/s]
_ROSE = const(9)  # fastest rise lately [mm/s]
_SUNK = const(10)  # height lost lately [mm]
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


class Motion:
    """Feed it Lean's outputs, read `values`: one number for each of the indices above.

    settled: posture and motion are known; not so in the first half second after a start.
    rate_ddps: backward rate, smoothed [0.1 deg/s].
    """

    def __init__(self, rate_hz: int):
        self.values = array("i", bytearray(4 * COUNT))
        self._rate_hz = rate_hz
        self._rate_n = samples(_RATE_MS, rate_hz)
        self._rate_slow_n = samples(_RATE_SLOW_MS, rate_hz)
        self._lift_n = samples(_LIFT_MS, rate_hz)
        self._forward_n = samples(_POSTURE_FORWARD_MS, rate_hz)
        self._back_n = samples(_POSTURE_BACK_MS, rate_hz)
        self._drop_n = samples(_DROP_MS, rate_hz)
        self._drop_slow_n = samples(_DROP_SLOW_MS, rate_hz)
        self._sunk_n = samples(_SUNK_MS, rate_hz)
        self._rose_n = samples(_ROSE_MS, rate_hz)
        self._rose_slow_n = samples(_ROSE_SLOW_MS, rate_hz)
        self._bent_n = samples(_BENT_MS, rate_hz)
        self._usual_n = samples(_USUAL_MS, rate_hz)
        self._settle = samples(_SETTLE_MS, rate_hz)
        self._long_ago = samples(_LONG_AGO_MS, rate_hz)
        self.stepless()
        self.restart()

    def restart(self) -> None:
        """Forget posture and motion; they are found again in the next half second."""
        self.settled = False
        self._count = 0
        self.rate_ddps = 0
        self._posture = self._rate = self._rate_slow = self._usual_rate = 0  # Q10, Q6, Q6, Q6
        self._drop = self._drop_slow = self._push = 0  # [mg sample]
        self._usual = self._lively = self._upright = self._side = self._lift = 0  # Q6
        self._sunk = 0
        self._rose = self._rose_slow = self._bent = 0  # Q6

    def stepless(self) -> None:
        """Take note that there was no gait for long."""
        self._since = self._long_ago

    def step(self) -> None:
        """Take note of a step of gait."""
        self._since = 0

    def feed(self, lean) -> None:
        """Take the outputs of a Lean that was fed with the same sample, and set values."""
        usual_n = self._usual_n
        tilt = (lean.back_ddeg << 10) - self._posture
        posture_n = self._forward_n if tilt < 0 else self._back_n
        if not self.settled:
            self._count += 1
            self.settled = self._count >= self._settle
            usual_n = posture_n = self._count
        self._posture += tilt // posture_n
        if self._since < self._long_ago:
            self._since += 1
        values = self.values
        values[_SINCE_STEP] = self._since * 1000 // self._rate_hz
        self._turn(lean.back_ddeg - (self._posture >> 10), lean.back_ddps, usual_n)
        self._fall(lean.lift_mg, lean.fore_mg, usual_n)
        self._upright += ((lean.up_q14 << 6) - self._upright) // usual_n
        values[UPRIGHT] = self._upright >> 6
        side = (lean.side_q14 * _DDEG_PER_RAD) >> 14
        self._side += ((side << 6) - self._side) // usual_n
        values[_ASIDE] = abs(side - (self._side >> 6))

    def _turn(self, lean, rate, usual_n) -> None:
        values = self.values
        self._rate += ((rate << 6) - self._rate) // self._rate_n
        self._rate_slow += ((rate << 6) - self._rate_slow) // self._rate_slow_n
        self._usual_rate += ((abs(rate) << 6) - self._usual_rate) // usual_n
        bent = self._bent
        bent -= bent // self._bent_n
        self._bent = lean << 6 if lean << 6 < bent else bent
        self.rate_ddps = self._rate >> 6
        values[LEAN] = lean
        values[_RATE_SLOW] = self._rate_slow >> 6
        values[_USUAL_RATE] = self._usual_rate >> 6
        values[_BENT] = self._bent >> 6
        values[SOON] = lean + self.rate_ddps * _HORIZON_MS // 1000

    def _fall(self, lift, fore, usual_n) -> None:
        values = self.values
        per_mps = 100 * self._rate_hz
        self._drop -= lift + self._drop // self._drop_n
        self._drop_slow -= lift + self._drop_slow // self._drop_slow_n
        self._push += fore - self._push // self._drop_n
        drop = (self._drop * 981) // per_mps
        self._usual += ((abs(drop) << 6) - self._usual) // usual_n
        self._lively += ((abs(lift) << 6) - self._lively) // usual_n
        self._lift += ((lift << 6) - self._lift) // self._lift_n
        self._sunk += drop - self._sunk // self._sunk_n
        rose = self._rose - self._rose // self._rose_n
        self._rose = -drop << 6 if -drop << 6 > rose else rose
        rise = -((self._drop_slow >> 4) * 981 // (per_mps >> 4)) << 6
        rose = self._rose_slow - self._rose_slow // self._rose_slow_n
        self._rose_slow = rise if rise > rose else rose
        values[_SINKING] = drop
        values[DROP] = drop - (self._usual >> 6)
        values[LIVELY] = self._lively >> 6
        values[_LIFT] = self._lift >> 6
        values[_PUSHED] = (self._push * 981) // per_mps
        values[_SUNK] = self._sunk // self._rate_hz
        values[_ROSE] = self._rose >> 6
        values[_ROSE_SLOW] = self._rose_slow >> 6
