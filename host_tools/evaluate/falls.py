"""`backstep evaluate falls`: run the fall alarm over falls and daily life at all placements and print figures."""

from dataclasses import replace
from pathlib import Path

from backstep.core import event_names
from backstep.core.detectors import RATES_HZ
from backstep.core.settings import defaults
from backstep.core.wearing.fall import Fall
from rich.console import Console

from host_tools.compiled import fast
from host_tools.recordings import Recording, as_sensed, placement_of

from . import doubts, floors, sets
from . import falls_scoring as scoring
from .floors import Floor, at

WALKING = "walking"  # of recordings that name no activity
SHORT = (
    "A recording ends seconds after its fall. Lying still: in its last second every axis varies by less than "
    f"{scoring.STILL_MG:.0f} mg and {scoring.STILL_DDPS / 10:.0f} deg/s. Longer: the last half second held for "
    f"{scoring.PROLONGED_S:.0f} s more. Few recordings outlast the countdown: alarms per hour say little."
)
_RAISED, _FALSE = at("lying_still", "raised_pct"), at("daily", "falls_per_hour")
FLOORS = (  # those of falls raised: an alarm that never comes would reach the others
    Floor("kfall", "belt", "false `fall` events", "/h", False, 0.1, 0, _FALSE),
    Floor("kfall", "belt", "falls with lying still that raise `fall`", "%", True, 97, 98, _RAISED),
    Floor("sisfall", "belt", "false `fall` events", "/h", False, 0.1, 0, _FALSE),
    Floor("sisfall", "belt", "falls with lying still that raise `fall`", "%", True, 92, 95, _RAISED),
)


def add_arguments(parser) -> None:
    sets.add_arguments(parser)


def run(args) -> int:
    found = sets.asked(args, evaluate)
    return floors.report(args, found, print_tables, floors.judged(FLOORS, floors.by_case(found)))


def evaluate(folder, only=None, jobs: int = 1, show_progress: bool = False) -> dict:
    """Return figures by set and placement; see falls_scoring.figures.

    folder: holds sets, or is one; recordings with a gyro are used, and hold no fall unless they say so.
    only: names of sets, None for all.  jobs: processes.
    UserError when there is nothing to evaluate, or an index or archive cannot be read.
    """
    tasks = sets.tasks_in(folder, only, lambda entry: entry["gyro"], "recording with a gyro")
    trials: dict[str, dict[str, list[scoring.Trial]]] = {}
    results = doubts.measured(measure, tasks, tasks, jobs, show_progress)
    for (path, _), trial in zip(tasks, results, strict=True):
        trials.setdefault(path.name, {}).setdefault(trial.placement, []).append(trial)
    return {name: {place: scoring.figures(mine) for place, mine in by.items()} for name, by in trials.items()}


def measure(task: tuple[Path, dict]) -> scoring.Trial:
    """Return what the fall alarm makes of one recording.  task: (folder of its set, entry of its index)."""
    path, entry = task
    placement = placement_of(entry["position"])
    recording = sets.recording(path, entry)
    codes = told(recording)
    trial = scoring.Trial(
        placement, entry.get("activity", WALKING), entry.get("text", ""), entry.get("is_fall", False),
        len(recording.samples) / recording.rate_hz,
        codes.count("fall"), codes.count("fall_alarm"), codes.count("near_fall"),
    )  # fmt: skip
    if not trial.is_fall:
        return trial
    held = replace(recording, samples=scoring.prolonged(recording.samples, recording.rate_hz))
    return replace(
        trial,
        lies_still=scoring.lies_still(recording.samples, recording.rate_hz),
        raised_prolonged="fall" in told(held),
    )


def told(recording: Recording) -> list[str]:
    """Return the names of a fall's events in a recording, in order; no other detector is run."""
    rate_hz = dict(RATES_HZ)[recording.placement]
    alarm = Fall(rate_hz, recording.placement, recording.frame, defaults()["fall_countdown_s"])
    found = fast.Feeder(alarm).codes(as_sensed(recording, rate_hz).samples)
    return [event_names.decode(code, row, alarm.fields)["event"] for row, code in found]


def print_tables(found: dict) -> None:
    """Print the figures of all sets, and what they cannot say."""
    console = Console()
    sets.print_rows(console, "Falls with lying still that raise `fall`; false ones", _summary_rows(found))
    for name, by in found.items():
        for placement, f in by.items():
            title = f"{name}, {placement}"
            sets.print_rows(console, f"{title}: falls with lying still", _fall_rows(f))
            sets.print_rows(console, f"{title}: false `fall` events, none left out", _false_rows(f))
    console.print(SHORT)


def _summary_rows(found: dict) -> list[tuple]:
    heads = ("falls", "raised", "longer", "moving", "hours", "fall/h", "alarm/h", "near/h")
    rows: list[tuple] = [("set", "worn", *heads)]
    for name, by in found.items():
        for placement, f in by.items():
            still, daily = f["lying_still"], f["daily"]
            rows.append((
                name, placement, still["falls"], sets.shown(still["raised_pct"], " %"),
                sets.shown(still["raised_prolonged_pct"], " %"), sets.shown(f["moving"]["raised_pct"], " %"),
                sets.shown(daily["hours"]), sets.shown(daily["falls_per_hour"]),
                sets.shown(daily["alarms_per_hour"]), sets.shown(daily["near_falls_per_hour"]),
            ))  # fmt: skip
    return rows


def _fall_rows(f: dict) -> list[tuple]:
    rows: list[tuple] = [("fall", "n", "raised", "longer")]
    for activity, one in f["lying_still_by_activity"].items():
        shown = (one["falls"], sets.shown(one["raised_pct"], " %"), sets.shown(one["raised_prolonged_pct"], " %"))
        rows.append((f"{activity} {one['text']}", *shown))
    return rows


def _false_rows(f: dict) -> list[tuple]:
    rows: list[tuple] = [("activity", "hours", "falls", "alarms")]
    for activity, one in f["daily_by_activity"].items():
        if one["falls"]:
            rows.append((f"{activity} {one['text']}", f"{one['hours']:.2f}", one["falls"], one["alarms"]))
    return rows
