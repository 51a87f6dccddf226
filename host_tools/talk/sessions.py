"""Verb `sessions`: those on a pod, or some that were fetched, with what is missing."""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from backstep.app.clock import shown as ran
from rich.console import Console
from rich.table import Column, Table

from host_tools.errors import UserError
from host_tools.sessions import partners, session_log
from host_tools.sessions.session_log import PodLog, SessionLog
from host_tools.sessions.wearer_time import shown
from host_tools.talk.client import Client
from host_tools.talk.fetching import PART
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.telling import tell

_NUMBERS = ("back", "fwd", "other", "m back", "m up", "sways")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    words = (
        "files or folders of sessions that were fetched, those of pods worn together as one unless --pod says "
        "which; with --json every record of them"
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=words)
    parser.add_argument("--figures", action="store_true", help="what each session and lap comes to, of PATH")
    parser.add_argument("--kg", type=_kg, default=0.0, help="the wearer's mass where a log does not tell it")
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    if args.paths:
        alone, bad = sound(partners.of_pod(files(args.paths), args.pod or ""))
        found = [log for _, log in (alone if args.pod else partners.grouped(alone))]
        if not found and not bad and not args.json:
            print("no sessions there: backstep sync --to DIR fetches a pod's, backstep tour makes one")
        elif args.figures:
            show_figures(found, args.kg, args.json)
        elif found:
            show(found, args.json)
        for words in bad:
            print(f"backstep sessions: {words}", file=sys.stderr)
        return 2 if bad else 0
    if args.figures:
        raise UserError("--figures: which sessions? Fetch them (backstep sync --to DIR), then name DIR")
    with connected(args) as pod:
        rows = on_pod(pod)
    tell(args, rows, lambda: "\n".join(map(_line, rows)) or "no sessions on the pod")
    return 0


def _kg(word: str) -> float:
    try:
        kg = float(word)
    except ValueError:
        kg = 0.0
    if not 20 <= kg <= 250:
        raise argparse.ArgumentTypeError(f"{word}: wanted 20 to 250 kg")
    return kg


def on_pod(pod: Client) -> list[dict]:
    """Return the sessions on a pod, the oldest first: path, size [bytes], fetched, running."""
    found: list[dict] = []
    more = True
    while more:
        page = pod.ask_again("sessions", after=found[-1]["path"]) if found else pod.ask_again("sessions")
        names = ("path", "size", "fetched", "running")
        found += [dict(zip(names, row, strict=True)) for row in page["files"]]
        more = page["more"] and bool(page["files"])
    return found


def _line(row: dict) -> str:
    state = "runs" if row["running"] else "fetched" if row["fetched"] else "not fetched yet (backstep sync)"
    return f"{row['path']}  {row['size']:>8} bytes  {state}"


def files(paths: Iterable[Path]) -> list[Path]:
    """Return the session files that paths mean, folders searched, those too of which there is a part yet.

    UserError for a path that is not there.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            os.scandir(path).close()  # a search is silent about a folder that may not be read
            found += sorted([*path.rglob("*.bsl"), *path.rglob(f"*.bsl{PART}")])
        elif path.is_file():
            found.append(path)
        else:
            raise UserError(f"{path}: there is no such file or folder")
    return found


def sound(paths: Iterable[Path]) -> tuple[list[tuple[Path, SessionLog]], list[str]]:
    """Return the sessions that can be read, by their files, and what is wrong with each that cannot, in words."""
    found: list[tuple[Path, SessionLog]] = []
    bad: list[str] = []
    for path in paths:
        try:
            found.append((path, session_log.load(path)))
        except UserError as error:
            if path.suffix == PART:
                words = f"{path}: nothing of it is whole yet: sync fetches the rest"
                print(f"backstep sessions: {words}", file=sys.stderr)
            else:
                bad.append(str(error))
        except OSError as error:
            bad.append(f"{path}: {error.strerror or error}")
    return found, bad


def show_figures(found: list[SessionLog], kg: float, as_json: bool) -> None:
    """Print the figures of sessions and their laps, as text or a line of JSON for each.  kg: as of figures."""
    from host_tools.sessions.session_figures import figures  # NumPy with it, which the other answers do without
    from host_tools.talk import session_view

    for one in found:
        told = figures(one, kg)
        if as_json:
            print("\n".join(json.dumps({"session": one.name} | part) for part in told))
        else:
            print(session_view.text(one, told))
    if not as_json and any(one.strides for one in found):
        print(session_view.FOOTNOTE)


def show(found: list[SessionLog], as_json: bool) -> None:
    """Print sessions: a table, or every record as a line of JSON after one for its session."""
    if as_json:
        for one in found:
            about = {"session": one.name, "placement": one.placement, "rate_hz": one.rate_hz}
            pods = [_pod(pod) for pod in one.pods]
            about |= {"pods": pods} if pods else {}
            lost = {"missing_blocks": one.missing, "damaged_bytes": one.damaged_bytes}
            print(json.dumps(about | {"unix_ms": one.unix_ms, "utc_offset_min": one.utc_offset_min} | lost))
            for record in one.records:
                print(json.dumps(record))
        return
    numbers = [Column(name, justify="right", no_wrap=True) for name in _NUMBERS]
    words = [Column(name, no_wrap=True) for name in ("session", "began", "length")]
    table = Table(*words, *numbers, box=None, padding=(0, 1, 0, 0))
    for one in found:
        counts = one.counts
        counted = [str(number) for number in (counts.backward, counts.forward, counts.other)]
        way = [f"{length_mm / 1000:.1f}" for length_mm in (counts.backward_mm, counts.ascent_mm)]
        when = (one.name.partition(".")[0], shown(one.unix_ms, one.utc_offset_min), ran(round(one.seconds)))
        table.add_row(*when, *counted, *way, str(counts.sways))
    Console().print(table)
    for one in found:
        missing = session_log.what_is_missing(one) or "nothing"
        print(f"{one.name}: ended by {one.ended or 'nothing that was logged'}; missing: {missing}")
        for told in map(_pod, one.pods):
            apart = told["apart_ms"]
            clock = "" if apart is None else f", its clock within {apart:.0f} ms of the others'"
            print(f"  {told['placement']}: {told['file']}{clock}")


def _pod(pod: PodLog) -> dict:
    apart_ms = None if pod.apart_ms is None else round(pod.apart_ms, 1)
    return {"placement": pod.log.placement, "file": str(pod.path), "apart_ms": apart_ms}
