"""Belt placement: steps from the trunk's rise and fall, and warnings of backward sway from its lean.

A step's direction is told where it can be (see trunk_direction.py), else unknown. With frame "sensor" nobody knows
which way is backward: steps are counted, directions are unknown, and no sway is ever warned of.
"""

from array import array

from ..compat import const, native
from ..detector import Detector
from ..events import FIELD_COUNT, NOTHING, POSTURE, STEP, UNKNOWN
from ..fixed import samples
from .bounce import Bounce, bounce
from .lean import BACK_DDEG, FORE_MG, LIFT_MG, Lean
from .steps import StepGate
from .sway import Sway
from .trunk_direction import TrunkDirection

_UNEVEN_PCT = const(50)
_PAUSE_MS = const(2750)
_SPAN_MS = const(100)  # a fall takes four times as long; lines over 100 ms are 2 deg off where a trunk turns


class Belt(Detector):
    """Steps, sways and posture, by the contract of Detector."""

    def __init__(self, rate_hz: int, settings: dict, frame: str, table=None):
        """rate_hz: sample rate [Hz].  settings: from settings.check.  frame: "body" or "sensor".

        table: a network to use instead of that in sway_table, in the form of that module.
        """
        if not table:
            from . import sway_table as table
        self.fields = array("i", bytearray(4 * FIELD_COUNT))
        self.n = 0
        self.spans = samples(_SPAN_MS, rate_hz)
        self.lean = Lean(rate_hz)
        self.sway = Sway(rate_hz, settings, table)
        self.gait = self.sway.step  # type: ignore[method-assign]
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

    @native
    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s]; return an event code, 0 for nothing."""
        n = self.n
        self.n = n + 1
        lean = self.lean
        lean.feed(ax, ay, az, gx, gy, gz)
        gate = self._gate
        outputs = lean.state
        contact = bounce(self._bounce.state, n, outputs[LIFT_MG])
        found = contact >= 0 and gate.contact(contact)
        if self._knows_back:
            if not n % self._every:
                self._direction.feed(n, outputs[LIFT_MG], outputs[FORE_MG])
            if found:
                self.sway.contact(contact)
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
        if not posture.feed(self.lean.state[BACK_DDEG], self._gate.walking and n - self._stepped < self._pause):
            return NOTHING
        self.fields[0] = posture.lean_ddeg
        self.fields[1] = posture.seconds
        return POSTURE
