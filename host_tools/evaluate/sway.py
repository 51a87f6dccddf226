"""`backstep evaluate sway`: run the belt's sway rule over labelled falls and daily life and print the figures."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from backstep.core import detectors
from rich.console import Console

from host_tools.recordings import Sensed, as_sensed, placement_of
from host_tools.replay import pod_events

from . import doubts, floors, held_out, sets, spread
from . import sway_scoring as scoring
from .sway_floors import FLOORS

ARMINGS = ("always", "gait")


def add_arguments(parser) -> None:
    sets.add_arguments(parser, with_settings=True)


def run(args) -> int:
    """Print the figures of the pod's network; those of people held out, their spread and floors where asked."""
    folds = held_out.read()
    if not args.floors:
        return floors.report(args, sets.asked(args, evaluate), partial(_print_pods, folds), ())
    folds.checked()
    found = sets.asked(args, partial(evaluate_held_out, folds=folds))
    rows = floors.judged(FLOORS, floors.by_case(found["sets"]))
    show = partial(_print_held_out, folds, found["groups"])
    return floors.report(args, found["sets"], show, rows, groups=found["groups"])


def evaluate(folder, only=None, jobs: int = 1, settings=None, show_progress: bool = False) -> dict:
    """Return figures by set and arming; see sway_scoring.figures.

    folder: holds sets, or is one; only belt recordings in the body frame whose falls have onset and impact are
    used.  only: names of sets, None for all.  jobs: processes.  settings: pod settings but sway_arming.
    UserError when there is nothing to evaluate, or an index or archive cannot be read.
    """
    found = usable(folder, only)
    tasks = [(path, entry, settings or {}) for path, entry in found]
    results = doubts.measured(measure, tasks, found, jobs, show_progress)
    return gathered([path.name for path, _ in found], results)


def evaluate_held_out(folder, only=None, jobs: int = 1, settings=None, show_progress=False, *, folds) -> dict:
    """Return evaluate()'s figures by networks that have not seen who is measured: "sets", of each group "groups".

    folds: of held_out.read(); who is in no group is measured by the pod's own.  Other arguments as of evaluate().
    """
    found = usable(folder, only)
    groups = [folds.group_of(path.name, entry) for path, entry in found]
    tasks = [(path, entry, settings or {}) for path, entry in found]
    pairs = [*zip(tasks, map(folds.table, groups), strict=True)]
    trials = [*doubts.measured(measure_with, pairs, found, jobs, show_progress)]
    names = [path.name for path, _ in found]
    seen = sorted({number for number in groups if number is not None})
    each = [gathered(*spread.only(number, groups, names, trials)) for number in seen]
    return {"sets": gathered(names, trials), "groups": each}


def usable(folder, only=None) -> list[tuple[Path, dict]]:
    """Return (folder of its set, entry of its index) of every recording that evaluate() uses."""
    wanted = "belt recording with falls of known onset and impact, or without a fall"
    return sets.tasks_in(folder, only, _usable, wanted)


def gathered(names: Iterable[str], results: Iterable[tuple[scoring.Trial, ...]]) -> dict:
    """Return figures by set and arming.  names: the set of each recording.  results: of measure()."""
    trials: dict[str, dict[str, list]] = {}
    for name, both in zip(names, results, strict=True):
        for arming, trial in zip(ARMINGS, both, strict=True):
            trials.setdefault(name, {}).setdefault(arming, []).append(trial)
    return {
        name: {arming: scoring.figures(found, scoring.LOCOMOTION.get(name, ())) for arming, found in by.items()}
        for name, by in trials.items()
    }


def _usable(entry: dict) -> bool:
    if "activity" not in entry or "is_fall" not in entry:
        return False
    known = not entry["is_fall"] or ("onset_s" in entry and "impact_s" in entry)
    return known and entry["frame"] == "body" and placement_of(entry["position"]) == "belt"


