"""Zero-velocity stance detection that adapts to the gait.

A foot at rest turns slowly and feels only gravity. The motion's mean over a short window is set against the
swing before it: walking falls to true rest, running to a minimum far below the swing's peak.
(Skog et al., Zero-velocity detection, IEEE Trans. Biomed. Eng. 57(11), 2010: angular rate energy and
magnitude tests; adaptive threshold by gait speed: Wahlstrom & Skog, IEEE Sensors 21(1), 2021.)
"""

from array import array

from ..compat import const
from ..fixed import samples
from .strapdown import speed2_of

MOVING = const(0)
MARK = const(1)  # the quietest moment of this stance so far
CLOSE = const(2)  # the mark stands: the stride ended there
REST = const(3)  # at rest, long enough to be sure
LEAVE = const(4)  # the first sample after rest
WAIT = const(5)  # a mark stands, unless a quieter moment follows

_WINDOW_MS = const(40)
_HOLD_MS = const(40)
_SURE_MS = const(80)  # quiet this long is stance, whatever the integrated speed says
_PATIENCE_MS = const(120)  # from a first low to the stance's quietest moment
_REST_AMPLITUDE = const(160)  # 0.1 deg/s, or mg
_QUIET_AMPLITUDE = const(400)
_LOW_AMPLITUDE = const(800)
_LOW_RATIO = const(8)  # swing's peak over stance, in amplitude: with a slow foot a stance
_QUIET_RATIO = const(16)  # with any foot
_JOLT_AMPLITUDE = const(2500)  # a contact, in running
_SWING_MM_S = const(1000)  # a swing is faster
_SLOW = const(9)  # speed^2 at stance below the swing's highest by this
_BELIED = const(4)  # energy at the last mark above this moment's by this
_SWINGS = const(4)  # and in the next swing above it by this


class Stance:
    """Finds the moments of zero velocity in a stream of motion energies."""

    def __init__(self, rate_hz: int):
        window = max(4, samples(_WINDOW_MS, rate_hz))
        self._recent = array("i", bytearray(4 * window))
        self._calm_recent = array("i", bytearray(4 * window))
        self._window = window
        self._rest = window * (_REST_AMPLITUDE // 4) * (_REST_AMPLITUDE // 4)
        self._quiet_cap = window * (_QUIET_AMPLITUDE // 4) * (_QUIET_AMPLITUDE // 4)
        self._low_cap = window * (_LOW_AMPLITUDE // 4) * (_LOW_AMPLITUDE // 4)
        self._hold = samples(_HOLD_MS, rate_hz)
        self._sure = samples(_SURE_MS, rate_hz)
        self._patience = samples(_PATIENCE_MS, rate_hz)
        self._jolt = (_JOLT_AMPLITUDE // 4) * (_JOLT_AMPLITUDE // 4)
        self._swing = speed2_of(_SWING_MM_S, rate_hz)
        self._at = 0
        self.restart()

    def restart(self) -> None:
        """Begin in motion, knowing nothing."""
        for i in range(self._window):
            self._recent[i] = self._calm_recent[i] = 1 << 24
        self._energy = self._calm = self._window << 24
        self._state = MOVING
        self._peak = self._top = self._least = self._waited = self._resting = self._quiet = self._landed = 0
        self._mark_calm = self._last_calm = 0  # _landed: 1 after a contact, 2 with a mark after it

    def feed(self, motion2: int, calm2: int, speed2: int) -> int:
        """Take one sample's motion energy and squared speed; return what the foot does."""
        i = self._at
        self._at = i + 1 if i + 1 < self._window else 0
        energy = self._energy + motion2 - self._recent[i]
        self._energy = energy
        self._recent[i] = motion2
        calm = self._calm + calm2 - self._calm_recent[i]
        self._calm = calm
        self._calm_recent[i] = calm2
        if calm < self._rest:
            self._resting += 1
            if self._state == REST:
                return REST
        else:
            self._resting = 0
        if self._state == MOVING:
            return self._moving(energy, calm, motion2, speed2)
        if self._state == MARK:
            return self._marking(energy, calm)
        self._leave(energy)
        return LEAVE

    def _moving(self, energy, calm, motion2, speed2) -> int:
        if energy > self._peak:
            self._peak = energy
        if speed2 > self._top:
            self._top = speed2
        peak = self._peak
        quiet = peak // (_QUIET_RATIO * _QUIET_RATIO)
        quiet = self._rest if quiet < self._rest else self._quiet_cap if quiet > self._quiet_cap else quiet
        self._quiet = self._quiet + 1 if calm < quiet else 0
        if self._quiet < self._sure:
            if speed2 * _SLOW > self._top and not self._belied(calm):
                return self._fast(speed2)
            low = peak // (_LOW_RATIO * _LOW_RATIO)
            low = self._rest if low < self._rest else self._low_cap if low > self._low_cap else low
            if energy >= low and not self._belied(calm):
                return self._rolling(energy, calm, motion2)
        self._state = MARK
        self._waited = 0
        self._least = energy
        self._mark_calm = calm
        return MARK

    def _belied(self, calm) -> bool:
        """True when the foot is far calmer than at its last mark: that was no rest, and so this is not fast."""
        return calm < self._low_cap and calm * _BELIED < self._last_calm

    def _fast(self, speed2) -> int:
        """The foot moves; if it was slow after a contact without a rest, and now swings, that was the stance."""
        if self._landed and speed2 * _SWINGS > self._top:
            landed = self._landed
            self._landed = 0
            if landed > 1:
                self._leave(self._peak)
                return CLOSE
        return MOVING

    def _rolling(self, energy, calm, motion2) -> int:
        """The foot is slow but not at rest: the quietest moment after a contact is the best there may be."""
        if not self._landed:
            if motion2 > self._jolt and self._top > self._swing:
                self._landed = 1
                self._least = energy
        elif energy < self._least:
            self._landed = 2
            self._least = energy
            self._mark_calm = calm
            return MARK
        return MOVING

    def _marking(self, energy, calm) -> int:
        if self._resting >= self._hold:
            self._state = REST
            return CLOSE
        if energy < self._least:
            self._least = energy
            self._mark_calm = calm
            self._waited = 0
            return MARK
        self._waited += 1
        if self._waited > self._patience:
            self._leave(energy)
            return CLOSE
        return WAIT

    def _leave(self, energy) -> None:
        self._state = MOVING
        self._peak = energy
        self._top = self._landed = 0
        self._last_calm = self._mark_calm
