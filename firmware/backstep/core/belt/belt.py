"""Belt placement: steps from the trunk's rise and fall, and warnings of backward sway from its lean.

A step's direction is told where it can be (see trunk_direction.py), else unknown. With frame "sensor" nobody knows
which way is backward: steps are counted, directions are unknown, and no sway is ever warned of.
"""

from array import array

from ..compat import const
from ..detector import Detector
from ..events import FIELD_COUNT, NOTHING, POSTURE, STEP, UNKNOWN
from ..fixed import samples
from .lean import Lean
from .steps import StepGate
from .sway import Sway
from .trunk_direction import TrunkDirection

_LEAK_MS = const(300)
_SMOOTH_MS = const(75)
_LATER_MS = const(30)  # what is left of the way from fastest fall to contact after the smoothing's delay
_LEAST_MM_S = const(50)  # a slow walk's trunk rises and falls at +-50 mm/s
_LEAST_STRUCK_MM_S = const(30)  # and a shuffling one's at less, but there a foot strikes
_STRIKE_MG_PER_MS = const(6)  # jerk upwards or downwards of the lightest foot that strikes
_STRUCK_MS = const(100)  # so long it counts
_SHARE = const(5)  # a turn back by 1 / this of the usual bounce is a turning point
_USUAL_STEPS = const(4)
_STALE_MS = const(2000)  # no turning point for so long: a knock has made the usual bounce too large
_UNEVEN_PCT = const(50)
_PAUSE_MS = const(2750)


class Bounce:
    """Finds contacts: a foot catches the trunk just after the moment at which it falls fastest.

    Vertical velocity is lift, integrated with a leak and smoothed: its lowest point is the contact (McCamley et
    al., An enhanced estimate of initial contact and final contact instants of time using lower trunk inertial
    sensor data, Gait & Posture 2012; on the trunk's vertical motion: Zijlstra and Hof, Gait & Posture 2003). A
    bounce too small for a walk's is one all the same when a foot has just struck.
    """

    def __init__(self, rate_hz: int):
        self._leak_n = samples(_LEAK_MS, rate_hz)
        self._smooth_n = samples(_SMOOTH_MS, rate_hz)
        self._later = samples(_LATER_MS, rate_hz)
        self._stale = samples(_STALE_MS, rate_hz)
        self._least = _LEAST_MM_S * rate_hz * 100 // 981  # [mg * sample]
        self._least_struck = _LEAST_STRUCK_MM_S * rate_hz * 100 // 981
        self._strike = _STRIKE_MG_PER_MS * 1000 // rate_hz  # [mg]
        self._struck_n = samples(_STRUCK_MS, rate_hz)
        self.restart()

    def restart(self) -> None:
        """Start at rest."""
        self._speed = self._smooth = 0
        self._usual = 0
        self._lowest = self._highest = 0
        self._lowest_at = 0
        self._rising = False
        self._lift = 0
        self._turned_at = 0
        self._struck_at = -self._struck_n

    def feed(self, n, lift_mg) -> int:
        """Take the lift of sample n [mg]; return the sample of a contact just found, or -1."""
        speed = self._speed + lift_mg
        speed -= speed // self._leak_n
        self._speed = speed
        self._smooth += ((speed << 4) - self._smooth) // self._smooth_n
        speed = self._smooth >> 4
        if n - self._turned_at > self._stale:
            self._turned_at = n
            self._usual //= 2
        if not -self._strike < lift_mg - self._lift < self._strike:
            self._struck_at = n
        self._lift = lift_mg
        least = self._least_struck if n - self._struck_at < self._struck_n else self._least
        back = self._usual // _SHARE
        if back < least:
            back = least
        if self._rising:
            if speed > self._highest:
                self._highest = speed
            elif speed < self._highest - back:
                self._turned(n)
                self._usual += (self._highest - self._lowest - self._usual) // _USUAL_STEPS
                self._lowest = speed
                self._lowest_at = n
        elif speed < self._lowest:
            self._lowest = speed
            self._lowest_at = n
        elif speed > self._lowest + back:
            self._turned(n)
            self._highest = speed
            return min(n, self._lowest_at + self._later)
        return -1

    def _turned(self, n) -> None:
        self._rising = not self._rising
        self._turned_at = n


class Belt(Detector):
    """Steps, sways and posture, by the contract of Detector."""

    def __init__(self, rate_hz: int, settings: dict, frame: str, table=None):
        """rate_hz: sample rate [Hz].  settings: from settings.check.  frame: "body" or "sensor".

        table: decision trees to use instead of those in sway_table, in the form of that module.
        """
        if not table:
            from . import sway_table as table
        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        self.n = 0
        self.lean = Lean(rate_hz)
        self.sway = Sway(rate_hz, settings, table)
        self._bounce = Bounce(rate_hz)
        self._gate = StepGate(rate_hz, _UNEVEN_PCT, _PAUSE_MS, True)
        self._knows_back = frame == "body"
        self.steady = self.sway.steady  # type: ignore[method-assign]
        self._direction = TrunkDirection(rate_hz)
        self._every = self._direction.every
        self._pause = samples(_PAUSE_MS, rate_hz)
        self._way = UNKNOWN  # of the last step
        self._stepped = 0
        self._posture = None
        if settings["posture_s"] and self._knows_back:
            from .posture import Posture

            self._posture = Posture(rate_hz // self._every, settings)

    def gap(self, missing: int) -> None:
        """Take note that samples were lost: posture and rhythm are found anew."""
        self.n += missing
        self.lean.restart()
        self.sway.restart()
        self._bounce.restart()
        self._gate.restart()
        self._direction.restart(self.n)
        if self._posture:
            self._posture.restart()

    def snooze(self, seconds: int) -> bool:
        """Warn of nothing for so long [s]; 0 ends it."""
        self.sway.arming.snooze(seconds)
        return True

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s]; return an event code, 0 for nothing."""
        n = self.n
        self.n = n + 1
        lean = self.lean
        lean.feed(ax, ay, az, gx, gy, gz)
        gate = self._gate
        contact = self._bounce.feed(n, lean.lift_mg)
        found = contact >= 0 and gate.contact(contact)
        if self._knows_back:
            if not n % self._every:
                self._direction.feed(n, lean.lift_mg, lean.fore_mg)
            if found:
                self._stepped = n
                self._way = self._direction.contact(n, contact)
            code = self.sway.feed(lean)
            if code:
                self.fields[0] = self.sway.lean_ddeg
                self.fields[1] = self.sway.rate_ddps
                if self._posture:
                    self._posture.hold()
                return code
        if gate.due:
            return self._step()
        if n % self._every or not self._posture:
            return NOTHING
        return self._held(n, self._posture)

    def _step(self) -> int:
        gate = self._gate
        self.fields[1] = self._way if gate.due == 1 else UNKNOWN  # of steps held back nobody asked
        self.fields[0] = gate.take()
        self.fields[2] = 1
        self.sway.step()
        return STEP

    def _held(self, n, posture) -> int:
        if not posture.feed(self.lean.back_ddeg, self._gate.walking and n - self._stepped < self._pause):
            return NOTHING
        self.fields[0] = posture.lean_ddeg
        self.fields[1] = posture.seconds
        return POSTURE
