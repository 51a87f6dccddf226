"""The true sample rate of an IMU that does not tell it: what comes in most of a minute is counted by the clock."""

import time

from ..core.compat import const
from .faults import SENSOR_RESTARTS

_COUNTED_MS = const(50000)  # of the minute in which a pod stays awake after a start, and has a quartz to count by
_UNSURE = const(2)  # [0.1 %]


class Counting:
    """Counts once, tells whom the rate concerns, and is gone."""

    def __init__(self, running):
        """running: Running, of a pod that senses."""
        self._sampling, self._detecting = running.sensing.sampling, running.sensing.detecting
        self._rate_hz = running.pod.rate_hz
        self._faults = running.faults
        self._from: tuple = ()  # when, which sample, after how many restarts

    def rest(self) -> None:
        """Look how far it is; called just after a drain."""
        now_ms, samples, restarts = time.ticks_ms(), self._detecting.samples, self._faults[SENSOR_RESTARTS]
        if samples and (not self._from or self._from[2] != restarts):
            self._from = now_ms, samples, restarts
        elapsed_ms = time.ticks_diff(now_ms, self._from[0]) if self._from else 0
        if elapsed_ms < _COUNTED_MS:
            return
        permille = (samples - self._from[1]) * 1000000 // (elapsed_ms * self._rate_hz)
        for rated in self._sampling.rated:
            rated(permille if not -_UNSURE <= permille - 1000 <= _UNSURE else 1000)
        self._detecting.rested = tuple([rested for rested in self._detecting.rested if rested != self.rest])
