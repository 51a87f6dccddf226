"""`backstep evaluate steps`: run the pod's own detectors over labelled recordings and print the figures."""

import math
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console

from host_tools.recordings import Recording, placement_of
from host_tools.replay import replay_recording

from . import scoring
from .sets import add_arguments as add_arguments
from .sets import array, measured, print_rows, report, tasks_in


@dataclass
class SetFigures:
    """All that was measured on one set at one placement."""

    name: str
    placement: str
    recordings: int = 0
    strides: scoring.StrideScore = field(default_factory=scoring.StrideScore)
    contacts: scoring.StrideScore = field(default_factory=scoring.StrideScore)
    counts: list[scoring.StepCount] = field(default_factory=list)
    lengths: list[tuple[float, float, float, float]] = field(default_factory=list)

    def add(self, other: "SetFigures") -> None:
        """Add one recording's figures."""
        self.recordings += other.recordings
        self.strides.add(other.strides)
        self.contacts.add(other.contacts)
        self.counts += other.counts
        self.lengths += other.lengths


def run(args) -> int:
    return report(args, evaluate, print_tables, as_dict)


def evaluate(folder, only=None, jobs: int = 1, show_progress: bool = False) -> list[SetFigures]:
    """Return the figures of every set and placement in a folder that has labelled strides or counted steps.

    folder: holds sets, or is one.  only: names of sets, None for all.  jobs: processes.
    UserError when there is nothing to evaluate, or an index or archive cannot be read.
    """
    tasks = tasks_in(folder, only, _usable, "recording with labelled strides or counted steps")
    sets: dict[tuple[str, str], SetFigures] = {}
    for one in measured(measure, tasks, jobs, show_progress):
        sets.setdefault((one.name, one.placement), SetFigures(one.name, one.placement)).add(one)
    return list(sets.values())


def _usable(entry: dict) -> bool:
    return bool(entry.get("events")) or entry.get("steps_gt") is not None


def measure(task: tuple[Path, dict]) -> SetFigures:
    """Replay one recording and score it; task: (folder of its set, entry of its index)."""
    path, entry = task
    recording = Recording(
        array(path, entry, entry["key"]), entry["rate_hz"], placement_of(entry["position"]), entry["frame"],
        has_gyro=entry["gyro"],
    )  # fmt: skip
    return score(path, entry, recording, replay_recording(recording))


def score(path: Path, entry: dict, recording: Recording, events: list[dict]) -> SetFigures:
    """Return what one recording's events are worth."""
    rate_hz = recording.rate_hz
    figures = SetFigures(path.name, recording.placement, recordings=1)
    strides = [event for event in events if event["event"] == "stride"]
    windows = scoring.swing_windows(entry)
    if recording.placement == "shoe":
        if windows:
            figures.strides = scoring.score_strides(strides, windows, rate_hz, entry.get("trial_bounds_s"))
        if entry.get("heel"):
            figures.lengths = _lengths(path, entry, strides, windows, rate_hz)
    elif entry.get("walking_bouts_s"):
        found = [event["contact"] / rate_hz for event in events if event["event"] == "step"]
        true = [event["t"] for event in entry["events"]]
        figures.contacts = scoring.score_contacts(found, true, entry["walking_bouts_s"])
    if entry.get("steps_gt") is not None:
        duration_s = len(recording.samples) / rate_hz
        figures.counts = [scoring.StepCount(scoring.counted_steps(events), entry["steps_gt"], duration_s)]
    return figures


def _lengths(path: Path, entry: dict, strides: list[dict], windows, rate_hz: float) -> list:
    middles = [(stride["start"] + stride["contact"]) / 2 / rate_hz for stride in strides]
    labelled = [strides[i] for i, _ in scoring.match(middles, windows)]
    heel = array(path, entry, entry["heel"]).astype(float)
    return [tuple(row) for row in scoring.heel_lengths(labelled, rate_hz, heel, entry["heel_rate_hz"])]


