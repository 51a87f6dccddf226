"""Zero-velocity stance detection that adapts to the gait.

A foot at rest turns slowly and feels only gravity. The motion's mean over a short window is set against the
swing before it: walking falls to true rest, running to a minimum far below the swing's peak.
(Skog et al., Zero-velocity detection, IEEE Trans. Biomed. Eng. 57(11), 2010: angular rate energy and
magnitude tests; adaptive threshold by gait speed: Wahlstrom & Skog, IEEE Sensors 21(1), 2021.)
"""

from array import array

from ..compat import const
from ..fixed import samples
from .stance_kernel import (
    CALM,
    ENERGY,
    HOLD,
    JOLT,
    LOW_CAP,
    MARK_CALM,
    PATIENCE,
    QUIET_CAP,
    RECENT,
    REST_CAP,
    SURE,
    SWING,
    WINDOW,
)  # fmt: skip
from .strapdown import speed2_of

_WINDOW_MS = const(40)
_HOLD_MS = const(40)
_SURE_MS = const(80)  # quiet this long is stance, whatever the integrated speed says
_PATIENCE_MS = const(120)  # from a first low to the stance's quietest moment
_REST_AMPLITUDE = const(160)  # 0.1 deg/s, or mg
_QUIET_AMPLITUDE = const(400)
_LOW_AMPLITUDE = const(800)
_JOLT_AMPLITUDE = const(2500)  # a contact, in running
_SWING_MM_S = const(1000)  # a swing is faster


class Stance:
    """Finds the moments of zero velocity in a stream of motion energies; `state` is the kernel's."""

    def __init__(self, rate_hz: int):
        window = max(4, samples(_WINDOW_MS, rate_hz))
        state = self.state = array("i", bytearray(4 * (RECENT + 2 * window)))
        state[WINDOW] = window
        state[REST_CAP] = window * (_REST_AMPLITUDE // 4) * (_REST_AMPLITUDE // 4)
        state[QUIET_CAP] = window * (_QUIET_AMPLITUDE // 4) * (_QUIET_AMPLITUDE // 4)
        state[LOW_CAP] = window * (_LOW_AMPLITUDE // 4) * (_LOW_AMPLITUDE // 4)
        state[HOLD] = samples(_HOLD_MS, rate_hz)
        state[SURE] = samples(_SURE_MS, rate_hz)
        state[PATIENCE] = samples(_PATIENCE_MS, rate_hz)
        state[JOLT] = (_JOLT_AMPLITUDE // 4) * (_JOLT_AMPLITUDE // 4)
        state[SWING] = speed2_of(_SWING_MM_S, rate_hz)
        self.restart()

    def restart(self) -> None:
        """Begin in motion, knowing nothing."""
        state = self.state
        window = state[WINDOW]
        for i in range(WINDOW + 1, REST_CAP):
            state[i] = 0
        for i in range(RECENT, RECENT + 2 * window):
            state[i] = 1 << 24
        state[ENERGY] = state[CALM] = window << 24
        self._begun_calm = state[CALM]
        self._anew = True

    def begin(self) -> None:
        """A stride begins at the mark."""
        self._begun_calm = self.state[MARK_CALM]
        if self._begun_calm <= self.state[REST_CAP]:
            self._anew = False

    def sound(self, gap: bool) -> bool:
        """Return whether the stride up to the mark may lie between two stances.

        gap: lost samples lie in it, and its ends have to be rest; a runner's never are. Until the first rest after
        all began anew a swing may be taken for a stance: then its ends may be no louder than any stance is.
        """
        state = self.state
        calm = max(self._begun_calm, state[MARK_CALM])
        return calm <= state[REST_CAP] or not gap and not (self._anew and calm > state[LOW_CAP])
