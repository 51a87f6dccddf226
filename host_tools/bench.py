"""Speed and memory, measured and printed: `make bench`.

Core runs on MicroPython without hardware, fed with simulated walks, its heap locked: an allocation would end it.
Times are of this computer: compare rows with each other and runs on one machine, not with an ESP32.
"""

import time
from dataclasses import dataclass

import numpy as np
from backstep.core import detectors
from rich.console import Console
from rich.table import Table

from host_tools import bench_latency, bench_log, gait, sim
from host_tools.bench_latency import titled
from host_tools.gait.session import Simulated
from host_tools.micropython.script import run_script
from host_tools.recordings import as_sensed
from host_tools.replay import replay_recording
from host_tools.virtual_pod.timeline import percentile

_SECONDS = 8
_FIRST_S = 25  # into the built-in session: uphill, backward
_SWAY_SEEDS = range(1, 11)
_SETTLED_S = 2
_SCRIPT = """
import gc, micropython
gc.collect()
before = gc.mem_alloc()
from backstep.core import detectors, settings
detector = detectors.make({placement!r}, settings.defaults(), "body")
gc.collect()
heap = gc.mem_alloc() - before
import binascii, time
from array import array
rows = array("h", binascii.unhexlify({rows!r}))
times = array("H", [0] * (len(rows) // 6))
def run(feed, ticks_us, ticks_diff):
    for i in range(len(times)):
        k = 6 * i
        start = ticks_us()
        feed(rows[k], rows[k + 1], rows[k + 2], rows[k + 3], rows[k + 4], rows[k + 5])
        times[i] = min(65535, ticks_diff(ticks_us(), start))
feed = detector.feed
micropython.heap_lock()
run(feed, time.ticks_us, time.ticks_diff)
micropython.heap_unlock()
print(heap, *times)
"""


@dataclass(frozen=True)
class Cost:
    """What a detector costs on MicroPython: heap [bytes], and the time of each sample in turn [us]."""

    heap: int
    times_us: np.ndarray


def measure(placement: str, rows: np.ndarray) -> Cost:
    """Feed int16 rows (n, 6), as the pod senses them, to a new detector."""
    script = _SCRIPT.format(rows=rows.astype("<i2").tobytes().hex(), placement=placement)
    heap, *times_us = run_script(script, heapsize="8M").split()
    return Cost(int(heap), np.array(times_us, dtype=int))


def cpython_us(made: Simulated) -> float:
    """Return the time of a sample on CPython [us]."""
    start = time.perf_counter()
    replay_recording(made.recording())
    return 1e6 * (time.perf_counter() - start) / len(made.samples)


def detectors_table() -> Table:
    """Measure every placement's detector."""
    names = ("placement", "rate Hz", "heap B", "mean us", "p50 us", "p99 us", "CPython us", "x real time")
    table = titled("Detector per sample: simulated uphill backward walk, heap locked", names)
    for placement, rate_hz in detectors.RATES_HZ:
        made = gait.uphill_backward_session(1, placement)
        rows = as_sensed(made.recording(), rate_hz).samples
        cost = measure(placement, rows[_FIRST_S * rate_hz : (_FIRST_S + _SECONDS) * rate_hz])
        host_us = cpython_us(made)
        table.add_row(
            placement, str(rate_hz), str(cost.heap), f"{cost.times_us.mean():.1f}", *shares(cost.times_us),
            f"{host_us:.1f}", f"{1e6 / rate_hz / host_us:.0f}",
        )  # fmt: skip
    return table


def leaning_table() -> Table:
    """Measure the belt's detector apart for a wearer who stands and walks, and for one who loses balance."""
    idle, leaning = [], []
    for seed in _SWAY_SEEDS:
        made = gait.session(sim.SCENARIOS["sway"].segments(), "belt", seed)
        cost = measure("belt", as_sensed(made.recording(), detectors.rate_hz("belt")).samples)
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


def main() -> int:
    """Print everything."""
    console = Console(width=100)
    for table in (detectors_table(), leaning_table(), bench_log.format_table(), bench_log.heap_table()):
        console.print(table)
    bench_latency.report(console)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
