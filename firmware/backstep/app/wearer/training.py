"""Training: the dose of a session, the limit of a week, the metronome; needed at a session's beginning."""

from ...core.training import programme
from ..log.week import week

PASSING = True  # see passing.py


def train(sensing, rate_hz: int, settings: dict) -> tuple:
    """Give the session its guide; return (name, run) of the tasks it takes.

    sensing: Sensing.  rate_hz: [Hz].  settings: full.
    """
    keeper = sensing.keeper
    goals = programme.dose(settings)
    if any(goals):
        from ...core.training.guide import Guide

        limits = programme.enough(goals[0]), programme.enough(goals[1])
        keeper.guide = Guide(rate_hz, goals, limits)
    if not settings["metronome_spm"]:
        return ()
    from .metronome import Metronome

    return (("metronome", Metronome(keeper, sensing.notifying, settings["metronome_spm"]).run),)


def plan(running) -> dict:
    """Return the dose and how far it is done.

    level: 0 = none.  dose_steps, dose_min: of a session, 0 = none.  done_s: time spent stepping backward in it.
    week_steps: backward, these seven days.  week_limit: what they may come to, 0 = any number, or no clock told.
    days: up to 14 others, each [day since 1970, backward steps].
    """
    guide, book, wearer = running.sensing.keeper.guide, running.sensing.keeper.log, running.sensing.wearer
    steps, minutes = guide.goals
    told = {"level": wearer.level, "dose_steps": steps, "dose_min": minutes, "done_s": guide.seconds}
    days, done, limit = week(book, steps, wearer.cap_pct) if book else ([], 0, 0)
    told["week_steps"], told["week_limit"], told["days"] = done, limit, days
    return told
