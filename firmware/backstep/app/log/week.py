"""The week's backward steps and their limit, by the days that the log knows; needed at a session's beginning."""

from ...core.training import programme

PASSING = True  # see passing.py


def week(book, steps: int, cap_pct: int) -> tuple:
    """Return (other days, each [day since 1970, backward steps]; steps these seven days; what they may come to).

    book: LogBook.  steps: of a session's dose.  cap_pct: setting [%].  Limit 0: any number, or no clock told.
    """
    today, counts = book.counts()
    if not today:
        return [], 0, 0
    days = [row[:2] for row in book.days]
    done, before = programme.weeks(days + [[today, counts[0]]], today)
    return days, done, programme.week_limit(before, steps, cap_pct)


def left(book, steps: int, cap_pct: int) -> int:
    """Return backward steps left until the limit, as Guide.begin takes it; arguments as for week()."""
    _, done, limit = week(book, steps, cap_pct)
    return limit - done or -1 if limit else 0
