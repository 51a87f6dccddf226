"""Verb `sim`: the whole firmware, unchanged, on a virtual pod; fed by a recording or the gait simulator."""

import argparse
import json
import re
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.event_words import print_events
from host_tools.gait import Together, session
from host_tools.install import boards
from host_tools.micropython.build import POD_HEAP
from host_tools.recording_files import save
from host_tools.recordings import Recording
from host_tools.replay import add_recording_arguments, loaded
from host_tools.settings_args import add_settings_argument, parse_settings
from host_tools.sim import left, sim_crew, sim_view
from host_tools.sim.banded import S3_HEAP
from host_tools.sim.rounds import GET_UP_S, Rounds, raised
from host_tools.sim.scenarios import SCENARIOS, Scenario
from host_tools.virtual_pod.board_model import FAULTS, Surroundings
from host_tools.virtual_pod.costs import DEFAULT, Costs
from host_tools.virtual_pod.pod_run import Outcome, Pod

GOODBYE_S = 30.0  # a pod that is still being made, on a busy machine, cleans up only once it is made
CLOCKS = {"160": Costs.ESP32_160, "240": Costs.ESP32_240, "free": Costs.FREE}
WATCHED_SPEED = 5.0  # the built-in session is over in a quarter of a minute


def add_arguments(parser: argparse.ArgumentParser) -> None:
    scenarios = "; ".join(f"{name}: {scenario.about}" for name, scenario in SCENARIOS.items())
    parser.add_argument("--recording", metavar="FILE", help="what the IMU senses: .npz, .csv or .bsr")
    add_recording_arguments(parser)
    parser.add_argument("--scenario", choices=SCENARIOS, default="uphill", help=scenarios.replace("%", "%%"))
    parser.add_argument("--seed", type=_seed, default=1, metavar="N", help="of the gait simulator, 0 or more")
    parser.add_argument("--save", metavar="FILE", help="only write what the first pod's IMU would sense (.bsr)")
    parser.add_argument("--realtime", action="store_true", help="at the pace of the wall clock")
    parser.add_argument("--fast", action="store_true", help="as fast as it goes, on a terminal too")
    together = "pods of one wearer that speak to each other by radio, such as shoe,belt,wrist"
    parser.add_argument("--crew", type=sim_crew.crew, metavar="PODS", help=together)
    to = "with --crew: leave its sessions there as `sync --to DIR` would, for sessions, report and export"
    parser.add_argument("--to", type=Path, metavar="DIR", help=to)
    pty = "be a pod on a pseudo-terminal whose wearer walks again and again, until Ctrl-C"
    parser.add_argument("--pty", nargs="?", const="", metavar="LINK", help=pty)
    parser.add_argument("--flash", metavar="FILE", help="the pod's flash; made with the firmware on it if new")
    parser.add_argument("--board", default="virtual", help="board file, by name or path")
    heap = "heap of the virtual machine (default 160K, with as many words where they have 64 bits; --crew: 252K)"
    parser.add_argument("--heap", type=_heap, help=heap)
    mhz = "what computing, flash and bus cost: an ESP32 at this clock; free: a pod that computes at once"
    parser.add_argument("--mhz", choices=CLOCKS, help=mhz)
    parser.add_argument("--json", action="store_true", help="one JSON line per event, buzz and summary")
    faults = "; ".join(f"{name}: {what}" for name, what in FAULTS.items())
    parser.add_argument("--faults", nargs="*", default=[], metavar="FAULT", help=faults)
    add_settings_argument(parser)


def _seed(word: str) -> int:
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"{word!r}, want a whole number, 0 or more")
    return int(word)


def _heap(word: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,5}w?[KM]", word):
        raise argparse.ArgumentTypeError(f"{word!r}, want a size such as 160K or 2M")
    return word


