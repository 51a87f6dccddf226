"""Verb `marks`: lists sways and what wearers marked as false alarms, and fetches the raw seconds around them."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from host_tools.errors import UserError
from host_tools.pod_link import Pod, find_port

FOLDER = "/marks"
START_S = 15.0


@dataclass(frozen=True)
class Mark:
    """A recording on a pod: its path, and the event it is about, whose sample is the recording's `row`."""

    path: str
    about: dict

    @property
    def is_false_alarm(self) -> bool:
        """Whether the wearer called the warning false."""
        return self.path.endswith(".bsr")


def found_on(pod: Pod) -> list[Mark]:
    """Return the recordings on a pod in its raw REPL, the oldest first."""
    paths = sorted(path for path in pod.tree(FOLDER) if path.endswith((".bsr", ".raw")))
    return [Mark(path, _event(pod.read(beside(path)))) for path in paths]


def beside(path: str) -> str:
    """Return the path of the file that tells of a recording's event."""
    return path[: path.rindex(".")] + ".json"


def _event(data: bytes | None) -> dict:
    try:
        said = json.loads(data or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def fetch(pod: Pod, marks: list[Mark], folder: Path) -> list[Path]:
    """Copy marks into a folder, made when missing, and return the recordings' paths there.

    One that is there already is not copied again; nothing there is overwritten: a copy takes the next free number.
    UserError when a copy differs from what the pod has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.read_bytes(): path for path in folder.glob("*.bsr")}
    fetched = []
    for mark in marks:
        data = _read(pod, mark.path)
        if data not in there:
            path = folder / f"{_free_number(folder):04d}.bsr"
            about = mark.about | {"false_alarm": mark.is_false_alarm}
            path.with_suffix(".json").write_text(json.dumps(about) + "\n")
            path.write_bytes(data)
            there[data] = path
        fetched.append(there[data])
    return fetched


def _read(pod: Pod, path: str) -> bytes:
    data = pod.read(path) or b""
    if pod.sha256([path]).get(path) != hashlib.sha256(data).hexdigest():
        raise UserError(f"{pod.port}: {path}: the copy differs (SHA-256); repeat")
    return data


def _free_number(folder: Path) -> int:
    return max((int(path.stem) for path in folder.glob("*.bsr") if path.stem.isdigit()), default=0) + 1


def remove(pod: Pod, marks: list[Mark]) -> None:
    """Remove marks from a pod; a recording goes before what is beside it, as it comes after it."""
    for mark in marks:
        pod.remove(mark.path)
        pod.remove(beside(mark.path))


def print_marks(marks: list[Mark], fetched: list[Path]) -> None:
    """Print a table of marks; fetched: where each one is now, or nothing."""
    if not marks:
        print("no marks on the pod")
        return
    table = Table("recording", "event", "false", "leaning back", "at", "fetched as")
    for number, mark in enumerate(marks):
        cells = (_tenths(mark.about, "lean_ddeg", "deg"), _tenths(mark.about, "rate_ddps", "deg/s"))
        name = fetched[number].name if fetched else ""
        false = "yes" if mark.is_false_alarm else "no"
        table.add_row(mark.path, str(mark.about.get("event", "unknown")), false, *cells, name)
    Console().print(table)


def _tenths(about: dict, name: str, unit: str) -> str:
    value = about.get(name)
    return f"{value / 10:.1f} {unit}" if isinstance(value, int) else ""


def add_arguments(parser) -> None:
    """Add the arguments of `backstep marks`."""
    parser.description += "; the session on the pod ends by this, and the next one begins"
    parser.add_argument("--port", help="serial port of the pod (default: the one pod on USB)")
    parser.add_argument("--to", type=Path, metavar="DIR", help="copy them into this folder")
    parser.add_argument("--remove", action="store_true", help="remove from the pod what was copied")


def run(args) -> int:
    """List the marks, copy and remove them as asked, and let the pod go on."""
    if args.remove and not args.to:
        raise UserError("--remove: only what was copied is removed, want --to DIR")
    with Pod(args.port or find_port()) as pod:
        pod.enter()
        marks = found_on(pod)
        fetched = fetch(pod, marks, args.to) if args.to else []
        if args.remove:
            remove(pod, marks)
        pod.restart(START_S)
    print_marks(marks, fetched)
    return 0
