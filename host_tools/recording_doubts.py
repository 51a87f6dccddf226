"""What to think of a recording that can be played: units, axes of its rates, a bias, no z upward."""

import math
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from host_tools.gyro_turns import Rests, Turns, contradiction, rests, turns
from host_tools.many_rows import pieces, quantile
from host_tools.recording_faults import half_seconds, halves_at_once, in_half_seconds, squares
from host_tools.recordings import Recording

_MOVING_MG = 200  # spread of a half second
_FEWEST_MOVING = 4  # half seconds
_LEAST_DDPS = {"shoe": 1000, "belt": 160, "wrist": 400}  # half of the least 95th percentile of people who move
_MOST_DDPS = 20000  # nobody's 95th percentile
_MOST_BIAS_DDPS = {"shoe": 200, "belt": 200, "wrist": 300}  # people's come to 33, 62, 121: an arm turns slowly
_FEWEST_RESTS = 20  # tenths of a second
_STEADY = 0.5  # of a bias: half of the rests are no further from it
_LOWEST_MG = 1 << 15
_WEIGHTLESS_MG = 100  # mean and spread of a half second; nobody has one
_LONGEST_FALL_S = 2.0
_DOWN_MG = -700  # z of a shoe or a belt that moves; of somebody who rolls over in bed it came to -540


class Look:
    """A recording, and what several doubts go by, worked out once."""

    def __init__(self, recording: Recording):
        self.recording = recording

    @cached_property
    def halves(self) -> tuple[np.ndarray, np.ndarray]:
        """As of half_seconds."""
        return half_seconds(self.recording)

    @cached_property
    def moving(self) -> np.ndarray:
        """Of each half second whether it moves, (n,) of bool."""
        return self.halves[0] > _MOVING_MG

    @cached_property
    def moves(self) -> bool:
        """Whether it moves for so long that what it does then tells something."""
        return int(self.moving.sum()) >= _FEWEST_MOVING

    @cached_property
    def rests(self) -> Rests:
        return rests(self.recording)

    @cached_property
    def lasting(self) -> Rests:
        """Of its rests those that last; see Rests."""
        return self.rests.lasting()

    @cached_property
    def turns(self) -> Turns:
        return turns(self.recording, self.rests)

    def while_moving(self) -> Iterator[np.ndarray]:
        """Yield the samples of the half seconds that move, some at a time."""
        parts = in_half_seconds(self.recording.samples, self.recording.rate_hz)
        for begin, some in pieces(parts, halves_at_once(parts)):
            yield some[self.moving[begin : begin + len(some)]].reshape(-1, 6)

    def quantile_moving(self, numbers, share: float, unit=float) -> float:
        """Return a quantile of what `numbers` makes of the samples that move; see many_rows.quantile."""
        rows = in_half_seconds(self.recording.samples, self.recording.rate_hz).shape[1]
        return quantile(lambda: map(numbers, self.while_moving()), int(self.moving.sum()) * rows, share, unit)


def doubts(recording: Recording) -> list[str]:
    """Return what to tell of a recording, a line each, most often none."""
    look = Look(recording)
    return [words for words in (judge(look) for judge in JUDGES) if words]


def odd_rates(look: Look) -> str:
    """Return what to tell of rates that cannot be in 0.1 deg/s, "" where nothing speaks against them."""
    recording = look.recording
    if not recording.has_gyro or not look.moves:
        return ""
    if not any(rows[:, 3:].any() for _, rows in pieces(recording.samples)):
        return "its rates are all zero: without them there is no direction, no length and no sway"
    most_ddps = look.quantile_moving(lambda rows: squares(rows[:, 3:]), 0.95, math.sqrt)
    if most_ddps > _MOST_DDPS:
        share = f"its rates pass {most_ddps / 10:.0f} deg/s in a twentieth of the time that it moves"
        return f"{share}, {_MOST_DDPS / 10:.0f} is a pod's range: another unit? --gyro-unit"
    if most_ddps >= _LEAST_DDPS[recording.placement]:
        return ""
    return (
        f"while it moves, its rates hardly pass {most_ddps / 10:.1f} deg/s, want "
        f"{_LEAST_DDPS[recording.placement] / 10:.0f} at a {recording.placement}: another unit? --gyro-unit"
    )


def biased(look: Look) -> str:
    """Return what to tell of a gyro that turns while accelerations rest, "" where it does not."""
    if not look.recording.has_gyro:
        return ""
    found = look.lasting
    bias = found.bias_ddps()
    most_ddps = _MOST_BIAS_DDPS[look.recording.placement]
    if found.still.sum() < _FEWEST_RESTS or np.linalg.norm(bias) <= most_ddps:
        return ""
    if found.spread_ddps(bias) > _STEADY * np.linalg.norm(bias):
        return ""  # bending slowly
    seen = ", ".join(str(round(rate / 10)) for rate in bias)
    return (
        f"at rest its rates are {seen} deg/s, want 0, {most_ddps / 10:.0f} at most: strides will be lost; "
        "take what it reads at rest off its rates"
    )


def contradictory(look: Look) -> str:
    """Return what to tell of rates that contradict gravity, "" where they do not."""
    if not look.recording.has_gyro or not look.lasting.still.any():  # its bias is not known
        return ""
    return str(contradiction(look.turns) or "")


def weightless(look: Look) -> str:
    """Return what to tell of a recording that changes its unit on the way, "" where gravity is always there."""
    recording = look.recording
    spread, mean = look.halves
    light = np.flatnonzero((mean < _WEIGHTLESS_MG) & (spread < _WEIGHTLESS_MG))
    half_s = in_half_seconds(recording.samples, recording.rate_hz).shape[1] / recording.rate_hz
    if len(light) * half_s <= _LONGEST_FALL_S:
        return ""
    return (
        f"from {light[0] * half_s:.1f} s on acceleration is {mean[light[0]]:.0f} mg, with no gravity, for "
        f"{len(light) * half_s:.0f} s: another unit from there on?"
    )


def not_upward(look: Look) -> str:
    """Return what to tell of a shoe or belt in the body frame whose z is not up, "" where it may well be."""
    recording = look.recording
    if recording.frame != "body" or recording.placement == "wrist" or not look.moves:
        return ""
    up_mg = look.quantile_moving(lambda rows: rows[:, 2].astype(np.int64) + _LOWEST_MG, 0.5) - _LOWEST_MG
    if up_mg >= _DOWN_MG:
        return ""
    return (
        f"while it moves az is {up_mg / 1000:.2f} g: z is not up, so forward or left is the other way; "
        "turn its axes, or --frame sensor"
    )


JUDGES = (weightless, not_upward, odd_rates, biased, contradictory)