def measure(task: tuple[Path, dict, dict], make=detectors.make) -> tuple[scoring.Trial, ...]:
    """Replay one recording under each arming.

    task: (folder of its set, entry of its index, settings).  make: makes the detector, as detectors.make does.
    """
    path, entry, settings = task
    recording = sets.recording(path, entry, "belt")
    sensed = as_sensed(recording, detectors.rate_hz("belt"))
    length_s = len(recording.samples) / recording.rate_hz
    warned_s = (_warned_s(sensed, {**settings, "sway_arming": arming}, make) for arming in ARMINGS)
    return tuple(scoring.trial_of(entry, length_s, times) for times in warned_s)


def measure_with(pair: tuple[tuple[Path, dict, dict], object]) -> tuple[scoring.Trial, ...]:
    """Replay one recording under each arming with another network.  pair: (task of measure(), table or None)."""
    task, table = pair
    return measure(task, partial(held_out.belt, table))


def _warned_s(sensed: Sensed, settings: dict, make) -> list[float]:
    sways = (event["sample"] for event in pod_events(sensed, settings, make) if event["event"] == "sway")
    return [sensed.emitted_row(sample) / sensed.source_rate_hz for sample in sways]


def print_tables(found: dict) -> None:
    """Print the figures of all sets."""
    console = Console()
    sets.print_rows(console, "Backward falls warned of; other falls; false alarms per hour", _summary_rows(found))
    for name, by in found.items():
        sets.print_rows(console, f"{name}: falls", _fall_rows(by))
        sets.print_rows(console, f"{name}: false alarms in daily activities", _alarm_rows(by))


def _print_pods(folds: held_out.Folds, found: dict) -> None:
    print_tables(found)
    seen = {name for name, _ in folds.group}.intersection(found)
    if seen:
        people = sum(name in seen for name, _ in folds.group)
        names = ", ".join(sorted(seen))
        print(f"The pod's network was learnt from {people} people of {names}; held out: --floors")


def _print_held_out(folds: held_out.Folds, groups: list[dict], found: dict) -> None:
    print(f"Each of {len(folds.group)} people by a network that has not seen him, others by the pod's own")
    print_tables(found)
    if len(groups) > 1:
        spread.show(Console(), groups)


def _summary_rows(found: dict) -> list[tuple]:
    rows: list[tuple] = [("set", "arming", "n", "warned", "lead", ">=200", "last s", "others", "all/h", "walk/h")]
    for name, by in found.items():
        for arming, f in by.items():
            back = f["backward"]
            rows.append((
                name, arming, sets.shown(back["falls"]), sets.shown(back["warned_pct"], " %"),
                sets.shown(back["median_lead_ms"], " ms"), sets.shown(back["lead_200ms_pct"], " %"),
                sets.shown(back["last_second_pct"], " %"), sets.shown(f["other_falls"]["warned_pct"], " %"),
                sets.shown(f["daily"]["per_hour"]), sets.shown(f["locomotion"]["per_hour"]),
            ))  # fmt: skip
    return rows


def _fall_rows(by: dict) -> list[tuple]:
    rows: list[tuple] = [("fall", "n", *(head for arming in by for head in (arming, "lead")))]
    first = next(iter(by.values()))["falls_by_activity"]
    for activity, one in first.items():
        cells: list[str] = []
        for f in by.values():
            mine = f["falls_by_activity"][activity]
            cells += [sets.shown(mine["warned_pct"], " %"), sets.shown(mine["median_lead_ms"], " ms")]
        rows.append((f"{activity} {one['text']}", sets.shown(one["falls"]), *cells))
    return rows


def _alarm_rows(by: dict) -> list[tuple]:
    rows: list[tuple] = [("activity", "hours", *(head for arming in by for head in (arming, "per hour")))]
    first = next(iter(by.values()))["daily_by_activity"]
    for activity, one in first.items():
        mine = [f["daily_by_activity"][activity] for f in by.values()]
        cells = [sets.shown(m[name]) for m in mine for name in ("false_alarms", "per_hour")]
        rows.append((f"{activity} {one['text']}", f"{one['hours']:.2f}", *cells))
    return rows
