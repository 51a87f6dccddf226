"""`backstep evaluate steps --disturbed`: recorded feet as other pods would have sensed them, simulated.

The gait is recorded, the disturbance is arithmetic: a real strap slips again and again, a real sensor rings.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from rich.console import Console

from host_tools.gait.physics import GRAVITY_MPS2, rotation
from host_tools.recordings import Recording, placement_of
from host_tools.replay import replay_recording

from . import scoring, sets
from .labels import swing_windows
from .step_figures import nested, time_error

TURNED_DEG = 15.0
GAIN = 0.02
GYRO_ZERO_DDPS = 20.0
ACCEL_ZERO_MG = 20.0
RATE = 0.03
SLIPPED_DEG = 10.0
_SLIP_S = 0.3
AWAY_MM = 100.0
PACKET_S = 0.03
_STARTS = (0.25, 0.5)  # between these shares of the labelled strides

Change = Callable[[Recording, np.random.Generator], Recording]


def sensed(recording: Recording, rows: np.ndarray) -> Recording:
    """Return it with other samples, (n, 6), as whole numbers of 16 bits."""
    return replace(recording, samples=np.clip(np.rint(rows), -32768, 32767).astype(np.int16))


def lying(recording: Recording, angles: np.ndarray) -> Recording:
    """Return it as a pod that lies otherwise: turned about x, y, z, (3,) [rad]."""
    turn = rotation(angles[None])[0]
    rows = recording.samples.astype(float)
    return sensed(recording, np.hstack([rows[:, :3] @ turn.T, rows[:, 3:] @ turn.T]))


def turned(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it as a pod that sits up to TURNED_DEG aslant about each axis, and does not know."""
    return lying(recording, np.radians(rng.uniform(-TURNED_DEG, TURNED_DEG, 3)))


