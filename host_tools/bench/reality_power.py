"""What light sleep costs a belt that warns: the same sessions awake, and asleep between drains.

    python -m host_tools.bench.reality_power
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from backstep.core.power_states import STATES
from rich.console import Console

from host_tools.bench.bench_latency import titled
from host_tools.bench.reality import Session, session, still
from host_tools.power.meter import Lateness, Meter
from host_tools.recordings import Recording
from host_tools.sim import sim
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.pod_run import PodRun
from host_tools.virtual_pod.sleep import LIGHT
from host_tools.virtual_pod.vm import VirtualPod

REST_S = 75.0  # first: a start is awake for a minute
SCENARIOS = ("uphill", "sways", "fall")


@dataclass(frozen=True)
class Slept:
    """A session, what part of the time the pod slept, and how late the FIFO was read at most, in which state."""

    session: Session
    asleep_pct: float
    late_ms: float
    late_in: str


def rested_first(recording: Recording, seconds: float = REST_S) -> Recording:
    """Return a recording with so long a rest [s] before it, as its first sample lies."""
    rows = still(recording.placement, seconds).samples + np.array([0, 0, -1000, 0, 0, 0], dtype=np.int16)
    rows[:, :3] += recording.samples[0, :3]
    return replace(recording, samples=np.concatenate([rows, recording.samples]))


def slept(scenario: str, sleep: int, costs: Costs = Costs.ESP32_160) -> Slept:
    """Return what a belt on its battery makes of a rest and a built-in scenario.  sleep: the setting."""
    seen: list[tuple[PodRun, Lateness]] = []

    def unplug(run: PodRun, pod: VirtualPod) -> None:
        pod.hardware.sleep.usb = False
        seen.append((run, Lateness(run, Meter(run))))

    recording = rested_first(sim.walked(sim.SCENARIOS[scenario], "belt", 1))
    found = session(recording, costs, {"sleep": sleep}, during=unplug)
    run, lateness = seen[0]
    spent = run.model.hardware.sleep.spent_us
    asleep_pct = 100 * spent[LIGHT] / sum(spent.values())
    return Slept(found, asleep_pct, lateness.most_us / 1000, STATES[lateness.state][0])


def rows() -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table."""
    for scenario in SCENARIOS:
        for sleep in (0, 1):
            found = slept(scenario, sleep)
            of = found.session
            cues = sorted(of.cue_ms)
            cue = f"{cues[len(cues) // 2]:.1f} / {of.cue_p99_ms:.1f} / {cues[-1]:.1f}" if cues else "-"
            late = f"{found.late_ms:.0f}, {found.late_in}"
            differing = f"{of.strides_differing} of {of.strides}"
            yield scenario, str(sleep), f"{found.asleep_pct:.0f}", str(of.samples_lost), differing, cue, late


def main() -> int:
    """Print the table."""
    heads = ("after a rest", "sleep", "asleep %", "lost", "steps differ", "cue p50 / p99 / max ms", "read late ms")
    table = titled("A belt on its battery, 160 MHz at the start", heads)
    for row in rows():
        table.add_row(*row)
    Console(width=110).print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
