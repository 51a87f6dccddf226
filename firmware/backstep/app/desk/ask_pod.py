"""Requests about the pod as it runs, and to its wearer's session."""

from ...core import events
from ...core.charge import USB_MV, percent
from ...core.compat import const
from ...core.log import log
from ..console.report import figures
from ..wearer.training import plan

PASSING = True  # see passing.py

_BACK_DDEG = const(0)  # as in core/belt/lean.py
_UNIX_MS_MIN = 1735689600000  # 2025, before there were pods
_UNIX_MS_MAX = 4294967295000
_OFFSET_MAX_MIN = const(840)  # [tz database] the farthest any clock is from UTC
_AHEAD_MAX_MS = const(0x3FFFFFFF)


async def status(running, asked):
    """Return how it goes: what the summary has, and `uptime_ms`, `unix_ms`, `battery_mv`, `session`, `day`, ...

    `training`: the dose, see training.py, where there is one.
    `recording_s`: how long raw samples will be recorded yet, while they are.
    `battery_pct`: by the voltage [%], -1 where none is measured or it is USB's: `on_usb`.
    `worn`: unknown, well, turned, or the placement that the pod moves like where another one is set.
    `calibrated_day`: since 1970 [days], 0 = not known.  `level`: whether grades have a calibrated level.
    `lean_ddeg`: how far a belt leans back now [0.1 deg]; a sway's own is that beyond its wearer's usual posture.
    """
    found = _sensed(running) if running.sensing else {}
    found["safe"] = running.sensing is None
    found["uptime_ms"] = running.clock.ms
    found["unix_ms"] = running.clock.unix_ms
    found["battery_mv"] = battery_mv = running.pod.parts.battery_mv()
    found["battery_pct"] = percent(battery_mv)
    found["on_usb"] = battery_mv > USB_MV
    found["boots"] = running.kept.state["boots"]
    found["waits"] = running.kept.waits
    return found


def _sensed(running):
    """Return what only a pod that senses has to tell."""
    keeper, wearer = running.sensing.keeper, running.sensing.wearer
    found = figures("status", running)
    found.pop("event")
    found["running"] = keeper.running
    found["worn"] = wearer.worn
    found["calibrated_day"] = wearer.calibrated_day
    found["level"] = wearer.is_level
    if wearer.lean:
        found["lean_ddeg"] = wearer.lean.state[_BACK_DDEG]
    if keeper.recorder:
        found["recording_s"] = keeper.recorder.left // running.pod.rate_hz
    if keeper.log:
        found["logging"] = keeper.log.on
        found["session"] = keeper.log.path[len(running.kept.root) :]
        found["day"], found["day_counts"] = keeper.log.counts()
    if keeper.guide:
        found["training"] = plan(running)
    return found


async def time(running, asked):
    """Tell the pod the time.

    unix_ms: since 1970 [ms].  utc_offset_min: of the wearer's clock [min].  Returns `ahead_ms`: how far the pod's
    clock was ahead of it, null when it had never been told, and `stepped_back`: whether by more than five minutes.
    Then the pod's time steps back, and days that have not come are dropped; for less it waits.
    """
    unix_ms, offset_min = asked["unix_ms"], asked["utc_offset_min"]
    if not _UNIX_MS_MIN <= unix_ms <= _UNIX_MS_MAX:
        raise ValueError("time: unix_ms: %d is outside %d..%d" % (unix_ms, _UNIX_MS_MIN, _UNIX_MS_MAX))
    if not -_OFFSET_MAX_MIN <= offset_min <= _OFFSET_MAX_MIN:
        raise ValueError("time: utc_offset_min: %d is outside +-%d" % (offset_min, _OFFSET_MAX_MIN))
    known = running.clock.start_unix_ms > 0
    back = running.clock.must_step_back(unix_ms)
    ahead_ms = running.clock.set(unix_ms, offset_min)
    if back:
        running.writer.say("clock: it was %d s ahead, and is set back" % (ahead_ms // 1000))
    book = running.sensing.keeper.log if running.sensing else None
    if book:
        shown_ms = max(-_AHEAD_MAX_MS, min(_AHEAD_MAX_MS, ahead_ms))
        book.note(log.CLOCK, unix_ms // 1000, unix_ms % 1000, shown_ms, int(known), offset_min)
        if back:
            book.doubt_days()
    return {"ahead_ms": ahead_ms if known else None, "stepped_back": back, "uptime_ms": running.clock.ms}


async def live(running, asked):
    """Have every event told as a line of JSON, with its sample and fields; on: whether from now on or no more."""
    _session(running)
    if asked["on"] and not running.onlooker:
        from ..console.live import Live

        running.onlooker = Live(running)
    elif running.onlooker and not asked["on"]:
        running.onlooker.end()
        running.onlooker = None
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
    return {"snoozed_s": running.sensing.keeper.snoozed_s}


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
    running.sensing.notifying.cue(asked["pattern"])
    return {}


async def begin(running, asked):
    """Begin a session; refused while one runs."""
    keeper = _session(running)
    if keeper.running:
        raise ValueError("begin: a session runs")
    keeper.begin(log.BY_CONSOLE)
    return {}


async def end(running, asked):
    """End the session; refused when none runs."""
    keeper = _session(running)
    if not keeper.running:
        raise ValueError("end: no session runs")
    keeper.end(log.BY_CONSOLE)
    return {}


async def maintenance(running, asked):
    """End the session and leave to the REPL, for mpremote; a reset, or Ctrl-D there, starts the pod again."""
    return _leave(running, log.MAINTENANCE)


async def reboot(running, asked):
    """End the session and start anew, in safe mode too."""
    return _leave(running, log.REBOOT)


async def stop(running, asked):
    """End the session and leave to the REPL."""
    return _leave(running, log.STOPPED)


def _session(running):
    if not running.sensing:
        raise ValueError("the pod is in safe mode: nothing is sensed; reboot ends it")
    return running.sensing.keeper


def _leave(running, why):
    if running.sensing:
        running.sensing.keeper.end(why)
    running.health.stop(why)
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
