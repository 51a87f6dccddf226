"""The last sure direction, which a stride that nobody could judge is taken to have while that is plausible."""

from ..compat import const
from ..events import BACKWARD, FORWARD, UNKNOWN

_STRIDES = const(2)  # so many in a row at most
_PAUSE_S = const(2)
_ALIKE = const(2)  # a stride of the same gait is no longer, and no shorter, by this


class LastDirection:
    """Takes every stride; guesses at those without a sure direction."""

    def __init__(self, rate_hz: int):
        self._pause = _PAUSE_S * rate_hz
        self.restart()

    def restart(self) -> None:
        """Nothing is known any more."""
        self._direction = UNKNOWN
        self._left = self._mm = self._contact = 0

    def sure(self, direction: int, stride_mm: int, contact: int) -> None:
        """Take a stride of a direction that is sure."""
        self._direction = direction if direction == FORWARD else BACKWARD if direction == BACKWARD else UNKNOWN
        self._left = _STRIDES
        self._mm = stride_mm
        self._contact = contact

    def guess(self, direction: int, stride_mm: int, contact: int) -> int:
        """Return the last sure direction for a stride like the last one that seems to go that way, else UNKNOWN.

        direction: what its displacement and its turn say, as far as that can be told.  contact: its sample.
        """
        like = self._mm <= stride_mm * _ALIKE and stride_mm <= self._mm * _ALIKE
        same_way = direction and direction == self._direction
        if not (same_way and self._left and like and contact - self._contact <= self._pause):
            return UNKNOWN
        self._left -= 1
        self._contact = contact
        return direction
