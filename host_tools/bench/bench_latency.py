"""How late the buzz is: simulated sways on the virtual pod, the budget by stage, the motor's rise on the model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from backstep.core import detectors
from backstep.core.haptic import ERM_RISE_MS, LEVEL_MAX
from backstep.core.patterns import PATTERNS, index_of
from rich.console import Console
from rich.table import Table

from host_tools.docs import haptics
from host_tools.sim import sim
from host_tools.virtual_pod.pod_run import Pod, PodRun
from host_tools.virtual_pod.timeline import ERM_RISE_MS as MODEL_RISE_MS
from host_tools.virtual_pod.timeline import Latency, percentile

FLOOR_MS, AIM_MS = 40, 25  # from the sample that crosses to the motor's register, 99th percentile
SEEDS = (1, 21, 41, 61, 81)  # each walks the scenario's twenty rounds with the next twenty seeds
BUCKET_MS = 2.5
BAR_CELLS = 50

LPF2_HZ = {52: 16.7, 104: 33.0, 208: 67.0}  # gyroscope, by its rate [DS12140 table 18]
SLOW_MOTOR_MS = 150.0  # to 90 %, the slowest coin motors
FULL_MV, CLOSED_LOOP_MV = 3300, 3000  # see drivers/drv2605l.py


@dataclass(frozen=True)
class Stage:
    """A part of the way from a motion to a buzz that is felt: typical and worst [ms], and how it is known."""

    name: str
    typical_ms: float
    worst_ms: float
    how: str


def sways(seeds: Sequence[int] = SEEDS) -> list[Latency]:
    """Run the whole firmware through twenty sways a seed."""
    found: list[Latency] = []
    for seed in seeds:
        found += PodRun(Pod(sim.walked(sim.SCENARIOS["sways"], "belt", seed))).run().latencies
    return found


def histogram(values_ms: Sequence[float], bucket_ms: float = BUCKET_MS) -> list[str]:
    """Return one line a bucket, from 0 to the one that holds the largest value."""
    counts = [0] * (int(max(values_ms, default=0.0) // bucket_ms) + 1)
    for value in values_ms:
        counts[int(value // bucket_ms)] += 1
    most = max(counts)
    lines = []
    for i, count in enumerate(counts):
        bar = "█" * math.ceil(BAR_CELLS * count / most) if count else ""
        lines.append(f"{i * bucket_ms:5.1f} .. {(i + 1) * bucket_ms:5.1f} ms {count:5d}  {bar}".rstrip())
    return lines


def verdict(p99_ms: float) -> str:
    """Return how a 99th percentile stands to floor and aim."""
    if p99_ms <= AIM_MS:
        return f"within the aim of {AIM_MS} ms"
    return f"within the floor of {FLOOR_MS} ms" if p99_ms <= FLOOR_MS else f"ABOVE THE FLOOR OF {FLOOR_MS} MS"


def budget(latencies: Sequence[Latency], rate_hz: int) -> list[Stage]:
    """Return the stages at a rate [Hz]; whole sample periods of a latency are the FIFO's, the rest the bus's."""
    period_ms = 1000 / rate_hz
    waits = [latency.virtual_ms // period_ms * period_ms for latency in latencies]
    buses = [latency.virtual_ms % period_ms for latency in latencies]
    vm = [latency.vm_ms for latency in latencies]
    filter_ms = 1000 * math.sqrt(2) / (2 * math.pi * LPF2_HZ[rate_hz])
    to_half = math.log(2)
    return [
        Stage("sensor's filter", filter_ms, filter_ms, f"estimate: two poles at LPF2's {LPF2_HZ[rate_hz]:g} Hz"),
        Stage("wait for a sample", period_ms / 2, period_ms, f"{rate_hz} Hz"),
        Stage("wait in the FIFO", percentile(waits, 50), max(waits), "measured, virtual pod"),
        Stage("bus", percentile(buses, 50), max(buses), "measured, virtual pod: 9 clocks a byte at 400 kHz"),
        Stage("MicroPython", percentile(vm, 50), percentile(vm, 99), "measured on this computer, NOT on a pod"),
        Stage("motor to half speed", MODEL_RISE_MS * to_half, SLOW_MOTOR_MS / math.log(10) * to_half, "model"),
    ]


def rises() -> list[tuple[str, list[tuple[int, int]], list[tuple[int, int]], float]]:
    """Return (cue, drives before, drives now, speed it wants 0..127): what kick and open loop gain."""
    sway, caution = index_of("sway"), index_of("caution")
    closed = LEVEL_MAX * CLOSED_LOOP_MV / FULL_MV
    half, light = (LEVEL_MAX * 50 + 50) // 100, PATTERNS[caution][2]
    weak, kicked = haptics.drives(sway, 0, 50), haptics.drives(sway, ERM_RISE_MS, 50)
    return [
        ("sway, DRV2605L: closed loop -> open", [(round(closed), 250)], haptics.drives(sway, ERM_RISE_MS), closed),
        ("sway, strength 50 %: plain -> kick", weak, kicked, half),
        ("caution: plain -> kick", haptics.drives(caution, 0), haptics.drives(caution, ERM_RISE_MS), light),
    ]


def budget_table(stages: Sequence[Stage]) -> Table:
    """Return the budget to print."""
    table = titled("From motion to buzz, belt", ("stage", "typical ms", "worst ms"))
    table.add_column("how")
    for stage in stages:
        table.add_row(stage.name, f"{stage.typical_ms:.1f}", f"{stage.worst_ms:.1f}", stage.how)
    whole = [sum(stage.typical_ms for stage in stages), sum(stage.worst_ms for stage in stages)]
    table.add_row("all of it", *[f"{ms:.1f}" for ms in whole], "with this computer's MicroPython", style="bold")
    return table


def rise_table() -> Table:
    """Return what kick and open loop gain on the model, to print."""
    table = titled("Model motor to a share of the speed wanted: before -> now", ("cue", "50 %, ms", "90 %, ms"))
    for name, before, now, speed in rises():
        table.add_row(name, *[f"{_reach(before, s * speed)} -> {_reach(now, s * speed)}" for s in (0.5, 0.9)])
    return table


def _reach(given: list[tuple[int, int]], speed: float) -> str:
    found_ms = haptics.reach_ms(given, speed)
    return "never" if found_ms < 0 else str(found_ms)


def titled(title: str, names: tuple[str, ...]) -> Table:
    """Return an empty table, its first column words and the others numbers."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in names:
        table.add_column(name, justify="right" if table.columns else "left")
    return table


def report(console: Console) -> None:
    """Measure and print everything."""
    latencies = sways()
    virtual = [latency.virtual_ms for latency in latencies]
    p50, p99, worst = [percentile(virtual, share) for share in (50, 99, 100)]
    say = partial(console.print, highlight=False, markup=False, soft_wrap=True)
    say(f"{len(latencies)} simulated sways, from the sample that crosses to the motor's register, virtual time")
    say("\n".join(histogram(virtual)))
    say(f"p50 {p50:.1f}, p99 {p99:.1f}, max {worst:.1f} ms: {verdict(p99)}\n")
    stages = budget(latencies, detectors.rate_hz("belt"))
    console.print(budget_table(stages))
    left_ms, vm_ms = FLOOR_MS - p99, percentile([latency.vm_ms for latency in latencies], 99)
    say(f"The floor leaves MicroPython {left_ms:.0f} ms on a pod, {left_ms / vm_ms:.0f} times the time here.\n")
    console.print(rise_table())
