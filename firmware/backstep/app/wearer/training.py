"""Training: the dose of a session, the limit of a week, the metronome; needed at a session's beginning."""

from ...core.training import programme

PASSING = True  # see passing.py


def train(running, settings: dict) -> tuple:
    """Give the session its guide; return (name, run) of the tasks it takes.

    running: Running, as for a pod that senses.  settings: full.
    """
    keeper = running.keeper
    goals = programme.dose(settings)
    running.level, running.cap_pct = settings["programme_level"], settings["weekly_cap_pct"]
    if any(goals):
        from ...core.training.guide import Guide

        limits = programme.enough(goals[0]), programme.enough(goals[1])
        keeper.guide = Guide(running.kind[1], goals, limits)
        keeper.week_left = running.week_left
    if not settings["metronome_spm"]:
        return ()
    from .metronome import Metronome

    return (("metronome", Metronome(keeper, running.notifying, settings["metronome_spm"]).run),)


def week_left(running) -> int:
    """Return backward steps left until the week's limit, as Guide.begin takes it."""
    told = plan(running)
    if not told["week_limit"]:
        return 0
    return told["week_limit"] - told["week_steps"] or -1


def plan(running) -> dict:
    """Return the dose and how far it is done.

    level: 0 = none.  dose_steps, dose_min: of a session, 0 = none.  done_s: time spent stepping backward in it.
    week_steps: backward, these seven days.  week_limit: what they may come to, 0 = any number, or no clock told.
    days: up to 14 others, each [day since 1970, backward steps].
    """
    guide, book = running.keeper.guide, running.book
    steps, minutes = guide.goals
    told = {"level": running.level, "dose_steps": steps, "dose_min": minutes, "done_s": guide.seconds}
    today, counts = book.counts() if book else (0, [0])
    days = [row[:2] for row in book.days] if today else []
    done, before = programme.weeks(days + [[today, counts[0]]], today)
    told["week_steps"] = done
    told["week_limit"] = programme.week_limit(before, steps, running.cap_pct) if today else 0
    told["days"] = days
    return told
