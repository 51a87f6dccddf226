"""Verb `sync`: fetches what is not here yet of sessions and raw seconds; goes on after a broken cable."""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.sessions.folder import SETTINGS
from host_tools.talk import announced, clock, find, marks
from host_tools.talk.client import Client
from host_tools.talk.fetching import fetch, name_here, sum_of, whole
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.sessions import on_pod
from host_tools.talk.telling import tell


@dataclass
class Fetched:
    """What a sync came to.

    folder: where.  new: names of the sessions that came now.  had: how many were here before.
    raw: names of raw seconds that came now, in the folder's `raw`.  running: names that grow still; what there is
    of a session lies in a .part.  removed: from the pod.
    """

    folder: str
    new: list[str]
    had: int
    raw: list[str]
    running: list[str]
    removed: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Each is checked by its CRC32, and marked on the pod as fetched. Of several pods on USB, or simulated "
        "ones where there is none, all are fetched from, each into its own folder of DIR."
    )
    parser.add_argument("--to", type=Path, default=Path("sessions"), metavar="DIR", help="default: sessions")
    parser.add_argument("--remove", action="store_true", help="remove from the pod what is here, checked")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    whole_file.check_folder(args.to)
    ports = [] if args.port or args.pod else find.everybody()
    if args.pod == announced.NAME and not args.port:
        ports = announced.ports()
    if len(ports) > 1:
        return _run_all(args, ports)
    with find.met(ports[0]) if ports else connected(args) as pod:
        came = _fetched(args, pod)
    tell(args, asdict(came), lambda: _said(came))
    return 0


def _run_all(args: argparse.Namespace, ports: list[str]) -> int:
    """Fetch from every pod into its own folder; who cannot be reached is told, and the rest goes on."""
    came, bad = [], 0
    for port in ports:
        try:
            with find.met(port, find.AMONG_S) as pod:
                came.append(_fetched(args, pod))
        except UserError as error:
            print(f"backstep sync: {error}", file=sys.stderr)
            bad = 2
    if came or args.json:
        tell(args, [asdict(one) for one in came], lambda: "\n".join(map(_said, came)))
    return bad


def _fetched(args: argparse.Namespace, pod: Client) -> Fetched:
    screen = Console(stderr=True)
    clock.set_time_or_warn(pod)
    folder = args.to / pod.who["uid"]
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("sync", total=None)
        return sync(pod, folder, args.remove, lambda n, total: progress.update(bar, completed=n, total=total))


def sync(pod: Client, folder: Path, remove: bool, on_bytes=lambda done, total: None) -> Fetched:
    """Fetch what is missing in a folder, made when it is; nothing there is overwritten.

    on_bytes: told (bytes done, bytes in all).  UserError as of Client, and when a copy stays different.
    """
    folder.mkdir(parents=True, exist_ok=True)
    came = Fetched(str(folder), [], 0, [], [], 0)
    found = on_pod(pod)
    raw = marks.on_pod(pod) if "marks" in pod.who.get("requests", ()) else []
    if "get" in pod.who.get("requests", ()):
        keep_settings(pod.ask_again("get")["settings"], folder)
    total = sum(row["size"] for row in found) + sum(mark.size for mark in raw)
    done = 0
    for row in found:
        _session(pod, row, folder, came, remove, lambda n, before=done: on_bytes(before + n, total))
        done += row["size"]
        on_bytes(done, total)
    for mark in raw:
        if mark.growing:
            came.running.append(name_here(mark.path))
            continue
        told = lambda n, before=done: on_bytes(before + n, total)  # noqa: E731
        file, recordings = marks.fetch(pod, mark, folder / "raw", told)
        came.raw += [recording.name for recording, is_new in recordings if is_new]
        if remove:
            marks.remove(pod, mark, file)
            came.removed += 1
        done += mark.size
    return came


def keep_settings(settings: dict, folder: Path) -> None:
    """Put a pod's settings beside its sessions, as they are now: a report asks them for the dose."""
    whole_file.write(folder / SETTINGS, (json.dumps(settings) + "\n").encode())


def _session(pod: Client, row: dict, folder: Path, came: Fetched, remove: bool, on_bytes) -> None:
    path = row["path"]
    if row["running"]:
        fetch(pod, path, folder, on_bytes)
        came.running.append(name_here(path))
        return
    file, is_new = whole(pod, path, row["size"], folder, on_bytes)
    came.new += [file.name] * is_new
    came.had += not is_new
    if remove:
        pod.ask("delete", path=path, **sum_of(file))
        came.removed += 1


def _said(came: Fetched) -> str:
    new = f"{len(came.new)} new session{'' if len(came.new) == 1 else 's'} in {came.folder}"
    words = [new, f"{came.had} here before"]
    if came.raw:
        words.append(f"{len(came.raw)} new recordings of raw seconds in {Path(came.folder) / 'raw'}")
    if came.running:
        words.append(f"{', '.join(came.running)} runs still: sync again after its end for the rest")
    if came.removed:
        words.append(f"{came.removed} removed from the pod")
    return "; ".join(words)
