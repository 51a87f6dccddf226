"""The built-in sessions of `backstep sim`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from host_tools.gait import (
    LoseBalance,
    Stand,
    SwayParams,
    Walk,
    WalkParams,
    uphill_backward,
    uphill_backward_segments,
)
from host_tools.gait.plan import Segment


@dataclass(frozen=True)
class Scenario:
    """A built-in session: what happens, its segments, the pods worn, how often it is walked, each time another."""

    about: str
    segments: Callable[[], Sequence[Segment]]
    worn: tuple[str, ...]
    rounds: int = 1


def _sway_segments() -> list[Segment]:
    return [Stand(3.0), Walk(10, uphill_backward(95, 10)), LoseBalance(SwayParams(push_ratio=1.6)), Stand(1.0)]


def _fall_segments() -> list[Segment]:
    return [*_sway_segments()[:-1], Stand(24.0)]


SCENARIOS = {
    "uphill": Scenario(
        "forward, about turn, backward up a 10 % grade, a stumble, two sways, the last one a fall",
        uphill_backward_segments,
        ("shoe", "belt"),
    ),
    "forward": Scenario(
        "forty steps forward on the level",
        lambda: [Stand(3.0), Walk(40, WalkParams(cadence_spm=100)), Stand(3.0)],
        ("shoe", "belt"),
    ),
    "sway": Scenario("backward on a 10 % grade, then a sway that ends in a fall", _sway_segments, ("belt",)),
    "sways": Scenario("twenty of them one after another, for the latency", _sway_segments, ("belt",), 20),
    "fall": Scenario("such a fall, then lying still: countdown and alarm", _fall_segments, ("belt",)),
    "still": Scenario("standing", lambda: [Stand(20.0)], ("shoe",)),
}
