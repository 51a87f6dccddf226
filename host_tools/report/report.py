"""Verb `report`: sessions as one HTML page that works offline, on a phone and on paper."""

import argparse
import json
import logging
import webbrowser
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from host_tools.errors import UserError
from host_tools.report import chosen, moments, overview, plots, session_page, training
from host_tools.report import view as views
from host_tools.report.view import View
from host_tools.sessions import folder, partners
from host_tools.whole_file import check, whole

_TREND = 8  # sessions before, of a page of one
_ABOUT = """\
backstep report                      the newest session in ./sessions
backstep report latest DIR --open    the newest in DIR, shown in the browser
backstep report 00012-01 DIR --with 00009-01
backstep report --week DIR           seven days up to the newest; --all: all
The page needs no network, and is printed as it is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _ABOUT
    said = "SESSION: a file, a name as 00012-01, or latest; DIR: where sync put them (default: sessions)"
    parser.add_argument("words", nargs="*", metavar="SESSION DIR", help=said)
    many = parser.add_mutually_exclusive_group()
    many.add_argument("--week", action="store_true", help="the seven days up to the newest session in DIR")
    many.add_argument("--all", action="store_true", help="all sessions in DIR")
    parser.add_argument("--with", dest="other", metavar="OTHER", help="a second session beside it, named likewise")
    parser.add_argument("--pod", metavar="NAME", default="", help=chosen.POD)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write it (default: its name .html, here)"
    )
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    parser.add_argument("--treadmill", type=_percent, metavar="PCT", help="grade of the treadmill it was on")
    parser.add_argument(
        "--level", type=int, choices=(1, 2, 3, 4), help="of the programme, where no settings tell it"
    )
    parser.add_argument("--kg", type=_kg, default=0.0, help="the wearer's mass where a log does not tell it")
    parser.add_argument("--json", action="store_true", help="print the figures for programs as well")


def run(args: argparse.Namespace) -> int:
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # that it lists fonts the first time is no news
    if args.out:
        check(args.out)
    if args.week or args.all:
        if args.other or len(args.words) > 1:
            raise UserError("--week, --all: take one DIR and no --with; two sessions: SESSION DIR --with OTHER")
        return _many(args)
    path = chosen.session(args.words, args.pod)
    where = Path(args.words[1]) if len(args.words) == 2 else path.parent
    paths, of_one = [path], bool(args.pod)
    if args.other:
        paths.append(chosen.named(args.other, where, args.pod))
    with Console(stderr=True).status("reading") as status:
        sessions = [views.view(path, args.kg, args.treadmill, of_one) for path in paths]
        if len({one.name for one in sessions}) < len(sessions):
            for one in sessions:
                one.name = f"{one.path.parent.name}/{one.name}"
        around = _around(sessions[0], args.level, args.kg)
        status.update("drawing")
        with plots.styled():
            page = session_page.page(sessions, around)
    told = {"weeks": [vars(week) for week in around.load.weeks]}
    name = "-with-".join(one.name.replace("/", "-") for one in sessions)
    return _written(args, name, page, told, sessions)


def _many(args: argparse.Namespace) -> int:
    where = Path(args.words[0]) if args.words else chosen.FOLDER
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("sessions", total=None)
        found = chosen.folder_of(
            where, lambda done, total: progress.update(bar, completed=done, total=total), args.pod
        )
        wanted = chosen.week(found) if args.week else found.sessions
        sessions: list[View] = []
        there: set[Path] = set()  # files of these sessions, copies of a pod's too
        for number, one in enumerate(wanted, 1):
            if one.path.resolve() not in there:
                files = [one.path] if args.pod else partners.partners(one.path)
                there.update(file.resolve() for file in files)
                sessions.append(views.view(one.path, args.kg, args.treadmill, bool(args.pod)))
            progress.update(bar, completed=number, total=len(wanted))
    folders = list(dict.fromkeys(one.path.parent for one in sessions))
    pods = [
        overview.Pod(
            pod.name, [one for one in sessions if one.path.parent == pod], _load(pod, found.sessions, args.level)
        )
        for pod in folders
    ]
    title = f"Week of {where.resolve().name}" if args.week else f"All sessions of {where.resolve().name}"
    told = {"weeks": {pod.name: [vars(week) for week in pod.load.weeks] for pod in pods}, "left_out": found.faults}
    with screen.status("drawing"), plots.styled():
        page = overview.page(title, pods, found.faults)
    return _written(args, "week" if args.week else "all", page, told, sessions)


def _around(one: View, level: int | None, kg: float) -> session_page.Around:
    """Read what is known beside a session: of its pod's folder the days, the sessions before and the settings."""
    found, _ = folder.briefs(sorted(one.path.parent.glob("*.bsl")))
    upto = next((at for at, other in enumerate(found) if other.path == one.path), 0)
    before = [views.view(other.path, kg) for other in found[max(0, upto - _TREND) : upto]]
    more = len(found) > len(before) + 1
    words = f"All {len(found)} sessions of this pod: backstep report --all {one.path.parent}." if more else ""
    load = _load(one.path.parent, found[: upto + 1], level)
    return session_page.Around(folder.settings_of(one.path.parent), load, [*before, one], words)


def _load(pod: Path, sessions: list[folder.Brief], level: int | None) -> training.Load:
    own = [one for one in sessions if one.path.parent == pod]
    today = max((one.day for one in own), default=0)
    return training.load(folder.days_of(own), today, folder.settings_of(pod), level)


def _told(one: View) -> dict:
    """Return a session for programs: its figures, its moments, what is missing."""
    found = one.found
    about = {"session": one.name, "file": str(one.path), "placement": found.placement, "unix_ms": found.unix_ms}
    happened = [
        {"at_s": round(moment.at_s, 2), "said": moment.said} | moment.record for moment in moments.moments(one)
    ]
    return about | {"parts": one.parts, "moments": happened, "missing": views.missing(one)}


def _written(args: argparse.Namespace, name: str, page: str, told: dict, sessions: list[View]) -> int:
    out = args.out or Path(f"{name}.html")
    _write(out, page)
    if args.json:
        about = {"report": str(out), "bytes": len(page.encode()), "sessions": [_told(one) for one in sessions]}
        print(json.dumps(about | told))
    else:
        print(f"{out}: {len(page.encode()) // 1024} KB, for any browser")
        for one in sessions:
            for trouble in views.trouble(one) if len(sessions) <= 2 else ():
                print(f"{one.name}: {trouble}")
        for fault in told.get("left_out", ()):
            print(f"left out: {fault}")
    if args.open and not webbrowser.open(out.resolve().as_uri()):
        raise UserError(f"--open: no browser is found here; open {out} yourself")
    return 0


def _write(out: Path, page: str) -> None:
    """Write a page whole or not at all; UserError where that fails."""
    try:
        with whole(out) as file:
            file.write(page.encode())
    except OSError as error:
        raise UserError(f"{out}: {error.strerror or error}; want --out FILE where it can be written") from error


def _percent(word: str) -> float:
    return _between(word, -40.0, 40.0, "%")


def _kg(word: str) -> float:
    return _between(word, 20.0, 250.0, "kg")


def _between(word: str, low: float, high: float, unit: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{word}: wanted {low:g} to {high:g} {unit}")
    return value
