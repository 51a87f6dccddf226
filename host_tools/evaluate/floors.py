"""What the step figures must reach on recorded sets: floors and aims, and which of them hold.

Simulated and time-reversed gait has no place here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import scoring, step_figures
from .step_figures import SetFigures

LONG_WALK_STEPS = 100
AIM, FLOOR, MISSED, NOT_MEASURED = "aim", "floor", "missed", "not measured"
_HELD = ("hand", "arm", "pocket")  # of the phones; in a pouch or purse they are not worn as a wrist pod is


@dataclass(frozen=True)
class Floor:
    """One figure of one set at one placement: the floor it must reach and the aim it should."""

    set: str
    placement: str
    figure: str
    unit: str
    at_least: bool
    floor: float
    aim: float
    measure: Callable[[SetFigures], float]

    def met(self, measured: float) -> str:
        """Return AIM, FLOOR or MISSED; NOT_MEASURED for nan."""
        if math.isnan(measured):
            return NOT_MEASURED
        for bound, name in ((self.aim, AIM), (self.floor, FLOOR)):
            if measured >= bound if self.at_least else measured <= bound:
                return name
        return MISSED


def judged(found: Sequence[SetFigures]) -> list[dict]:
    """Return every row of FLOORS with what was measured (None: nothing) and whether it holds."""
    by_name = {(figures.name, figures.placement): figures for figures in found}
    rows = []
    for row in FLOORS:
        figures = by_name.get((row.set, row.placement))
        measured = row.measure(figures) if figures else math.nan
        rows.append({
            "set": row.set, "figure": row.figure, "unit": row.unit, "at_least": row.at_least,
            "measured": None if math.isnan(measured) else measured,
            "floor": row.floor, "aim": row.aim, "met": row.met(measured),
        })  # fmt: skip
    return rows


def _backward_pct(f: SetFigures) -> float:
    return 100 * f.strides.called("backward", "backward")


def _truly(f: SetFigures, true: str) -> dict[str, int]:
    return {called: count for (name, called), count in f.strides.confusion.items() if name == true}


def _forward_as_backward(f: SetFigures) -> float:
    called = _truly(f, "forward")
    return called.get("backward", 0) if called else math.nan


def _forward_found_pct(f: SetFigures) -> float:
    called = _truly(f, "forward")
    return 100 * (1 - scoring.share(called.get("missed", 0), sum(called.values())))


def _forward_as_other(f: SetFigures) -> float:
    called = _truly(f, "forward")
    return sum(called.values()) - called.get("forward", 0) - called.get("missed", 0) if called else math.nan


def _side_as_fore_pct(f: SetFigures) -> float:
    called = [_truly(f, side) for side in ("left", "right")]
    wrong = sum(one.get("forward", 0) + one.get("backward", 0) for one in called)
    return 100 * scoring.share(wrong, sum(sum(one.values()) for one in called))


def _f1_pct(f: SetFigures) -> float:
    return 100 * f.strides.f1


def _recall_pct(f: SetFigures) -> float:
    return 100 * f.strides.recall


def _length_total_pct(f: SetFigures) -> float:
    return abs(step_figures.length_total_pct(f))


def _contacts_pct(f: SetFigures) -> float:
    return 100 * f.contacts.f1


def _held_mape_pct(f: SetFigures) -> float:
    return scoring.mape_pct([c for c in f.counts if any(word in c.worn.lower() for word in _HELD)])


def _long_walks_mape_pct(f: SetFigures) -> float:
    return scoring.mape_pct(f.counts, LONG_WALK_STEPS)


def _false_per_hour(f: SetFigures) -> float:
    return scoring.false_per_hour(f.counts)


def _wrist_rows(name: str) -> tuple[Floor, ...]:
    walks = f"walks of >= {LONG_WALK_STEPS} steps, MAPE"
    return (
        Floor(name, "wrist", walks, "%", False, 10, 5, _long_walks_mape_pct),
        Floor(name, "wrist", "false steps per hour, no step taken", "", False, 20, 10, _false_per_hour),
    )


FLOORS = (
    Floor("esangeni_foot", "shoe", "backward strides called backward", "%", True, 99, 99.5, _backward_pct),
    Floor("esangeni_foot", "shoe", "forward strides called backward", "", False, 0, 0, _forward_as_backward),
    Floor("esangeni_foot", "shoe", "forward strides found", "%", True, 99, 99, _forward_found_pct),
    Floor("esangeni_foot", "shoe", "of them not called forward", "", False, 0, 0, _forward_as_other),
    Floor("esangeni_foot", "shoe", "side steps called fore or back", "%", False, 2, 0, _side_as_fore_pct),
    Floor("esangeni_clipped", "shoe", "backward strides called backward", "%", True, 96, 99, _backward_pct),
    Floor("esangeni_clipped", "shoe", "forward strides called backward", "", False, 0, 0, _forward_as_backward),
    Floor("esangeni_clipped", "shoe", "forward strides found", "%", True, 99, 99, _forward_found_pct),
    Floor("ipol_gait1", "shoe", "forward strides called backward", "", False, 0, 0, _forward_as_backward),
    Floor("ipol_gait1", "shoe", "strides, F1", "%", True, 98, 99.5, _f1_pct),
    Floor("gaitmap_foot", "shoe", "labelled strides found", "%", True, 98, 99.5, _recall_pct),
    Floor("gaitmap_foot", "shoe", "length, error of a stride", "%", False, 3, 2, step_figures.length_error_pct),
    Floor("gaitmap_foot", "shoe", "length, error of the total", "%", False, 1, 0.3, _length_total_pct),
    Floor("mobgap_lowerback", "belt", "contacts inside bouts, F1", "%", True, 85, 92, _contacts_pct),
    Floor("oxford_stepcounter", "wrist", "hand, arm, pocket: steps, MAPE", "%", False, 5, 3, _held_mape_pct),
    Floor("cambridge_handheld", "wrist", "walks that slow down, MAPE", "%", False, 4, 2.5, _held_mape_pct),
    *_wrist_rows("banglejs_wrist"),
    *_wrist_rows("rieck_wrist_mag"),
)
