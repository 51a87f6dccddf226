"""What goes wrong with a foot before its wearer falls; simulated, after what is known of slips and trips."""

import math

import numpy as np

from .plan import ROCK_S, Plan, Swing
from .track import Track, min_jerk

_SLIP_AFTER_S = 0.06  # a slipping foot slips as it takes the weight (Redfern et al., Biomechanics of slips, 2001)
_SLIP_S = 0.18
_CAUGHT_AT = 0.42  # of the way's time: near the swing's highest speed
_STOP_S = 0.03  # a shoe gives way by a few centimetres
_HELD_S = 0.08


def slip(track: Track, swing: Swing) -> None:
    """Let a foot that has landed slide towards its toes."""
    if swing.slip_mm:
        begin_s, way_m = swing.flat_s + _SLIP_AFTER_S, swing.slip_mm / 1000
        track.step("x", begin_s, begin_s + _SLIP_S, way_m * math.cos(swing.end.yaw_rad))
        track.step("y", begin_s, begin_s + _SLIP_S, way_m * math.sin(swing.end.yaw_rad))


def caught(track: Track, name: str, begin_s: float, end_s: float, amount: float) -> None:
    """Move a channel by `amount` as Track.step does, but for a sudden stop on the way."""
    took_s = end_s - begin_s
    stop_s = begin_s + _CAUGHT_AT * took_s
    on_s = stop_s + _STOP_S + _HELD_S
    time_s = np.arange(track.count) / track.rate_hz
    slowing = np.clip((time_s - stop_s) / _STOP_S, 0, 1)
    run_s = np.minimum(time_s, stop_s) - begin_s + _STOP_S * (slowing - slowing**3 + slowing**4 / 2)
    reached = min_jerk(np.clip(run_s / took_s, 0, 1))
    rest = min_jerk(np.clip((time_s - on_s) / (end_s - on_s), 0, 1))
    track.add(name, amount * (reached + (1 - reached[-1]) * rest))


def rock_back(track: Track, plan: Plan) -> None:
    """Lift the toes of standing feet about their heels, and let them down."""
    for when_s, rock in plan.rocks:
        lift = math.radians(rock.lift_deg)
        at = track.read("pivot")[min(int(when_s * track.rate_hz), track.count - 1)]
        down_s = when_s + ROCK_S + rock.hold_s
        track.step("pivot", when_s - 0.2, when_s, -1 - at)
        track.step("pitch", when_s, when_s + ROCK_S, -lift)
        track.step("pitch", down_s, down_s + ROCK_S, lift)
        track.step("pivot", down_s + ROCK_S, down_s + ROCK_S + 0.2, 1 + at)
