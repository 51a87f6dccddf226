"""Lead and misses against false alarms, as a table and a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Console

from host_tools.evaluate import sets

from . import operating
from .examples import Examples


def show(console: Console, known: Sequence[Examples], scores: Sequence[np.ndarray], file: str | None) -> None:
    """Print what each threshold would have come to, always armed; draw it when there is a file's name.

    known, scores: held-out recordings and their scores (n,).
    """
    curves = {name: [*operating.curve(*part)] for name, part in operating.by_set(known, scores).items()}
    for name, points in curves.items():
        sets.print_rows(console, f"{name}: thresholds on held-out subjects, always armed", _rows(points))
    if file:
        draw(curves, file)
        console.print(f"{file}: drawn")


def _rows(points) -> list[tuple]:
    rows: list[tuple] = [("score", "warned", "lead", ">=200", "last s", "all/h", "walk/h")]
    for least, f in points:
        back = f["backward"]
        if back["warned"]:
            rows.append((
                least, f"{back['warned_pct']:.1f} %", f"{back['median_lead_ms']} ms",
                f"{back['lead_200ms_pct']:.0f} %", f"{back['last_second_pct']:.1f} %",
                f"{f['daily']['per_hour']:.1f}", f"{f['locomotion']['per_hour'] or 0:.1f}",
            ))  # fmt: skip
    return rows


def draw(curves: dict[str, list], file: str) -> None:
    """Draw missed falls and median lead over false alarms per hour; the file's ending is its format."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    missed, lead = figure.subplots(1, 2)
    for name, points in curves.items():
        found = [f for _, f in points if f["backward"]["warned"]]
        alarms = [max(f["daily"]["per_hour"], 0.1) for f in found]
        missed.plot(alarms, [100 - f["backward"]["warned_pct"] for f in found], marker=".", label=name)
        lead.plot(alarms, [f["backward"]["median_lead_ms"] for f in found], marker=".", label=name)
    for axes, label in ((missed, "backward falls not warned of [%]"), (lead, "median lead [ms]")):
        axes.set(xscale="log", xlabel="false alarms per hour of daily activities", ylabel=label, ylim=(0, None))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.suptitle("Held-out subjects, detector always armed")
    figure.savefig(file)
