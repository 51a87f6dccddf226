"""`backstep evaluate steps --disturbed`: counted walks as other hands and sensors would have made them, simulated.

The walk is recorded, the disturbance is arithmetic: who walks slower also swings his arm otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from host_tools.recordings import Recording, placement_of
from host_tools.replay import replay_recording

from . import scoring, sets
from .disturbed import GAIN, RATE, Change, chance, lying, off_rate, offset, scaled, sensed, stated, tasks_of
from .step_floors import SLOW_HZ

NOISE = (8.0, 16.0), (5.0, 2.5)  # of (acceleration [mg], rate [0.1 deg/s]) spread, and its smallest step
SPEEDS = (0.75, 0.85, 1.15, 1.3)
LOUDNESS = (0.6, 1.6)
OFF_PCT = 5.0  # a walk that is counted worse is named
_GRAVITY_S = 2.0  # a mean over so long is gravity
_STARTS = (0.25, 0.5)  # between these shares of the walk


def anyhow(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it as a pod that lies any way round."""
    return lying(recording, rng.uniform(-np.pi, np.pi, 3))


def cheap(recording: Recording, rng: np.random.Generator) -> Recording:
    """Return it with the NOISE and the coarse steps of a cheap sensor."""
    spread, step = (np.repeat(pair, 3) for pair in zip(*NOISE, strict=True))
    rows = recording.samples + rng.normal(size=recording.samples.shape) * spread
    return sensed(recording, np.rint(rows / step) * step)


def louder(factor: float) -> Change:
    """Return what multiplies the movement about gravity."""

    def change(recording: Recording, rng: np.random.Generator) -> Recording:
        rows = recording.samples.astype(float)
        window = np.hanning(min(len(rows), round(_GRAVITY_S * recording.rate_hz)) + 2)
        weight = np.convolve(np.ones(len(rows)), window[1:-1], "same")
        for column in rows.T[:3]:
            gravity = np.convolve(column, window[1:-1], "same") / weight
            column += (factor - 1) * (column - gravity)
        return sensed(recording, rows)

    return change


def paced(speed: float) -> Change:
    """Return what makes a walk so much faster: accelerations with the square of it, rates with it."""

    def change(recording: Recording, rng: np.random.Generator) -> Recording:
        moved = louder(speed * speed)(recording, rng)
        rows = moved.samples * ([1] * 3 + [speed] * 3)
        return replace(sensed(moved, rows), rate_hz=recording.rate_hz * speed)

    return change


_SENSOR = (scaled, offset, off_rate, anyhow, cheap)
CHANGES: tuple[tuple[str, tuple[Change, ...], bool], ...] = (  # name, what is changed, switched on in mid-walk
    ("as recorded", (), False),
    (f"gains up to {GAIN:.0%} off", (scaled,), False),
    ("zeros up to 20 mg off", (offset,), False),
    (f"clock {RATE:.0%} off", (off_rate,), False),
    ("worn anyhow", (anyhow,), False),
    ("noise of 8 mg, in steps of 16", (cheap,), False),
    ("all five", _SENSOR, False),
    ("switched on in mid-walk", (), True),
    ("in mid-walk, and all five", _SENSOR, True),
    *((f"movement {factor:g} times as strong", (louder(factor),), False) for factor in LOUDNESS),
    *((f"walked {speed:g} times as fast", (paced(speed),), False) for speed in SPEEDS),
    ("1 % of packets of 30 ms lost", (stated(0.01),), False),
    ("10 % lost", (stated(0.1),), False),
)


def rows(folder, only=None, jobs: int = 1, draws: int = 1) -> list[dict]:
    """Return for each of CHANGES, by set, how the counted walks and idle recordings of wrists and hands come out.

    Walks of less than SLOW_HZ as recorded are left out.  draws: times that each recording is changed, otherwise
    each time.  Other arguments as of steps.evaluate.
    """
    tasks = tasks_of(CHANGES, sets.tasks_in(folder, only, usable, "wrist with counted steps"), draws)
    found: list[dict[str, list[scoring.StepCount]]] = [{} for _ in CHANGES]
    for (path, _, number, _), counts in zip(tasks, sets.measured(measure, tasks, jobs, False), strict=True):
        found[number].setdefault(path.name, []).extend(counts)
    return [
        {"change": name, "sets": {of: _figures(counts) for of, counts in by_set.items()}}
        for (name, *_), by_set in zip(CHANGES, found, strict=True)
    ]