def slipped(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it as a pod whose strap slips by SLIPPED_DEG about each axis, once, in the middle third."""
    at = np.arange(len(recording.samples))
    begins = rng.uniform(1 / 3, 2 / 3) * len(at)
    done = np.clip((at - begins) / (_SLIP_S * recording.rate_hz), 0, 1)
    angles = np.radians(SLIPPED_DEG) * rng.choice([-1, 1], 3) * done[:, None]
    own_ddps = np.degrees(np.gradient(angles, axis=0)) * recording.rate_hz * 10
    rows = recording.samples.reshape(-1, 2, 3)
    seen = np.einsum("nji,nkj->nki", rotation(angles), rows)
    return sensed(recording, np.hstack([seen[:, 0], seen[:, 1] + own_ddps]))


def elsewhere(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it as a pod that sits AWAY_MM from there on the same shoe, anywhere, and as that one lies."""
    arm_m = rng.normal(size=3)
    arm_m *= AWAY_MM / 1000 / np.linalg.norm(arm_m)
    spin = np.radians(recording.samples[:, 3:] / 10)  # [rad/s]
    added = np.cross(np.gradient(spin, 1 / recording.rate_hz, axis=0), arm_m)
    added += np.cross(spin, np.cross(spin, arm_m))
    rows = recording.samples.astype(float)
    rows[:, :3] += added * (1000 / GRAVITY_MPS2)
    return sensed(recording, rows)


def scaled(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it with gains up to GAIN off, each axis its own."""
    return sensed(recording, recording.samples * (1 + rng.uniform(-GAIN, GAIN, 6)))


def offset(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it with zeros up to GYRO_ZERO_DDPS and ACCEL_ZERO_MG off."""
    most = np.array([ACCEL_ZERO_MG] * 3 + [GYRO_ZERO_DDPS] * 3)
    return sensed(recording, recording.samples + rng.uniform(-most, most))


def off_rate(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it from a sensor whose clock is RATE too fast or too slow, and not measured."""
    return replace(recording, rate_hz=recording.rate_hz * (1 + RATE * rng.choice([-1, 1])))


def cut_off(dps: int) -> Change:
    """Return what makes of a recording one whose rates end at so many deg/s."""

    def cut(recording: Recording, rng: np.random.Generator) -> Recording:
        rows = recording.samples.copy()
        rows[:, 3:] = np.clip(rows[:, 3:], -10 * dps, 10 * dps)
        return replace(recording, samples=rows)

    return cut


def _lost(share: float, recording: Recording, rng: np.random.Generator) -> np.ndarray:
    """Return which rows went with lost packets; the first and the last one stay."""
    each = max(1, round(PACKET_S * recording.rate_hz))
    packets = rng.random(-(-len(recording.samples) // each)) < share
    rows = np.repeat(packets, each)[: len(recording.samples)]
    rows[[0, -1]] = False
    return rows


def bridged(share: float) -> Change:
    """Return what puts straight lines in the place of lost packets, as many recordings have them."""

    def bridge(recording: Recording, rng: np.random.Generator) -> Recording:
        lost = _lost(share, recording, rng)
        at = np.arange(len(lost))
        rows = [np.interp(at, at[~lost], column[~lost]) for column in recording.samples.T]
        return sensed(recording, np.stack(rows, axis=1))

    return bridge


def stated(share: float) -> Change:
    """Return what leaves packets out and says so, as a pod does."""

    def lose(recording: Recording, rng: np.random.Generator) -> Recording:
        lost = _lost(share, recording, rng)
        edges = np.flatnonzero(np.diff(np.pad(lost.astype(np.int8), 1)))
        before = np.cumsum(~lost)
        gaps = [(int(before[a]), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        return replace(recording, samples=recording.samples[~lost], gaps=tuple(gaps), filled=())

    return lose


CHANGES: tuple[tuple[str, tuple[Change, ...], bool], ...] = (  # name, what is changed, switched on in mid-walk
    ("as recorded", (), False),
    (f"worn up to {TURNED_DEG:g} deg aslant", (turned,), False),
    (f"gains up to {GAIN:.0%} off", (scaled,), False),
    ("zeros up to 2 deg/s and 20 mg off", (offset,), False),
    (f"clock {RATE:.0%} off", (off_rate,), False),
    ("all four", (turned, scaled, offset, off_rate), False),
    ("switched on in mid-walk", (), True),
    ("in mid-walk, and all four", (turned, scaled, offset, off_rate), True),
    ("rates end at 1000 deg/s", (cut_off(1000),), False),
    ("rates end at 500 deg/s", (cut_off(500),), False),
    ("1 % of packets of 30 ms lost, stated", (stated(0.01),), False),
    ("10 % lost, stated", (stated(0.1),), False),
    ("10 % lost, bridged by lines", (bridged(0.1),), False),
    (f"slipping by {SLIPPED_DEG:g} deg in mid-walk", (slipped,), False),
    (f"worn {AWAY_MM:g} mm from there", (elsewhere,), False),
)


def tasks_of(changes: Sequence, entries: Sequence[tuple[Path, dict]], draws: int) -> list[tuple]:
    """Return (folder of its set, entry, number of the change, draw) of every change to every recording."""
    every = product(range(len(changes)), entries, range(draws))
    return [(path, entry, number, draw) for number, (path, entry), draw in every]


def chance(task: tuple[Path, dict, int, int]) -> np.random.Generator:
    """Return what a task's change is drawn by: the same for the same task."""
    _, entry, number, draw = task
    return np.random.default_rng([number, draw, zlib.crc32(entry["key"].encode())])


def rows(folder, only=None, jobs: int = 1, draws: int = 1) -> list[dict]:
    """Return for each of CHANGES how the strides of a folder's feet come out.

    draws: times that each recording is changed, otherwise each time.  Other arguments as of steps.evaluate.
    """
    tasks = tasks_of(CHANGES, sets.tasks_in(folder, only, usable, "foot with labelled strides"), draws)
    scores = [scoring.StrideScore() for _ in CHANGES]
    for task, score in zip(tasks, sets.measured(measure, tasks, jobs, False), strict=True):
        scores[task[2]].add(score)
    return [
        {"change": name, "confusion": nested(score.confusion), "time_error_ms": time_error(score.matched)}
        for (name, *_), score in zip(CHANGES, scores, strict=True)
    ]


def usable(entry: dict) -> bool:
    """Return whether a recording is of a foot, with its strides labelled."""
    return bool(entry.get("events")) and entry["gyro"] and placement_of(entry["position"]) == "shoe"


def measure(task: tuple[Path, dict, int, int]) -> scoring.StrideScore:
    """Score one recording as one of CHANGES makes it; the same task is changed the same way."""
    path, entry, number, _ = task
    _, changes, mid_walk = CHANGES[number]
    rng = chance(task)
    recording = sets.recording(path, entry)
    rate_hz = recording.rate_hz
    windows = swing_windows(entry)
    for change in changes:
        recording = change(recording, rng)
    first = 0
    if mid_walk:
        swing = windows[int(len(windows) * rng.uniform(*_STARTS))]
        first = int((swing.start_s + swing.end_s) / 2 * rate_hz)
        recording = replace(recording, samples=recording.samples[first:], filled=())
        windows = [window for window in windows if window.start_s * rate_hz > first]
    strides = (event for event in replay_recording(recording) if event["event"] == "stride")
    found = [_timed(stride, first, recording.gaps) for stride in strides]
    return scoring.score_strides(found, windows, rate_hz, entry.get("trial_bounds_s"))


def _timed(stride: dict, first: int, gaps: tuple[tuple[int, int], ...]) -> dict:
    """Return a stride of rows that remain as one of rows as they were recorded."""
    was = {name: stride[name] + first for name in ("start", "contact", "sample")}
    return stride | {name: row + sum(missing for at, missing in gaps if at <= row) for name, row in was.items()}


def show(found: list[dict]) -> None:
    """Print what rows found."""
    table: list[tuple] = [("change", "truly", "as it was", "opposite", "unknown", "other", "missed", "time error")]
    for row in found:
        error = row["time_error_ms"]
        for true, opposite in (("forward", "backward"), ("backward", "forward")):
            called = dict(row["confusion"].get(true, {}))
            if called:
                named = [called.pop(word, 0) for word in (true, opposite, "unknown", "missed")]
                late = f"{error['mean_abs']:.0f} ms" if error else None
                table.append((row["change"], true, *named[:3], sum(called.values()), named[3], late))
    sets.print_rows(Console(width=max(110, Console().width)), "SIMULATED disturbances of recorded feet", table)
