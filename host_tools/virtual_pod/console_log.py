"""What a running pod says on its console, taken apart: events, buzzes, notes, the summary."""

import json
from collections.abc import Callable

from backstep.core import event_names, events
from backstep.core.training.session import Session

from host_tools.event_words import DETECTED, coded

BANNER_WORDS = ("MicroPython v", 'Type "help()"')  # the REPL's, when the app has ended
_NO_MEMORY = "MemoryError: "  # of a heap that has no room for a traceback either
CRASH_WORDS = ("stopped by an error", "Traceback (most recent call last)", "given up after")


class ConsoleLog:
    """Collects a pod's console with console_events 1.

    rate_hz: of the pod's samples.  on_line: called with each line as a dict, {"text": line} if it is no JSON.
    """

    def __init__(self, rate_hz: int, on_line: Callable[[dict], None] | None = None):
        self.found: list[dict] = []  # events of the detector, in pod samples
        self.buzzes: list[dict] = []
        self.notes: list[str] = []
        self.summary: dict = {}
        self.counts = Session(rate_hz)
        self.crash: list[str] = []
        self.alarming = False  # a fall's countdown or alarm runs: a press would end that first
        self._on_line = on_line
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take what came from the console."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for raw in lines:
            line = raw.decode("utf-8", "replace").strip()
            if line:
                self._take(line)

    def _take(self, line: str) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            said = {"text": line}
        if not isinstance(said, dict):
            said = {"text": line}
        name = said.get("event")
        if name in DETECTED:
            self._count(said)
        elif name == "buzz":
            self.buzzes.append(said)
        elif name == "summary":
            self.summary = said
        elif "text" in said:
            self._note(said["text"])
        if self._on_line:
            self._on_line(said)

    def _note(self, text: str) -> None:
        self.notes.append(text)
        if text.startswith(BANNER_WORDS):
            return
        if self.crash or text.startswith(_NO_MEMORY) or any(words in text for words in CRASH_WORDS):
            self.crash.append(text)

    def _count(self, event: dict) -> None:
        code, fields = coded(event)
        self.found.append(event_names.decode(code, event["sample"], fields))  # in the order of CPython's dicts
        self.counts.add(code, fields)
        if code in (events.FALL, events.FALL_ALARM, events.FALL_OVER):
            self.alarming = code != events.FALL_OVER
        self.counts.pause(event["sample"])
