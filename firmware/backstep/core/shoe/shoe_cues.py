"""What a shoe sees of a coming fall: a foot that slides, is caught, lifts its toes, or two hurried strides.

Slide: a slip of more than 0.1 m or 0.5 m/s is likely to end in a fall (Strandberg & Lanshammar, The dynamics of
slipping accidents, J. Occup. Accid. 3, 1981). Only towards the toes, and only in backward gait: a backward
walker's foot never leaves that way, while people who walk forward shuffle so now and then.
Toe lift: the heel is the last support a standing body has behind it; with the weight there the toes come off.
"""

from ..compat import const
from ..events import BACKWARD, CATCH, NOTHING, RECOVERY, SLIDE, TOE_LIFT, UNKNOWN
from ..fixed import samples
from .stance_kernel import CLOSE, LEAVE, MARK, REST, WAIT
from .strapdown_kernel import MPU, MVF, PF, PL, PU, UX, UY, UZ, VF, VL

_KNOWN = const(4)  # so many backward strides tell what is usual
_SHARE = const(4)  # a new one counts for 1 in so many
_PAUSE_S = const(5)  # without a stride for longer the gait is over
_LEAK_MS = const(600)  # a foot at rest forgets the speed that its level's error adds up to
_FLAT_Q14 = const(1710)  # sin 6 deg: a foot that pitches more is stepping
_FLAT_MM = const(30)
_FAST_MM_S = const(1000)  # backward swings reach 1500 and more
_ABRUPT_MS = const(45)  # from two thirds of the swing's speed to one third; landing takes 53 and more
_SWUNG_MM = const(100)
_HURRIED_PCT = const(80)
_STOOD_MS = const(1500)
_RECENT_S = const(30)  # who has not stepped for longer may sit, and swing the feet
_WATCH_MS = const(1200)  # from the first stir of a standing foot
_HELD_MS = const(300)  # a step backward lifts the toes too, for up to 200 with the heel still there
_STAYS_MM = const(60)
_Q14_PER_DEG = const(286)  # 2^14 * pi / 180
_NEVER = const(1 << 29)


