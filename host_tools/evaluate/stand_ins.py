"""Steps where nobody has recorded any: simulated gait, and recorded gait run backward in time.

Neither is evidence of how people walk or run backward; both are shown apart from what is measured on people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from host_tools.gait import (
    ImuParams,
    RockBack,
    Stand,
    TrunkParams,
    Walk,
    WalkParams,
    Wearer,
    session,
    time_reversed,
    uphill_backward,
)
from host_tools.gait.segments import Segment
from host_tools.replay import replay_recording

from . import scoring, sets
from .labels import swing_windows
from .scoring import MARGIN_S, StrideScore, Window
from .step_figures import nested

REVERSED_SETS = ("esangeni_foot", "gaitmap_foot")
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Case:
    """One simulated case; segments between two pauses."""

    name: str
    segments: tuple[Segment, ...]
    placement: str = "shoe"
    side: str = "left"
    wearer: Wearer = Wearer()


def _walks(*params: WalkParams, steps: int = 24) -> tuple[Segment, ...]:
    return tuple(Walk(steps, one) for one in params)


def _mounted(roll_deg: float = 0, yaw_deg: float = 0) -> Wearer:
    return Wearer(imu=ImuParams(mount_roll_deg=roll_deg, mount_yaw_deg=yaw_deg))


_BACK = WalkParams(direction="backward", cadence_spm=90)
_SHIFTING = (Stand(20), RockBack(lift_deg=5), Stand(20), RockBack(lift_deg=12), Stand(20))
_SWAYING = Wearer(trunk=TrunkParams(weight_shift_mm=60))
CASES = (
    *(Case(f"uphill 10 % backward, {n}/min", _walks(uphill_backward(n, 10))) for n in (60, 90, 120)),
    Case("uphill 20 % backward, 90/min", _walks(uphill_backward(90, 20))),
    Case("running backward, 170/min", _walks(replace(_BACK, style="run", cadence_spm=170))),
    Case("running forward, 180/min", _walks(WalkParams(style="run", cadence_spm=180))),
    Case("forward, then backward", _walks(WalkParams(), _BACK)),
    Case("backward, other foot", _walks(_BACK), side="right"),
    Case("pod turned by 180 deg", _walks(WalkParams(), _BACK), wearer=_mounted(yaw_deg=180)),
    Case("pod upside down", _walks(WalkParams(), _BACK), wearer=_mounted(roll_deg=180)),
    Case("pod aslant", _walks(WalkParams(), _BACK), wearer=_mounted(roll_deg=35, yaw_deg=140)),
    Case("shuffling forward, 80/min", _walks(WalkParams(style="shuffle", cadence_spm=80))),
    Case("shuffling backward, 80/min", _walks(replace(_BACK, style="shuffle", cadence_spm=80))),
    Case("very slow forward, 35/min", _walks(WalkParams(cadence_spm=35))),
    Case("very slow backward, 35/min", _walks(replace(_BACK, cadence_spm=35))),
    Case("standing, weight shifts", _SHIFTING),
    *(Case("standing, weight shifts", (Stand(60),), where, wearer=_SWAYING) for where in ("belt", "wrist")),
)


def simulated(jobs: int = 1, cases: Sequence[Case] = CASES) -> list[dict]:
    """Return for each case, over SEEDS: true strides, found, called right, wrong and unknown, extra, steps."""
    return list(sets.measured(simulate, list(cases), jobs, show_progress=False))


def simulate(case: Case) -> dict:
    """Return the row of one case."""
    score, steps = StrideScore(), 0
    for seed in SEEDS:
        made = session([Stand(2), *case.segments, Stand(2)], case.placement, seed, case.side, wearer=case.wearer)
        events = replay_recording(made.recording())
        rate_hz = made.rate_hz
        windows = [
            Window(s.foot_off / rate_hz - MARGIN_S, s.contact / rate_hz + MARGIN_S, s.direction)
            for s in made.truth.strides
        ]
        score.add(scoring.score_strides(_strides(events), windows, rate_hz))
        steps += scoring.counted_steps(events)
    right = sum(count for (true, called), count in score.confusion.items() if true == called)
    unknown = sum(count for (_, called), count in score.confusion.items() if called == "unknown")
    return {
        "case": case.name, "placement": case.placement, "strides": score.found + score.missed,
        "found": score.found, "right": right, "wrong": score.found - right - unknown, "unknown": unknown,
        "extra": score.extra, "steps": steps,
    }  # fmt: skip


def _strides(events: list[dict]) -> list[dict]:
    return [event for event in events if event["event"] == "stride"]


def reversed_recordings(folder, only=None, jobs: int = 1) -> list[dict]:
    """Return for each of REVERSED_SETS in a folder how its strides, run backward in time, are called.

    A recording is played as it is and then reversed: from the first a pod mounted anyhow learns which way is
    forward.  Arguments: as of steps.evaluate.
    """
    tasks = [
        (path, entry)
        for path in sets.set_folders(folder, only)
        if path.name in REVERSED_SETS
        for entry in sets.read_index(path)
        if entry.get("events") and entry["gyro"]
    ]
    scores: dict[str, StrideScore] = {}
    for (path, _), score in zip(tasks, sets.measured(measure_reversed, tasks, jobs, False), strict=True):
        scores.setdefault(path.name, StrideScore()).add(score)
    return [{"set": name, "confusion": nested(score.confusion)} for name, score in scores.items()]


def measure_reversed(task: tuple[Path, dict]) -> StrideScore:
    """Score the reversed half of one recording; its true directions are those recorded."""
    path, entry = task
    recording = sets.recording(path, entry)
    there = recording.samples
    both = replace(recording, samples=np.concatenate([there, time_reversed(recording).samples]))
    found = [event for event in _strides(replay_recording(both)) if event["start"] >= len(there)]
    end_s = 2 * len(there) / recording.rate_hz
    windows = [replace(w, start_s=end_s - w.end_s, end_s=end_s - w.start_s) for w in swing_windows(entry)]
    return scoring.score_strides(found, windows[::-1], recording.rate_hz)
