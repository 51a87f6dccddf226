"""The days before: what is kept of them when another one begins, or is found to run."""

from ..compat import const

PASSING = True  # see app/passing.py

COUNTS = const(5)  # backward, forward, other steps, sways, falls
DAYS = const(14)


def known(days: list, day: int) -> tuple:
    """Return (the counts of a day, noughts when it is not there; the other days).  days: as of DayCounts."""
    counts = [0] * COUNTS
    for row in days:
        if row[0] == day:
            counts = row[1:]
    return counts, [row for row in days if row[0] != day]


def lesser(one, other) -> list:
    """Return the smaller of each two counts."""
    return [min(one[i], other[i]) for i in range(COUNTS)]


def remembered(days: list, day: int, counts) -> list:
    """Return days with one more, or with more counted on it; the earliest goes when there are too many.

    days: as of DayCounts.  day: since 1970.  counts: COUNTS of that day.
    """
    before, others = known(days, day)
    if sum(counts) <= sum(before):
        return days
    return sorted(others + [[day] + list(counts)])[-DAYS:]
