"""Session: counts what detecting finds, cues milestones, starts and stops with the button."""

import asyncio

from ..core import events
from ..core.compat import const
from ..core.session import Session
from .faults import ignore
from .signals import PinFlag

_DEBOUNCE_MS = const(300)


class SessionKeeper:
    """The session that runs, or the last one that ended."""

    def __init__(self, queue, detecting, rate_hz: int, cue_every_steps: int, cue):
        """Take the parts.

        queue: EventQueue.  detecting: knows how many samples there were.  rate_hz: [Hz].
        cue_every_steps: backward steps between two cues, 0 = none.  cue: plays a pattern by name.
        """
        self.counts = Session(rate_hz)
        self.running = False
        self.report = ignore  # called with (event code, sample, fields), session or not
        self.alarm = None  # the fall alarm, which a press ends before it means anything else
        self.sum_up = ignore  # called once for each session, after its end
        self._queue = queue
        self._detecting = detecting
        self._rate_hz = rate_hz
        self._every_steps = cue_every_steps
        self._cue = cue
        self._from_sample = 0
        self._to_sample = 0
        self._untold = False
        self.pressed = PinFlag()

    @property
    def seconds(self) -> int:
        """Length of the session so far [s], by the sensor's samples."""
        until = self._detecting.samples if self.running else self._to_sample
        return (until - self._from_sample) // self._rate_hz

    def begin(self) -> None:
        """Start counting from zero."""
        self.counts = Session(self._rate_hz)
        self._from_sample = self._detecting.samples
        self.running = True
        self._cue("start")

    def end(self) -> None:
        """Stop counting; nothing when no session runs."""
        if not self.running:
            return
        self._count_waiting()
        self._to_sample = self._detecting.samples
        self.running = False
        self._untold = True
        self._cue("stop")

    def tell_sum(self) -> None:
        """Tell what the session that ended came to, once."""
        if self._untold:
            self._untold = False
            self.sum_up()

    async def run(self) -> None:
        """Count every event as it comes."""
        posted = self._queue.posted
        while True:
            await posted.wait()
            posted.clear()
            self._count_waiting()

    async def watch_button(self) -> None:
        """End the session at a press, begin a new one at the next."""
        while True:
            await self.pressed.wait()
            if self.alarm and self.alarm.press():
                pass
            elif self.running:
                self.end()
            else:
                self.begin()
            await asyncio.sleep_ms(_DEBOUNCE_MS)
            self.tell_sum()
            self.pressed.clear()

    def tell_time(self) -> None:
        """Let the cadence run out when no step comes."""
        self.counts.pause(self._detecting.samples)

    def _count_waiting(self):
        queue = self._queue
        while True:
            code = queue.take()
            if not code:
                return
            if self.alarm:
                self.alarm.hear(code)
            if self.running:
                self._count(code, queue.fields)
            if events.SLIDE <= code <= events.RECOVERY:
                self._cue("foot")
            self.report(code, queue.sample, queue.fields)

    def _count(self, code, fields):
        before = self.counts.backward
        self.counts.add(code, fields)
        every = self._every_steps
        if every and self.counts.backward // every > before // every:
            self._cue("milestone")
