"""Counts of the day: over sessions and resets, anew at the wearer's midnight."""

from .compat import const

COUNTS = const(5)  # backward, forward, other steps, sways, falls


class DayCounts:
    """What the day comes to, with the totals of the session that runs handed in.

    day: since 1970 at the wearer's, 0 = no clock has told it yet.
    """

    def __init__(self, day: int = 0, counts=(0, 0, 0, 0, 0)):
        """day, counts: from before this start; COUNTS of them."""
        self.day = day
        self._dated = False  # whether a clock has told the day since the start
        self._before = list(counts)  # of the day, but for the session that runs
        self._ended = [0] * COUNTS  # sessions that ended since the start

    def now(self, totals) -> list:
        """Return the day's counts.  totals: COUNTS of the session that runs."""
        return [self._before[i] + totals[i] for i in range(COUNTS)]

    def end_session(self, totals) -> None:
        """Take over what a session came to."""
        for i in range(COUNTS):
            self._before[i] += totals[i]
            self._ended[i] += totals[i]

    def date(self, day: int, totals) -> None:
        """Tell what day it is.  What was counted since the start belongs to the day that is told first."""
        if day != self.day:
            for i in range(COUNTS):
                self._before[i] = -totals[i] if self._dated else self._ended[i]
        self.day = day
        self._dated = True
