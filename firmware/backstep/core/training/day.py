"""Counts of the day, anew at the wearer's midnight, and of the days before; over sessions, resets, any clock."""

from .day_turn import COUNTS


class DayCounts:
    """What the day comes to, with the totals of the session that runs handed in.

    day: since 1970 at the wearer's, 0 = no clock has told it yet.
    days: up to 14 others, each [day, its counts], in order.  news: whether they have changed; who stores them
    sets it back.
    """

    def __init__(self, day: int = 0, counts=(0, 0, 0, 0, 0), days=()):
        """day, counts: from before this start; COUNTS of them.  days: as the attribute."""
        self.day = day
        self.days = list(days)
        self.news = False
        self._dated = False  # whether a clock that nobody doubts has told the day since the start
        self._before = list(counts)  # of the day, but for the session that runs
        self._ended = [0] * COUNTS  # sessions that ended since the start

    def now(self, totals) -> list:
        """Return the day's counts.  totals: COUNTS of the session that runs."""
        return add(self._before, totals, 1)

    def end_session(self, totals) -> None:
        """Take over what a session came to."""
        self._before = add(self._before, totals, 1)
        self._ended = add(self._ended, totals, 1)

    def doubt(self) -> None:
        """Take the days told since the start for wrong: the next one told is today, and none after it has come."""
        self._dated = False

    def date(self, day: int, totals) -> None:
        """Tell what day it is, another one or one before.

        What was counted since the start belongs to the day that is told first; days after that are dropped.
        """
        if day != self.day:
            self._turn(day, totals)
        if not self._dated:
            self._drop_after(day)
        self.day = day
        self._dated = True

    def _drop_after(self, day):
        come = [row for row in self.days if row[0] <= day]
        if len(come) < len(self.days):
            self.days = come
            self.news = True

    def _turn(self, day, totals):
        from .day_turn import known, lesser, remembered  # once a day: not held

        since = [0] * COUNTS if self._dated else lesser(add(self._ended, totals, 1), self.now(totals))
        if self.day:
            self.days = remembered(self.days, self.day, add(self.now(totals), since, -1))
            self.news = True
        before, self.days = known(self.days, day)
        self._before = add(add(before, since, 1), totals, -1)


def add(one, other, sign: int) -> list:
    """Return COUNTS sums of one and sign times other."""
    return [one[i] + sign * other[i] for i in range(COUNTS)]
