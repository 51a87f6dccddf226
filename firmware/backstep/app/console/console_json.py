"""The console for a program: one line of JSON for each event, buzz and answer, nothing unasked besides."""

import json

from ..faults import ignore
from ..passing import once


class JsonLines:
    """Tells in JSON; events are exactly what event_names.decode returns."""

    def __init__(self, running):
        """running: Running, of a pod that senses."""
        from ...core.event_names import decode

        self._decode = decode
        self._writer = running.writer
        self._running = running
        self.second = ignore

    def event(self, code: int, sample: int, fields) -> None:
        """Tell an event of the detector."""
        self._put(self._decode(code, sample, fields))

    def buzz(self, pattern: str, length_ms: int, level: int) -> None:
        """Tell that a pattern has started.  length_ms: [ms].  level: its strongest, 0..127."""
        sample = self._running.sensing.detecting.samples
        self._put({"event": "buzz", "sample": sample, "pattern": pattern, "ms": length_ms, "level": level})

    def error(self, why: str) -> None:
        """Tell what was wrong with a line that came in."""
        self._put({"event": "error", "text": why})

    def status(self) -> None:
        """Tell all there is to say so far."""
        self._put_figures("status")

    def summary(self) -> None:
        """Tell what the session came to."""
        self._put_figures("summary")

    def _put_figures(self, name):
        from .report import figures

        self._put(once(figures, name, self._running))

    def _put(self, event):
        self._writer.put(json.dumps(event))
