"""Requests about raw samples of chosen minutes; apart from those about the log, since a recorder takes memory."""

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
        path = _begun(running, minutes).path
    return {"path": path[len(running.kept.root) :]}


def _begun(running, minutes):
    from ..log.recorder import Recorder

    try:
        recorder = Recorder(running, minutes)
    except MemoryError:
        raise ValueError("record: the pod's memory has no room for it")
    detecting = running.sensing.detecting
    running.sensing.keeper.recorder = detecting.recorder = recorder
    detecting.rested += (recorder.rest,)
    return recorder


HANDLERS = {"record": record}
