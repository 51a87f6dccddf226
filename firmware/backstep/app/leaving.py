"""The way out: detach what could still call us, sum up, free the tasks.  Motor and IMU are off before."""

import asyncio

from ..core.log import log
from .faults import ignore, reason

PASSING = True  # see passing.py


def leave(parts, path: str, keeper, writer, stdout, why: int, said: str, watchdog_ms: int) -> None:
    """Leave to the REPL with a last line, or start anew where that is why.

    path: of the settings, beside which the state is.
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
        _note(path, said if why == log.FAILED else "", writer.say if writer else ignore)
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


def _note(path, failure, say):
    from .kept import slot, state_store

    state = path[: path.rfind("/") + 1] + "state"
    if failure:
        state_store.failed(state, failure, say)
    else:
        state_store.left(state, say)
        slot.lasted(path)


def _forget_tasks():
    """Free what the tasks hold: the REPL may want the memory, and a second run must not find them."""
    asyncio.new_event_loop().close()
    asyncio.run(_nothing())  # or the scheduler remembers the task that ran last


async def _nothing():
    pass
