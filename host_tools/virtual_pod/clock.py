"""The virtual clock: microseconds since power-on, at its own speed or paced to the wall clock."""

from __future__ import annotations

import time


class Clock:
    """Virtual time that only ever goes forward.

    realtime: False lets it run as fast as the models do; True ties it to the wall clock.
    """

    def __init__(self, realtime: bool = False) -> None:
        self.now_us = 0
        self.realtime = realtime
        self._wall_at_zero_s = 0.0
        self.resume()

    def resume(self) -> None:
        """Take the present moment of both clocks as one, after a stretch in which nothing was paced."""
        self._wall_at_zero_s = time.monotonic() - self.now_us / 1e6

    def advance(self, until_us: int) -> None:
        """Go forward to until_us [us]; an earlier time leaves the clock as it is."""
        self.now_us = max(self.now_us, until_us)

    def wall_delay_s(self, until_us: int) -> float:
        """Return how long the wall clock still has to go until virtual time until_us [us]; 0 when it is past."""
        return max(0.0, self._wall_at_zero_s + until_us / 1e6 - time.monotonic())

    def wall_us(self) -> int:
        """Return the virtual time [us] that the wall clock shows."""
        return int((time.monotonic() - self._wall_at_zero_s) * 1e6)
