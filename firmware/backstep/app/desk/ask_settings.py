"""Requests about the settings."""

import asyncio

from ...core import settings as rules
from ...core.compat import const
from ..kept import settings_store
from ..running import NEAR_MS, BusyError, calm, settle

PASSING = True  # see passing.py

_BETWEEN_MS = const(20)  # two steps of a change: samples are drained there
# What holds at once; all others from the next start on.
_AT_ONCE = ("pod_name", "haptic_strength_pct", "cue_every_steps", "goal_cue", "stop_cue", "snooze_min")
# What a calibration has found of a place: another one's would turn a trunk's lean, or have nobody warned of it.
_OF_A_PLACE = "frame", "grade_zero", "calibrated_day"
_AXES = "mount", "upright"


async def get(running, asked):
    """Return every setting as it is stored, and in `waits` the names of those that hold from the next start on.

    `gone`: a line about settings of earlier firmware that are no more, until any is changed; most often not there.
    """
    told: list[str] = []
    settings = settings_store.stored(running.kept.path, running.writer.say, told.append)
    return _with_gone({"settings": settings, "waits": running.kept.waits}, told)


async def put(running, asked):
    """Change some settings, all of them or none.

    values: by name.  Returns `changed`, their names, and `waits`: names of those that hold from the next start on;
    `gone` as `get` does.  Refused with every fault there is.  Another placement drops what a calibration found,
    but for what values name.
    """
    return await change(running, asked["values"])


async def reset(running, asked):
    """Set settings to their defaults; names: which, by default all.  Returns what set returns."""
    defaults = rules.defaults()
    names = asked.get("names", list(defaults))
    unknown = ["reset: %s: no such setting" % name for name in names if name not in defaults]
    if unknown:
        raise ValueError("\n".join(unknown))
    return await change(running, {name: defaults[name] for name in names})


async def change(running, values):
    """Change settings by name, all of them or none; return what `set` returns.  ValueError with every fault."""
    kept = running.kept
    if kept.changing:
        raise BusyError("what a calibration has found is being kept; repeat")
    kept.changing = True
    try:
        return await _changed(running, kept, values)
    finally:
        kept.changing = False


async def _changed(running, kept, values):
    await asyncio.sleep_ms(_BETWEEN_MS)  # loading what answers has taken its time
    told: list[str] = []
    before = settings_store.stored(kept.path, running.writer.say, told.append)
    await asyncio.sleep_ms(_BETWEEN_MS)
    wanted = dict(before)
    wanted.update(values)
    if wanted["placement"] != before["placement"]:
        _forget_place(wanted, values)
    wanted = rules.check(wanted)
    await asyncio.sleep_ms(_BETWEEN_MS)
    changed = sorted([name for name in wanted if wanted[name] != before[name]])
    if wanted["radio"] != "off" and ("radio" in changed or "placement" in changed):
        _check_room(running.pod.parts, wanted)
    if changed:
        await calm(running)
        for _ in settings_store.saving(kept.path, wanted):
            await asyncio.sleep_ms(_BETWEEN_MS)
            await settle(running, 0, NEAR_MS)  # the next one may erase
        _apply(running, wanted)
    waits = [name for name in changed if name not in _AT_ONCE]
    kept.waits += [name for name in waits if name not in kept.waits]
    return _with_gone({"changed": changed, "waits": kept.waits}, told)


def _with_gone(answer, told):
    if told:
        answer["gone"] = told[0]
    return answer


def _forget_place(wanted, values):
    for row in rules.TABLE:
        name = row[0]
        if (name in _OF_A_PLACE or name[:-2] in _AXES) and name not in values:
            wanted[name] = row[1]


def _check_room(parts, wanted):
    from ..radio.radio_room import lack

    why = lack(parts, wanted["placement"], wanted["radio"])
    if why:
        raise ValueError(why)


def _apply(running, settings):
    running.pod.name = settings["pod_name"]
    if running.sensing:
        running.sensing.keeper.adopt(settings)
        running.sensing.notifying.set_strength(settings["haptic_strength_pct"])


HANDLERS = {"get": get, "set": put, "reset": reset}
