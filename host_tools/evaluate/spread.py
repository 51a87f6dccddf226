"""How far held-out figures differ from group to group of people: what the same trees may come to on others."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev

from rich.console import Console

from . import sets

_FIGURES = (  # heading, where it stands in the figures of a set
    ("warned %", "backward", "warned_pct"),
    ("last s %", "backward", "last_second_pct"),
    ("lead ms", "backward", "median_lead_ms"),
    (">=200 %", "backward", "lead_200ms_pct"),
    ("all/h", "daily", "per_hour"),
    ("walk/h", "locomotion", "per_hour"),
)


def only(number: int, groups: Sequence[int], *lists: Sequence) -> list[list]:
    """Return of each list what belongs to a group; groups: that of each place in them."""
    return [[one for one, group in zip(some, groups, strict=True) if group == number] for some in lists]


def show(console: Console, found: Sequence[dict]) -> None:
    """Print mean, standard deviation, least and most over groups; found: evaluation's figures of each."""
    rows: list[tuple] = [("set", "arming", *(heading for heading, _, _ in _FIGURES))]
    for name in dict.fromkeys(name for one in found for name in one):
        mine = [one[name] for one in found if name in one]
        for arming in mine[0]:
            cells = [[one[arming][part][key] for one in mine] for _, part, key in _FIGURES]
            rows.append((name, arming, *map(_cell, cells)))
    sets.print_rows(console, f"mean +- deviation (least..most) of {len(found)} groups of people", rows)


def _cell(numbers: Sequence[float | None]) -> str | None:
    known = [number for number in numbers if number is not None]
    if len(known) < 2:
        return None
    return f"{fmean(known):.1f} +-{stdev(known):.1f} ({min(known):.3g}..{max(known):.3g})"
