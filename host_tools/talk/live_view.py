"""What `backstep live` shows: where the pod is and what happened last, in lines or as a view that stands."""

import textwrap
import time
from collections.abc import Callable
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from host_tools.errors import UserError
from host_tools.event_words import worth_telling
from host_tools.talk.client import Client
from host_tools.talk.status import battery, span, training, worn
from host_tools.talk.sway_bars import SwayBars

WIDE = 60  # columns from which two tables stand beside each other
KEPT_LINES = 50
_FIXED_LINES = 15  # of the view, beside what happened last and the bars of a belt
_FEWEST_LINES = 3
# key: what is asked of the pod, with what, what is said then, the word for it
KEYS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "m": ("mark", {}, "marked", "mark"),
    "l": ("lap", {}, "the next lap begins", "lap"),
    "b": ("buzz", {"pattern": "start"}, "buzzes", "buzz"),
    "s": ("snooze", {}, "no sway is warned of for a while", "snooze"),
}
_ALARMING = ("SWAY", "FALL")


class View:
    """Holds what is known of a pod and tells it.

    who: of hello.  now: the last status, {} before the first.  answers: whether the pod did when asked last.
    bars: of sways, None where none is ever warned of.  on_line: called with each line about what happened.
    """

    def __init__(
        self, who: dict, bars: SwayBars | None = None, on_line: Callable[[str], None] = lambda line: None
    ):
        self.who = who
        self.bars = bars
        self.now: dict = {}
        self.answers = True
        self.lines: list[str] = []
        self._on_line = on_line

    def take(self, event: dict) -> None:
        """Take an event of the pod."""
        if self.bars:
            self.bars.take(event)
        words = worth_telling(event) if "event" in event else ""
        if words:
            self.tell(words)

    def tell(self, words: str) -> None:
        """Tell that something happened just now."""
        line = f"{time.strftime('%H:%M:%S')}  {words}"
        self.lines = [*self.lines[1 - KEPT_LINES :], line]
        self._on_line(line)

    def obey(self, pod: Client, key: str) -> None:
        """Ask of the pod what a key stands for; others do nothing."""
        if key not in KEYS:
            return
        do, arguments, said, _ = KEYS[key]
        try:
            pod.ask(do, **arguments)
            self.tell(said)
        except UserError as error:
            self.tell(str(error).removeprefix(f"{pod.port}: "))

    def where(self) -> str:
        """Return where the pod is, in a line."""
        if not self.answers:
            return "the pod does not answer just now"
        now = self.now
        steps = f"{now['backward']} backward, {now['forward']} forward, {now['other']} other"
        return "  ".join(filter(None, (steps, *_pace(now), "" if now["running"] else "no session runs")))

    def shown(self, width: int, height: int, with_keys: bool) -> Group:
        """Return the view for a terminal of this size.  with_keys: whether any are heard."""
        head = Text(f"{self.who['name']}: {self.who.get('board', '')}", "bold", no_wrap=True)
        if not self.now:
            return Group(head, Text("waits for the pod"))
        now = self.now
        lines: list[RenderableType] = [head, *self._state(width), Text(), self._tables(width), Text()]
        bars = [*self.bars.lines(width, now.get("lean_ddeg")), Text()] if self.bars else []
        lines += bars
        remarks = self._remarks()
        lines += [Text(line, _style(line), overflow="fold") for line in remarks]
        taken = _FIXED_LINES + len(bars) + sum(-(-len(line) // width) for line in remarks)
        room = max(_FEWEST_LINES, height - taken)
        recent = [part for line in self.lines[-room:] for part in _folded(line, width)][-room:]
        lines += [Text(part, _style(part), no_wrap=True) for part in recent]
        lines += [Text()] * (_FEWEST_LINES - len(recent))
        words = "  ".join(f"{key} {row[3]}" for key, row in KEYS.items()) + "  q quit"
        return Group(*lines, Text(words if with_keys else "Ctrl-C ends", "dim", no_wrap=True))

    def _state(self, width: int) -> list[Text]:
        now = self.now
        state = f"session runs for {span(now['seconds'])}" if now["running"] else "no session runs"
        words = [state, f"battery: {battery(now['battery_mv'])}"]
        words += [] if self.answers else ["NO ANSWER just now"]
        return [Text(line, no_wrap=True) for line in (words if width < WIDE else ["; ".join(words)])]

    def _tables(self, width: int) -> Table:
        now = self.now
        pace, way, grade = _pace(now) if now["cadence_spm"] else ("0/min", "standing", "")
        counts = [(name, str(now[name])) for name in ("backward", "forward", "other")]
        course = [("cadence", pace), ("direction", way), ("grade", grade or "-")]  # "-": no level to go by
        warned = [(name, str(now[name])) for name in ("sways", "falls", "marks")]
        if width < WIDE:
            return _columns([counts + course + warned])
        return _columns([counts, course, warned])

    def _remarks(self) -> list[str]:
        now = self.now
        found = [worn(self.who | now), *(training(now) if "day_counts" in now else ())]
        if now["snoozed_s"]:
            found.append(f"snoozed for {span(now['snoozed_s'])}")
        trouble = [f"{name} {count}" for name, count in now["faults"].items()]
        trouble += [f"{name} DOWN" for name in now["tasks_lost"]] + ["IMU DOWN"] * (now["imu"] != "running")
        return [*found, f"faults: {', '.join(trouble)}"] if trouble else found


def _pace(now: dict) -> tuple[str, str, str]:
    """Return cadence, direction and grade of a pod that walks."""
    if not now["cadence_spm"]:
        return "", "standing", ""
    is_level = now.get("level", now["calibrated_day"])  # older firmware tells the day alone
    grade = f"{now['grade_permille'] / 10:+.1f} %" if now["strides"] and is_level else ""
    return f"{now['cadence_spm']}/min", now["direction"], grade


def _columns(blocks: list[list[tuple[str, str]]]) -> Table:
    """Return blocks of (name, value) rows beside each other, with numbers that stay in their place."""
    columns = [part for _ in blocks for part in (Column(no_wrap=True), Column(no_wrap=True, min_width=8))]
    table = Table(*columns, box=None, show_header=False, padding=(0, 2, 0, 0))
    for rows in zip(*blocks, strict=True):
        table.add_row(*[cell for name, value in rows for cell in (name, Text(value, "bold"))])
    return table


def _folded(line: str, width: int) -> list[str]:
    """Return a line in pieces that fit: what a pod refuses is told to its end."""
    return textwrap.wrap(line, max(20, width), subsequent_indent=" " * 10)


def _style(line: str) -> str:
    return "bold red" if any(word in line for word in _ALARMING) else ""
