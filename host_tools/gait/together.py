"""One wearer with several pods: the same steps and sways, sensed by each at times of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from backstep.core import detectors

from .physics import ideal_imu
from .plan import FEET, Plan, SwayEvent, Swing
from .segments import Segment
from .sensor import low_passed, sensed
from .session import FINE_HZ, PLACEMENTS, Wearer, path_of, planned


@dataclass(frozen=True)
class Together:
    """A session of one wearer.

    segments, seed, wearer: as of session().  side: of the shoe or wrist with a pod.
    """

    segments: Sequence[Segment]
    seed: int = 0
    side: str = "left"
    wearer: Wearer = field(default_factory=Wearer)

    @cached_property
    def plan(self) -> Plan:
        """What happens, in seconds: one for all placements."""
        return planned(self.segments, self.seed)

    @property
    def duration_s(self) -> float:
        return self.plan.duration_s

    @property
    def strides(self) -> list[Swing]:
        """The swings of the foot with a pod."""
        return [swing for swing in self.plan.swings if swing.foot == FEET.index(self.side)]

    @property
    def sways(self) -> list[SwayEvent]:
        return self.plan.sways

    def sensed_at(self, placement: str, times_s: np.ndarray) -> np.ndarray:
        """Return int16 samples (n, 6) [mg, 0.1 deg/s] of a pod that samples at these times of the session [s].

        Before its begin and after its end the wearer stays as he was then.  The times' grid is 1/1248 s.
        """
        rate_hz = detectors.rate_hz(placement)
        factor = math.ceil(FINE_HZ / rate_hz)
        count = math.ceil(self.duration_s * rate_hz)
        rng = np.random.default_rng([self.seed, 1 + PLACEMENTS.index(placement)])
        side = FEET.index(self.side)
        path = path_of(self.plan, placement, side, self.wearer, rng, count * factor, rate_hz * factor)
        rows = np.clip(np.rint(times_s * path.rate_hz).astype(int), 0, count * factor - 1)
        moments, of = np.unique(rows, return_inverse=True)  # who stands for long is the same moment over and over
        return sensed(low_passed(ideal_imu(path), factor, moments)[of], self.wearer.imu, rng)
