"""The pod's application: start it, run it, and leave a quiet motor at every way out."""

import asyncio
import sys

from ..core.compat import const
from ..core.log import log
from .faults import reason
from .passing import once

_STOP_TRIES = const(10)
# The ESP32's watchdog cannot be stopped, only set anew: a day for whoever works at the REPL, a minute to read
# what happened before a pod that crashed on a hill starts again.
_REPL_WATCHDOG_MS = const(86400000)
_CRASH_WATCHDOG_MS = const(60000)
_SAID = {
    log.MAINTENANCE: "stopped for maintenance",
    log.REBOOT: "starting anew",
    log.STILL: "off until it is moved",
}


def run(parts, settings_path: str, reader=None, stdout=None) -> None:
    """Run the pod until Ctrl-C, `stop` or an error; the motor and the IMU are off then.

    parts: from board.load.  settings_path: JSON file; absent = defaults.
    reader, stdout: the console, by default the one of the REPL.
    """
    stdout = stdout or sys.stdout
    keeper = writer = None
    why, said, watchdog_ms = log.STOPPED, "stopped", _REPL_WATCHDOG_MS
    try:
        reader = reader or asyncio.StreamReader(sys.stdin.buffer)
        tasks, health, keeper, writer, limit_ms = _start(parts, settings_path, reader, stdout)
        asyncio.run(_run_all(tasks, health, parts.watchdog(limit_ms)))
        why, said = health.why, _SAID.get(health.why, "stopped")
    except KeyboardInterrupt:
        why, said = log.INTERRUPTED, "stopped by Ctrl-C"
    except SystemExit:
        why, said = log.EXIT, "stopped by SystemExit"
    except Exception as error:  # the last line before the REPL: said below, then the watchdog starts the pod anew
        why, said, watchdog_ms = log.FAILED, "stopped by an error: %s" % reason(error), _CRASH_WATCHDOG_MS
    finally:
        quiet = _quiet(parts)
    if not quiet:
        said += "; THE MOTOR DID NOT TAKE ITS STOP"
    root = settings_path[: settings_path.rfind("/") + 1]
    _leave(parts, root, keeper, writer, stdout, why, said, watchdog_ms)


def _start(parts, settings_path, reader, stdout):
    from .startup import start

    return once(start, parts, settings_path, reader, stdout)


async def _run_all(tasks, health, watchdog):
    for name, run in tasks:
        asyncio.create_task(health.keep(name, run))
    await health.run(watchdog)


def _quiet(parts):
    """Stop motor and IMU whatever comes, a second Ctrl-C too; False when the motor did not take its stop."""
    motor = False
    for _ in range(_STOP_TRIES):
        try:
            if not motor:
                parts.haptic.stop()
                motor = True
            parts.imu.stop()
            break
        except (OSError, KeyboardInterrupt):
            pass
    return motor


def _leave(*how):
    while True:
        try:
            from .leaving import leave

            break
        except KeyboardInterrupt:  # a second one
            pass
    once(leave, *how)
