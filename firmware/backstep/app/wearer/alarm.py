"""The fall alarm as it is felt: the countdown's buzz, then the alarm's, until somebody presses or moves."""

import asyncio

from ...core import events
from ...core.compat import const

_REPEAT_MS = const(2400)  # the longer of the two patterns
_REPEATS_MAX = const(250)  # 10 min: who is near has heard it by then, and a buzz all night empties the battery
_COUNTDOWN = "fall_countdown"
_ALARM = "fall_alarm"


class Alarm:
    """Repeats a pattern from the event that begins it to the one that ends it."""

    def __init__(self, cancel, notifying):
        """cancel: ends the detector's countdown.  notifying: plays."""
        self._cancel = cancel
        self._notifying = notifying
        self._pattern = ""
        self._left = 0
        self._begun = asyncio.Event()

    @property
    def on(self) -> bool:
        """Whether a countdown or an alarm goes on."""
        return self._pattern != ""

    def hear(self, code: int) -> None:
        """Take the code of an event; all but those of a fall mean nothing here."""
        if code == events.FALL_OVER:
            self._end()
        elif code == events.FALL:
            self._begin(_COUNTDOWN)
        elif code == events.FALL_ALARM:
            self._begin(_ALARM)

    def press(self) -> bool:
        """End countdown and alarm; False when there is neither, and the press means something else."""
        if not self._pattern:
            return False
        self._cancel()
        self._end()
        return True

    async def run(self) -> None:
        """Play whenever there is something to play."""
        while True:
            await self._begun.wait()
            self._begun.clear()
            while self._pattern and self._left:
                self._left -= 1
                self._notifying.cue(self._pattern)
                await asyncio.sleep_ms(_REPEAT_MS)
            self._pattern = ""

    def _begin(self, pattern):
        self._pattern = pattern
        self._left = _REPEATS_MAX
        self._begun.set()

    def _end(self):
        if self._pattern:
            self._notifying.hush(self._pattern)
        self._pattern = ""
