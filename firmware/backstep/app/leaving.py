"""The way out: detach what could still call us, sum up, free the tasks.  Motor and IMU are off before."""

import asyncio
import gc

from ..core.charge import USB_MV
from ..core.compat import const
from ..core.log import log
from .faults import ignore, reason

PASSING = True  # see passing.py

# The ESP32's watchdog cannot be stopped, only set anew: a day for whoever has asked for the REPL, a minute to read
# what happened before a pod that crashed on a hill starts again.
_ASKED_MS = const(86400000)
_CRASH_MS = const(60000)
# Nobody can tell a Ctrl-C that was typed from one that a loose plug made: the pod is not to hang on a hill.
_STRAY_MS = const(600000)
_LOOK_MS = const(60000)


class _Typist:
    """Feeds the watchdog as long as somebody works at the prompt.

    A line that is typed, or a script that is sent, takes some of the heap and gives some back; a prompt that
    nobody uses takes nothing.
    """

    def __init__(self, one_shot, watchdog):
        """Look once a minute from now on.  one_shot: OneShot.  watchdog: machine.WDT."""
        self._one_shot = one_shot
        self._watchdog = watchdog
        self._taken = 0
        self._again = self.look
        self.look()

    def look(self) -> None:
        """See whether the heap has changed since the last look."""
        taken = gc.mem_alloc()
        if taken != self._taken:
            self._taken = taken
            self._watchdog.feed()
        self._one_shot.begin(_LOOK_MS, self._again)


def leave(parts, path: str, keeper, writer, stdout, why: int, said: str) -> None:
    """Leave to the REPL with a last line, or start anew or switch off where that is why.

    path: of the settings, beside which the state is.
    keeper, writer: SessionKeeper and Writer; None when the start did not come so far.
    why: of log.AT_START and on.  said: the last line.
    """
    stray = why == log.INTERRUPTED and parts.battery_mv() <= USB_MV
    try:
        watchdog = parts.watchdog(_STRAY_MS if stray else _CRASH_MS if why == log.FAILED else _ASKED_MS)
        parts.on_data_ready(None)
        parts.on_button(None)
        if parts.radio:
            if why == log.STILL:
                parts.radio.rest()
            parts.radio.stop()
        if keeper:
            _end(keeper, why)
        _note(path, said if why == log.FAILED else "", writer.say if writer else ignore)
        if writer:
            if stray:
                writer.say("it starts again in %d min, unless somebody types" % (_STRAY_MS // 60000))
            writer.write_rest()
        _forget_tasks()
        if stray:
            _Typist(parts.one_shot, watchdog)
    except Exception as error:  # the REPL is to be reached whatever the session's sum ran into
        said += "; on the way out: " + reason(error)
    stdout.write("backstep: %s\n" % said)
    if why == log.REBOOT:
        parts.reset()
    if why == log.STILL:
        _switch_off(parts)


def _switch_off(parts):
    """Sleep deeply until the IMU or the button wakes the pod.

    One that nothing could wake, or whose motor may turn, starts anew instead.
    """
    try:
        parts.haptic.stop()
        parts.haptic.rest()
    except OSError:
        parts.reset()
    try:
        parts.imu.watch()
    except OSError:
        if not parts.has_button:
            parts.reset()
    parts.mcu_sleep.switch_off()


def _end(keeper, why):
    keeper.end(why)
    keeper.tell_sum()
    if keeper.log:
        keeper.log.write()
    if keeper.marks:
        keeper.marks.close()
    if keeper.recorder:
        keeper.recorder.close("the pod leaves")


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
