"""Requests about raw samples of chosen minutes; apart from those about the log, since a recorder takes memory."""

import asyncio

from ...core.compat import const
from ..running import calm

PASSING = True  # see passing.py

_MINUTES_MAX = const(60)


async def record(running, asked):
    """Record every raw sample for some minutes, to be fetched as marks are; minutes: 1..60, or 0: end it now.

    Returns its `path`.  It ends earlier when the flash is nearly full; a gap is stated where the pod has no calm
    moment to write what it holds.
    """
    minutes = asked["minutes"]
    if not running.sensing:
        raise ValueError("record: the pod is in safe mode: nothing is sensed; reboot ends it")
    if not 0 <= minutes <= _MINUTES_MAX:
        raise ValueError("record: minutes: %d is outside 1..%d, or 0: end it now" % (minutes, _MINUTES_MAX))
    recorder = running.sensing.keeper.recorder
    if bool(recorder) == bool(minutes):
        raise ValueError("record: it records already" if minutes else "record: nothing is recorded")
    await calm(running)
    if not minutes:
        path = recorder.path
        recorder.close("ended by request")
    else:
        names = await _names(running.kept.root + "marks")
        await calm(running)
        path = _begun(running, minutes, names).path
    return {"path": path[len(running.kept.root) :]}


async def _names(folder):
    from ..log.recorder import recordings

    names = []
    for name in recordings(folder):
        if name:
            names.append(name)
        else:
            await asyncio.sleep_ms(0)
    return names


def _begun(running, minutes, names):
    from ..log.recorder import Recorder

    try:
        recorder = Recorder(running, minutes, names)
    except MemoryError:
        raise ValueError("record: the pod's memory has no room for it")
    detecting = running.sensing.detecting
    running.sensing.keeper.recorder = detecting.recorder = recorder
    detecting.rested += (recorder.rest,)
    return recorder


HANDLERS = {"record": record}
