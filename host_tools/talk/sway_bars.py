"""Lean and rate beside those that backward falls are warned at, as bars of a terminal."""

import time

from rich.text import Text

SHOWN_S = 10.0  # then the bars are of this moment again
_LABEL = 14
_WORDS = 22
_WIDEST = 40
# What it is, field of a caution or sway [0.1 of the unit], where its mark stands, unit. The marks are the medians
# of 50 backward falls of kfall and sisfall when they are warned of (always armed, 2026-11-30).
_ROWS = (("lean", "lean_ddeg", 8, "deg"), ("rate", "rate_ddps", 50, "deg/s"))
_STYLES = {"sway": "bold red", "now": "cyan"}


def watched(settings: dict) -> bool:
    """Return whether a pod with these settings warns of sways: a belt's whose axes are the wearer's."""
    return settings.get("placement") == "belt" and settings.get("frame") == "body"


class SwayBars:
    """Takes cautions and sways, and shows the last for a while, else the lean now.

    The pod decides by more than these two numbers, so a sway may come below both. Its lean is that beyond the
    wearer's usual posture, the lean now that beyond upright.
    """

    def __init__(self) -> None:
        self._last: dict = {}
        self._came_s = 0.0

    def take(self, event: dict) -> None:
        """Take an event of the pod; of others than cautions and sways nothing is shown."""
        if event.get("event") in ("sway", "caution"):
            self._last, self._came_s = event, time.monotonic()

    def lines(self, width: int, lean_ddeg: int | None = None) -> list[Text]:
        """Return a bar for the lean and one for its rate, with a mark where half of all sways are.

        lean_ddeg: backward lean now [0.1 deg], None where the pod does not tell it.
        """
        last = self._last if time.monotonic() - self._came_s < SHOWN_S else {}
        now = {"event": "now", "lean_ddeg": lean_ddeg} if lean_ddeg is not None else {}
        shown = [last or (now if row[1] in now else {}) for row in _ROWS]
        room = min(_WIDEST, width - _LABEL - _WORDS)
        return [self._bar(row, told, room) for row, told in zip(_ROWS, shown, strict=True)]

    def _bar(self, row: tuple[str, str, int, str], last: dict, room: int) -> Text:
        what, field, usual, unit = row
        mark = room * 2 // 3
        value = last.get(field, 0) / 10
        filled = max(0, min(room, round(value / usual * mark)))
        cells = "#" * filled + "." * (room - filled)
        bar = Text(cells[:mark] + "|" + cells[mark + 1 :])
        bar.stylize(_STYLES.get(last.get("event", ""), "yellow"), 0, filled)
        words = f"{value:.0f} {unit}" if last else f"- {unit}"
        label = f"{last.get('event', 'sway')} {what}" if last.get("event") != "now" else f"{what} now"
        return Text(f"{label:<{_LABEL}}", no_wrap=True).append_text(bar).append(f" {words} (sways: {usual})")
