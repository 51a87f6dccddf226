"""`backstep evaluate steps`: run the pod's own detectors over labelled recordings and print the figures."""

import argparse
import json
from pathlib import Path

from rich.console import Console

from host_tools.errors import UserError
from host_tools.recordings import Recording
from host_tools.replay import replay_recording

from . import disturbed, disturbed_counts, doubts, floors, scoring, sets, stand_ins, step_floors, step_tables
from .labels import swing_windows
from .sets import array, recording, tasks_in
from .step_figures import SetFigures, as_dict


def add_arguments(parser) -> None:
    sets.add_arguments(parser)
    parser.add_argument("--disturbed", type=_draws, metavar="N", help="as other pods and people would do, N draws")


def _draws(word: str) -> int:
    if not (word.isdecimal() and int(word)):
        raise argparse.ArgumentTypeError(f"{word!r}, want a whole number, 1 or more")
    return int(word)


def run(args) -> int:
    """Print the figures of recorded sets, of what stands in for gait nobody recorded, and the floors; 0 or 1."""
    if args.disturbed:
        return _run_disturbed(args)
    found = evaluate(args.dir, args.set, args.jobs, show_progress=not args.json)
    rows = floors.judged(step_floors.FLOORS, {(figures.name, figures.placement): figures for figures in found})
    shown = {
        "sets": [as_dict(figures) for figures in found],
        "simulated": [] if args.set else stand_ins.simulated(args.jobs),
        "time_reversed": stand_ins.reversed_recordings(args.dir, args.set, args.jobs),
        "floors": rows,
    }
    if args.json:
        print(json.dumps(shown, indent=2))
    else:
        print_tables(shown)
    return floors.verdict(rows) if args.floors else 0


def _run_disturbed(args) -> int:
    if args.floors:
        raise UserError("--floors: judges what was recorded, --disturbed shows what was not; ask for one of them")
    parts = {"strides": disturbed, "counts": disturbed_counts}
    wanted = "foot with labelled strides and no wrist with counted steps"
    tasks = tasks_in(args.dir, args.set, lambda entry: any(part.usable(entry) for part in parts.values()), wanted)
    parts = {name: part for name, part in parts.items() if any(part.usable(entry) for _, entry in tasks)}
    found = {name: part.rows(args.dir, args.set, args.jobs, args.disturbed) for name, part in parts.items()}
    if args.json:
        print(json.dumps(found, indent=2))
    else:
        for name, part in parts.items():
            part.show(found[name])
    return 0


def evaluate(folder, only=None, jobs: int = 1, show_progress: bool = False) -> list[SetFigures]:
    """Return the figures of every set and placement in a folder that has labelled strides or counted steps.

    folder: holds sets, or is one.  only: names of sets, None for all.  jobs: processes.
    UserError when there is nothing to evaluate, or an index or archive cannot be read.
    """
    tasks = tasks_in(folder, only, _usable, "recording with labelled strides or counted steps")
    found: dict[tuple[str, str], SetFigures] = {}
    for one in doubts.measured(measure, tasks, tasks, jobs, show_progress):
        found.setdefault((one.name, one.placement), SetFigures(one.name, one.placement)).add(one)
    return list(found.values())


def _usable(entry: dict) -> bool:
    return bool(entry.get("events")) or entry.get("steps_gt") is not None


def measure(task: tuple[Path, dict]) -> SetFigures:
    """Replay one recording and score it; task: (folder of its set, entry of its index)."""
    path, entry = task
    found = recording(path, entry)
    return score(path, entry, found, replay_recording(found))


def score(path: Path, entry: dict, recording: Recording, events: list[dict]) -> SetFigures:
    """Return what one recording's events are worth."""
    rate_hz = recording.rate_hz
    figures = SetFigures(path.name, recording.placement, recordings=1)
    strides = [event for event in events if event["event"] == "stride"]
    windows = _windows(path, entry)
    if recording.placement == "shoe":
        if windows:
            figures.strides = scoring.score_strides(strides, windows, rate_hz, entry.get("trial_bounds_s"))
        if entry.get("heel"):
            figures.lengths = _lengths(path, entry, strides, windows, rate_hz)
    elif entry.get("walking_bouts_s"):
        steps = [event for event in events if event["event"] == "step"]
        found, told = ([step[name] / rate_hz for step in steps] for name in ("contact", "sample"))
        true = [event["t"] for event in entry["events"]]
        figures.contacts = scoring.score_contacts(found, true, entry["walking_bouts_s"], told)
    if entry.get("steps_gt") is not None:
        duration_s = len(recording.samples) / rate_hz
        steps_told = scoring.counted_steps(events)
        figures.counts = [scoring.StepCount(steps_told, entry["steps_gt"], duration_s, entry["position"])]
    return figures


def _windows(path: Path, entry: dict) -> list[scoring.Window]:
    try:
        return swing_windows(entry)
    except KeyError as error:
        raise UserError(f"{path / 'index.json'}: recording {entry['key']}: its labels: no {error}") from error


def _lengths(path: Path, entry: dict, strides: list[dict], windows, rate_hz: float) -> list:
    middles = [(stride["start"] + stride["contact"]) / 2 / rate_hz for stride in strides]
    labelled = [strides[i] for i, _ in scoring.match(middles, windows)]
    heel = array(path, entry, entry["heel"]).astype(float)
    return [tuple(row) for row in scoring.heel_lengths(labelled, rate_hz, heel, entry["heel_rate_hz"])]


def print_tables(shown: dict) -> None:
    """Print everything; the floors come last."""
    console = Console(width=max(floors.WIDTH, Console().width))
    step_tables.print_sets(console, shown["sets"])
    step_tables.print_stand_ins(console, shown["simulated"], shown["time_reversed"])
    floors.print_rows(shown["floors"])
