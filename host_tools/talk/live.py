"""Verb `live`: what the pod senses, as it senses it, until Ctrl-C or q."""

import argparse
import contextlib
import json
import math
import sys
import time

from rich.console import Console
from rich.live import Live

from host_tools.talk.client import Busy, Client, Silent
from host_tools.talk.find import add_pod_arguments, connected
from host_tools.talk.keys import Keys
from host_tools.talk.live_view import View
from host_tools.talk.sway_bars import SwayBars, watched

LOOK_S = 1.0  # between two looks at where the pod is, in a terminal
PLAIN_LOOK_S = 5.0  # in a pipe: a line each
_TURN_S = 0.1  # between two looks at the keyboard


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "In a terminal a view that stands, with keys; in a pipe a line for each event, one in 5 s."
    parser.add_argument("--seconds", type=_seconds, default=math.inf, help="how long (default: until Ctrl-C or q)")
    add_pod_arguments(parser)
    for action in parser._actions:
        if action.dest == "json":
            action.help = "each event as a line of JSON, and nothing else"


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = math.nan
    if not seconds > 0:
        raise argparse.ArgumentTypeError(f"{word!r}, want seconds, more than 0")
    return seconds


def run(args: argparse.Namespace) -> int:
    """Show what happens: as a view, as plain lines, or each event as a line of JSON."""
    console = Console(highlight=False, markup=False)
    with connected(args) as pod:
        pod.ask("live", on=True)
        end_s = time.monotonic() + args.seconds
        try:
            if args.json:
                pod.listen(_print, end_s)
            elif console.is_terminal:
                _stand(pod, console, end_s)
            else:
                _plain(pod, end_s)
        finally:
            pod.ask("live", on=False)
    return 0


def _print(line: str) -> None:
    if line.startswith("{"):
        print(line, flush=True)


def _plain(pod: Client, end_s: float) -> None:
    """Print a line for each event worth one, and one for where the pod is."""
    view = View(pod.who, on_line=lambda line: print(line, flush=True))
    look_s = -math.inf
    while time.monotonic() < end_s:
        if time.monotonic() - look_s >= PLAIN_LOOK_S:
            look_s = time.monotonic()
            _look(pod, view)
            view.tell(view.where())
        pod.listen(lambda line: _take(view, line), min(end_s, time.monotonic() + _TURN_S))


def _stand(pod: Client, console: Console, end_s: float) -> None:
    """Keep a view up to date in a terminal, and obey its keys."""
    settings = pod.ask_again("get")["settings"] if "get" in pod.who["requests"] else {}
    view, look_s = View(pod.who, SwayBars() if watched(settings) else None), -math.inf
    with Keys(sys.stdin) as keys, Live(console=console, auto_refresh=False) as display:
        while time.monotonic() < end_s:
            if time.monotonic() - look_s >= LOOK_S:
                look_s = time.monotonic()
                _look(pod, view)
            display.update(view.shown(console.width, console.height, keys.heard), refresh=True)
            pod.listen(lambda line: _take(view, line), min(end_s, time.monotonic() + _TURN_S))
            key = keys.pressed()
            if key == "q":
                return
            view.obey(pod, key)


def _look(pod: Client, view: View) -> None:
    """Ask where the pod is; one that does not answer just now is asked again with the next look."""
    try:
        view.now = pod.ask("status")
        view.answers = True
    except (Silent, Busy):
        view.answers = False


def _take(view: View, line: str) -> None:
    """Take a line of the pod; what it tells in words is told in JSON too."""
    if line.startswith("{"):
        with contextlib.suppress(ValueError):  # damaged on its way
            view.take(json.loads(line))
