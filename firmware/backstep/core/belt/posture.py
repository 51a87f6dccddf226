"""How a walker's trunk is held: its mean lean, and a word when that is outside the wanted band for long.

The lean is that of the pod's own axes against the vertical, + bent forward: a pod that sits askew and is not
calibrated shifts it by as much (recorded walks of 34 people are between 12 deg back and 28 deg forward).
"""

from ..compat import const

_AVERAGED = const(4)  # seconds of walking: three strides and more
_AGAIN_S = const(30)  # from one word to the next
_WARNED_S = const(10)  # from a warning of a sway to a word


class Posture:
    """Feed it the lean of some samples; it minds those of walking only, and counts seconds by them.

    lean_ddeg: the mean, over about the last four seconds of walking [0.1 deg].  seconds: how long it has been
    outside the band [s].
    """

    def __init__(self, rate_hz: int, settings: dict):
        """rate_hz: rate at which feed is called [Hz].  settings: from settings.check, posture_s not 0."""
        self._rate_hz = rate_hz
        self._low = 10 * settings["posture_low_deg"]
        self._high = 10 * settings["posture_high_deg"]
        self._patience = settings["posture_s"]
        self._wait = 0
        self.restart()

    def restart(self) -> None:
        """Forget the walk so far."""
        self.lean_ddeg = self.seconds = 0
        self._sum = self._count = self._averaged = self._mean = 0

    def hold(self) -> None:
        """A sway is warned of: say nothing for a while, and begin anew."""
        self.restart()
        self._wait = max(self._wait, _WARNED_S)

    def feed(self, back_ddeg, walking) -> bool:
        """Take a backward lean of Lean [0.1 deg], and whether it is of a walk; return whether to tell now."""
        if not walking:
            if self._averaged or self._count:
                self.restart()
            return False
        self._sum -= back_ddeg
        self._count += 1
        return self._count == self._rate_hz and self._second()

    def _second(self) -> bool:
        if self._averaged < _AVERAGED:
            self._averaged += 1
        self._mean += ((self._sum << 4) // self._count - self._mean) // self._averaged
        self._sum = self._count = 0
        self.lean_ddeg = self._mean >> 4
        if self._wait:
            self._wait -= 1
        if self._low <= self.lean_ddeg <= self._high:
            self.seconds = 0
            return False
        self.seconds += 1
        if self.seconds < self._patience or self._wait:
            return False
        self._wait = _AGAIN_S
        return True
