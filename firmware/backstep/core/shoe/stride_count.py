"""When strides become steps: two are held back, the third gives all of them."""

from ..compat import const

_HELD = const(2)
_STEPS = const(2)  # one instrumented foot: each stride is two steps
_PAUSE_S = const(5)


class StepCount:
    """Turns strides into counted steps; a lone movement of the foot counts for nothing."""

    def __init__(self, rate_hz: int):
        self._pause = _PAUSE_S * rate_hz
        self.restart()

    def restart(self) -> None:
        """Hold the next strides back again."""
        self._run = 0
        self._last = 0

    def stride(self, contact: int) -> int:
        """Return the steps that a stride with its contact at this sample adds."""
        if self._run and contact - self._last > self._pause:
            self._run = 0
        self._last = contact
        if self._run > _HELD:
            return _STEPS
        self._run += 1
        return 0 if self._run <= _HELD else _STEPS * (_HELD + 1)
