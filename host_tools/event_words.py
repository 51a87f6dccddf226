"""What a pod's events say to a person, in the pod's own words."""

from backstep.app.console import console_words
from backstep.core import event_names, events

DETECTED = tuple(row.split()[0] for row in event_names.TABLE)
# Told each in a line of its own; strides and steps are many, and a near fall is for the log.
_TOLD = (
    "fall", "fall_over", "fall_alarm", "slide", "catch", "toe_lift", "recovery", "mark", "posture", "goal",
    "dose_stop", "lap",
)  # fmt: skip


def coded(event: dict) -> tuple[int, list[int]]:
    """Return an event's number and fields, as event_names.decode took them."""
    code = DETECTED.index(event["event"])
    names = event_names.TABLE[code].split()[1:]
    words = {"direction": events.DIRECTIONS, "landing": event_names.LANDINGS}
    return code + 1, [
        words[name].index(event[name]) if isinstance(event[name], str) else event[name] for name in names
    ]


def worth_telling(line: dict) -> str:
    """Return what a line of a pod's console is to a person; "" when it is one of many.

    line: an event by its names, a buzz, a note or {"text": ...}.
    """
    name = line.get("event")
    if name in ("sway", "caution"):
        lean, rate = line["lean_ddeg"] / 10, line["rate_ddps"] / 10
        return f"{name.upper()}: leaning back {lean:.1f} deg at {rate:.0f} deg/s"
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
