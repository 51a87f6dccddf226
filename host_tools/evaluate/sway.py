"""`backstep evaluate sway`: run the belt's sway rule over labelled falls and daily life and print the figures."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from host_tools.errors import UserError
from host_tools.recordings import Recording, placement_of
from host_tools.replay import replay_recording
from host_tools.settings_args import add_settings_argument, parse_settings

from . import sway_scoring as scoring
from .steps import set_folders

ARMINGS = ("always", "gait")
_TEXT_WIDTH = 30
_NEEDED = ("archive", "key", "position", "rate_hz", "frame", "activity", "is_fall")


def add_arguments(parser) -> None:
    parser.add_argument("--set", action="append", metavar="NAME", help="only this set of DIR; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes")
    add_settings_argument(parser)


def run(args) -> int:
    found = evaluate(args.dir, args.set, args.jobs, parse_settings(args.settings), show_progress=not args.json)
    if args.json:
        print(json.dumps(found, indent=2))
    else:
        print_tables(found)
    return 0


def evaluate(folder, only=None, jobs: int = 1, settings=None, show_progress: bool = False) -> dict:
    """Return figures by set and arming; see sway_scoring.figures.

    folder: holds sets, or is one; only belt recordings in the body frame whose falls have onset and impact are
    used.  only: names of sets, None for all.  jobs: processes.  settings: pod settings but sway_arming.
    UserError when there is nothing to evaluate, or an index or archive cannot be read.
    """
    tasks = [(path, entry, settings or {}) for path in set_folders(folder, only) for entry in read_index(path)]
    if not tasks:
        raise UserError(f"{folder}: no belt recording with falls of known onset and impact, or without a fall")
    trials: dict[str, dict[str, list]] = {}
    results = track(_results(tasks, jobs), "replaying", len(tasks), disable=not show_progress)
    for task, both in zip(tasks, results, strict=True):
        for arming, trial in zip(ARMINGS, both, strict=True):
            trials.setdefault(task[0].name, {}).setdefault(arming, []).append(trial)
    return {
        name: {arming: scoring.figures(found, scoring.LOCOMOTION.get(name, ())) for arming, found in by.items()}
        for name, by in trials.items()
    }


def _results(tasks: list, jobs: int) -> Iterator[tuple]:
    if jobs <= 1:
        yield from map(measure, tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(measure, tasks, chunksize=16)


def read_index(path: Path) -> list[dict]:
    """Return the entries of a set that can be scored; UserError for an index that is no index."""
    file = path / "index.json"
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["recordings"]
        return [entry for entry in entries if _usable(entry)]
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"{file}: no sound JSON ({error})") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f'{file}: want {{"recordings": [...]}} with one object each') from error


def _usable(entry: dict) -> bool:
    if any(name not in entry for name in _NEEDED):
        return False
    known = not entry["is_fall"] or ("onset_s" in entry and "impact_s" in entry)
    return known and entry["frame"] == "body" and placement_of(entry["position"]) == "belt"


def measure(task: tuple[Path, dict, dict]) -> tuple[scoring.Trial, ...]:
    """Replay one recording under each arming; task: (folder of its set, entry of its index, settings)."""
    path, entry, settings = task
    recording = Recording(_array(path, entry), entry["rate_hz"], "belt", entry["frame"])
    return tuple(_trial(entry, recording, {**settings, "sway_arming": arming}) for arming in ARMINGS)


def _trial(entry: dict, recording: Recording, settings: dict) -> scoring.Trial:
    rate_hz = recording.rate_hz
    events = replay_recording(recording, settings)
    fall = entry["is_fall"]
    return scoring.Trial(
        entry["activity"], entry.get("text", ""), entry.get("direction", ""), len(recording.samples) / rate_hz,
        tuple(event["sample"] / rate_hz for event in events if event["event"] == "sway"),
        entry["onset_s"] if fall else None, entry["impact_s"] if fall else None,
    )  # fmt: skip


def _array(path: Path, entry: dict) -> np.ndarray:
    file = path / entry["archive"]
    try:
        with np.load(file, allow_pickle=False) as archive:
            return archive[entry["key"]]
    except KeyError as error:
        raise UserError(f"{file}: no array {entry['key']!r} in it") from error
    except (OSError, ValueError, EOFError) as error:
        raise UserError(f"{file}: no sound .npz archive ({error})") from error


def print_tables(found: dict) -> None:
    """Print the figures of all sets."""
    console = Console()
    _print_rows(console, "Backward falls warned of; other falls; false alarms per hour", _summary_rows(found))
    for name, by in found.items():
        _print_rows(console, f"{name}: falls", _fall_rows(by))
        _print_rows(console, f"{name}: false alarms in daily activities", _alarm_rows(by))


def _print_rows(console: Console, title: str, rows: list[tuple]) -> None:
    if len(rows) < 2:
        return
    table = Table(title=title, title_justify="left")
    table.add_column(rows[0][0], no_wrap=True, overflow="ellipsis", max_width=_TEXT_WIDTH)
    for column in list(zip(*rows, strict=True))[1:]:  # figures are never cut short, only the first column is
        table.add_column(column[0], justify="right", no_wrap=True, min_width=max(map(len, column)))
    for row in rows[1:]:
        table.add_row(*row)
    console.print(table)


def _shown(number, unit: str = "") -> str:
    return "-" if number is None else f"{round(number, 1):g}{unit}"


def _summary_rows(found: dict) -> list[tuple]:
    rows: list[tuple] = [("set", "arming", "n", "warned", "lead", ">=200", "others", "all/h", "gait/h")]
    for name, by in found.items():
        for arming, f in by.items():
            back = f["backward"]
            rows.append((
                name, arming, _shown(back["falls"]), _shown(back["warned_pct"], " %"),
                _shown(back["median_lead_ms"], " ms"), _shown(back["lead_200ms_pct"], " %"),
                _shown(f["other_falls"]["warned_pct"], " %"), _shown(f["daily"]["per_hour"]),
                _shown(f["locomotion"]["per_hour"]),
            ))  # fmt: skip
    return rows


def _fall_rows(by: dict) -> list[tuple]:
    rows: list[tuple] = [("fall", "n", *(head for arming in by for head in (arming, "lead")))]
    first = next(iter(by.values()))["falls_by_activity"]
    for activity, one in first.items():
        cells: list[str] = []
        for f in by.values():
            mine = f["falls_by_activity"][activity]
            cells += [_shown(mine["warned_pct"], " %"), _shown(mine["median_lead_ms"], " ms")]
        rows.append((f"{activity} {one['text']}", _shown(one["falls"]), *cells))
    return rows


def _alarm_rows(by: dict) -> list[tuple]:
    rows: list[tuple] = [("activity", "hours", *(head for arming in by for head in (arming, "per hour")))]
    first = next(iter(by.values()))["daily_by_activity"]
    for activity, one in first.items():
        mine = [f["daily_by_activity"][activity] for f in by.values()]
        cells = [_shown(m[name]) for m in mine for name in ("false_alarms", "per_hour")]
        rows.append((f"{activity} {one['text']}", f"{one['hours']:.2f}", *cells))
    return rows
