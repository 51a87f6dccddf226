"""What to think of a recording that can be played: rates in another unit or of other axes, a bias, no z upward."""

import numpy as np

from host_tools.gyro_turns import contradiction, rests, turns
from host_tools.recording_faults import half_seconds, in_half_seconds, lengths
from host_tools.recordings import Recording

_MOVING_MG = 200  # spread of a half second
FEWEST_MOVING = 4  # half seconds
_LEAST_DDPS = {"shoe": 1000, "belt": 160, "wrist": 400}  # half of the least 95th percentile of people who move
_MOST_DDPS = 20000  # nobody's 95th percentile
_MOST_BIAS_DDPS = {"shoe": 200, "belt": 200, "wrist": 300}  # people's come to 33, 62, 121: an arm turns slowly
_FEWEST_RESTS = 20  # tenths of a second
_DOWN_MG = -500  # z of a shoe or a belt that moves, its wearer's head not downward


def doubts(recording: Recording) -> list[str]:
    """Return what to tell of a recording, a line each, most often none."""
    found = [not_upward(recording)]
    if recording.has_gyro:
        found += [odd_rates(recording), biased(recording)]
        found.append(str(contradiction(turns(recording)) or ""))
    return [words for words in found if words]


def odd_rates(recording: Recording) -> str:
    """Return what to tell of rates that cannot be in 0.1 deg/s, "" where nothing speaks against them."""
    moving = moves(recording)
    if not recording.has_gyro or moving.sum() < FEWEST_MOVING:
        return ""
    rates = lengths(recording.samples[:, 3:])
    if not rates.any():
        return "its rates are all zero: without them there is no direction, no length and no sway"
    most_ddps = float(np.percentile(in_half_seconds(rates, recording.rate_hz)[moving], 95))
    if most_ddps > _MOST_DDPS:
        share = f"its rates pass {most_ddps / 10:.0f} deg/s in a twentieth of the time that it moves"
        return f"{share}, {_MOST_DDPS / 10:.0f} is a pod's range: another unit? --gyro-unit"
    if most_ddps >= _LEAST_DDPS[recording.placement]:
        return ""
    return (
        f"while it moves, its rates hardly pass {most_ddps / 10:.1f} deg/s, want "
        f"{_LEAST_DDPS[recording.placement] / 10:.0f} at a {recording.placement}: another unit? --gyro-unit"
    )


def moves(recording: Recording) -> np.ndarray:
    """Return of each half second whether it moves, (n,) of bool."""
    return half_seconds(recording)[0] > _MOVING_MG


def biased(recording: Recording) -> str:
    """Return what to tell of a gyro that turns while accelerations rest, "" where it does not."""
    found = rests(recording).lasting()
    bias = found.bias_ddps()
    most_ddps = _MOST_BIAS_DDPS[recording.placement]
    if found.still.sum() < _FEWEST_RESTS or np.linalg.norm(bias) <= most_ddps:
        return ""
    seen = ", ".join(str(round(rate / 10)) for rate in bias)
    return (
        f"at rest its rates are {seen} deg/s, want 0, {most_ddps / 10:.0f} at most: strides will be lost; "
        "take what it reads at rest off its rates"
    )


def not_upward(recording: Recording) -> str:
    """Return what to tell of a shoe or belt in the body frame whose z is not up, "" where it may well be."""
    if recording.frame != "body" or recording.placement == "wrist":
        return ""
    moving = moves(recording)
    if moving.sum() < FEWEST_MOVING:
        return ""
    up_mg = float(np.median(in_half_seconds(recording.samples[:, 2], recording.rate_hz)[moving]))
    if up_mg >= _DOWN_MG:
        return ""
    return (
        f"while it moves az is {up_mg / 1000:.2f} g: z is not up, so forward or left is the other way; "
        "turn its axes, or --frame sensor"
    )
