"""What a session and its laps come to: times, ways, grades, variability, landing, impact, energy.

From the log of a pod. A placement that does not sense a thing has None for it, never a nought.
"""

import numpy as np
from backstep.core import event_names

from host_tools.sessions import energy, heart
from host_tools.sessions.session_log import Part, SessionLog
from host_tools.sessions.strides import BLOCK, Stride, apart, chunks_of, grade_of, inner_of, strides_of, way_m

UPHILL_PCT = 2.0
VARIABILITY_MIN = 10  # strides, for a coefficient of variation
GRADE_BIN_PCT = 2.5
# Stance over stride of a run: less than half, both feet in the air at times. For the pod a forward stance ends as
# the heel rises, some 0.06 of a stride early (gaitmap_foot, walks: 0.54 to 0.56, where 0.6 to 0.62 is known).
RUN_DUTY = {"forward": 0.44, "backward": 0.5}


def figures(found: SessionLog, kg: float = 0.0, strides: list[Stride] | None = None) -> list[dict]:
    """Return the figures of a session, then those of each lap when there are several.

    kg: the wearer's mass where the log does not tell it, 0 = not known.  strides: as of strides_of, None = to be
    worked out here.  Units are in the names; `pct` of a coefficient of variation is of the mean.
    """
    whole, *laps = found.parts()
    strides = strides_of(found) if strides is None else strides
    steps_s = apart([contact / found.true_rate_hz for contact in found.contacts])
    held = heart.spans(found)
    told, begin_s = [], 0.0
    for part in [whole, *laps] if len(laps) > 1 else [whole]:
        of_part = _times(part, strides[part.strides], steps_s[part.contacts])
        beats = heart.figures(held, begin_s, begin_s + part.seconds)
        begin_s += part.seconds if part is not whole else 0.0
        of_part |= {"heart": beats} if beats else {}
        told.append(of_part | _of_strides(strides[part.strides], found.is_level, found.wearer_kg or kg))
    return told


def _times(part: Part, strides: list[Stride], steps_s: list[float | None]) -> dict:
    """Return times and counts; a walk's first stride moves for its swing."""
    moving_s = sum(apart_s for apart_s in steps_s if apart_s)
    moving_s += sum(stride.time_s or stride.swing_s for stride in strides)
    steps_s = [*steps_s, *(stride.time_s / 2 if stride.time_s else None for stride in strides)]
    known_s = [apart_s for apart_s in steps_s if apart_s]
    told = {"part": part.name, "seconds": round(part.seconds, 1), "moving_s": round(moving_s, 1)}
    told |= {f"{name}_steps": count for name, count in part.steps.items()}
    return told | {"cadence_spm": round(60 / float(np.median(known_s)), 1) if known_s else None}


def _of_strides(strides: list[Stride], is_level: bool, kg: float) -> dict:
    if not strides:
        return {}
    chunks = list(chunks_of(strides))
    told: dict = {direction: _of_direction(strides, direction) for direction in ("backward", "forward")}
    told |= _heights(chunks) | {"landing_pct": _landing_pct(strides), "impact": _impact(strides)}
    told["running_pct"] = _running_pct(strides)
    told["grade"] = _grade(chunks) if is_level else None
    told["backward_uphill_min"] = _uphill_min(chunks) if is_level else None
    told["energy"] = energy.estimate([(_gait(chunk), way_m(chunk), grade_of(chunk)) for chunk in chunks], kg)
    return told


def _of_direction(strides: list[Stride], direction: str) -> dict | None:
    own = [stride for stride in strides if stride.direction == direction]
    if not own:
        return None
    times_s = [stride.time_s for stride in own if stride.time_s]
    inner = list(inner_of(strides, direction))
    return {
        "strides": len(own),
        "minutes": round(sum(stride.time_s or stride.swing_s for stride in own) / 60, 1),
        "distance_m": round(sum(stride.length_m for stride in own), 1),
        "length_m": round(float(np.mean([stride.length_m for stride in own])), 3),
        "cadence_spm": round(120 / float(np.median(times_s)), 1) if times_s else None,
        "time_cv_pct": cv_pct([stride.time_s for stride in inner]),
        "length_cv_pct": cv_pct([stride.length_m for stride in inner]),
        "landing_pct": _landing_pct(own),
        "impact": _impact(own),
    }