def run(args: argparse.Namespace) -> int:
    """Run one virtual pod or several beside each other; 1 when one crashed, 2 when a recording was damaged."""
    _check(args)
    if args.save:
        return keep(recordings(args)[0], args.save)
    if args.crew:
        return together(args)
    if args.flash and Path(args.flash).exists():
        print(f"backstep sim: {args.flash}: used as it is, with its own firmware and settings", file=sys.stderr)
    if args.pty is not None and sys.stderr.isatty():
        print("makes a wearer, a flash and a pod: some seconds", file=sys.stderr, flush=True)
    worn = recordings(args)
    pods = [prepared(recording, args) for recording in worn]
    if args.pty is not None:
        from host_tools.sim import sim_pty

        return sim_pty.serve(pods[0], args.pty)
    if args.flash and len(pods) > 1:
        raise UserError(f"--flash: {len(pods)} pods cannot share {args.flash}, want --placement")
    outcomes = run_all(pods, args)
    show(outcomes, args)
    for outcome in outcomes:
        if outcome.crash:
            print(f"backstep sim: {outcome.pod.placement}: {outcome.crash}", file=sys.stderr)
    if any(outcome.crash for outcome in outcomes):
        return 1
    return 2 if any(recording.damage for recording in worn) else 0


def _check(args: argparse.Namespace) -> None:
    """Refuse what can be seen at once to be wrong, before a walk is made that takes seconds."""
    parse_settings(args.settings)
    boards.load(args.board)
    if args.crew:
        sim_crew.check(args)
    elif args.to:
        raise UserError("--to: is of --crew; of one pod: sim --pty, then backstep sync --pod sim --to DIR")
    if args.save and Path(args.save).suffix.lower() != ".bsr":
        raise UserError(f"--save: {args.save}, want a name that ends in .bsr")
    if args.save and not Path(args.save).parent.is_dir():
        raise UserError(f"--save: {args.save}: there is no folder {Path(args.save).parent}")
    if args.flash:
        whole_file.check(Path(args.flash))
    if args.pty is not None:
        from host_tools.sim import sim_pty

        sim_pty.check(args.pty)


def together(args: argparse.Namespace) -> int:
    """Run the pods of one wearer, joined by their radios."""
    scenario = SCENARIOS[args.scenario]
    wearer = Rounds([Together(scenario.segments(), args.seed + k) for k in range(scenario.rounds)])
    worn = sim_crew.worn_by(args, parse_settings(args.settings))
    shown = sim_crew.Shown(speed(args), args.json)
    options = {"board": args.board, "heap": args.heap or S3_HEAP, "costs": costs(args)}
    if not args.to:
        return sim_crew.run(wearer, worn, shown, **options)
    with tempfile.TemporaryDirectory(prefix="backstep-crew-") as flashes:
        return sim_crew.run(wearer, left.on_flashes(worn, Path(flashes)), replace(shown, to=args.to), **options)


def costs(args: argparse.Namespace) -> Costs:
    """Return what a pod of the command line takes for what it does."""
    return CLOCKS[args.mhz] if args.mhz else DEFAULT


def keep(recording: Recording, path: str) -> int:
    """Write what a pod would be fed with as the pod's own recording."""
    save(path, recording)
    seconds = len(recording.samples) / recording.rate_hz
    print(f"{path}: {recording.placement}, {seconds:.0f} s at {recording.rate_hz:g} Hz")
    return 0


def recordings(args: argparse.Namespace) -> list[Recording]:
    """Return what each pod is fed with, from a file or the gait simulator."""
    if args.recording:
        return [loaded(args, args.recording)]
    scenario = SCENARIOS[args.scenario]
    placements = (args.placement,) if args.placement else scenario.worn
    if args.pty is not None:
        placements = placements[:1]
    worn = [walked(scenario, placement, args.seed) for placement in placements]
    if args.pty is not None:
        worn = [risen(recording) for recording in worn]
    return [replace(recording, frame=args.frame or recording.frame) for recording in worn]


