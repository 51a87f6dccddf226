"""Folders of labelled recordings: find them, read them, replay them on every core, print what came of it."""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from host_tools.errors import UserError
from host_tools.recording_faults import checked
from host_tools.recording_files import damage_told
from host_tools.recordings import Recording, placement_of
from host_tools.settings_args import add_settings_argument, parse_settings

_NEEDED = ("archive", "key", "position", "rate_hz", "gyro", "frame")
_KINDS = {  # of what an entry says
    **dict.fromkeys(("archive", "key", "position", "frame", "activity", "text", "direction"), (str, "text")),
    **dict.fromkeys(("rate_hz", "onset_s", "impact_s", "steps_gt"), (int | float | None, "a number")),
    **dict.fromkeys(("gyro", "is_fall"), (bool, "true or false")),
    "events": (list | None, "a list"),
}
_TEXT_WIDTH = 30


def add_arguments(parser, with_settings: bool = False) -> None:
    """Add which sets of the folder to take, on how many processes, and perhaps the pod's settings."""
    parser.add_argument("--set", action="append", metavar="NAME", help="only this set of DIR; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes")
    if with_settings:
        add_settings_argument(parser)


def asked(args, evaluate: Callable):
    """Return what an evaluation finds with the arguments of a command line.

    evaluate: (folder, only, jobs, settings if there are any, show_progress).
    """
    settings = {"settings": parse_settings(args.settings)} if "settings" in args else {}
    return evaluate(args.dir, args.set, args.jobs, **settings, show_progress=not args.json)


def tasks_in(folder, only, usable: Callable[[dict], bool], wanted: str) -> list[tuple[Path, dict]]:
    """Return (folder of its set, entry of its index) of every usable recording.

    folder: holds sets, or is one.  only: names of sets, None for all.  wanted: what usable asks for, in words.
    UserError when there is nothing to evaluate, or an index cannot be read.
    """
    tasks = [(path, entry) for path in set_folders(folder, only) for entry in read_index(path) if usable(entry)]
    if not tasks:
        raise UserError(f"{folder}: no {wanted}")
    return tasks


def set_folders(folder, only=None) -> list[Path]:
    """Return the folders with an index.json: the folder itself, or those in it."""
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder, want one with sets (index.json and archives)")
    inside = sorted(index.parent for index in folder.glob("*/index.json"))
    found = [folder] if (folder / "index.json").is_file() else inside
    if not found:
        raise UserError(f"{folder}: no index.json in it or in a folder of it")
    unknown = sorted(set(only or ()) - {path.name for path in found})
    if unknown:
        raise UserError(f"--set {', '.join(unknown)}: not in {folder} ({', '.join(p.name for p in found)})")
    return [path for path in found if not only or path.name in only]


def read_index(path: Path) -> list[dict]:
    """Return the entries of a set; UserError for an index that is no index."""
    file = path / "index.json"
    try:
        entries = json.loads(file.read_text(encoding="utf-8-sig"))["recordings"]
        for number, entry in enumerate(entries):
            lacking = [name for name in _NEEDED if name not in entry]
            if lacking:
                raise UserError(f"{file}: recording {number} has no {', '.join(lacking)}")
            for name, (kind, want) in _KINDS.items():
                if name in entry and not isinstance(entry[name], kind):
                    raise UserError(f"{file}: recording {number}: {name}: {entry[name]!r}, want {want}")
            if not (path / entry["archive"]).is_file():
                raise UserError(f"{file}: recording {entry['key']}: no archive {entry['archive']}")
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: no sound JSON ({error})") from error
    except (KeyError, TypeError) as error:
        raise UserError(f'{file}: want {{"recordings": [...]}} with one object each') from error
    return entries


def recording(path: Path, entry: dict, placement: str | None = None) -> Recording:
    """Return a set's recording, its filled gaps stated; UserError where it cannot be read or is not in mg.

    path, entry: of its set, of its index.  placement: that of a pod, by default the nearest to its position.
    """
    file, worn = path / entry["archive"], placement or placement_of(entry["position"])
    facts = entry["rate_hz"], worn, entry["frame"], entry.get("gyro", True)
    return _checked(path, entry["archive"], entry["key"], _changed_ns(file), *facts)


@lru_cache(maxsize=1)
def _checked(path: Path, archive: str, key: str, changed_ns: int, rate_hz, worn, frame, has_gyro) -> Recording:
    """Return a recording, kept for who looks at it next.  changed_ns: when its archive last became another one."""
    samples = array(path, {"archive": archive}, key)
    try:
        return checked(Recording(samples, rate_hz, worn, frame, has_gyro=has_gyro), guessed_only=True)
    except UserError as error:
        raise UserError(f"{path / archive}: {key}: {error}") from error


def _changed_ns(file: Path) -> int:
    return file.stat().st_mtime_ns if file.is_file() else 0


def array(path: Path, entry: dict, key: str) -> np.ndarray:
    """Return one array of an entry's archive; UserError when it cannot be read."""
    file = path / entry["archive"]
    try:
        with damage_told():
            return _opened(file, file.stat().st_mtime_ns)[key]
    except KeyError as error:
        raise UserError(f"{file}: no array {key!r} in it") from error
    except UserError as error:
        raise UserError(f"{file}: {error}") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{file}: no sound .npz archive ({error})") from error


@lru_cache(maxsize=1)
def _opened(file: Path, changed_ns: int) -> NpzFile:
    """Return an archive, kept open: finding its arrays takes longer than reading one, and a set's come in order.

    changed_ns: when it last became another one.
    """
    return NpzFile(file.open("rb"), own_fid=True, allow_pickle=False)


def measured(measure: Callable, tasks: list, jobs: int, show_progress: bool) -> Iterator:
    """Yield measure(task) of every task in order, worked out on `jobs` processes, with a progress bar."""
    yield from track(_results(measure, tasks, jobs), "replaying", len(tasks), disable=not show_progress)


def _results(measure: Callable, tasks: list, jobs: int) -> Iterator:
    if jobs <= 1:
        yield from map(measure, tasks)
        return
    # An open file that was forked has one place to read on for all: each process opens its own.
    with ProcessPoolExecutor(jobs, initializer=_opened.cache_clear) as pool:
        yield from pool.map(measure, tasks, chunksize=4)


def shown(number: float | None, unit: str = "") -> str:
    """Return a figure as a cell of a table; None: a dash."""
    return "-" if number is None else f"{round(number, 1):g}{unit}"


def print_rows(console: Console, title: str, rows: list[tuple]) -> bool:
    """Print rows as a table, the first one its head, None as "-"; only its first column may be cut short.

    False where there is nothing below the head: then nothing is printed.
    """
    if len(rows) < 2:
        return False
    rows = [tuple("-" if cell is None else str(cell) for cell in row) for row in rows]
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 0))
    table.add_column(rows[0][0], no_wrap=True, overflow="ellipsis", max_width=_TEXT_WIDTH)
    for column in list(zip(*rows, strict=True))[1:]:
        table.add_column(column[0], justify="right", no_wrap=True, min_width=max(map(len, column)))
    for row in rows[1:]:
        table.add_row(*row)
    console.print(table)
    return True
