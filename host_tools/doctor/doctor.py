"""Verb `doctor`: looks at cable, port, pod and parts, a line each, with the remedy where one is not well."""

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.text import Text

from host_tools import whole_file
from host_tools.doctor import bundle, pod_checks, way_checks
from host_tools.doctor.finding import NOTE, UNSEEN, WELL, WRONG, Row, judged
from host_tools.doctor.gather import Person, gathered
from host_tools.talk.find import add_pod_arguments

CHECKS = (*way_checks.CHECKS, *pod_checks.CHECKS)
_SIGNS = {WELL: ("ok", "green"), NOTE: ("note", "yellow"), WRONG: ("WRONG", "bold red"), UNSEEN: ("-", "dim")}
_WIDEST = 100
_INDENT = 8 + max(len(check.name) for check in CHECKS) + 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "It asks before it has the pod buzz, and before it ends a session to look from MicroPython's prompt; "
        "without a terminal it does neither. Ends with 0 where nothing is wrong, with 1 where something is."
    )
    parser.add_argument("--yes", action="store_true", help="ask nothing, and look from MicroPython's prompt too")
    words = "a zip for who helps you: all this, status, versions, board; no name, mass or number of yours"
    parser.add_argument("--bundle", type=Path, metavar="FILE.zip", help=words)
    add_pod_arguments(parser)


def run(args: argparse.Namespace) -> int:
    if args.bundle:
        whole_file.check(args.bundle)
    screen = Console(stderr=True, highlight=False, markup=False)
    with screen.status("", spinner="line") as status:
        facts = gathered(args, _person(args, screen, status))
    rows = judged(CHECKS, facts)
    if args.json:
        print(json.dumps([{"check": name, **found._asdict()} for name, found in rows]))
    else:
        _show(rows, Console(highlight=False, markup=False))
    if args.bundle:
        bundle.write(args.bundle, facts, rows, "\n".join(lines(rows, 80)))
        print(f"{args.bundle}: written; look into it, then send it", file=sys.stderr)
    return int(any(found.state == WRONG for _, found in rows))


def _person(args: argparse.Namespace, screen: Console, status: Status) -> Person:
    there = sys.stdin.isatty() and screen.is_terminal and not (args.yes or args.json)

    def ask(question: str) -> bool:
        status.stop()
        try:
            return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
        except EOFError:
            return False
        finally:
            status.start()

    may = True if args.yes else None if there else False
    return Person(may, ask if there else None, status.update)


def lines(rows: list[Row], width: int) -> Iterator[str]:
    """Yield the findings as lines, of remedies those of several lines unbroken; last what they add up to."""
    for name, found in rows:
        sign = _SIGNS[found.state][0]
        said = f"not looked at: {found.said}" if found.state == UNSEEN else found.said
        room = max(20, width - _INDENT)
        first, *rest = textwrap.wrap(said, room) or [""]
        yield f" {sign:<6} {name:<{_INDENT - 8}}{first}"
        yield from (" " * _INDENT + line for line in rest)
        remedy = textwrap.wrap(*found.remedy, room) if len(found.remedy) == 1 else found.remedy
        indent = max(5, min(_INDENT, width - max(map(len, remedy), default=0)))
        yield from (" " * (indent - 4) + ("    " if n else "->  ") + line for n, line in enumerate(remedy))
    yield summary(rows)


def summary(rows: list[Row]) -> str:
    """Return how many checks came to what."""
    count = {state: sum(found.state == state for _, found in rows) for state in _SIGNS}
    words = {WELL: "well", WRONG: "wrong", NOTE: "to note", UNSEEN: "not looked at"}
    always = (WELL, WRONG)
    return ", ".join(f"{count[state]} {word}" for state, word in words.items() if count[state] or state in always)


def _show(rows: list[Row], console: Console) -> None:
    styles = {f" {sign} ": style for sign, style in _SIGNS.values()}
    for line in lines(rows, min(console.width, _WIDEST)):
        text = Text(line)
        sign = next((sign for sign in styles if line.startswith(sign)), "")
        text.stylize(styles.get(sign, ""), 0, len(sign))
        console.print(text, soft_wrap=True)