def cv_pct(values: list) -> float | None:
    """Return the standard deviation over the mean [%] (of stride time: Hausdorff, Gait variability, 2005)."""
    if len(values) < VARIABILITY_MIN:
        return None
    return round(100 * float(np.std(values, ddof=1) / np.mean(values)), 1)


def _gait(chunk: list[Stride]) -> str:
    return f"{chunk[0].direction} {'run' if (_running_pct(chunk) or 0) > 50 else 'walk'}"


def _heights(chunks: list[list[Stride]]) -> dict:
    """Return ascent and descent of chunks: single strides' errors do not add up in either."""
    rises = [sum(stride.height_m for stride in chunk) for chunk in chunks]
    up, down = sum(rise for rise in rises if rise > 0), -sum(rise for rise in rises if rise < 0)
    return {"ascent_m": round(up, 1), "descent_m": round(abs(down), 1)}


def _grade(chunks: list[list[Stride]]) -> dict | None:
    """Return how grades are spread over the way, of chunks long enough to have one."""
    whole = [chunk for chunk in chunks if len(chunk) >= BLOCK]
    if not whole:
        return None
    grades = [100 * grade_of(chunk) for chunk in whole]
    ways: dict[float, float] = {}
    for grade, chunk in zip(grades, whole, strict=True):
        low = float(np.floor(grade / GRADE_BIN_PCT) * GRADE_BIN_PCT)
        ways[low] = round(ways.get(low, 0.0) + way_m(chunk), 1)
    low_pct, median_pct, high_pct = (round(float(value), 1) for value in np.percentile(grades, [10, 50, 90]))
    spread = {"p10_pct": low_pct, "median_pct": median_pct, "p90_pct": high_pct}
    return {"blocks": len(whole), **spread, "metres_from_pct": dict(sorted(ways.items()))}


def _uphill_min(chunks: list[list[Stride]]) -> float:
    """Return minutes of backward chunks that climb by UPHILL_PCT and more."""
    climbing = [
        chunk for chunk in chunks
        if chunk[0].direction == "backward" and len(chunk) >= BLOCK and 100 * grade_of(chunk) >= UPHILL_PCT
    ]  # fmt: skip
    return round(sum(stride.time_s or stride.swing_s for chunk in climbing for stride in chunk) / 60, 1)


def _landing_pct(strides: list[Stride]) -> dict[str, int] | None:
    known = [stride.landing for stride in strides if stride.landing != "unknown"]
    if not known:
        return None
    return {name: round(100 * known.count(name) / len(known)) for name in event_names.LANDINGS[1:]}


def _impact(strides: list[Stride]) -> dict | None:
    """Return the accelerometer's peaks at contact; where strides are clipped the 95 % is a lower bound."""
    felt = [stride.impact_mg for stride in strides if stride.impact_mg]
    if not felt:
        return None
    median_mg, high_mg = (round(float(value)) for value in np.percentile(felt, [50, 95]))
    clipped = sum(1 for stride in strides if stride.clipped)
    return {"median_mg": median_mg, "p95_mg": high_mg, "clipped_strides": clipped}


def _running_pct(strides: list[Stride]) -> float | None:
    """Return the share of running among the strides forward and backward whose stance is known."""
    known = [(stride.duty, stride.direction) for stride in strides if stride.duty]
    runs = [duty < RUN_DUTY[direction] for duty, direction in known if direction in RUN_DUTY]
    return round(100 * sum(runs) / len(runs), 1) if runs else None
