"""Backward sways: a small network with memory says how surely the trunk is falling.

It takes Motion's numbers 26 times a second, whatever the wearer does. It is asked while the trunk leans back and
goes on to, or drops as its gait does not: who falls sitting down is bent forward still when it begins. A score
that is sure enough is a warning, a lower one a caution.
"""

from ..compat import const, native
from ..events import CAUTION, NOTHING, SWAY
from ..fixed import samples
from .arming import CAUTION_LEFT, STATES, Arming
from .memory import Memory
from .sway_motion import DROP, LEAN, SOON, SUNK, USUAL_RATE, Motion, move

_STEP_HZ = const(26)
_LEANING_DDEG = const(40)
_DROPPING_MM_S = const(250)
_SENSITIVITY_SCORE = const(16)  # a step of the setting
_CAUTION_S = const(2)  # between two cautions
_BRISK_MS = const(900)  # the second of two contacts so close may be gait's beginning
_LEVEL_MM = const(30)  # where the trunk keeps its height; who sits down or rises does not
_CALM_DDPS = const(200)  # and hardly turns


class Sway:
    """Decides on each sample; lean_ddeg, rate_ddps: what was decided on, backward positive."""

    def __init__(self, rate_hz: int, settings: dict, table):
        """rate_hz: [Hz].  settings: from settings.check.  table: as the module sway_table."""
        self.motion = Motion(rate_hz)
        self.arming = Arming(
            rate_hz, settings["sway_arming"] == "always", settings["gait_recent_s"], settings["sway_refractory_s"]
        )
        self.memory = Memory(table.NETWORK)
        less = _SENSITIVITY_SCORE * settings["sway_sensitivity"]
        self._warning = table.WARN_SCORE - less
        self._caution = table.CAUTION_SCORE - less if settings["sway_caution"] else 1 << 20
        self._caution_wait = _CAUTION_S * rate_hz
        self._every = max(1, rate_hz // _STEP_HZ)
        self._brisk = samples(_BRISK_MS, rate_hz)
        self._left = self.arming.left
        self._state = self.motion.state
        self._values = self.motion.values
        self.lean_ddeg = self.rate_ddps = 0
        self.restart()

    def restart(self) -> None:
        """Forget posture and motion, and take the wearer for one who has stood still for a second."""
        self.motion.restart()
        self.memory.restart()
        self._stood = 0
        self._due = self._every
        self._contact = -1 << 20

    def step(self) -> None:
        """Take note of a step of gait."""
        self.motion.step()
        self.arming.step()

    def contact(self, at: int) -> None:
        """Take note of a contact at sample `at`, long before it is counted: gait may have begun.

        A slip can come with the third step. Two contacts close together arm, where the trunk keeps its height.
        """
        values = self._values
        level = -_LEVEL_MM <= values[SUNK] <= _LEVEL_MM and values[USUAL_RATE] <= _CALM_DDPS
        if level and at - self._contact <= self._brisk:
            self.arming.step()
        self._contact = at

    def steady(self) -> bool:
        """Return whether no warning is near: none is armed, or the trunk is far from leaning back or dropping."""
        values = self.motion.values
        far = values[SOON] < _LEANING_DDEG // 2 and values[DROP] < _DROPPING_MM_S // 2
        return far or not self.arming.armed(self.arming.state(self.motion))

    @native
    def feed(self, lean) -> int:
        """Take the outputs of a Lean after each sample; return SWAY, CAUTION or NOTHING."""
        values = self._values
        while self._stood < _STEP_HZ:
            self._stood += 1
            self.memory.step(values)
        rate_ddps = move(self._state, lean.state, values, self._left)
        self._due -= 1
        if self._due:
            return NOTHING
        self._due = self._every
        score = self.memory.step(values)
        if (values[SOON] < _LEANING_DDEG or rate_ddps <= 0) and values[DROP] < _DROPPING_MM_S:
            return NOTHING
        state = self.arming.state(self.motion)
        return self.judge(score, state) if self.arming.armed(state) else NOTHING

    def judge(self, score: int, state: int) -> int:
        """Judge a score in an armed state; return SWAY, CAUTION or NOTHING."""
        if score >= self._warning + STATES[state][3]:
            self.arming.warned()
            self._left[CAUTION_LEFT] = self._caution_wait
            return self._tell(SWAY)
        if score >= self._caution + STATES[state][4] and not self._left[CAUTION_LEFT]:
            self._left[CAUTION_LEFT] = self._caution_wait
            return self._tell(CAUTION)
        return NOTHING

    def _tell(self, code) -> int:
        self.lean_ddeg = self._values[LEAN]
        self.rate_ddps = self.motion.rate_ddps
        return code
