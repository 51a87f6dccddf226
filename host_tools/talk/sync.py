"""Verb `sync`: fetches the sessions that are not here yet; goes on where a broken cable left off."""

import argparse
from binascii import crc32
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from host_tools.errors import UserError
from host_tools.talk import clock
from host_tools.talk.client import Client, Refused
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.sessions import on_pod
from host_tools.talk.telling import tell

PART = ".part"


@dataclass
class Fetched:
    """What a sync came to.

    folder: where.  new: names of the files that came now.  had: how many were here before.
    running: names that run still, of which what there is lies in a .part.  removed: from the pod.
    """

    folder: str
    new: list[str]
    had: int
    running: list[str]
    removed: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Each is checked by its CRC32, and marked on the pod as fetched."
    parser.add_argument("--to", type=Path, default=Path("sessions"), metavar="DIR", help="default: sessions")
    parser.add_argument("--remove", action="store_true", help="remove from the pod what is here, checked")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    screen = Console(stderr=True)
    with connected(args) as pod:
        clock.set_time(pod)
        folder = args.to / pod.who["uid"]
        with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
            bar = progress.add_task("sync", total=None)
            came = sync(pod, folder, args.remove, lambda n, total: progress.update(bar, completed=n, total=total))
    tell(args, asdict(came), lambda: _said(came))
    return 0


def sync(pod: Client, folder: Path, remove: bool, on_bytes=lambda done, total: None) -> Fetched:
    """Fetch what is missing in a folder, made when it is; nothing there is overwritten.

    on_bytes: told (bytes done, bytes in all).  UserError as of Client, and when a copy stays different.
    """
    folder.mkdir(parents=True, exist_ok=True)
    came = Fetched(str(folder), [], 0, [], 0)
    found = on_pod(pod)
    total, done = sum(row["size"] for row in found), 0
    for row in found:
        path, size, before = row["path"], row["size"], done
        if row["running"]:
            _fetch(pod, path, folder, lambda n, before=before: on_bytes(before + n, total))
            came.running.append(_name(path))
        else:
            file, is_new = _whole(pod, path, size, folder, lambda n, before=before: on_bytes(before + n, total))
            came.new += [file.name] * is_new
            came.had += not is_new
            if remove:
                pod.ask("delete", path=path, **_sum(file))
                came.removed += 1
        done += size
        on_bytes(done, total)
    return came


def _whole(pod: Client, path: str, size: int, folder: Path, on_bytes) -> tuple[Path, bool]:
    """Return the file that holds a session, and whether it came now."""
    for file in _copies(folder, path):
        if file.stat().st_size == size and _confirmed(pod, path, file):
            return file, False
    for _ in range(2):
        part = _fetch(pod, path, folder, on_bytes)
        if _confirmed(pod, path, part):
            file = _free(folder, path)
            part.replace(file)
            return file, True
        part.unlink()  # what was here of it was of another file of that name
    raise UserError(f"{pod.port}: {path}: the copy differs (CRC32) twice; repeat")


def _fetch(pod: Client, path: str, folder: Path, on_bytes) -> Path:
    """Fetch a file into its .part, going on where that ends."""
    part = folder / (_name(path) + PART)
    with part.open("ab") as file:
        at, size = file.tell(), -1
        while at < size or size < 0:
            try:
                data, size = pod.read(path, at)
            except Refused:
                if not at:
                    raise
                file.truncate(0)  # longer than what the pod has: of another file of that name
                at = 0
                continue
            if not data:
                break
            file.write(data)
            file.flush()
            at += len(data)
            on_bytes(at)
    return part


def _confirmed(pod: Client, path: str, file: Path) -> bool:
    """Tell the pod that a session is here; return whether it has the same."""
    try:
        pod.ask_again("synced", path=path, **_sum(file))
    except Refused:
        return False
    return True


def _sum(file: Path) -> dict:
    data = file.read_bytes()
    return {"size": len(data), "crc32": crc32(data)}


def _name(path: str) -> str:
    return Path(path).stem + ".bsl"


def _copies(folder: Path, path: str) -> list[Path]:
    """Return the files that may hold a session: of its name, or beside it after the pod counted anew."""
    stem = Path(path).stem
    return [file for file in sorted(folder.glob(f"{stem}*.bsl")) if file.stem.partition("_")[0] == stem]


def _free(folder: Path, path: str) -> Path:
    stem, number = Path(path).stem, len(_copies(folder, path))
    return folder / (f"{stem}_{number + 1}.bsl" if number else f"{stem}.bsl")


def _said(came: Fetched) -> str:
    new = f"{len(came.new)} new session{'' if len(came.new) == 1 else 's'} in {came.folder}"
    words = [new, f"{came.had} here before"]
    if came.running:
        words.append(f"{', '.join(came.running)} runs still: sync again after its end for the rest")
    if came.removed:
        words.append(f"{came.removed} removed from the pod")
    return "; ".join(words)
