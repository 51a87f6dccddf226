"""When a sway may be warned of: the states of the belt's detector, as a table."""

from array import array

from ..compat import const
from .sway_motion import LEFT, LIVELY, UPRIGHT

_RUNNING_MG = const(330)  # mean vertical acceleration: above a walk's, below a run's
_UPRIGHT_Q14 = const(9830)  # cos 53 deg: who lies or hangs further over cannot sway

CAUTION_LEFT = const(3)  # of what is counted down; until the next caution
_GAIT_LEFT = const(0)
_WAIT_LEFT = const(1)
_SNOOZE_LEFT = const(2)

_SETTLING = const(0)
_SNOOZED = const(1)
_WARNED = const(2)
_DOWN = const(3)
_RUNNING = const(4)
_WALKING = const(5)
_UPRIGHT = const(6)

# (name, armed with sway_arming "gait", with "always", more score a warning takes, a caution); the first that holds
# Stairs drop a trunk as falls do; and of a slip in gait the warning has time to spare, sitting down it has not.
STATES = (
    ("settling", 0, 0, 0, 0),
    ("snoozed", 0, 0, 0, 0),
    ("warned", 0, 0, 0, 0),
    ("down", 0, 0, 0, 0),
    ("running", 1, 1, 16, 16),
    ("walking", 1, 1, 16, 0),
    ("upright", 0, 1, 0, 0),
)


class Arming:
    """Knows the state, by what is left of gait, refractory time and snooze."""

    def __init__(self, rate_hz: int, always: bool, recent_s: int, refractory_s: int):
        """rate_hz: [Hz].  always: setting sway_arming.  recent_s: gait counts as recent so long after a step [s].
        refractory_s: from one warning to the next at least [s].
        """
        self._rate_hz = rate_hz
        self._recent = recent_s * rate_hz
        self._refractory = refractory_s * rate_hz
        self._column = 2 if always else 1
        self.left = array("i", bytearray(4 * LEFT))  # samples; counted down as Motion is fed

    def step(self) -> None:
        """Gait is recent."""
        self.left[_GAIT_LEFT] = self._recent

    def warned(self) -> None:
        """The refractory time begins."""
        self.left[_WAIT_LEFT] = self._refractory

    def snooze(self, seconds: int) -> None:
        """Be silent for so long [s], up to a day; 0 ends it."""
        self.left[_SNOOZE_LEFT] = seconds * self._rate_hz

    def state(self, motion) -> int:
        """Return the number of the state in STATES, by a Motion."""
        if not motion.settled:
            return _SETTLING
        if self.left[_SNOOZE_LEFT]:
            return _SNOOZED
        if self.left[_WAIT_LEFT]:
            return _WARNED
        if motion.values[UPRIGHT] < _UPRIGHT_Q14:
            return _DOWN
        if not self.left[_GAIT_LEFT]:
            return _UPRIGHT
        return _RUNNING if motion.values[LIVELY] > _RUNNING_MG else _WALKING

    def armed(self, state: int) -> bool:
        """Return whether this state warns under the setting."""
        return STATES[state][self._column] != 0
