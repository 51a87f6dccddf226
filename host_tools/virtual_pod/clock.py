"""The virtual clock: microseconds since power-on, at its own speed or paced to the wall clock."""

from __future__ import annotations

import time

_MILLION = 1_000_000


class Clock:
    """Virtual time that only ever goes forward.

    realtime: False lets it run as fast as the models do; True ties it to the wall clock.
    Attributes, of a pod that is not alone: begins_us, the world's time [us] at which it reads 0; ppm, how much
    faster than the world's it goes [parts per million].
    """

    def __init__(self, realtime: bool = False) -> None:
        self.now_us = 0
        self.realtime = realtime
        self.begins_us = 0
        self.ppm = 0
        self._wall_at_zero_s = 0.0
        self.resume()

    def world_us(self, own_us: int | None = None) -> int:
        """Return the world's time at which it reads own_us [us], by default now; the first when there are two."""
        own_us = self.now_us if own_us is None else own_us
        return self.begins_us - (-own_us * _MILLION // (_MILLION + self.ppm))

    def own_us(self, world_us: int) -> int:
        """Return the first time it reads once the world has come to world_us [us]; negative before its begin."""
        return (world_us - 1 - self.begins_us) * (_MILLION + self.ppm) // _MILLION + 1

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
