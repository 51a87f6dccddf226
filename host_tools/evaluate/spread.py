"""How far held-out figures differ from group to group of people: what the same network may come to on others."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev

from rich.console import Console

from . import sets

_FIGURES = (  # name, where it stands in the figures of a set
    ("backward falls warned, %", "backward", "warned_pct"),
    ("in the last second, %", "backward", "last_second_pct"),
    ("median lead, ms", "backward", "median_lead_ms"),
    ("200 ms or more, %", "backward", "lead_200ms_pct"),
    ("false alarms, all, /h", "daily", "per_hour"),
    ("the same, locomotion, /h", "locomotion", "per_hour"),
)


def only(number: int, groups: Sequence[int], *lists: Sequence) -> list[list]:
    """Return of each list what belongs to a group; groups: that of each place in them."""
    return [[one for one, group in zip(some, groups, strict=True) if group == number] for some in lists]


def show(console: Console, found: Sequence[dict]) -> None:
    """Print mean, standard deviation, least and most over groups; found: evaluation's figures of each."""
    rows: list[tuple] = [("set", "arming", "figure", "groups", "mean", "deviation", "least", "most")]
    for name in dict.fromkeys(name for one in found for name in one):
        mine = [one[name] for one in found if name in one]
        for arming in mine[0]:
            for figure, part, key in _FIGURES:
                known = [one[arming][part][key] for one in mine if one[arming][part][key] is not None]
                if len(known) > 1:
                    spread = (fmean(known), stdev(known), min(known), max(known))
                    rows.append((name, arming, figure, len(known), *(f"{number:.1f}" for number in spread)))
    sets.print_rows(console, "How far groups of people differ", rows)
