"""The button's language: from a pin's level over time to the words that the wearer means."""

from .compat import const

NOTHING = const(0)
TAP = const(1)
DOUBLE = const(2)
HOLD = const(3)
TAP_HOLD = const(4)  # a tap, then a hold that begins as soon as a second tap would
TRIPLE = const(5)

_APART_MS = const(350)  # from one tap's end to the next one's begin; slower ones are two words
_HOLD_MS = const(1200)
_SPENT = const(-1)  # instead of a count of taps: the press under way has had its meaning


class Button:
    """Reads one word at a time; the caller brings the level and the time that has passed.

    down: the level last taken.  busy: a word is under way, feed every 50 ms or faster; else when it goes down.
    """

    def __init__(self, most: int = 2):
        """most: how many taps can be one word, 2 or 3; fewer of them are sure only when no other has followed."""
        self._most = most
        self.busy = False
        self.down = False
        self._taps = 0
        self._level_ms = 0

    def feed(self, down: bool, elapsed_ms: int) -> int:
        """Take the level `elapsed_ms` after the last one [ms]; return the word it completes, NOTHING for none.

        A hold is complete while the button is still down, as many taps as there can be with the last one.
        """
        word = NOTHING
        if down != self.down:
            self.down = down
            self._level_ms = 0
            if down:
                self._taps = max(0, self._taps)
            elif self._taps != _SPENT:
                self._taps += 1
            if self._taps == self._most:
                word = DOUBLE if self._most == 2 else TRIPLE
        elif self._taps != _SPENT:
            self._level_ms = min(_HOLD_MS, self._level_ms + elapsed_ms)
            if down and self._level_ms == _HOLD_MS:
                word = TAP_HOLD if self._taps == 1 else HOLD
            elif not down and self._taps > 0 and self._level_ms >= _APART_MS:
                word = TAP if self._taps == 1 else DOUBLE
        if word:
            self._taps = _SPENT
        self.busy = down or self._taps > 0
        return word

    def ignore(self) -> None:
        """Let the press under way mean nothing: it has served elsewhere."""
        self._taps = _SPENT
