"""Speed and memory, measured and printed: `make bench`.

Core runs on MicroPython without hardware, fed with simulated walks, its heap locked: an allocation would end it.
Times are of this computer: compare rows with each other and runs on one machine, not with an ESP32.
"""

import time

from backstep.core import detectors
from rich.console import Console
from rich.table import Table

from host_tools import gait, sim, sim_view
from host_tools.micropython.script import run_script
from host_tools.recordings import as_sensed
from host_tools.replay import replay_recording
from host_tools.virtual_pod.pod_run import Pod, PodRun

_SECONDS = 8
_FIRST_S = 25  # into the built-in session: uphill, backward
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
    events = 0
    for i in range(len(times)):
        k = 6 * i
        start = ticks_us()
        code = feed(rows[k], rows[k + 1], rows[k + 2], rows[k + 3], rows[k + 4], rows[k + 5])
        times[i] = min(65535, ticks_diff(ticks_us(), start))
        if code:
            events += 1
    return events
feed = detector.feed
events = 0
micropython.heap_lock()
events = run(feed, time.ticks_us, time.ticks_diff)
micropython.heap_unlock()
times = sorted(times)
print(heap, sum(times) / len(times), times[len(times) // 2], times[len(times) * 99 // 100], events)
"""


def measure(placement: str) -> dict:
    """Return heap [bytes], time per sample [us] on MicroPython and CPython, and samples per second on CPython."""
    made = gait.uphill_backward_session(1, placement)
    rate_hz = detectors.rate_hz(placement)
    rows = as_sensed(made.recording(), rate_hz).samples[_FIRST_S * rate_hz : (_FIRST_S + _SECONDS) * rate_hz]
    script = _SCRIPT.format(rows=rows.astype("<i2").tobytes().hex(), placement=placement)
    heap, mean_us, p50_us, p99_us, events = run_script(script, heapsize="8M").split()
    start = time.perf_counter()
    replay_recording(made.recording())
    taken_s = time.perf_counter() - start
    return {
        "placement": placement, "rate_hz": rate_hz, "heap": int(heap), "mean_us": float(mean_us),
        "p50_us": int(p50_us), "p99_us": int(p99_us), "events": int(events),
        "cpython_us": 1e6 * taken_s / len(made.samples), "faster": len(made.samples) / rate_hz / taken_s,
    }  # fmt: skip


def detectors_table() -> Table:
    """Measure every placement's detector."""
    table = Table(title="Detector per sample: simulated uphill backward walk, heap locked")
    for name in ("placement", "rate Hz", "heap B", "mean us", "p50 us", "p99 us", "CPython us", "x real time"):
        table.add_column(name, justify="right" if table.columns else "left")
    for placement, _ in detectors.RATES_HZ:
        row = measure(placement)
        table.add_row(
            row["placement"], str(row["rate_hz"]), str(row["heap"]), f"{row['mean_us']:.1f}", str(row["p50_us"]),
            str(row["p99_us"]), f"{row['cpython_us']:.1f}", f"{row['faster']:.0f}",
        )  # fmt: skip
    return table


def pods_table() -> Table:
    """Run the whole firmware: heap left, twenty sways from the sample that crossed to the motor's register."""
    table = Table(title="Whole firmware on the virtual pod, heap 160 KB")
    for name in ("placement", "heap free B", "sways", "virtual ms p50/p99/max", "VM CPU ms p50/p99/max"):
        table.add_column(name, justify="right" if table.columns else "left")
    for placement, _ in detectors.RATES_HZ:
        scenario = sim.SCENARIOS["sways" if placement == "belt" else "still"]
        outcome = PodRun(Pod(sim.walked(scenario, placement, seed=1))).run()
        virtual = sim_view.latency_text([latency.virtual_ms for latency in outcome.latencies])
        vm = sim_view.latency_text([latency.vm_ms for latency in outcome.latencies])
        table.add_row(placement, str(outcome.summary["heap_free"]), str(len(outcome.latencies)), virtual, vm)
    return table


def main() -> int:
    """Print the tables."""
    console = Console(width=100)
    for table in (detectors_table(), pods_table()):
        console.print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
