"""Gait simulator: what a pod on a shoe, belt or wrist would measure, with the truth of what happened.

    from host_tools.gait import Stand, Walk, WalkParams, session
    made = session([Stand(2), Walk(20, WalkParams(direction="backward", grade_pct=10)), Stand(2)], seed=1)
    made.recording(), made.truth.strides

A simulation is not evidence: figures from it are always reported as simulated.
"""

from .params import (
    IDEAL_IMU,
    ArmParams,
    FootParams,
    ImuParams,
    SwayParams,
    TrunkParams,
    WalkParams,
    uphill_backward,
)
from .reverse import TimeReversed, time_reversed
from .segments import Catch, LoseBalance, RockBack, Slip, Stand, Stumble, Walk
from .session import (
    Simulated,
    Truth,
    Wearer,
    session,
    uphill_backward_segments,
    uphill_backward_session,
    walk,
)
from .together import Together

__all__ = [
    "IDEAL_IMU",
    "ArmParams",
    "Catch",
    "FootParams",
    "ImuParams",
    "LoseBalance",
    "RockBack",
    "Simulated",
    "Slip",
    "Stand",
    "Stumble",
    "SwayParams",
    "TimeReversed",
    "Together",
    "TrunkParams",
    "Truth",
    "Walk",
    "WalkParams",
    "Wearer",
    "session",
    "time_reversed",
    "uphill_backward",
    "uphill_backward_segments",
    "uphill_backward_session",
    "walk",
]
