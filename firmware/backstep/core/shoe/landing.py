"""How a foot lands: its pitch at contact, the jolt of it, and how long it then stands."""

from ..angle import angle_ddeg
from ..compat import const
from ..fixed import isqrt

UNKNOWN = const(0)
TOE = const(1)
FLAT = const(2)
HEEL = const(3)

# The sole's angle at contact against the stance [0.1 deg]: above one it is the heel, below the other the toe.
# (Altman and Davis, A kinematic method for footstrike pattern detection, Gait & Posture 2012: 8.0 and -1.6 deg.)
_HEEL_DDEG = const(80)
_TOE_DDEG = const(-16)
_STANCE_MAX_S = const(2)


class Landing:
    """Watches a stride for its fields of landing.

    stance_ms: from the contact before to foot-off, 0 = not known.  pitch_ddeg: the foot's at contact against the
    stance before, + toes up.  landing: of the codes above.  impact_mg: the hardest since the foot was fastest.
    """

    def __init__(self, rate_hz: int):
        self._rate_hz = rate_hz
        self._longest = _STANCE_MAX_S * rate_hz
        self.stance_ms = self.pitch_ddeg = self.impact_mg = 0
        self.landing = UNKNOWN
        self.restart()

    def restart(self) -> None:
        """Forget the stride before."""
        self._before = -1
        self._stood = self._pitch = 0

    def begin(self, sine_q14: int) -> None:
        """The foot leaves; sine_q14: of the forward axis above the horizon as it stood [Q14]."""
        self._stood = self._pitch = sine_q14

    def touch(self, sine_q14: int) -> None:
        """This sample may be the contact: it is the hardest so far, or the foot has never been faster."""
        self._pitch = sine_q14

    def close(self, start: int, contact: int, size2: int, knows_forward: bool) -> None:
        """Put the stride's figures down.

        start, contact: its samples.  size2: hardest acceleration since the foot was fastest, squared [(4 mg)^2].
        """
        stance = start - self._before
        known = self._before >= 0 and 0 < stance <= self._longest
        self.stance_ms = stance * 1000 // self._rate_hz if known else 0
        self._before = contact
        self.impact_mg = isqrt(size2) << 2
        self.pitch_ddeg = 0
        self.landing = UNKNOWN
        if knows_forward:
            pitch_ddeg = angle_ddeg(self._pitch) - angle_ddeg(self._stood)
            self.pitch_ddeg = pitch_ddeg
            self.landing = HEEL if pitch_ddeg > _HEEL_DDEG else TOE if pitch_ddeg < _TOE_DDEG else FLAT
