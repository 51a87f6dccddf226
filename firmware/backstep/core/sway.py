"""The sway rule: the trunk tips backward, will tip further, and drops while it does.

The lean a little later, lean + rate * horizon, is the angular form of the extrapolated centre of mass (Hof et al.,
The condition for dynamic stability, J. Biomech. 2005). Lean counts against the wearer's own posture, which follows
backward leaning fast and forward leaning slowly: who sits down bends forward first and comes back up, and that is
no sway. A trunk that loses height beyond what its gait does needs to tip less; a lively gait needs it to tip more.
"""

from .compat import const
from .fixed import samples

_HORIZON_MS = const(200)  # about 1 / sqrt(g / pendulum length) less the time to react
_RATE_MS = const(30)
_POSTURE_FORWARD_MS = const(8000)
_POSTURE_BACK_MS = const(2000)
_DROP_MS = const(300)
_USUAL_MS = const(2000)
_SETTLE_MS = const(500)
_STEADY_DDEG = const(350)  # what a trunk that keeps its height has to tip beyond a dropping one
_DDEG_PER_MPS = const(800)  # so a drop of 0.44 m/s beyond the usual makes up for it
_LIVELY_MG = const(150)  # mean vertical acceleration of a brisk walk; running has 400 and more
_DDEG_PER_G = const(800)
_UPRIGHT_Q14 = const(9830)  # cos 53 deg: who lies or hangs further over cannot sway


class Sway:
    """Decides from Lean's outputs whether this sample is the moment to warn.

    lean_ddeg, rate_ddps: what it was decided on, backward positive [0.1 deg, 0.1 deg/s].
    """

    def __init__(self, rate_hz: int, lean_deg: int, rate_dps: int, refractory_s: int):
        self._rate_hz = rate_hz
        self._horizon = samples(_HORIZON_MS, 1000)
        self._rate_n = samples(_RATE_MS, rate_hz)
        self._forward_n = samples(_POSTURE_FORWARD_MS, rate_hz)
        self._back_n = samples(_POSTURE_BACK_MS, rate_hz)
        self._drop_n = samples(_DROP_MS, rate_hz)
        self._usual_n = samples(_USUAL_MS, rate_hz)
        self._settle = samples(_SETTLE_MS, rate_hz)
        self._refractory = refractory_s * rate_hz
        self._least_lean = 5 * lean_deg
        self._need = 10 * lean_deg + rate_dps * _HORIZON_MS // 100
        self._wait = 0
        self.lean_ddeg = self.rate_ddps = 0
        self.restart()

    def restart(self) -> None:
        """Forget posture and motion; they are found again in the next half second, without a warning in it."""
        self._count = 0
        self._posture = self._rate = self._drop = self._usual = self._lively = self._upright = 0

    def feed(self, back_ddeg, back_ddps, lift_mg, up_q14, armed) -> bool:
        """Take Lean's outputs of one sample; True when this is a warning (only while armed)."""
        settled = self._count >= self._settle
        usual_n = self._usual_n
        lean = (back_ddeg << 10) - self._posture
        posture_n = self._forward_n if lean < 0 else self._back_n
        if not settled:
            self._count += 1
            usual_n = posture_n = self._count
        self._posture += lean // posture_n
        self._rate += ((back_ddps << 6) - self._rate) // self._rate_n
        self._drop -= lift_mg + self._drop // self._drop_n
        drop = (self._drop * 981) // (100 * self._rate_hz)  # downward velocity [mm/s]
        self._usual += (((drop if drop > 0 else -drop) << 6) - self._usual) // usual_n
        self._lively += (((lift_mg if lift_mg > 0 else -lift_mg) << 6) - self._lively) // usual_n
        self._upright += ((up_q14 << 6) - self._upright) // usual_n
        if self._wait:
            self._wait -= 1
            return False
        lean = back_ddeg - (self._posture >> 10)
        if not armed or not settled or lean < self._least_lean:
            return False
        return self._tipping(lean, self._rate >> 6, drop - (self._usual >> 6))

    def _tipping(self, lean, rate, drop) -> bool:
        need = self._need
        more = _STEADY_DDEG if drop < 0 else _STEADY_DDEG - _DDEG_PER_MPS * drop // 1000
        if more > 0:
            need += more
        lively = (self._lively >> 6) - _LIVELY_MG
        if lively > 0:
            need += _DDEG_PER_G * lively // 1000
        if lean + rate * _HORIZON_MS // 1000 < need or self._upright >> 6 < _UPRIGHT_Q14:
            return False
        self._wait = self._refractory
        self.lean_ddeg = lean
        self.rate_ddps = rate
        return True
