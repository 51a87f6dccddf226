"""Console: what the pod tells a person or a program at its USB port while it runs, and what it can be told."""

import asyncio
import json

from ..core import events
from ..core.compat import const
from . import report
from .lines import each_line

_SHOWN = const(40)
_PERIOD_MS = const(1000)


class Console:
    """Turns events, buzzes and commands into lines; a human status line, or JSON lines of events."""

    def __init__(self, writer, reader, keeper, health, faults, detecting, sampling):
        """Take the tasks it tells of.

        writer: Writer.  reader: asyncio stream with readinto.
        """
        self._writer = writer
        self._reader = reader
        self._keeper = keeper
        self._health = health
        self._faults = faults
        self._detecting = detecting
        self._sampling = sampling
        self._as_json = writer.as_json  # one JSON line an event instead of a status line a second
        self._commands = (
            ("help", self._help, "this list"),
            ("status", self._status, "one status line now"),
            ("stop", self._stop, "end the session and leave to the REPL (so does Ctrl-C)"),
        )

    async def listen(self) -> None:
        """Obey the lines that come in."""
        await each_line(self._reader, self.obey, self._wrong)

    async def tick(self) -> None:
        """Tell where we are, once a second."""
        while True:
            await asyncio.sleep_ms(_PERIOD_MS)
            self._keeper.tell_time()
            if not self._as_json and not self._health.stopping:
                self._status()

    def obey(self, line: str) -> None:
        """Carry out one command; anything unknown gets one line and changes nothing."""
        for name, action, _ in self._commands:
            if line == name:
                action()
                return
        shown = line if len(line) <= _SHOWN else line[:_SHOWN] + "..."
        self._wrong("unknown command %r, try help" % shown)

    def event(self, code: int, sample: int, fields) -> None:
        """Tell an event of the detector."""
        if self._as_json:
            self._put(events.decode(code, sample, fields))
        elif code == events.SWAY:
            self._writer.say("SWAY: leaning back %.1f deg, %.0f deg/s" % (fields[0] / 10, fields[1] / 10))
        elif code == events.FALL:
            self._writer.say("FALL: impact of %.1f g" % (fields[0] / 1000))
        elif code == events.GAP:
            self._writer.say("gap: %d samples missing" % fields[0])

    def buzz(self, pattern: str, length_ms: int, level: int) -> None:
        """Tell that a pattern has started.  length_ms: [ms].  level: its strongest, 0..127."""
        if self._as_json:
            sample = self._detecting.samples
            self._put({"event": "buzz", "sample": sample, "pattern": pattern, "ms": length_ms, "level": level})
        else:
            self._writer.say("buzz: %s" % pattern)

    def summary(self) -> None:
        """Tell what the session came to."""
        found = report.figures("summary", self._detecting, *self._state())
        if self._as_json:
            self._put(found)
            return
        for line in report.summary_lines(found):
            self._writer.say(line)

    def _state(self):
        return self._keeper, self._health, self._faults, self._sampling.well

    def _put(self, event):
        self._writer.put(json.dumps(event))

    def _wrong(self, why):
        if self._as_json:
            self._put({"event": "error", "text": why})
        else:
            self._writer.say("error: " + why)

    def _help(self):
        for name, _, text in self._commands:
            self._writer.say("%-8s%s" % (name, text))

    def _status(self):
        if self._as_json:
            self._put(report.figures("status", self._detecting, *self._state()))
        else:
            self._writer.put(report.status_line(*self._state()))

    def _stop(self):
        self._keeper.end()
        self._health.stopping = True
