"""Trunks that move as a course says, and networks that say the same whatever a trunk does."""

from types import SimpleNamespace

import numpy as np
from backstep.core.belt.memory import INPUTS

RATE = 104
_UNITS = 4


def table(score, warning=50, caution=20):
    """A table as core's sway_table whose network always comes to this score, +-1000."""
    weights = bytes([128]) * (3 * _UNITS * (INPUTS + _UNITS) + _UNITS)
    biases = np.full(4 * _UNITS + 1, 32768, "<u2")
    biases[-1] += 32 * score
    network = weights, bytes(6 * _UNITS + 1 + INPUTS), biases.tobytes()
    return SimpleNamespace(NETWORK=network, WARN_SCORE=warning, CAUTION_SCORE=caution)


SILENT = table(0, 1 << 20, 1 << 20)


def tip(course_deg, drop_mg=0, tilt_deg=0.0, bias_ddps=0):
    """Samples of a trunk that leans backward along course_deg [deg per sample], worn tilted by tilt_deg."""
    lean = np.radians(np.asarray(course_deg, float) + tilt_deg)
    rate = np.gradient(lean) * RATE
    weight = 1000 - np.broadcast_to(drop_mg, lean.shape)
    zero = np.zeros_like(lean)
    rows = [weight * np.sin(lean), zero, weight * np.cos(lean), zero, -np.degrees(rate) * 10 + bias_ddps, zero]
    return np.rint(np.stack(rows, axis=1)).astype(int)


def fall(still_s=2.0, fall_s=0.8, to_deg=60.0, sign=1):
    """The course of a trunk that stands still, then tips faster and faster."""
    t = np.arange(int(fall_s * RATE)) / RATE
    return np.concatenate([np.zeros(int(still_s * RATE)), sign * to_deg * (t / fall_s) ** 2])
