"""What the step figures must reach on recorded sets, and what of them each row measures."""

from __future__ import annotations

import math

from . import scoring, step_figures
from .floors import Floor
from .step_figures import SetFigures

SLOW_HZ = 1.0  # steps over the whole recording's time: below, most of a walk is slower than people walk
_SLOW = f"walks under {SLOW_HZ:g} step/s, MAPE"
_HELD = ("hand", "arm", "pocket")  # of the phones; in a pouch or purse they are not worn as a wrist pod is


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


def _walks_mape_pct(f: SetFigures) -> float:
    return scoring.mape_pct([c for c in f.counts if not _slow(c)])


def _slow_walks_mape_pct(f: SetFigures) -> float:
    return scoring.mape_pct([c for c in f.counts if _slow(c)])


def _slow(count: scoring.StepCount) -> bool:
    return count.taken < SLOW_HZ * count.duration_s


def _false_per_hour(f: SetFigures) -> float:
    return scoring.false_per_hour(f.counts)


def _wrist_rows(name: str) -> tuple[Floor, ...]:
    walks = f"walks of {SLOW_HZ:g} step/s and more, MAPE"
    return (
        Floor(name, "wrist", walks, "%", False, 5, 5, _walks_mape_pct),
        Floor(name, "wrist", "false steps, no step taken", "/h", False, 10, 10, _false_per_hour),
    )


FLOORS = (
    Floor("esangeni_foot", "shoe", "backward strides called backward", "%", True, 99, 99.5, _backward_pct),
    Floor("esangeni_foot", "shoe", "forward strides called backward", "", False, 0, 0, _forward_as_backward),
    Floor("esangeni_foot", "shoe", "forward strides found", "%", True, 99, 99, _forward_found_pct),
    Floor("esangeni_foot", "shoe", "of them not called forward", "", False, 0, 0, _forward_as_other),
    Floor("esangeni_foot", "shoe", "side steps called fore or back", "%", False, 2, 0, _side_as_fore_pct),
    Floor("esangeni_clipped", "shoe", "backward strides called backward", "%", True, 99, 99.5, _backward_pct),
    Floor("esangeni_clipped", "shoe", "forward strides called backward", "", False, 0, 0, _forward_as_backward),
    Floor("esangeni_clipped", "shoe", "forward strides found", "%", True, 99, 99, _forward_found_pct),
    Floor("ipol_gait1", "shoe", "forward strides called backward", "", False, 0, 0, _forward_as_backward),
    Floor("ipol_gait1", "shoe", "forward strides found", "%", True, 99, 99, _forward_found_pct),
    Floor("ipol_gait1", "shoe", "strides, F1", "%", True, 98, 99.5, _f1_pct),
    Floor("gaitmap_foot", "shoe", "labelled strides found", "%", True, 99, 99.5, _recall_pct),
    Floor("gaitmap_foot", "shoe", "length, error of a stride", "%", False, 3, 2, step_figures.length_error_pct),
    Floor("gaitmap_foot", "shoe", "length, error of the total", "%", False, 1, 0.3, _length_total_pct),
    Floor("mobgap_lowerback", "belt", "contacts inside bouts, F1", "%", True, 85, 92, _contacts_pct),
    Floor("oxford_stepcounter", "wrist", "hand, arm, pocket: steps, MAPE", "%", False, 4, 2.5, _held_mape_pct),
    Floor("cambridge_handheld", "wrist", "walks that slow down, MAPE", "%", False, 4, 2.5, _held_mape_pct),
    *_wrist_rows("banglejs_wrist"),
    *_wrist_rows("rieck_wrist_mag"),
    Floor("rieck_wrist_mag", "wrist", _SLOW, "%", False, 10, 10, _slow_walks_mape_pct),
)
