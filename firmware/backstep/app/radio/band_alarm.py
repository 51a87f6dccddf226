"""The fall alarm of a band: a press at any of its pods ends it at all of them."""

import time

from ...core.compat import const
from ...core.radio import band_words as words

_REPEATED_MS = const(5000)  # an alarm plays its pattern twice as often
_PATTERNS = "fall_countdown", "fall_alarm"


class BandAlarm:
    """Stands where the pod's own Alarm stood, and passes on what is that one's.

    hear(code), on, press(): as of Alarm.
    """

    def __init__(self, band, own, notifying):
        """band: Band.  own: Alarm, None where this pod has none.  notifying: Notifying."""
        self._band = band
        self._own = own
        self._notifying = notifying
        self._is_theirs = False
        self._heard_ms = time.ticks_ms()

    @property
    def on(self) -> bool:
        """Whether a countdown or an alarm goes on, here or at another pod."""
        return self._own is not None and self._own.on or self._is_near()

    def hear(self, code: int) -> None:
        """Take the code of an event of this pod."""
        if self._own:
            self._own.hear(code)

    def press(self) -> bool:
        """End countdown and alarm everywhere; False when there is neither, and the press means something else.

        A spotter's press ends what buzzes there, and nobody else's alarm.
        """
        near, own = self._is_near(), self._own is not None and self._own.press()
        if not (near or own):
            return False
        self.over()
        if not self._band.spots:
            self._band.order(words.PRESS)
        return True

    def obey(self) -> None:
        """End it: somebody pressed at another pod."""
        if self._own:
            self._own.press()
        self.over()

    def elsewhere(self) -> None:
        """Take note that another pod plays its countdown or alarm."""
        self._is_theirs = True
        self._heard_ms = time.ticks_ms()

    def over(self) -> None:
        """Be silent about another pod's fall."""
        self._is_theirs = False
        if not (self._own and self._own.on):
            for name in _PATTERNS:
                self._notifying.hush(name)

    def _is_near(self):
        return self._is_theirs and time.ticks_diff(time.ticks_ms(), self._heard_ms) < _REPEATED_MS
