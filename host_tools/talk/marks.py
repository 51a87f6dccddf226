"""Verb `marks`: lists and fetches raw seconds: of sways, false alarms, falls, and of minutes that were chosen."""

import argparse
import json
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path

from rich.console import Console
from rich.table import Table

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.talk import chests
from host_tools.talk.client import Client
from host_tools.talk.fetching import content, sum_of, whole
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell


@dataclass(frozen=True)
class Mark:
    """A recording on a pod, and what it is about: an event, whose sample is the recording's `row`.

    Or a chest of them, about none.
    """

    path: str
    size: int
    growing: bool
    about: dict

    @property
    def is_chest(self) -> bool:
        """Whether it holds any number of recordings."""
        return self.path.endswith(chests.SUFFIXES)


def on_pod(pod: Client) -> list[Mark]:
    """Return the recordings on a pod, chests of them last."""
    found: list[list] = []
    more = True
    while more:
        page = pod.ask_again("marks", after=found[-1][0]) if found else pod.ask_again("marks")
        found += page["files"]
        more = page["more"] and bool(page["files"])
    paths = {row[0] for row in found}
    marks = []
    for path, size, growing in found:
        if path.endswith(chests.SUFFIXES):
            marks.append(Mark(path, size, growing, {}))
        elif Path(path).suffix in (".bsr", ".raw", ".rec"):
            about = _about(pod, beside(path)) if beside(path) in paths else {}
            marks.append(Mark(path, size, growing, about))
    return marks


def beside(path: str) -> str:
    """Return the path of the file that tells what a recording is about."""
    return path[: path.rindex(".")] + ".json"


def _about(pod: Client, path: str) -> dict:
    data = content(pod, path)
    try:
        said = json.loads(data)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def fetch(
    pod: Client, mark: Mark, folder: Path, on_bytes=lambda done: None
) -> tuple[Path, list[tuple[Path, bool]]]:
    """Copy a mark into a folder, made when missing.

    Return the file that holds it, and that again, or each recording of a chest, and whether it came now.
    One that is there already is not copied again, and nothing there is overwritten.  on_bytes: told how many
    of what comes are here.  UserError when a copy differs from what the pod has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if mark.is_chest:
        file = chests.fetched(pod, mark.path, mark.size, folder, on_bytes)
        return file, chests.unpacked(file)
    file, is_new = whole(pod, mark.path, mark.size, folder, on_bytes)
    about = file.with_suffix(".json")
    if is_new or not about.exists():
        whole_file.write(about, json.dumps(mark.about).encode() + b"\n")
    return file, [(file, is_new)]


def remove(pod: Client, mark: Mark, file: Path) -> None:
    """Remove a mark from a pod that is here as a file."""
    pod.ask("delete", path=mark.path, **sum_of(file))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="DIR", help="copy them into this folder")
    parser.add_argument("--remove", action="store_true", help="remove from the pod what was copied")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """List the marks, copy and remove them as asked."""
    if args.remove and not args.to:
        raise UserError("--remove: only what was copied is removed, want --to DIR")
    if args.to:
        whole_file.check_folder(args.to)
    rows: list[dict] = []
    with connected(args) as pod:
        for mark in on_pod(pod):
            held, copied = _held(pod, mark), []
            if args.to and not mark.growing:
                file, came = fetch(pod, mark, args.to)
                copied = [str(recording) for recording, _ in came]
                if args.remove:
                    remove(pod, mark, file)
            rows += [asdict(one) | {"file": copy} for one, copy in zip_longest(held, copied)]
    tell(args, rows, lambda: shown(rows))
    return 0


def _held(pod: Client, mark: Mark) -> list[Mark]:
    """Return a mark, or what lies in it as one each, where it is a chest."""
    if not mark.is_chest:
        return [mark]
    return [replace(mark, size=size, about=about) for size, about in chests.on_pod(pod, mark.path, mark.size)]


def shown(rows: list[dict]) -> str:
    """Return a table of marks, 80 columns wide; file: where each one is now, None where it was not copied."""
    if not rows:
        return "no marks on the pod"
    folders = sorted({str(Path(row["file"]).parent) for row in rows if row["file"]})
    names = ("recording", "bytes", "event", "false", "about", "copied as")[: 6 if folders else 5]
    table = Table(box=None, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(name, no_wrap=True, justify="right" if name == "bytes" else "left")
    for row in rows:
        about = row["about"]
        event = "grows" if row["growing"] else str(about.get("event", "unknown"))
        false = "yes" if about.get("false_alarm") else "no"
        here = Path(row["file"] or "").name
        cells = (Path(row["path"]).name, str(row["size"]), event, false, _words(about), here)
        table.add_row(*cells[: len(names)])
    console = Console()
    with console.capture() as capture:
        console.print(table)
    lines = [line.rstrip() for line in capture.get().rstrip().splitlines()]
    return "\n".join(lines + [f"copied into {folder}" for folder in folders])


def _words(about: dict) -> str:
    lean_ddeg = about.get("lean_ddeg")
    warned = about.get("event") in ("sway", "caution")
    if warned and isinstance(lean_ddeg, int) and lean_ddeg <= 0:  # shorter than sway_words: a column of 80
        return f"dropping, {abs(lean_ddeg) / 10:g} deg forward"
    known = (
        ("lean_ddeg", 10, "deg back"),
        ("rate_ddps", 10, "deg/s"),
        ("impact_mg", 1000, "g"),
        ("turned_ddeg", 10, "deg turned"),
        ("minutes", 1, "min"),
    )
    there = [(about[name] / part, unit) for name, part, unit in known if isinstance(about.get(name), int)]
    return ", ".join(f"{value:g} {unit}" for value, unit in there)
