"""Belt placement: steps from the trunk's rise and fall, and warnings of backward sway from its lean.

Directions of steps are unknown. With frame "sensor" nobody knows which way is backward: steps are counted, and no
sway is ever warned of.
"""

from array import array

from .compat import const
from .events import FIELD_COUNT, NOTHING, STEP, UNKNOWN
from .fixed import samples
from .lean import Lean
from .steps import StepGate
from .sway import Sway

_LEAK_MS = const(300)
_SMOOTH_MS = const(60)
_LATER_MS = const(20)  # what is left of the way from fastest fall to contact after the smoothing's delay
_LEAST_MM_S = const(50)  # a slow walk's trunk rises and falls at +-50 mm/s
_SHARE = const(5)  # a turn back by 1 / this of the usual bounce is a turning point
_USUAL_STEPS = const(4)
_STALE_MS = const(2000)  # no turning point for so long: a knock has made the usual bounce too large


class Bounce:
    """Finds contacts: a foot catches the trunk just after the moment at which it falls fastest.

    Vertical velocity is lift, integrated with a leak (on the trunk's vertical motion: Zijlstra and Hof, Assessment
    of spatio-temporal gait parameters from trunk accelerations, Gait & Posture 2003).
    """

    def __init__(self, rate_hz: int):
        self._leak_n = samples(_LEAK_MS, rate_hz)
        self._smooth_n = samples(_SMOOTH_MS, rate_hz)
        self._later = samples(_LATER_MS, rate_hz)
        self._stale = samples(_STALE_MS, rate_hz)
        self._least = _LEAST_MM_S * rate_hz * 100 // 981  # [mg * sample]
        self.restart()

    def restart(self) -> None:
        """Start at rest."""
        self._speed = self._smooth = 0
        self._usual = 0
        self._lowest = self._highest = 0
        self._lowest_at = 0
        self._rising = False
        self._waited = 0

    def feed(self, n, lift_mg) -> int:
        """Take the lift of sample n [mg]; return the sample of a contact just found, or -1."""
        speed = self._speed + lift_mg
        speed -= speed // self._leak_n
        self._speed = speed
        self._smooth += ((speed << 4) - self._smooth) // self._smooth_n
        speed = self._smooth >> 4
        self._waited += 1
        if self._waited > self._stale:
            self._waited = 0
            self._usual //= 2
        back = max(self._least, self._usual // _SHARE)
        if self._rising:
            if speed > self._highest:
                self._highest = speed
            elif speed < self._highest - back:
                self._rising = False
                self._waited = 0
                self._usual += (self._highest - self._lowest - self._usual) // _USUAL_STEPS
                self._lowest = speed
                self._lowest_at = n
        elif speed < self._lowest:
            self._lowest = speed
            self._lowest_at = n
        elif speed > self._lowest + back:
            self._rising = True
            self._waited = 0
            self._highest = speed
            return min(n, self._lowest_at + self._later)
        return -1


class Belt:
    """Feed it samples, read `fields` whenever it returns an event code."""

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
        self._gate = StepGate(rate_hz)
        self._knows_back = frame == "body"
        self.steady = self.sway.steady

    def gap(self, missing: int) -> None:
        """Take note that samples were lost: posture and rhythm are found anew."""
        self.n += missing
        self.lean.restart()
        self.sway.restart()
        self._bounce.restart()
        self._gate.restart()

    def snooze(self, seconds: int) -> None:
        """Warn of nothing for so long [s]; 0 ends it."""
        self.sway.arming.snooze(seconds)

    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s]; return an event code, 0 for nothing."""
        n = self.n
        self.n = n + 1
        lean = self.lean
        lean.feed(ax, ay, az, gx, gy, gz)
        gate = self._gate
        contact = self._bounce.feed(n, lean.lift_mg)
        if contact >= 0:
            gate.contact(contact)
        if self._knows_back:
            code = self.sway.feed(lean)
            if code:
                self.fields[0] = self.sway.lean_ddeg
                self.fields[1] = self.sway.rate_ddps
                return code
        return self._step() if gate.due else NOTHING

    def _step(self) -> int:
        self.fields[0] = self._gate.take()
        self.fields[1] = UNKNOWN
        self.fields[2] = 1
        self.sway.step()
        return STEP
