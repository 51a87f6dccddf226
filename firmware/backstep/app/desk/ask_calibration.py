"""Requests about calibrating."""

PASSING = True  # see passing.py


async def calibrate(running, asked):
    """Begin calibrating: standing, then with a shoe eight steps forward; `calibration` tells how it goes.

    cancel: true = end it without a result.  forget: true = set all of an earlier one to its default; returns what
    set returns.  Refused in safe mode, while it goes on already, or for a belt whose frame is not body.
    """
    if not running.sensing:
        raise ValueError("calibrate: the pod is in safe mode: nothing is sensed; reboot ends it")
    if asked.get("forget"):
        from ..wearer.calibration_kept import KEPT
        from .ask_settings import reset

        return await reset(running, {"names": list(KEPT)})
    wearer = running.sensing.wearer
    if not asked.get("cancel"):
        from ..wearer.calibrating import begin

        begin(running)
    elif wearer.calibrating:
        wearer.calibrating.cancel()
    else:
        raise ValueError("calibrate: nothing to cancel: it does not go on")
    return wearer.calibration


async def calibration(running, asked):
    """Return how calibrating goes or went since the start.

    `step`: wait, stand, walk, done or failed, or none; `why`: it failed; `moves`: how often standing was broken
    off; `strides`: walked so far, `of` how many, 0 = only standing is asked for.
    """
    told = running.sensing.wearer.calibration if running.sensing else {}
    return told or {"step": "none"}


HANDLERS = {"calibrate": calibrate, "calibration": calibration}
