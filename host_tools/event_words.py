"""What a pod's events say to a person, in the pod's own words."""

import json
from collections.abc import Iterable, Iterator

from backstep.app.console import console_lines, console_words
from backstep.core import event_names
from backstep.core.training.session import Session

DETECTED = tuple(event_names.row(code)[0] for code in range(1, event_names.CODES + 1))
# Told each in a line of its own; strides and steps are many, and a near fall is for the log.
_TOLD = (
    "fall", "fall_over", "fall_alarm", "slide", "catch", "toe_lift", "recovery", "mark", "posture", "goal",
    "dose_stop", "lap", "link",
)  # fmt: skip


def coded(event: dict) -> tuple[int, list[int]]:
    """Return an event's number and fields, as event_names.decode took them."""
    code = DETECTED.index(event["event"]) + 1
    _, *names = event_names.row(code)
    return code, [
        event_names.words_of(name).index(event[name]) if isinstance(event[name], str) else event[name]
        for name in names
    ]


def worth_telling(line: dict) -> str:
    """Return what a line of a pod's console is to a person; "" when it is one of many.

    line: an event by its names, a buzz, a note or {"text": ...}.
    """
    name = line.get("event")
    if name in ("sway", "caution"):
        return f"{name.upper()}: {console_lines.sway_words(line['lean_ddeg'], line['rate_ddps'])}"
    if name in _TOLD:
        return console_words.words(*coded(line))
    if name == "gap":
        return f"gap: {line['missing']} samples missing"
    if name == "snooze":
        return f"snoozed for {line['seconds']} s"
    if name == "awake":
        return "awake again"
    if name == "buzz":
        return f"buzz: {line['pattern']}, {line['ms']} ms"
    return line.get("text", "") if name in (None, "note", "error") else ""


def print_events(found: Iterable[dict], rate_hz: float, as_json: bool, ending: Iterable[str] = ()) -> None:
    """Print events as one JSON line each, or as lines of 80 columns at most, with times in m:ss.ss at rate_hz.

    found: each is printed as it comes.  ending: lines below those for a person, asked for when all is printed.
    """
    if as_json:
        for event in found:
            print(json.dumps(event))
        return
    for number, event in enumerate(found):
        if number == 0:
            print(f"{'time':>8}  {'event':<10} {'direction':<9} what")
        seconds = event["sample"] / rate_hz
        time = f"{int(seconds // 60)}:{seconds % 60:05.2f}"
        print(f"{time:>8}  {event['event']:<10} {event.get('direction', ''):<9} {_what(event)}".rstrip())
    for line in ending:
        print(line)


class Totals:
    """What events add up to, as the pod adds up its session.

    events, strides: how many there are.
    """

    def __init__(self, rate_hz: float):
        """rate_hz: of the recording that they are of."""
        self._sums = Session(round(rate_hz))
        self.events = 0

    @property
    def strides(self) -> int:
        return self._sums.strides

    def counted(self, found: Iterable[dict]) -> Iterator[dict]:
        """Yield each event, added up."""
        for event in found:
            self._sums.add(*coded(event))
            self.events += 1
            yield event

    def lines(self, seconds: float) -> list[str]:
        """Return it in words.  seconds: that the recording lasts."""
        sums = self._sums
        lines = [f"{sums.backward} backward, {sums.forward} forward, {sums.other} other steps in {seconds:.1f} s"]
        if sums.strides:
            way = f"{sums.backward_mm / 1000:.1f} m backward, {sums.forward_mm / 1000:.1f} m forward"
            lines.append(f"{way}, climbed {sums.ascent_mm / 1000:.1f} m, descended {sums.descent_mm / 1000:.1f} m")
        counted = [
            (sums.sways, "sway"), (sums.cautions, "caution"), (sums.falls, "fall"),
            (sums.fall_alarms, "fall alarm"), (sums.near_falls, "near fall"), (sums.foot_cues, "cue of the foot"),
            (sums.postures, "cue of posture"), (sums.missing, "sample missing"),
        ]  # fmt: skip
        told = [_counted(number, name) for number, name in counted if number]
        return [*lines, ", ".join(told) or "no sway, no fall"]


def _counted(number: int, name: str) -> str:
    first, space, rest = name.partition(" of ") if " of " in name else name.partition(" missing")
    return f"{number} {first}{'' if number == 1 else 's'}{space}{rest}"


def _what(event: dict) -> str:
    """Return an event's own figures in words, without its name and its direction."""
    name = event["event"]
    if name == "stride":
        rises = "up" if event["height_mm"] >= 0 else "down"
        words = f"{event['stride_mm'] / 1000:.2f} m, {rises} {abs(event['height_mm']) / 10:.1f} cm"
        words += f", lands {event['landing']}" if event["landing"] != "unknown" else ""
        return words + (f", {event['impact_mg'] / 1000:.1f} g" if event["impact_mg"] else "")
    if name == "step":
        return _counted(event["steps"], "step")
    words = worth_telling(event) or console_words.words(*coded(event))
    return words.partition(": ")[2] or words
