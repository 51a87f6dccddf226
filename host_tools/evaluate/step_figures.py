"""What is measured of steps and strides on one set, and the same as plain numbers."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from . import scoring
from .scoring import Matched

GUESS_PCT = 20  # how sure the pod calls itself of a direction that it took over from the strides before
_BINS_PCT = ((0, 39), (40, 59), (60, 79), (80, 100))
_SPEEDS_MPS = (  # 2: where people change from walking to running (Hreljac 1993, Med Sci Sports Exerc 25:1158)
    ("slow walk, < 1 m/s", 1.0), ("walk, 1-2 m/s", 2.0), ("run, 2-3 m/s", 3.0), ("sprint, > 3 m/s", math.inf),
)  # fmt: skip


@dataclass
class SetFigures:
    """All that was measured on one set at one placement."""

    name: str
    placement: str
    recordings: int = 0
    strides: scoring.StrideScore = field(default_factory=scoring.StrideScore)
    contacts: scoring.StrideScore = field(default_factory=scoring.StrideScore)
    counts: list[scoring.StepCount] = field(default_factory=list)
    lengths: list[tuple[float, float, float, float]] = field(default_factory=list)

    def add(self, other: "SetFigures") -> None:
        """Add one recording's figures."""
        self.recordings += other.recordings
        self.strides.add(other.strides)
        self.contacts.add(other.contacts)
        self.counts += other.counts
        self.lengths += other.lengths

    @property
    def matched(self) -> list[Matched]:
        """Strides on a foot, steps on a belt, each with its true one."""
        return self.strides.matched or self.contacts.matched


def as_dict(figures: SetFigures) -> dict:
    """Return a set's figures as plain numbers; shares 0..1, None where nothing was to measure."""
    strides = figures.strides
    numbers: dict = {
        "set": figures.name,
        "placement": figures.placement,
        "recordings": figures.recordings,
        "strides": _found(strides),
        "confusion": nested(strides.confusion),
        "latency_s": _quantiles(strides.latency_s),
        "contacts": _found(figures.contacts),
        "late_ms": _quantiles([m.late_ms for m in figures.matched if m.late_ms is not None]),
        "time_error_ms": time_error(figures.matched),
        "confusion_by_speed": by_speed(strides.matched),
        "confidence": calibration(strides.matched),
        "walks": sum(c.taken >= scoring.FEWEST_STEPS for c in figures.counts),
        "steps_mape_pct": _or_none(scoring.mape_pct(figures.counts)),
        "steps_signed_pct": _or_none(scoring.signed_pct(figures.counts)),
        "false_steps_per_hour": _or_none(scoring.false_per_hour(figures.counts)),
    }
    if figures.lengths:
        rows = np.array(figures.lengths)
        numbers["length"] = {
            "strides": len(rows),
            "error_pct": length_error_pct(figures),
            "total_error_pct": length_total_pct(figures),
            "height_error_mm": float(np.abs(rows[:, 2] - rows[:, 3]).mean()),
        }
    return numbers


def length_error_pct(figures: SetFigures) -> float:
    """Return the mean absolute error of a stride's length, nan without a stride of known length."""
    rows = np.array(figures.lengths).reshape(-1, 4)
    return float(100 * np.abs(rows[:, 0] / rows[:, 1] - 1).mean()) if len(rows) else math.nan


def length_total_pct(figures: SetFigures) -> float:
    """Return the error of all lengths together, + = found too long, nan without a stride of known length."""
    rows = np.array(figures.lengths).reshape(-1, 4)
    return float(100 * (rows[:, 0].sum() / rows[:, 1].sum() - 1)) if len(rows) else math.nan


def by_speed(matched: Sequence[Matched]) -> dict[str, dict[str, dict[str, int]]]:
    """Return found strides of known speed: true direction, speed, direction called, how many."""
    table: dict[str, dict[str, dict[str, int]]] = {}
    for true in ("forward", "backward"):
        slowest = 0.0
        for name, fastest in _SPEEDS_MPS:
            mine = [m for m in matched if m.true == true and m.speed_mps is not None]
            called = Counter(m.called for m in mine if slowest <= (m.speed_mps or 0) < fastest)
            slowest = fastest
            if called:
                table.setdefault(true, {})[name] = dict(called)
    return table


def calibration(matched: Sequence[Matched]) -> list[dict]:
    """Return by how sure the pod was: strides, of them called right, unknown and wrong.

    Turns are left out, and a set of a single true direction says nothing of this.
    """
    scored = [m for m in matched if m.confidence_pct is not None and m.true not in scoring.NOT_SCORED]
    if len({m.true for m in scored}) < 2:
        return []
    guesses = [m for m in scored if m.confidence_pct == GUESS_PCT]
    sure = [m for m in scored if m.confidence_pct != GUESS_PCT]
    rows = [_bin(f"{GUESS_PCT}, a guess", guesses)]
    for low, high in _BINS_PCT:
        rows.append(_bin(f"{low}-{high}", [m for m in sure if low <= (m.confidence_pct or 0) <= high]))
    return rows


def _bin(name: str, matched: list[Matched]) -> dict:
    right = sum(m.called == m.true for m in matched)
    unknown = sum(m.called == "unknown" for m in matched)
    return {
        "confidence_pct": name, "strides": len(matched), "right": right, "unknown": unknown,
        "wrong": len(matched) - right - unknown,
    }  # fmt: skip


def time_error(matched: Sequence[Matched]) -> dict | None:
    """Return errors of the time from contact to contact: count, mean_abs, signed [ms]; None without any."""
    errors = np.array([m.time_error_ms for m in matched if m.time_error_ms is not None])
    if not len(errors):
        return None
    return {"count": len(errors), "mean_abs": float(np.abs(errors).mean()), "signed": float(errors.mean())}


def _found(score: scoring.StrideScore) -> dict | None:
    if not score.found + score.missed + score.extra:
        return None
    return {
        "truth": score.found + score.missed,
        "found": score.found,
        "extra": score.extra,
        "precision": _or_none(score.precision),
        "recall": _or_none(score.recall),
        "f1": _or_none(score.f1),
    }


def nested(confusion: Counter) -> dict:
    """Return {true direction: {direction called: how many}} of a score's confusion."""
    table: dict[str, dict[str, int]] = {}
    for (true, called), count in sorted(confusion.items()):
        table.setdefault(true, {})[called] = count
    return table


def _quantiles(values: list[float]) -> dict | None:
    if not values:
        return None
    return {"count": len(values), "median": float(np.median(values)), "p95": float(np.percentile(values, 95))}


def _or_none(number: float) -> float | None:
    return None if math.isnan(number) else number