def usable(entry: dict) -> bool:
    """Return whether somebody counted the steps of a recording at wrist or hand."""
    return entry.get("steps_gt") is not None and placement_of(entry["position"]) == "wrist"


def _figures(counts: list[scoring.StepCount]) -> dict:
    walks = [count for count in counts if count.taken >= scoring.FEWEST_STEPS]
    errors = [100 * abs(count.counted / count.taken - 1) for count in walks]
    return {
        "walks": len(walks),
        "mape_pct": sum(errors) / len(errors) if errors else None,
        "off": sum(error > OFF_PCT for error in errors),
        "worst_pct": max(errors, default=None),
        "idle_s": sum(count.duration_s for count in counts if not count.taken),
        "false": sum(count.counted for count in counts if not count.taken),
    }


def measure(task: tuple[Path, dict, int, int]) -> list[scoring.StepCount]:
    """Count one recording as one of CHANGES makes it; none for a slow walk.

    The same task is changed the same way.
    """
    path, entry, number, _ = task
    _, changes, mid_walk = CHANGES[number]
    rng = chance(task)
    recording = sets.recording(path, entry)
    taken = entry["steps_gt"]
    if _is_slow(recording, entry):
        return []
    if mid_walk and taken:
        recording, taken = _begun(recording, entry, rng.uniform(*_STARTS))
    for change in changes:
        recording = _senses(change(recording, rng))
    duration_s = (len(recording.samples) + sum(missing for _, missing in recording.gaps)) / recording.rate_hz
    counted = scoring.counted_steps(replay_recording(recording))
    return [scoring.StepCount(counted, taken, duration_s, entry["position"])]


def _is_slow(recording: Recording, entry: dict) -> bool:
    began_s, ended_s = entry.get("walking_interval_s") or (0, len(recording.samples) / recording.rate_hz)
    return 0 < entry["steps_gt"] < SLOW_HZ * (ended_s - began_s)


def _senses(recording: Recording) -> Recording:
    """Return it without the rates that a change gave to a sensor that has none."""
    rows = recording.samples.copy()
    rows[:, 3:] *= recording.has_gyro
    return replace(recording, samples=rows)


def _begun(recording: Recording, entry: dict, share: float) -> tuple[Recording, float]:
    """Return what is left of a walk after a share of its steps, and the steps in it.

    Where no label times them, those found in the whole of it do.
    """
    times = [event["t"] * recording.rate_hz for event in entry.get("events") or ()]
    if not times:
        times = [event["contact"] for event in replay_recording(recording) if event["event"] == "step"]
    first = int(times[int(share * len(times))]) if times else 0
    left = sum(time >= first for time in times) / len(times) if times else 1
    return replace(recording, samples=recording.samples[first:], filled=()), left * entry["steps_gt"]


def show(found: list[dict]) -> None:
    """Print what rows found."""
    names = list(found[0]["sets"])
    table: list[tuple] = [("change", *names, "false steps")]
    for row in found:
        cells = (_cell(row["sets"][name]) for name in names)
        idle_s = sum(one["idle_s"] for one in row["sets"].values())
        false = sum(one["false"] for one in row["sets"].values())
        table.append((row["change"], *cells, f"{false} in {idle_s / 60:.0f} min" if idle_s else None))
    title = f"SIMULATED disturbances of counted walks: mean error; walks off by more than {OFF_PCT:g} %, the worst"
    sets.print_rows(Console(width=max(120, Console().width)), title, table)


def _cell(one: dict) -> str | None:
    if not one["walks"]:
        return None
    named = f"; {one['off']}/{one['walks']}, {one['worst_pct']:.0f}" if one["off"] else ""
    return f"{one['mape_pct']:.1f} %{named}"
