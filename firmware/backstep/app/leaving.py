"""The way out: detach what could still call us, sum up, free the tasks.  Motor and IMU are off before."""

import asyncio

from ..core.log import log
from .faults import ignore, reason

PASSING = True  # see passing.py


def leave(parts, root: str, keeper, writer, stdout, why: int, said: str, watchdog_ms: int) -> None:
    """Leave to the REPL with a last line, or start anew or switch off where that is why.

    root: folder of the state, with its slash.
    keeper, writer: SessionKeeper and Writer; None when the start did not come so far.
    why: of log.AT_START and on.  said: the last line.
    watchdog_ms: how long the REPL has before the pod starts anew [ms].
    """
    try:
        parts.watchdog(watchdog_ms)
        parts.on_data_ready(None)
        parts.on_button(None)
        if keeper:
            keeper.end(why)
            keeper.tell_sum()
            if keeper.log:
                keeper.log.write()
            if keeper.marks:
                keeper.marks.close()
            if keeper.recorder:
                keeper.recorder.close("the pod leaves")
        _note(root + "state", said if why == log.FAILED else "", writer.say if writer else ignore)
        if writer:
            writer.write_rest()
        _forget_tasks()
    except KeyboardInterrupt:
        pass
    except Exception as error:  # the REPL is to be reached whatever the session's sum ran into
        said += "; on the way out: " + reason(error)
    stdout.write("backstep: %s\n" % said)
    if why == log.REBOOT:
        parts.reset()
    if why == log.STILL:
        _switch_off(parts)


def _switch_off(parts):
    """Sleep deeply until the IMU or the button wakes the pod; one that nothing could wake starts anew instead."""
    try:
        parts.haptic.rest()
        parts.imu.watch()
    except OSError:
        if not parts.has_button:
            parts.reset()
    parts.mcu_sleep.switch_off()


def _note(path, failure, say):
    from .kept import state_store

    if failure:
        state_store.failed(path, failure, say)
    else:
        state_store.left(path, say)


def _forget_tasks():
    """Free what the tasks hold: the REPL may want the memory, and a second run must not find them."""
    asyncio.new_event_loop().close()
    asyncio.run(_nothing())  # or the scheduler remembers the task that ran last


async def _nothing():
    pass