class ShoeCues:
    """Fed beside the shoe's stance; whatever cue it returns has its details in `fields`."""

    def __init__(self, rate_hz: int, settings: dict, state, heading, fields):
        """rate_hz: [Hz].  settings: full.  state, heading: strapdown's, the shoe's own, only read.

        fields: of the shoe's events; a cue leaves its own there.
        """
        self._state = state
        self._heading = heading
        self._fields = fields
        self._mm = (rate_hz * rate_hz * 1000 + 4903) // 9807  # [mg sample^2]
        self._rate_hz = rate_hz
        self._slide = self._speed(settings["slide_mm_s"]) or _NEVER
        self._fast = self._speed(_FAST_MM_S)
        self._abrupt = samples(_ABRUPT_MS, rate_hz)
        self._catch_pct = settings["catch_pct"]
        self._lift = settings["toe_lift_deg"] * _Q14_PER_DEG or _NEVER
        self._recovery_pct = settings["recovery_pct"]
        self._leak = samples(_LEAK_MS, rate_hz)
        self._stood = samples(_STOOD_MS, rate_hz)
        self._watch_n = samples(_WATCH_MS, rate_hz)
        self._held = samples(_HELD_MS, rate_hz)
        self._usual_mm = self._usual = self._contact = 0
        self.restart()

    def restart(self) -> None:
        """Begin anew: what was at rest, on its way or usual is not known."""
        self._age = _NEVER
        self._run = self._hurried = self._rested = self._glide = self._pitch = 0
        self._top = self._slowing = self._short = self._watch = self._lifted = 0

    def feed(self, code: int) -> int:
        """Take one sample's stance code, the strapdown not yet set to zero for it; return a cue, 0 for none."""
        if code == CLOSE:
            self._close()
            return NOTHING
        if code == REST:
            self._rested += 1
            self._glide += self._state[VF] - self._glide // self._leak
        elif code == MARK:
            self._rested = self._glide = 0
        elif code == LEAVE:
            self._leave()
        if self._watch and self._toes_lifted():
            return TOE_LIFT
        self._age += 1
        if self._run < _KNOWN:
            return NOTHING
        if self._age > _PAUSE_S * self._rate_hz:
            self._run = 0
        if self._hurried == 2:
            return self._recovery()
        if self._rested >= 0:
            state = self._state  # speed towards the toes, since the foot stood or nearly did
            if code == WAIT:
                speed = state[VF] - state[MVF]
            else:
                speed = self._glide if code == REST else self._glide + state[VF] if self._rested else 0
            if speed >= self._slide and self._slid(speed, code):
                return SLIDE
        return self._caught()

    def stride(self, contact: int, direction: int, stride_mm: int) -> None:
        """Take a stride: when it ended [sample], its direction and length [mm]."""
        took = contact - self._contact
        self._contact = contact
        self._age = 0
        if direction == UNKNOWN:
            return
        if direction != BACKWARD:
            self._run = 0
            return
        short = stride_mm * 100 <= self._recovery_pct * self._usual_mm
        if self._run == _KNOWN and short and took * 100 <= _HURRIED_PCT * self._usual:
            self._hurried += 1
            if self._hurried <= 2:
                return
        else:
            self._hurried = 0
        share = _SHARE if self._run > 1 else 1  # the first has no time before it
        self._usual_mm += (stride_mm - self._usual_mm) // share
        self._usual += (took - self._usual) // share
        self._short = self._usual_mm * self._mm // 100 * self._catch_pct
        if self._run < _KNOWN:
            self._run += 1

    def _speed(self, mm_s) -> int:
        return mm_s * self._rate_hz * 100 // 981  # [mg sample]

    def _pitch_q14(self) -> int:
        """Return the sine of the forward axis's angle to the ground, toes up."""
        axis = self._heading.axis
        up = self._state
        return (axis[0] * (up[UX] >> 14) + axis[1] * (up[UY] >> 14) + axis[2] * (up[UZ] >> 14)) >> 14

    def _close(self) -> None:
        self._top = self._glide = 0
        if not self._rested:
            self._rested = 1
        if not self._watch:
            self._pitch = self._pitch_q14()

    def _leave(self) -> None:
        self._glide += self._state[VF]
        self._top = 0
        if self._watch:
            return
        self._pitch = self._pitch_q14()
        if self._rested >= self._stood and self._age < _RECENT_S * self._rate_hz and self._heading.known:
            self._watch = self._watch_n
            self._lifted = 0

    def _toes_lifted(self) -> bool:
        state = self._state
        self._watch -= 1
        stays = _STAYS_MM * self._mm
        if not (-stays < state[PF] < stays and -stays < state[PL] < stays):
            self._watch = 0
            return False
        lift = self._pitch_q14() - self._pitch
        self._lifted = self._lifted + 1 if lift >= self._lift else 0
        if self._lifted < self._held:
            return False
        self._watch = 0
        self._fields[0] = lift * 10 // _Q14_PER_DEG
        return True

    def _slid(self, speed, code) -> bool:
        """Tell whether a foot that stood, and now moves towards its toes, lies flat; asked once a stance."""
        state = self._state
        self._rested = -self._stood  # what still is the same slide does not count again
        if code != REST:
            pitched = self._pitch_q14() - self._pitch
            flat = _FLAT_MM * self._mm
            rose = state[PU] - state[MPU] if code == WAIT else state[PU]
            if not (-_FLAT_Q14 < pitched < _FLAT_Q14 and -flat < rose < flat):
                return False
        self._fields[0] = speed * 981 // (100 * self._rate_hz)
        return True

    def _caught(self) -> int:
        """Return CATCH at a sample that stops a backward swing too early and too hard, once a swing."""
        top = self._top
        if top < 0:
            return NOTHING
        state = self._state
        back = -state[VF]
        if back * 3 >= top * 2:
            self._slowing = 0
            if back > top:
                self._top = back
            return NOTHING
        self._slowing += 1
        if back * 3 > top:
            return NOTHING
        self._top = 0
        if top < self._fast:
            return NOTHING
        self._top = -1
        if self._slowing > self._abrupt or not _SWUNG_MM * self._mm < -state[PF] < self._short:
            return NOTHING
        if not -top < 2 * state[VL] < top:  # it turns aside, and goes on
            return NOTHING
        self._fields[0] = -state[PF] // self._mm
        self._fields[1] = self._usual_mm
        return CATCH

    def _recovery(self) -> int:
        fields = self._fields
        self._hurried += 1
        fields[0] = fields[3]  # of the stride just reported
        fields[1] = self._usual_mm
        return RECOVERY
