"""`backstep sim --crew`: several pods of one wearer, joined by their radios; one walk, one page."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from host_tools.errors import UserError
from host_tools.event_words import worth_telling
from host_tools.gait.session import PLACEMENTS
from host_tools.sim import left, sim_view
from host_tools.sim.banded import banded, buzzer
from host_tools.sim.worn import S, Wearer, Wearing, Worn, WornPod, uneven
from host_tools.virtual_pod.pod_run import Outcome
from host_tools.virtual_pod.radio import needs

MOST = 4
WIDTH = 80
_PACE_US = 50_000
_NOT_SHOWN = ("the same in VM's CPU time", "ended with", "pod time / wall time")  # of the whole, or too wide
# Options of one pod alone: what they say of several is not clear.
_ALONE = ("recording", "placement", "frame", "save", "flash", "faults")


def crew(word: str) -> tuple[str, ...]:
    """Return the placements that a word such as shoe,belt,wrist names; argparse's error for another word."""
    names = tuple(name.strip() for name in word.split(","))
    unknown = [name for name in names if name not in PLACEMENTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(PLACEMENTS)}")
    if len(set(names)) < len(names) or len(names) < 2:
        raise argparse.ArgumentTypeError(f"{word!r}, want two or three different ones, such as shoe,belt,wrist")
    return names


def check(args: argparse.Namespace) -> None:
    """UserError for what does not go with several pods, and where the radio's other end is missing."""
    given = [name for name in _ALONE if getattr(args, name)] + ["pty"] * (args.pty is not None)
    if given:
        raise UserError(f"--crew: --{given[0]} is of one pod alone")
    needs.check("--crew")
    if args.to:
        left.check(args.to, worn_by(args, {}))


def worn_by(args: argparse.Namespace, settings: dict) -> list[Worn]:
    """Return the pods of the command line, paired."""
    return banded(uneven(args.crew, settings=settings), args.seed)


@dataclass(frozen=True)
class Shown:
    """How a run is shown.  speed: times real time, 0 = as fast as it goes.  to: where its sessions are left."""

    speed: float = 0.0
    as_json: bool = False
    to: Path | None = None


def run(wearer: Wearer, worn: Sequence[Worn], shown: Shown, **pod_options: Any) -> int:
    """Let a wearer walk with his pods, paired, and tell what each says; 1 when one crashed.

    The button of the pod that buzzes for all ends the session.  pod_options: of Wearing.
    """
    from host_tools.virtual_pod.radio.ether import Ether

    console = Console(stderr=shown.as_json)
    tell = _json_line if shown.as_json else _tell
    wearing = Wearing(wearer, worn, on_line=partial(tell, console), **pod_options)
    begin = partial(_hold_back, shown.speed) if shown.speed else None
    outcomes = wearing.run(Ether(), begin, pressed=(buzzer(worn).called,))
    if shown.as_json:
        for pod, outcome in zip(wearing.pods, outcomes, strict=True):
            print(json.dumps({"told_by": pod.worn.called} | sim_view.summary_json(outcome)))
    else:
        console.print(summary_table(wearing, outcomes), width=min(WIDTH, console.width))
    if shown.to:
        files = left.put(wearing.pods, shown.to)
        said = f"what {len(files)} pods logged of it is in {shown.to}: backstep report latest {shown.to} --open"
        print(said, file=sys.stderr)
    return _crashed(wearing, outcomes, console)


def summary_table(wearing: Wearing, outcomes: Sequence[Outcome]) -> Table:
    """Return what each pod's session came to, side by side."""
    names = [pod.worn.called for pod in wearing.pods]
    table = Table("summary", *names, box=None, padding=(0, 2, 0, 0), header_style="bold cyan")
    for rows in zip(*[sim_view.summary_rows(outcome) for outcome in outcomes], strict=True):
        if rows[0][0] not in _NOT_SHOWN:
            table.add_row(rows[0][0], *[value for _, value in rows])
    return table


def _crashed(wearing: Wearing, outcomes: Sequence[Outcome], console: Console) -> int:
    crashes = [(pod.worn.called, out.crash) for pod, out in zip(wearing.pods, outcomes, strict=True) if out.crash]
    for name, crash in crashes:
        console.print(f"backstep sim: {name}: {crash}", highlight=False, markup=False)
    return 1 if crashes else 0


def line_of(pod: WornPod, line: dict) -> str:
    """Return a line of a pod's console as the page shows it, 80 columns wide at most; "" for one of many.

    A longer one goes on below itself: what it says last may be the figure that matters.
    """
    text = worth_telling(line).partition("; type help")[0]
    if not text:
        return ""
    at_s = pod.said[-1][0]
    mark = "-" if at_s < 0 else ""
    head = f"{mark + sim_view.clock(abs(at_s)):>7}  {pod.worn.called:<6} "
    return textwrap.fill(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _tell(console: Console, pod: WornPod, line: dict) -> None:
    text = line_of(pod, line)
    if text:
        console.print(Text(text, style="bold red" if "SWAY" in text or "FALL" in text else ""), soft_wrap=True)


def _json_line(console: Console, pod: WornPod, line: dict) -> None:
    if "event" in line and line["event"] != "summary":
        print(json.dumps({"told_by": pod.worn.called} | line), flush=True)


def _hold_back(speed: float, wearing: Wearing) -> None:
    """Let the world's time go no faster than this, times real time."""
    crew = wearing.crew
    assert crew
    began_s = time.monotonic()

    def wait() -> None:
        time.sleep(max(0.0, began_s + crew.now_us / S / speed - time.monotonic()))
        crew.at(crew.now_us + _PACE_US, wait)

    crew.at(0, wait)
