"""Clock: time since the start, and what the host says the time of day is, which steps back by minutes only."""

import time

from ..core.compat import const

_STEP_BACK_MS = const(300000)  # a clock drifts less in a month; more ahead than that, and a laptop was wrong


class Clock:
    """Milliseconds since the start, and the unix time at it once a host has told it.

    Set back by up to five minutes it stands until that time is reached again; by more, it steps back.

    start_unix_ms: unix time of the start [ms], 0 = not known.
    utc_offset_min: of the wearer's clock from UTC [min].
    """

    def __init__(self):
        self.start_unix_ms = 0
        self.utc_offset_min = 0
        self._ms = 0
        self._ticks_ms = time.ticks_ms()
        self._told_ms = 0

    @property
    def ms(self) -> int:
        """Time since the start [ms]; to be asked once in six days, which the ticks' width allows."""
        now_ms = time.ticks_ms()
        self._ms += time.ticks_diff(now_ms, self._ticks_ms)
        self._ticks_ms = now_ms
        return self._ms

    @property
    def unix_ms(self) -> int:
        """Unix time [ms], 0 = not known."""
        if self.start_unix_ms:
            self._told_ms = max(self._told_ms, self.start_unix_ms + self.ms)
        return self._told_ms

    @property
    def day(self) -> int:
        """Days since 1970 at the wearer's, 0 = not known."""
        now_ms = self.unix_ms
        return (now_ms // 60000 + self.utc_offset_min) // 1440 if now_ms else 0

    def must_step_back(self, unix_ms: int) -> bool:
        """Return whether it shows a time so far past this one that it was told a wrong one before."""
        return self.unix_ms - unix_ms > _STEP_BACK_MS

    def set(self, unix_ms: int, utc_offset_min: int) -> int:
        """Set it; return how far it was ahead [ms], 0 the first time."""
        self._told_ms = 0 if self.must_step_back(unix_ms) else self.unix_ms
        start_ms = unix_ms - self.ms
        ahead_ms = self.start_unix_ms - start_ms if self.start_unix_ms else 0
        self.start_unix_ms = start_ms
        self.utc_offset_min = utc_offset_min
        return ahead_ms


def shown(seconds: int) -> str:
    """Return a time as m:ss, or h:mm:ss from an hour on."""
    if seconds < 3600:
        return "%d:%02d" % (seconds // 60, seconds % 60)
    return "%d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)
