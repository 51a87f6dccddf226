"""Verb `tour`: the first ten minutes without hardware: a simulated pod, a session, sync, report, export.

Every step is a command of its own, told before it runs: what one does here one can do alone.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from host_tools import whole_file
from host_tools.errors import UserError

_WORN = ("upright_z=16384", "calibrated_day=20000", "wearer_kg=70", "pod_name=tour")
_WALK_S = 60  # of the built-in session; then its wearer lies on the ground
_UNTIL_LAP_S = 30
_PATIENCE_S = 300  # for a pod on a busy machine, which may be several times slower than time
_LOOK_S = 2
_POD = "A shoe's pod, simulated: the real firmware on a virtual ESP32. Its wearer walks uphill backward."
_GOODBYE_S = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Two minutes, at the end of which there is a report and a FIT file of a simulated wearer."
    parser.add_argument("--to", type=Path, default=Path("tour"), metavar="DIR", help="of what it makes (tour)")
    parser.add_argument("--yes", action="store_true", help="do not wait for Enter, and open nothing")


def run(args: argparse.Namespace) -> int:
    if not args.yes and not sys.stdin.isatty():
        raise UserError("it waits for Enter after each step, and there is no terminal: want --yes")
    whole_file.check_folder(args.to)
    args.to.mkdir(parents=True, exist_ok=True)
    tour = Tour(args.yes, Console(highlight=False))
    with tempfile.TemporaryDirectory() as scratch:
        port = str(Path(scratch) / "pod")
        tour.say(_POD)
        with tour.pod("sim", "--pty", port, "--placement", "shoe", "--settings", *_WORN):
            _wear(tour, ("--port", port), args.to)
    _look(tour, args)
    tour.say(f"That was it. All it made is in {args.to}; with a real pod: backstep flash, then the same commands.")
    return 0


def _wear(tour: "Tour", pod: tuple[str, str], folder: Path) -> None:
    """Do what one does with a pod that is worn."""
    tour.wait_until(1, pod)
    tour.step("It has no clock of its own: a laptop tells it the time, and the wearer's zone.", "time", *pod)
    tour.wait_until(_UNTIL_LAP_S, pod)
    tour.step("How it goes, at any time.", "status", *pod)
    tour.step("A new lap.", "lap", *pod)
    tour.wait_until(_WALK_S, pod)
    tour.step("The end of the session: by the pod's button, or from here.", "session", "end", *pod)
    tour.step("Its sessions come to this laptop, each once, checked.", "sync", "--to", str(folder), *pod)


def _look(tour: "Tour", args: argparse.Namespace) -> None:
    """Do what one does with a session."""
    folder = str(args.to)
    tour.step("What the session comes to.", "sessions", folder, "--figures")
    page = ("report", "latest", folder, "--out", str(args.to / "report.html"))
    tour.step("The same as a page with pictures.", *page, *(() if args.yes else ("--open",)))
    tour.step("A file for Garmin, Strava and others.", "export", "latest", folder, "--to", "fit", "--out",
              str(args.to / "walk.fit"))  # fmt: skip


class Tour:
    """Says each command, waits for Enter, runs it; UserError when one fails."""

    def __init__(self, goes_on: bool, console: Console):
        """goes_on: whether nobody is waited for."""
        self._goes_on = goes_on
        self._console = console

    def say(self, words: str) -> None:
        """Print a sentence, apart from what commands print."""
        self._console.print(f"\n{words}", style="bold", soft_wrap=True)

    def step(self, words: str, *command: str) -> None:
        """Tell and run one command."""
        self.say(words)
        self._tell(command)
        code = subprocess.run(_ours(command)).returncode
        if code:
            raise UserError(f"backstep {command[0]} ended with {code}; what it said is above")

    @contextmanager
    def pod(self, *command: str) -> Iterator[None]:
        """Run a pod in the background until the body is over, which begins when it is there."""
        self._tell(command)
        with subprocess.Popen(_ours(command), stdout=subprocess.PIPE, text=True) as process:
            try:
                said = process.stdout.readline() if process.stdout else ""
                if not said:
                    raise UserError(f"backstep {command[0]} ended with {process.wait()}; what it said is above")
                self._console.print(said.rstrip(), soft_wrap=True)
                yield
            finally:
                process.send_signal(signal.SIGINT)
                process.communicate(timeout=_GOODBYE_S)  # it tells its motor's moves all along

    def wait_until(self, worn_s: int, pod: tuple[str, str]) -> None:
        """Let the wearer walk until the pod is up for so long [s]; UserError when that takes very long."""
        ends = time.monotonic() + _PATIENCE_S
        with self._console.status("the pod starts") as shown:
            while time.monotonic() < ends:
                told = _status(pod)
                up_s = told.get("uptime_ms", 0) // 1000
                if up_s >= worn_s:
                    return
                if told:
                    steps = told.get("backward", 0)
                    shown.update(f"the wearer walks: {up_s} of {worn_s} s, {steps} steps backward")
                time.sleep(min(_LOOK_S, max(0.2, worn_s - up_s)))
        raise UserError(f"the simulated pod was not up for {worn_s} s in {_PATIENCE_S} s: is this machine busy?")

    def _tell(self, command: tuple[str, ...]) -> None:
        self._console.print(f"$ backstep {' '.join(command)}", style="cyan", soft_wrap=True, markup=False)
        if not self._goes_on:
            input("Enter goes on ")


def _ours(command: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "host_tools", *command]


def _status(pod: tuple[str, str]) -> dict:
    """Return the pod's status, nothing while it starts."""
    done = subprocess.run(_ours(("status", "--json", *pod)), capture_output=True, text=True)
    return {} if done.returncode else json.loads(done.stdout)
