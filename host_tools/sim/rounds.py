"""A wearer who falls, gets up and walks again: several sessions of one wearer, one after another."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from backstep.core import detectors

from host_tools.gait import Together

GET_UP_S = 3.0


class Rounds:
    """Sessions of one wearer with the same pods; between two of them he gets up.

    wearers: the sessions in order.  begins_s: when each begins [s].  duration_s: of all.
    """

    def __init__(self, wearers: Sequence[Together]) -> None:
        self.wearers = wearers
        self.begins_s = [0.0]
        for wearer in wearers:
            self.begins_s.append(self.begins_s[-1] + wearer.duration_s + GET_UP_S)
        self.duration_s = self.begins_s.pop() - GET_UP_S

    @property
    def strides(self) -> list[tuple[float, float, str]]:
        """Every stride of the foot with a pod: foot off, initial contact [s], direction."""
        return [
            (begin_s + swing.off_s, begin_s + swing.contact_s, swing.walk.direction)
            for begin_s, wearer in zip(self.begins_s, self.wearers, strict=True)
            for swing in wearer.strides
        ]

    @property
    def sways_s(self) -> list[float]:
        """When each loss of balance begins [s]."""
        return [
            begin_s + sway.onset_s
            for begin_s, wearer in zip(self.begins_s, self.wearers, strict=True)
            for sway in wearer.sways
        ]

    def sensed_at(self, placement: str, times_s: np.ndarray) -> np.ndarray:
        """Return int16 samples (n, 6) as Together.sensed_at() does; times_s: rising [s]."""
        period_s = 1 / detectors.rate_hz(placement)
        edges = np.searchsorted(times_s, [begin_s - GET_UP_S for begin_s in self.begins_s[1:]])
        parts: list[np.ndarray] = []
        for begin_s, wearer, own_s in zip(self.begins_s, self.wearers, np.split(times_s, edges), strict=True):
            rise = own_s < begin_s if parts else np.zeros(len(own_s), bool)
            # A round that is not sampled at all still has to say how its wearer stands.
            walked = wearer.sensed_at(placement, np.append(own_s[~rise], wearer.duration_s + period_s) - begin_s)
            if parts:
                parts.append(raised(parts[-1][-1], walked[0], (own_s[rise] - begin_s) / GET_UP_S + 1))
            parts.append(walked[:-1])
        return np.concatenate(parts)


def raised(lying: np.ndarray, upright: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return int16 rows (n, 6) of an even turn about the y axis from one row's pitch to another's.

    share: how far of the turn each row is, 0..1.
    """
    pitch = [math.atan2(-int(row[0]), int(row[2])) for row in (lying, upright)]
    angle = pitch[0] + share * (pitch[1] - pitch[0])
    rows = np.zeros((len(angle), 6))
    rows[:, 0], rows[:, 2] = -1000 * np.sin(angle), 1000 * np.cos(angle)
    rows[:, 4] = 10 * math.degrees(pitch[1] - pitch[0]) / GET_UP_S
    return np.rint(rows).astype(np.int16)
