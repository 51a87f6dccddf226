"""Button: what a press means, told by its length and by whether another one follows."""

import asyncio
import time

from ...core import button
from ...core.compat import const
from ..signals import PinFlag

_POLL_MS = const(20)  # outlasts a contact's bounce


class Presses:
    """What the wearer says with the button, passed on to the session."""

    def __init__(self, is_down, keeper, running):
        """is_down: returns whether the button is down.  keeper: SessionKeeper.  running: to be calibrated."""
        self.pressed = PinFlag()
        self.busy = False  # amid a word
        self.is_down = is_down
        self._running = running
        self._keeper = keeper
        self._button = button.Button(3 if keeper.takes_direction else 2)

    async def run(self) -> None:
        """Obey every word; between words only the interrupt wakes this task."""
        while True:
            await self.pressed.wait()
            at_ms = time.ticks_ms()
            self.busy = True
            while self.busy:
                await asyncio.sleep_ms(_POLL_MS)
                now_ms = time.ticks_ms()
                self.busy = self._listen(time.ticks_diff(now_ms, at_ms))
                at_ms = now_ms

    def _listen(self, elapsed_ms):
        was_down = self._button.down
        word = self._button.feed(self.is_down(), elapsed_ms)
        alarm = self._keeper.alarm
        if alarm and self._button.down and not was_down and alarm.press():
            self._button.ignore()
        elif word:
            self._obey(word)
        return self._button.busy

    def _obey(self, word):
        keeper = self._keeper
        if word == button.HOLD and keeper.running:
            keeper.end()
        elif word == button.HOLD:
            keeper.begin()
        elif word == button.TRIPLE:
            keeper.turn()
        elif word == button.TAP_HOLD:
            from .calibrating import begin_or_cancel

            begin_or_cancel(self._running)
        elif word == button.TAP or not (keeper.wake() or keeper.snooze()):
            keeper.mark()
