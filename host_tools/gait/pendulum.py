"""A body losing its balance: an inverted pendulum with limited torque, and whether it comes back."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .params import SwayParams
from .physics import GRAVITY_MPS2

_DT_S = 0.002
_LONGEST_S = 4.0
_OTHER_BASE_M = 0.12  # ankle to the edge of support on the side away from the fall
_LEAN_GAIN, _RATE_GAIN = 1.6, 1.7  # ankle strategy, over the toppling torque; damping ratio 1.1
_BUCKLE_RAD, _BUCKLED_OVER_RAD = math.radians(14), math.radians(30)  # the pendulum shortens beyond this lean
_SETTLED_RAD = math.radians(1.0)


@dataclass(frozen=True)
class Sway:
    """One loss of balance: lean_rad (n,) at rate_hz from the onset, up to recovery or impact."""

    lean_rad: np.ndarray
    rate_hz: float
    recovered: bool
    critical_rad_s: float

    @property
    def duration_s(self) -> float:
        return (len(self.lean_rad) - 1) / self.rate_hz


def pendulum_m(params: SwayParams) -> float:
    """Return the height of the centre of mass above the ankle [m]."""
    return params.stature_mm * params.com_share / 1000


def _lean(params: SwayParams, push_rad_s: float) -> tuple[list[float], bool]:
    """Return the lean [rad] every _DT_S, and whether it ended upright.

    The pivot of the toppling torque is the centre of pressure, which the wearer moves as far as his base
    of support goes (Hof 2005): lean'' = w0^2 (sin lean - cop / l) + push."""
    length = pendulum_m(params)
    omega2 = GRAVITY_MPS2 / length
    impact = math.radians(params.impact_lean_deg)
    near, stepped = params.base_mm / 1000 / length, (params.base_mm + params.step_mm) / 1000 / length
    lean = rate = cop = 0.0
    leans, still = [0.0], 0.0
    for k in range(int(_LONGEST_S / _DT_S)):
        t = k * _DT_S
        push = math.sin(math.pi * t / params.push_s) * math.pi / (2 * params.push_s) if t < params.push_s else 0.0
        wanted = 0.0
        if t > params.reaction_s:
            base = stepped if t > params.step_lands_s else near
            wanted = min(base, max(-_OTHER_BASE_M / length, _LEAN_GAIN * lean + _RATE_GAIN * rate / omega2**0.5))
        cop += (wanted - cop) * min(1.0, _DT_S / params.torque_rise_s)
        buckled = params.buckle_gain * min(1.0, max(0.0, (lean - _BUCKLE_RAD) / _BUCKLED_OVER_RAD))
        rate += _DT_S * (omega2 * ((1 + buckled) * math.sin(lean) - cop) + push_rad_s * push)
        lean += _DT_S * rate
        leans.append(lean)
        if lean >= impact:
            return leans, False
        still = still + _DT_S if abs(lean) < _SETTLED_RAD and abs(rate) < _SETTLED_RAD else 0.0
        if still > 0.3 and t > params.push_s:
            return leans, True
    return leans, lean < _SETTLED_RAD * 5


@lru_cache(maxsize=64)
def _critical_rad_s(params: SwayParams) -> float:
    """Return the largest push [rad/s] that does not end in a fall."""
    low, high = 0.0, 6.0
    for _ in range(9):
        middle = (low + high) / 2
        if _lean(params, middle)[1]:
            low = middle
        else:
            high = middle
    return low


@lru_cache(maxsize=64)
def _sway(params: SwayParams) -> Sway:
    critical = _critical_rad_s(params)
    leans, recovered = _lean(params, params.push_ratio * critical)
    return Sway(np.array(leans), 1 / _DT_S, recovered, critical)


def sway(params: SwayParams) -> Sway:
    """Return the loss of balance that `params` describe; a push_ratio near 1 may end either way."""
    return _sway(params)
