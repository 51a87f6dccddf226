"""`backstep evaluate cues`: run the shoe's cues over walks and runs without a fall; every cue is a false alarm."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from host_tools.gait import time_reversed
from host_tools.replay import replay_recording

from . import doubts, floors, sets
from .floors import Floor

CUES = ("slide", "catch", "toe_lift", "recovery")
PLAYED = ("recorded", "reversed")
SETS = ("esangeni_foot", "esangeni_clipped", "gaitmap_foot", "ipol_gait1")


def _cues(row: dict) -> int:
    return sum(row[name] for name in CUES)


FLOORS = tuple(Floor(name, PLAYED[0], "cues where nobody falls", "", False, 0, 0, _cues) for name in SETS)


def add_arguments(parser) -> None:
    sets.add_arguments(parser, with_settings=True)


def run(args) -> int:
    found = sets.asked(args, evaluate)
    cases = {(row["set"], row["played"]): row for row in found}
    return floors.report(args, found, print_tables, floors.judged(FLOORS, cases))


def evaluate(folder, only=None, jobs: int = 1, settings=None, show_progress: bool = False) -> list[dict]:
    """Return for every set, as recorded and time-reversed: hours, strides called backward, cues of each kind.

    Time-reversed forward gait stands in for backward gait that nobody has recorded; it is no evidence of it.
    It is played after the recording itself, from which a pod mounted anyhow has learnt which way is forward.
    folder: holds sets, or is one; recordings of a foot with a gyro are used (no ankle's).
    only: names of sets, None for all.  jobs: processes.  settings: pod settings.
    UserError when there is nothing to evaluate, or an index or archive cannot be read.
    """
    found = sets.tasks_in(folder, only, _usable, "foot recording with a gyro")
    tasks = [(path, entry, settings or {}) for path, entry in found]
    rows: dict[tuple[str, str], dict] = {}
    results = doubts.measured(measure, tasks, found, jobs, show_progress)
    for (path, _, _), both in zip(tasks, results, strict=True):
        for played, (hours, counts) in zip(PLAYED, both, strict=True):
            empty = {"set": path.name, "played": played, "hours": 0.0, "backward": 0, **dict.fromkeys(CUES, 0)}
            row = rows.setdefault((path.name, played), empty)
            row["hours"] += hours
            for name, count in counts.items():
                row[name] += count
    return list(rows.values())


def _usable(entry: dict) -> bool:
    return "foot" in entry["position"] and entry["gyro"]


def measure(task: tuple[Path, dict, dict]) -> tuple[tuple[float, dict[str, int]], ...]:
    """Replay one recording both ways; task: (folder of its set, entry of its index, settings)."""
    path, entry, settings = task
    recording = sets.recording(path, entry, "shoe")
    there = recording.samples
    there_and_back = replace(recording, samples=np.concatenate([there, time_reversed(recording).samples]))
    hours = len(there) / recording.rate_hz / 3600
    counts: tuple[Counter, Counter] = Counter(), Counter()
    for event in replay_recording(there_and_back, settings):
        found = counts[event["sample"] >= len(there)]
        found["backward"] += event.get("direction") == "backward"
        found[event["event"]] += 1
    return tuple((hours, {name: found[name] for name in ("backward", *CUES)}) for found in counts)


def print_tables(found: list[dict]) -> None:
    """Print what evaluate() returns."""
    sets.print_rows(Console(), "Cues of the shoe where nobody falls: all are false", _rows(found))


def _rows(found: list[dict]) -> list[tuple]:
    rows: list[tuple] = [("set", "played", "hours", "backward", *CUES)]
    for row in found:
        cues = [row[name] for name in CUES]
        rows.append((row["set"], row["played"], f"{row['hours']:.2f}", row["backward"], *cues))
    return rows
