"""Requests about the pod as it runs, and to its wearer's session."""

from ...core import events
from ...core.compat import const
from ...core.log import log
from ..console.report import figures
from ..wearer.training import plan

PASSING = True  # see passing.py

_UNIX_MS_MIN = 1735689600000  # 2025, before there were pods
_UNIX_MS_MAX = 4294967295000
_OFFSET_MAX_MIN = const(840)  # [tz database] the farthest any clock is from UTC
_AHEAD_MAX_MS = const(0x3FFFFFFF)


async def status(running, asked):
    """Return how it goes: what the summary has, and `uptime_ms`, `unix_ms`, `battery_mv`, `session`, `day`, ...

    `training`: the dose, see training.py, where there is one.
    `recording_s`: how long raw samples will be recorded yet, while they are.
    `worn`: unknown, well, turned, or the placement that the pod moves like where another one is set.
    `calibrated_day`: since 1970 [days], 0 = not known.
    """
    found = {}
    if not running.safe:
        state = running.detecting, running.keeper, running.health, running.faults, running.sampling
        found = figures("status", *state)
        found.pop("event")
        found["running"] = running.keeper.running
        found["worn"] = running.worn
        found["calibrated_day"] = running.calibrated_day
    found["safe"] = running.safe
    found["uptime_ms"] = running.clock.ms
    found["unix_ms"] = running.clock.unix_ms
    found["battery_mv"] = running.parts.battery_mv()
    found["boots"] = running.state["boots"]
    found["waits"] = running.waits
    if running.recorder:
        found["recording_s"] = running.recorder.left // running.kind[1]
    if running.book:
        found["logging"] = running.book.on
        found["session"] = running.book.path[len(running.root) :]
        found["day"], found["day_counts"] = running.book.counts()
    if running.keeper and running.keeper.guide:
        found["training"] = plan(running)
    return found


async def time(running, asked):
    """Tell the pod the time.

    unix_ms: since 1970 [ms].  utc_offset_min: of the wearer's clock [min].  Returns `ahead_ms`: how far the pod's
    clock was ahead of it, null when it had never been told.  The pod's time never steps back: it waits.
    """
    unix_ms, offset_min = asked["unix_ms"], asked["utc_offset_min"]
    if not _UNIX_MS_MIN <= unix_ms <= _UNIX_MS_MAX:
        raise ValueError("time: unix_ms: %d is outside %d..%d" % (unix_ms, _UNIX_MS_MIN, _UNIX_MS_MAX))
    if not -_OFFSET_MAX_MIN <= offset_min <= _OFFSET_MAX_MIN:
        raise ValueError("time: utc_offset_min: %d is outside +-%d" % (offset_min, _OFFSET_MAX_MIN))
    known = running.clock.start_unix_ms > 0
    ahead_ms = running.clock.set(unix_ms, offset_min)
    if running.book:
        shown_ms = max(-_AHEAD_MAX_MS, min(_AHEAD_MAX_MS, ahead_ms))
        running.book.note(log.CLOCK, unix_ms // 1000, unix_ms % 1000, shown_ms, int(known))
    return {"ahead_ms": ahead_ms if known else None, "uptime_ms": running.clock.ms}


async def live(running, asked):
    """Have every event told as a line of JSON, with its sample and fields; on: whether from now on or no more."""
    _session(running)
    if asked["on"] and not running.live:
        from ..console.live import Live

        running.live = Live(running)
    elif running.live and not asked["on"]:
        running.live.end()
        running.live = None
    return {"on": asked["on"]}


async def mark(running, asked):
    """Mark this moment, as a short press does."""
    _session(running).mark()
    return {}


async def lap(running, asked):
    """Begin the next lap of the session; refused when none runs."""
    if not _session(running).lap():
        raise ValueError("lap: no session runs")
    return {}


async def snooze(running, asked):
    """Have no sways warned of for `snooze_min`; refused where that is off or nothing is warned of anyway."""
    if not _session(running).snooze():
        raise ValueError("snooze: nothing to do: snooze_min is 0, or this placement warns of no sways")
    return {"snoozed_s": running.keeper.snoozed_s}


async def awake(running, asked):
    """End the snooze."""
    if not _session(running).wake():
        raise ValueError("awake: nothing to do: no snooze")
    return {}


async def direction(running, asked):
    """Count steps in a direction from now on; direction: unknown, forward or backward.

    Refused at a shoe, which senses it. The setting `direction` says what holds from a start on.
    """
    keeper = _session(running)
    names = events.DIRECTIONS[:3]
    if asked["direction"] not in names:
        raise ValueError("direction: %r is none of %s" % (asked["direction"][:40], ", ".join(names)))
    if not keeper.face(names.index(asked["direction"])):
        raise ValueError("direction: a shoe senses it")
    return {"direction": asked["direction"]}


async def buzz(running, asked):
    """Play a pattern by name; refused with the names there are."""
    _session(running)
    running.notifying.cue(asked["pattern"])
    return {}


async def begin(running, asked):
    """Begin a session; refused while one runs."""
    if _session(running).running:
        raise ValueError("begin: a session runs")
    running.keeper.begin(log.BY_CONSOLE)
    return {}


async def end(running, asked):
    """End the session; refused when none runs."""
    if not _session(running).running:
        raise ValueError("end: no session runs")
    running.keeper.end(log.BY_CONSOLE)
    return {}


async def maintenance(running, asked):
    """End the session and leave to the REPL, for mpremote; a reset starts the pod again."""
    return _leave(running, log.MAINTENANCE)


async def reboot(running, asked):
    """End the session and start anew, in safe mode too."""
    return _leave(running, log.REBOOT)


async def stop(running, asked):
    """End the session and leave to the REPL."""
    return _leave(running, log.STOPPED)


def _session(running):
    if running.safe:
        raise ValueError("the pod is in safe mode: nothing is sensed; reboot ends it")
    return running.keeper


def _leave(running, why):
    if running.keeper:
        running.keeper.end(why)
    running.health.why = why
    running.health.stopping = True
    return {}


HANDLERS = {
    "status": status,
    "time": time,
    "live": live,
    "mark": mark,
    "lap": lap,
    "snooze": snooze,
    "awake": awake,
    "direction": direction,
    "buzz": buzz,
    "begin": begin,
    "end": end,
    "maintenance": maintenance,
    "reboot": reboot,
    "stop": stop,
}
