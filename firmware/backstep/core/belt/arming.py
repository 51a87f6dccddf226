"""When a sway may be warned of: the states of the belt's detector, as a table."""

from ..compat import const
from .sway_motion import LIVELY, UPRIGHT

_RUNNING_MG = const(330)  # mean vertical acceleration: above a walk's, below a run's
_UPRIGHT_Q14 = const(9830)  # cos 53 deg: who lies or hangs further over cannot sway

_SETTLING = const(0)
_SNOOZED = const(1)
_WARNED = const(2)
_DOWN = const(3)
_RUNNING = const(4)
_WALKING = const(5)
_UPRIGHT = const(6)

# (name, armed with sway_arming "gait", with "always", more score it takes); the first that holds
STATES = (
    ("settling", 0, 0, 0),
    ("snoozed", 0, 0, 0),
    ("warned", 0, 0, 0),
    ("down", 0, 0, 0),
    ("running", 1, 1, 16),
    ("walking", 1, 1, 0),
    ("upright", 0, 1, 0),
)


class Arming:
    """Knows the state; counts down gait, refractory time and snooze sample by sample."""

    def __init__(self, rate_hz: int, always: bool, recent_s: int, refractory_s: int):
        """rate_hz: [Hz].  always: setting sway_arming.  recent_s: gait counts as recent so long after a step [s].
        refractory_s: from one warning to the next at least [s].
        """
        self._rate_hz = rate_hz
        self._recent = recent_s * rate_hz
        self._refractory = refractory_s * rate_hz
        self._column = 2 if always else 1
        self._gait_left = self._wait_left = self._snooze_left = 0

    def tick(self) -> None:
        """One sample has passed."""
        if self._gait_left:
            self._gait_left -= 1
        if self._wait_left:
            self._wait_left -= 1
        if self._snooze_left:
            self._snooze_left -= 1

    def step(self) -> None:
        """Gait is recent."""
        self._gait_left = self._recent

    def warned(self) -> None:
        """The refractory time begins."""
        self._wait_left = self._refractory

    def snooze(self, seconds: int) -> None:
        """Be silent for so long [s], up to a day; 0 ends it."""
        self._snooze_left = seconds * self._rate_hz

    def state(self, motion) -> int:
        """Return the number of the state in STATES, by a Motion."""
        if not motion.settled:
            return _SETTLING
        if self._snooze_left:
            return _SNOOZED
        if self._wait_left:
            return _WARNED
        if motion.values[UPRIGHT] < _UPRIGHT_Q14:
            return _DOWN
        if not self._gait_left:
            return _UPRIGHT
        return _RUNNING if motion.values[LIVELY] > _RUNNING_MG else _WALKING

    def armed(self, state: int) -> bool:
        """Return whether this state warns under the setting."""
        return STATES[state][self._column] != 0
