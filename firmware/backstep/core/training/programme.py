"""The training programme as data, and what it makes of a session and of a week.

Levels, doses and the cap on a week are convention: begin flat and short, add little at a time. No trial has
tested them for walking backwards. That a week may exceed the last by a tenth is a rule of thumb from running,
where a trial that kept to it found no fewer injuries (Buist et al., No effect of a graded training program on
the number of running-related injuries in novice runners, Am. J. Sports Med. 36(1), 2008); it still keeps a good
week from being doubled. Guidance, no medical advice.
"""

from ..compat import const

PASSING = True  # see app/passing.py

# Of every level from 1 on: name, gait, grade from .. to [0.1 %], dose of a session in backward steps and minutes.
LEVELS = (
    ("flat backward walk", "walk", -10, 20, 300, 10),
    ("backward walk up a slight incline", "walk", 20, 60, 400, 12),
    ("backward walk up a steeper incline", "walk", 60, 150, 400, 12),
    ("backward run", "run", -10, 60, 300, 8),
)
_WEEK = const(7)
_SESSIONS_FLOOR = const(3)  # a week may always hold so many doses: who begins, or begins again, has no week before
_READY_DAYS = const(4)
_OVER_PCT = const(25)  # so far past its dose a session may go before it is time to stop
_WEEK_MAX = const(1000000)  # steps; nobody walks more backwards, and no product leaves +-2^30


def dose(settings: dict) -> tuple:
    """Return a session's dose (backward steps, minutes), 0 = none.

    settings: full.  The wearer's own doses stand before the level's; both 0 and level 0: there is no dose.
    """
    steps, minutes, level = settings["dose_steps"], settings["dose_min"], settings["programme_level"]
    if not steps and not minutes and level:
        return LEVELS[level - 1][4:]
    return steps, minutes


def enough(amount: int) -> int:
    """Return where it is time to stop, past a dose."""
    return amount + amount * _OVER_PCT // 100


def weeks(days, today: int) -> tuple:
    """Return backward steps (of the seven days up to today, of the seven before).

    days: [day, backward steps, ...] of each, today's too.  today: since 1970, 0 = not known: (0, 0).
    """
    found = [0, 0]
    for row in days if today else ():
        ago = today - row[0]
        if 0 <= ago < 2 * _WEEK:
            found[ago // _WEEK] += row[1]
    return min(found[0], _WEEK_MAX), min(found[1], _WEEK_MAX)


def week_limit(before: int, steps: int, cap_pct: int) -> int:
    """Return how many backward steps these seven days may come to, 0 = any number.

    before: those of the seven days before, up to 10^6.  steps: of a session's dose.  cap_pct: setting; 0 = no cap.
    """
    if not cap_pct or not steps:
        return 0
    return max(_SESSIONS_FLOOR * steps, before + before * cap_pct // 100)


def is_ready(days, today: int, steps: int) -> bool:
    """Return whether the dose was reached on enough of the last 14 days to try the next level, if all went well.

    days, today: as for weeks().  steps: the dose.
    """
    reached = [row for row in days if 0 <= today - row[0] < 2 * _WEEK and row[1] >= steps]
    return steps > 0 and len(reached) >= _READY_DAYS