def as_dict(figures: SetFigures) -> dict:
    """Return a set's figures as plain numbers; shares 0..1, None where nothing was to measure."""
    strides = figures.strides
    numbers: dict = {
        "set": figures.name,
        "placement": figures.placement,
        "recordings": figures.recordings,
        "strides": _found(strides),
        "confusion": _nested(strides.confusion),
        "latency_s": _quantiles(strides.latency_s),
        "contacts": _found(figures.contacts),
        "walks": sum(c.taken >= scoring.FEWEST_STEPS for c in figures.counts),
        "steps_mape_pct": _or_none(scoring.mape_pct(figures.counts)),
        "steps_signed_pct": _or_none(scoring.signed_pct(figures.counts)),
        "false_steps_per_hour": _or_none(scoring.false_per_hour(figures.counts)),
    }
    if figures.lengths:
        rows = np.array(figures.lengths)
        errors = rows[:, 0] / rows[:, 1] - 1
        numbers["length"] = {
            "strides": len(rows),
            "error_pct": float(100 * np.abs(errors).mean()),
            "total_error_pct": float(100 * (rows[:, 0].sum() / rows[:, 1].sum() - 1)),
            "height_error_mm": float(np.abs(rows[:, 2] - rows[:, 3]).mean()),
        }
    return numbers


def _found(score: scoring.StrideScore) -> dict | None:
    if not score.found + score.missed + score.extra:
        return None
    return {
        "truth": score.found + score.missed,
        "found": score.found,
        "extra": score.extra,
        "precision": _or_none(score.precision),
        "recall": _or_none(score.recall),
        "f1": _or_none(score.f1),
    }


def _nested(confusion: Counter) -> dict:
    table: dict[str, dict[str, int]] = {}
    for (true, called), count in sorted(confusion.items()):
        table.setdefault(true, {})[called] = count
    return table


def _quantiles(values: list[float]) -> dict | None:
    if not values:
        return None
    return {"median": float(np.median(values)), "p95": float(np.percentile(values, 95))}


def _or_none(number: float) -> float | None:
    return None if math.isnan(number) else number


def print_tables(sets: list[SetFigures]) -> None:
    """Print the figures of all sets."""
    console = Console()
    numbers = [(f"{figures.placement} {figures.name}", as_dict(figures)) for figures in sets]
    print_rows(console, "Strides", _stride_rows(numbers, "strides"))
    print_rows(console, "Directions, as called", _direction_rows(numbers))
    print_rows(console, "Stride length against motion capture", _length_rows(numbers))
    print_rows(console, "Initial contacts inside walking bouts", _stride_rows(numbers, "contacts"))
    print_rows(console, "Steps counted", _step_rows(numbers))


def _pct(number: float | None) -> str | None:
    return None if number is None else f"{100 * number:.2f}%"


def _stride_rows(numbers, kind: str) -> list[tuple]:
    rows: list[tuple] = [("set", "truth", "found", "extra", "prec.", "recall", "F1", "late s", "p95 s")]
    for name, n in numbers:
        s = n[kind]
        if s:
            late = (n["latency_s"] if kind == "strides" else None) or {"median": None, "p95": None}
            delays = ("-" if late[q] is None else f"{late[q]:.2f}" for q in ("median", "p95"))
            counts = (s["truth"], s["found"], s["extra"])
            rows.append((name, *counts, *(_pct(s[q]) for q in ("precision", "recall", "f1")), *delays))
    return rows


def _direction_rows(numbers) -> list[tuple]:
    called = ("forward", "backward", "left", "right", "turn", "unknown", "missed")
    rows: list[tuple] = [("set", "truly", *called)]
    for name, n in numbers:
        rows += [(name, true, *(row.get(c, 0) for c in called)) for true, row in n["confusion"].items()]
    return rows


def _length_rows(numbers) -> list[tuple]:
    rows: list[tuple] = [("set", "strides", "mean error", "total", "height, mean error")]
    for name, n in numbers:
        if "length" in n:
            one = n["length"]
            cells = (f"{one['error_pct']:.2f} %", f"{one['total_error_pct']:+.2f} %")
            rows.append((name, one["strides"], *cells, f"{one['height_error_mm']:.0f} mm"))
    return rows


def _step_rows(numbers) -> list[tuple]:
    rows: list[tuple] = [("set", "walks", "MAPE", "signed", "false steps/h")]
    for name, n in numbers:
        errors = [n[q] for q in ("steps_mape_pct", "steps_signed_pct", "false_steps_per_hour")]
        if any(error is not None for error in errors):
            mape, signed, false = errors
            shown = ("-" if mape is None else f"{mape:.1f} %", "-" if signed is None else f"{signed:+.1f} %")
            rows.append((name, n["walks"], *shown, None if false is None else f"{false:.0f}"))
    return rows
