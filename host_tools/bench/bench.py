"""Speed and memory, measured and printed: `backstep bench`.

Core runs on MicroPython without hardware, fed with simulated walks, its heap locked: an allocation would end it.
Times are of this computer: compare rows with each other and runs on one machine, not with an ESP32.
"""

import argparse
import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from backstep.core import detectors
from rich.console import Console
from rich.table import Table

from host_tools import gait
from host_tools.bench import bench_figures, bench_latency, bench_log, bench_replay, bench_sample
from host_tools.bench.bench_latency import titled
from host_tools.bench.bench_sample import Subject, measure
from host_tools.errors import UserError
from host_tools.gait.session import Simulated
from host_tools.recordings import as_sensed
from host_tools.replay import replay_recording
from host_tools.sim import sim
from host_tools.virtual_pod.timeline import percentile

_SECONDS = 8
_FIRST_S = 25  # into the built-in session: uphill, backward
_SWAY_SEEDS = range(1, 11)
_SETTLED_S = 2
_WIDTH = 100
_NOTE = (
    "us: on this computer's MicroPython, heap locked. instr.: instructions the virtual machine dispatched for a "
    "sample, mean and p99; one that calls a built-in or makes an object is one. "
    "left B: bytes a sample leaves to the garbage collector. x real: of CPython."
)
_NOTE_BESIDE = (
    " {name}: on the samples of the shoe; its heap is not locked, as it allocates; its garbage is collected "
    "between samples, outside its time."
)


def cpython_us(made: Simulated) -> float:
    """Return the time of a sample on CPython [us]."""
    start = time.perf_counter()
    replay_recording(made.recording(), pure=True)
    return 1e6 * (time.perf_counter() - start) / len(made.samples)


def beside_us(file: Path, rate_hz: int, rows: np.ndarray) -> float:
    """Return the time of a sample [us] on CPython of what a file's make(rate_hz) gives."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    feed: Callable = module.make(rate_hz).feed
    samples = rows.tolist()
    start = time.perf_counter()
    for sample in samples:
        feed(*sample)
    return 1e6 * (time.perf_counter() - start) / len(samples)


def detectors_table(beside: Path | None = None) -> Table:
    """Measure every placement's detector, and what a file makes beside the first of them on the same samples."""
    names = ("", "Hz", "heap B", "mean us", "p50", "p99", "instr.", "p99", "left B", "CPython us", "x real")
    table = titled("Per sample: simulated uphill backward walk", names)
    for placement, rate_hz in detectors.RATES_HZ:
        made = gait.uphill_backward_session(1, placement)
        rows = as_sensed(made.recording(), rate_hz).samples[_FIRST_S * rate_hz : (_FIRST_S + _SECONDS) * rate_hz]
        table.add_row(*_cells(bench_sample.detector(placement), rate_hz, rows, cpython_us(made)))
        if beside and placement == detectors.RATES_HZ[0][0]:
            subject = bench_sample.beside(beside, rate_hz)
            compared = _cells(subject, rate_hz, rows, beside_us(beside, rate_hz, rows))
    if beside:
        table.add_section()
        table.add_row(*compared)
    return table


def _cells(subject: Subject, rate_hz: int, rows: np.ndarray, host_us: float) -> list[str]:
    cost = measure(subject, rows)
    found = bench_sample.instructions(subject, rows)
    return [
        subject.name, str(rate_hz), str(cost.heap), f"{cost.times_us.mean():.1f}", *shares(cost.times_us),
        f"{found.mean():.0f}", shares(found)[1], f"{cost.left:.0f}", f"{host_us:.1f}",
        f"{1e6 / rate_hz / host_us:.0f}",
    ]  # fmt: skip


def leaning_table() -> Table:
    """Measure the belt's detector apart for a wearer who stands and walks, and for one who loses balance."""
    idle, leaning = [], []
    for seed in _SWAY_SEEDS:
        made = gait.session(sim.SCENARIOS["sway"].segments(), "belt", seed)
        rows = as_sensed(made.recording(), detectors.rate_hz("belt")).samples
        cost = measure(bench_sample.detector("belt"), rows)
        sway = made.truth.sways[0]
        idle.append(cost.times_us[_SETTLED_S * round(made.rate_hz) : sway.onset])
        leaning.append(cost.times_us[sway.onset : sway.end])
    names = ("wearer", "samples", "mean us", "p50 us", "p99 us")
    table = titled("Belt detector per sample: simulated sways, heap locked", names)
    for name, parts in (("stands, walks", idle), ("loses balance", leaning)):
        times_us = np.concatenate(parts)
        table.add_row(name, str(len(times_us)), f"{times_us.mean():.1f}", *shares(times_us))
    return table


def shares(times_us: np.ndarray) -> tuple[str, str]:
    """Return median and 99th percentile, to print."""
    return f"{percentile(times_us, 50):.0f}", f"{percentile(times_us, 99):.0f}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("--beside", type=Path, metavar="FILE", help="also measure what its make(rate_hz) gives")
    parser.add_argument("--json", action="store_true", help="only what the firmware does on the model of an ESP32")
    parser.add_argument(
        "--minutes", type=float, default=bench_figures.MINUTES, metavar="M",
        help="of virtual time that each placement has a busy session for (default: %(default)s)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Print everything; with --json only the figures of bench_figures, as one table by name."""
    beside = args.beside
    if beside and not (beside.is_file() and beside.suffix == ".py" and beside.stem.isidentifier()):
        raise UserError(f"--beside {beside}: no such file of Python")
    if args.json:
        found = bench_figures.nested(bench_figures.figures(minutes=args.minutes))
        print(json.dumps(found, indent=1, allow_nan=False))
        return 0
    console = Console(width=_WIDTH)
    console.print(detectors_table(beside))
    console.print(_NOTE + (_NOTE_BESIDE.format(name=beside.stem) if beside else ""), highlight=False)
    host = bench_replay.hours_table(), bench_replay.memory_table()
    for table in (leaning_table(), *host, bench_log.format_table(), bench_log.heap_table()):
        console.print(table)
    bench_latency.report(console)
    console.print(bench_figures.figures_table(bench_figures.figures(minutes=args.minutes)))
    return 0
