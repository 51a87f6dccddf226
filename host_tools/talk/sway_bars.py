"""How near lean and rate come to what the settings call a sway, as bars of a terminal."""

import time

from rich.text import Text

SHOWN_S = 10.0  # then the bars are of this moment again
_LABEL = 14
_WORDS = 22
_WIDEST = 40
# what it is, field of a caution or sway [0.1 of the unit], setting, unit
_ROWS = (("lean", "lean_ddeg", "sway_lean_deg", "deg"), ("rate", "rate_ddps", "sway_rate_dps", "deg/s"))
_STYLES = {"sway": "bold red", "now": "cyan"}
_SETTINGS = ("placement", "frame", *(row[2] for row in _ROWS))


def watched(settings: dict) -> bool:
    """Return whether a pod with these settings warns of sways: a belt's whose axes are the wearer's."""
    known = all(name in settings for name in _SETTINGS)
    return known and settings["placement"] == "belt" and settings["frame"] == "body"


class SwayBars:
    """Takes cautions and sways, and shows the last for a while, else the lean now.

    The pod decides by more than these two numbers, so a sway may come below both. Its lean is that beyond the
    wearer's usual posture, the lean now that beyond upright.  settings: of the pod.
    """

    def __init__(self, settings: dict):
        self._settings = settings
        self._last: dict = {}
        self._came_s = 0.0

    def take(self, event: dict) -> None:
        """Take an event of the pod; of others than cautions and sways nothing is shown."""
        if event.get("event") in ("sway", "caution"):
            self._last, self._came_s = event, time.monotonic()

    def lines(self, width: int, lean_ddeg: int | None = None) -> list[Text]:
        """Return a bar for the lean and one for its rate, with a mark at the setting.

        lean_ddeg: backward lean now [0.1 deg], None where the pod does not tell it.
        """
        last = self._last if time.monotonic() - self._came_s < SHOWN_S else {}
        now = {"event": "now", "lean_ddeg": lean_ddeg} if lean_ddeg is not None else {}
        shown = [last or (now if row[1] in now else {}) for row in _ROWS]
        room = min(_WIDEST, width - _LABEL - _WORDS)
        return [self._bar(row, told, room) for row, told in zip(_ROWS, shown, strict=True)]

    def _bar(self, row: tuple[str, str, str, str], last: dict, room: int) -> Text:
        what, field, setting, unit = row
        limit, mark = self._settings[setting], room * 2 // 3
        value = last.get(field, 0) / 10
        filled = max(0, min(room, round(value / limit * mark)))
        cells = "#" * filled + "." * (room - filled)
        bar = Text(cells[:mark] + "|" + cells[mark + 1 :])
        bar.stylize(_STYLES.get(last.get("event", ""), "yellow"), 0, filled)
        words = f"{value:.0f} of {limit} {unit}" if last else f"- of {limit} {unit}"
        label = f"{last.get('event', 'sway')} {what}" if last.get("event") != "now" else f"{what} now"
        return Text(f"{label:<{_LABEL}}", no_wrap=True).append_text(bar).append(f" {words}")