def walked(scenario: Scenario, placement: str, seed: int) -> Recording:
    """Return what a pod of this placement senses of a scenario; between its rounds the wearer gets up again."""
    rounds = [session(scenario.segments(), placement, seed + k) for k in range(scenario.rounds)]
    parts = [rounds[0].samples]
    for made in rounds[1:]:
        parts += [getting_up(parts[-1][-1], made.samples[0], made.rate_hz), made.samples]
    return replace(rounds[0].recording(), samples=np.concatenate(parts))


def risen(recording: Recording) -> Recording:
    """Return a recording at whose end the wearer gets up to where it begins, so that it can come again."""
    rows = recording.samples
    return replace(recording, samples=np.concatenate([rows, getting_up(rows[-1], rows[0], recording.rate_hz)]))


def getting_up(lying: np.ndarray, upright: np.ndarray, rate_hz: float) -> np.ndarray:
    """Return the rows (n, 6) of a wearer who gets up from one row's pitch to another's."""
    return raised(lying, upright, np.linspace(0, 1, round(GET_UP_S * rate_hz)))


def prepared(recording: Recording, args: argparse.Namespace) -> Pod:
    """Return a pod as the command line wants it."""
    settings = parse_settings(args.settings)
    if "console_events" in settings and args.pty is None:
        raise UserError("--settings: console_events: what is shown here is made of events, want --pty")
    return Pod(
        recording,
        board=args.board,
        settings=settings,
        surroundings=Surroundings(faults=tuple(args.faults)),
        flash=args.flash,
        heap=args.heap or POD_HEAP,
        costs=costs(args),
        speed=speed(args),
        as_events=args.pty is None,
        again=args.pty is not None and not args.recording,
    )


def speed(args: argparse.Namespace) -> float:
    """Return how fast virtual time may go, times real time; slow enough to watch where somebody watches."""
    if args.realtime or args.pty is not None:
        return 1
    watched = sys.stdout.isatty() and not args.json and not args.recording
    return WATCHED_SPEED if watched and not args.fast else 0


def run_all(pods: list[Pod], args: argparse.Namespace) -> list[Outcome]:
    """Run every pod in a thread of its own and show them; the first thread's error is raised here."""
    console = Console(stderr=args.json or bool(args.recording))
    live = console.is_terminal and not args.json
    watcher = sim_view.Watcher(None if live or args.json or args.recording else console)
    runs = [watcher.run_of(pod) for pod in pods]
    results: dict[int, Outcome | BaseException] = {}
    ended = [threading.Event() for _ in runs]  # an interrupted Thread.join() takes its thread for ended

    def work(number: int) -> None:
        try:
            results[number] = runs[number].run()
        except BaseException as error:  # raised again in the main thread below
            results[number] = error
        watcher.over(runs[number])
        ended[number].set()

    begun: list[threading.Event] = []
    try:
        for number, event in enumerate(ended):
            begun.append(event)
            threading.Thread(target=work, args=(number,), daemon=True).start()
        sim_view.watch(watcher, ended, console, live)
    except KeyboardInterrupt:
        print("backstep sim: interrupted, switches off", file=sys.stderr, flush=True)
        raise
    finally:  # Ctrl-C too: each pod cleans up behind itself
        for watched in runs:
            watched.model.hardware.stop("interrupted")
        for event in begun:
            event.wait(GOODBYE_S)
    outcomes = []
    for number in range(len(runs)):
        result = results[number]
        if isinstance(result, BaseException):
            raise result
        outcomes.append(result)
    return outcomes


def show(outcomes: list[Outcome], args: argparse.Namespace) -> None:
    """Print events as `backstep replay` does, and the summary."""
    if args.recording or args.json:
        for outcome in outcomes:
            print_events(outcome.found, outcome.pod.recording.rate_hz, args.json)
    if not args.json:
        sim_view.print_summary(outcomes, Console())
        return
    for outcome in outcomes:
        for line in (*outcome.cues_said, sim_view.summary_json(outcome)):
            print(json.dumps(line))
