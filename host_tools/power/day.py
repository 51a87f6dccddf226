"""A virtual day: still, worn, walking with sways, on USB; what the pod's states, wakes and current come to.

python -m host_tools.power.day                      # a tenth of an hour of each: minutes
python -m host_tools.power.day --still 600 --worn 600 --walk 7200 --usb 600 --board qtpy_s3
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace

import numpy as np
from backstep.core import detectors
from backstep.core.power_states import STATES

from host_tools.gait.params import uphill_backward
from host_tools.gait.segments import Segment, Stand, Walk
from host_tools.gait.session import session, uphill_backward_segments
from host_tools.power.meter import Lateness, Meter
from host_tools.power.model import BATTERY_MAH, SHARES, Board, Row, hours, rows, table
from host_tools.recordings import Recording
from host_tools.replay import replay_recording
from host_tools.virtual_pod.costs import Costs
from host_tools.virtual_pod.pod_run import Outcome, Pod, PodRun

SWAYS_EVERY_S = 300  # of walking: a round of the simulator's session, with its stumble, its sways and its fall
SEED = 1


@dataclass(frozen=True)
class Day:
    """Seconds of each part of a day, in their order; USB comes last, and the cable is pulled before the end."""

    still_s: float = 360
    worn_s: float = 360
    walk_s: float = 360
    usb_s: float = 60


@dataclass(frozen=True)
class Found:
    """What a day came to.

    lost: samples; differing: steps not as `replay` finds them.  late_ms: how much longer than its watermark asks
    for the FIFO waited at most; late_in: state of power then.  cues_ms: from the sample that crossed to the motor.
    """

    rows: list[Row]
    changes: list[tuple[float, int]]
    outcome: Outcome
    lost: int
    differing: int
    late_ms: float
    late_in: int
    cues_ms: list[float]


def recording(day: Day, placement: str) -> Recording:
    """Return what a pod of this placement senses on such a day."""
    rate_hz = detectors.rate_hz(placement)
    walk = _walk(day.walk_s, placement)
    still = _still(walk.samples[0], day.still_s, rate_hz)
    worn = _fidgeting(walk.samples[0], day.worn_s, rate_hz)
    usb = _still(walk.samples[-1], day.usb_s, rate_hz)
    return replace(walk, samples=np.concatenate([still, worn, walk.samples, usb]))


def _walk(seconds: float, placement: str) -> Recording:
    """Walk uphill backward; now and then with all that the simulator's built-in session has."""
    steps = Walk(200, uphill_backward(100, 10))
    made, length = 0, 0.0
    parts: list[np.ndarray] = []
    while length < seconds or not parts:
        segments: list[Segment] = uphill_backward_segments() if made % 3 == 1 else [Stand(1.0), steps, Stand(1.0)]
        simulated = session(segments, placement, SEED + made)
        parts.append(simulated.samples)
        length += len(simulated.samples) / simulated.rate_hz
        made += 1
    whole = simulated.recording()
    return replace(whole, samples=np.concatenate(parts)[: round(max(seconds, 1) * whole.rate_hz)])


def _fidgeting(first: np.ndarray, seconds: float, rate_hz: int) -> np.ndarray:
    """Return rows of a pod whose wearer sits and leans to and fro by 5 degrees every 7 s."""
    rows = _still(first, seconds, rate_hz).astype(float)
    turn = 2 * np.pi / 7
    time_s = np.arange(len(rows)) / rate_hz
    rows[:, 0] += 1000 * np.sin(np.radians(5)) * np.sin(turn * time_s)
    rows[:, 4] -= 10 * 5 * turn * np.cos(turn * time_s)
    return np.rint(rows).astype(np.int16)


def _still(first: np.ndarray, seconds: float, rate_hz: int) -> np.ndarray:
    """Return rows of a pod that lies still, with a sensor's noise."""
    count = round(seconds * rate_hz)
    noise = np.random.default_rng(SEED).integers(-1, 2, (count, 6), dtype=np.int16)
    return np.concatenate([np.tile(first[:3], (count, 1)), np.zeros((count, 3), np.int16)], axis=1) + noise


def live(
    day: Day, board: Board, placement: str, settings: dict | None = None, costs: Costs = Costs.ESP32_160
) -> Found:
    """Let a virtual pod live such a day with sleep=2, on its battery but for the USB at its end.

    Whoever plugs the cable in presses the button, as power/README.md of the firmware asks: asleep, USB is dead.
    """
    worn = recording(day, placement)
    run = PodRun(Pod(worn, board=board.name, settings={"sleep": 2} | (settings or {}), costs=costs))
    sleep = run.model.hardware.sleep
    sleep.usb = False
    usb_us = round(1e6 * (day.still_s + day.worn_s + day.walk_s))
    if day.usb_s:
        run.model.hardware.at(usb_us, lambda: setattr(sleep, "usb", True))
        run.model.press_at(usb_us + 2_000_000, 0.1)
    meter = Meter(run)
    lateness = Lateness(run, meter)
    outcome = run.run()
    expected = replay_recording(worn, run.pod.all_settings())
    steps = [step_of(event) for event in outcome.found if event["event"] in ("step", "stride")]
    wanted = [step_of(event) for event in expected if event["event"] in ("step", "stride")]
    differing = len(set(steps) ^ set(wanted))
    lost = outcome.summary.get("missing", 0)
    cues_ms = [latency.virtual_ms for latency in outcome.latencies]
    late_ms, late_in = lateness.most_us / 1000, lateness.state
    return Found(rows(meter, board), meter.changes, outcome, lost, differing, late_ms, late_in, cues_ms)


def step_of(event: dict) -> tuple:
    """Return what two tellings of a step must agree in."""
    return event["event"], event["sample"], event.get("direction")


def main() -> int:
    """Live a day and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("still", "worn", "walk", "usb"):
        parser.add_argument(f"--{name}", type=float, default=getattr(Day(), name + "_s"), metavar="S")
    parser.add_argument("--board", default="virtual")
    parser.add_argument("--placement", default="belt", choices=("shoe", "belt", "wrist"))
    parser.add_argument("--sleep", type=int, default=2, choices=(0, 1, 2), help="the setting of that name")
    args = parser.parse_args()
    day = Day(args.still, args.worn, args.walk, args.usb)
    found = live(day, Board(args.board), args.placement, {"sleep": args.sleep})
    table(found.rows)
    if lasts_h := hours(found.rows):
        print(f"{SHARES}: {BATTERY_MAH} mAh last {lasts_h:.0f} h")
    print("states: " + ", ".join(f"{STATES[state][0]} at {at_s:.0f} s" for at_s, state in found.changes[:40]))
    crash = found.outcome.crash or "no crash"
    print(f"samples lost {found.lost}, steps that differ from replay {found.differing}, {crash}")
    print(f"FIFO read late by {found.late_ms:.0f} ms at most, {STATES[found.late_in][0]}")
    print(f"sways warned of, each after [ms]: {[round(ms, 1) for ms in found.cues_ms] or 'none'}")
    return 1 if found.lost or found.differing or found.outcome.crash else 0


if __name__ == "__main__":
    sys.exit(main())
