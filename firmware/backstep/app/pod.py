"""The pod's application: start it, run it, and leave a quiet motor at every way out."""

import asyncio
import gc
import sys

from ..core.compat import const
from ..core.log import log
from .faults import reason
from .passing import once

try:
    from micropython import kbd_intr
except ImportError:  # CPython

    def kbd_intr(chr: int) -> None:
        """Choose the character of the console that interrupts, -1 for none."""


_STOP_TRIES = const(10)
_CTRL_C = const(3)
_NO_CHAR = const(-1)
_USUAL_MHZ = const(160)  # of a stock image
_SAID = {
    log.MAINTENANCE: "stopped for maintenance",
    log.REBOOT: "starting anew",
    log.STILL: "off until it is moved",
}


class _Input:
    """The console's bytes; asyncio.StreamReader comes with servers and sockets, which take a kilobyte of heap."""

    def readinto(self, buffer):
        """Wait until there is something, and fill a buffer with it; to be awaited, as asyncio's own streams."""
        console = sys.stdin.buffer
        yield asyncio.core.__dict__["_io_queue"].queue_read(console)  # type: ignore[attr-defined]
        return console.readinto(buffer)  # type: ignore[attr-defined]


def run(parts, settings_path: str, reader=None, stdout=None) -> None:
    """Run the pod until Ctrl-C, `stop` or an error; the motor and the IMU are off then.

    parts: from board.load.  settings_path: JSON file; absent = defaults.
    reader, stdout: the console, by default the one of the REPL.
    """
    stdout = stdout or sys.stdout
    keeper = writer = health = None
    why, said = log.STOPPED, "stopped"
    try:
        _hush(parts)
        reader = reader or _Input()
        tasks, health, keeper, writer, limit_ms = _start(parts, settings_path, reader, stdout)
        parts.set_mhz(_USUAL_MHZ)  # all that hurries is done; from here on power/ chooses, in a pod that sleeps
        asyncio.run(_run_all(tasks, health, parts.watchdog(limit_ms)))
        why, said = health.why, _SAID.get(health.why, "stopped")
    except KeyboardInterrupt:
        why, said = log.INTERRUPTED, "stopped by Ctrl-C"
    except SystemExit:
        why, said = log.EXIT, "stopped by SystemExit"
    except Exception as error:  # the last line before the REPL: said below, then the watchdog starts the pod anew
        why, said = log.FAILED, "stopped by an error: %s" % reason(error)
    finally:  # a second Ctrl-C finds nobody from here on, and one between here and there leaves all the same
        quiet = _quiet(parts)
        if why == log.INTERRUPTED and health:
            quiet = health.bye()
        if not quiet:
            said += "; THE MOTOR DID NOT TAKE ITS STOP"
        _leave(parts, settings_path, keeper, writer, stdout, why, said)


def _hush(parts):
    """Stop a motor that an MCU which was reset amid a pattern has left running."""
    try:
        parts.haptic.stop()
    except OSError:
        pass


def _start(parts, settings_path, reader, stdout):
    from .startup import start

    made = once(start, parts, settings_path, stdout)
    gc.collect()
    from .wiring import wire

    return once(wire, *made, reader)


async def _run_all(tasks, health, watchdog):
    for name, run in tasks:
        asyncio.create_task(health.keep(name, run))
    await health.run(watchdog)


def _quiet(parts):
    """Take no more Ctrl-C, and stop motor and IMU whatever comes; False when the motor did not take its stop."""
    motor = False
    for _ in range(_STOP_TRIES):
        try:
            kbd_intr(_NO_CHAR)
            if not motor:
                parts.haptic.stop()
                motor = True
            parts.imu.stop()
            break
        except (OSError, KeyboardInterrupt):
            pass
    return motor


def _leave(*how):
    try:
        from .leaving import leave

        once(leave, *how)
    finally:
        kbd_intr(_CTRL_C)
