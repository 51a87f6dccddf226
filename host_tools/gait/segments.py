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
class Slip:
    """Two steps after whose landing the foot slides towards its toes, lying flat: the wearer goes on backward."""

    params: WalkParams = WalkParams(direction="backward")
    slip_mm: float = 150.0


@dataclass(frozen=True)
class Catch:
    """Two steps in whose swing the foot is held fast for a moment by what it hits, and then goes on."""

    params: WalkParams = WalkParams(direction="backward")


@dataclass(frozen=True)
class RockBack:
    """Standing, the weight goes back until the toes leave the ground, and comes forward again."""

    lift_deg: float = 12.0
    hold_s: float = 0.7


@dataclass(frozen=True)
class LoseBalance:
    """A sudden sway, recovered or ending in a fall as the pendulum decides."""

    params: SwayParams = SwayParams()


Segment = Stand | Walk | Stumble | Slip | Catch | RockBack | LoseBalance
