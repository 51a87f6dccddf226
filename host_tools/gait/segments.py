"""What a session is made of, in order."""

from dataclasses import dataclass

from .params import SwayParams, WalkParams


@dataclass(frozen=True)
class Stand:
    """Stand still, with small weight shifts; after a fall: lie."""

    duration_s: float


@dataclass(frozen=True)
class Walk:
    """A number of steps of both feet together; ends with the feet side by side unless the gait goes on."""

    steps: int
    params: WalkParams = WalkParams()


@dataclass(frozen=True)
class Stumble:
    """A foot scuffs in mid-swing: two hasty short steps and a jolt of the trunk."""

    params: WalkParams = WalkParams()


@dataclass(frozen=True)
class LoseBalance:
    """A sudden sway, recovered or ending in a fall as the pendulum decides."""

    params: SwayParams = SwayParams()


Segment = Stand | Walk | Stumble | LoseBalance
