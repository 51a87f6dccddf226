"""When a run of the virtual pod ends by itself."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import time
from collections.abc import Iterator


class Limits:
    """A virtual time [us], a stretch of wall time [s] and the end of another program, each None for no limit."""

    def __init__(self, until_us: int | None, wall_s: float | None, process: subprocess.Popen | None) -> None:
        self.until_us = until_us
        self.process = process
        self._wall_end_s = None if wall_s is None else time.monotonic() + wall_s

    def wall_left_s(self, most_s: float | None = None) -> float | None:
        """Return how much wall time there is left, at most most_s [s]; None for no end."""
        if self._wall_end_s is None:
            return most_s
        left_s = max(0.0, self._wall_end_s - time.monotonic())
        return left_s if most_s is None else min(left_s, most_s)

    def reached(self, now_us: int) -> str:
        if self.until_us is not None and now_us >= self.until_us:
            return "the time is up"
        if self.process is not None and self.process.poll() is not None:
            return "the program has ended"
        return "the wall time is up" if self.wall_left_s() == 0 else ""

    @contextlib.contextmanager
    def watched(self, selector: selectors.BaseSelector) -> Iterator[None]:
        """Wake the selector when the program ends."""
        if self.process is None:
            yield
            return
        fd = os.pidfd_open(self.process.pid)
        selector.register(fd, selectors.EVENT_READ, lambda: None)
        try:
            yield
        finally:
            selector.unregister(fd)
            os.close(fd)
