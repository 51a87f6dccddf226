"""How a foot lands: its pitch at contact, the jolt of it, and how long it then stands."""

from ..angle import angle_ddeg
from ..compat import const
from ..fixed import isqrt
from .swing_kernel import JOLTED, SLOWED, START

UNKNOWN = const(0)
TOE = const(1)
FLAT = const(2)
HEEL = const(3)

# The sole's angle at contact against the stance [0.1 deg]: above one it is the heel, below the other the toe.
# (Altman and Davis, A kinematic method for footstrike pattern detection, Gait & Posture 2012: 8.0 and -1.6 deg.)
_HEEL_DDEG = const(80)
_TOE_DDEG = const(-16)
_STANCE_MAX_S = const(2)
_LONG_AGO = const(-10000)  # [sample]
_SHARE_Q5 = const(12)  # of how far a contact's jolt comes too late or too early, by the foot's slowing down


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
        self._before = _LONG_AGO
        self._behind_q2 = self._stood = self._pitch = 0

    def begin(self, sine_q14: int) -> None:
        """The foot leaves; sine_q14: of the forward axis above the horizon as it stood [Q14]."""
        self._stood = self._pitch = sine_q14

    def touch(self, sine_q14: int) -> None:
        """This sample may be the contact's jolt: it is the hardest so far, or the foot has never been faster."""
        self._pitch = sine_q14

    def contact(self, swung, n: int) -> int:
        """Return the contact: its jolt, drawn towards where it usually comes after the foot has slowed down.

        Which jolt of a landing is felt first is chance; how the foot is stopped is not.
        swung: a stride's state, as of swing_kernel.  n: the stride's last sample.
        """
        jolted = swung[JOLTED]
        slowed = swung[SLOWED]
        if not slowed:
            return jolted
        behind_q2 = (jolted - slowed) << 2
        late_q2 = behind_q2 - (self._behind_q2 or behind_q2)
        self._behind_q2 = behind_q2 - late_q2 + (late_q2 >> 2)
        return max(swung[START], min(n, jolted - (late_q2 * _SHARE_Q5 >> 7)))

    def close(self, start: int, contact: int, size2: int, knows_forward: bool) -> None:
        """Put the stride's figures down.

        start, contact: its samples.  size2: hardest acceleration since the foot was fastest, squared [(4 mg)^2].
        """
        stance = start - self._before
        known = 0 < stance <= self._longest
        self._behind_q2 *= known  # a walk's first stride is not as those after it
        self.stance_ms = known * stance * 1000 // self._rate_hz
        self._before = contact
        self.impact_mg = isqrt(size2) << 2
        self.pitch_ddeg = 0
        self.landing = UNKNOWN
        if knows_forward:
            pitch_ddeg = angle_ddeg(self._pitch) - angle_ddeg(self._stood)
            self.pitch_ddeg = pitch_ddeg
            self.landing = HEEL if pitch_ddeg > _HEEL_DDEG else TOE if pitch_ddeg < _TOE_DDEG else FLAT
