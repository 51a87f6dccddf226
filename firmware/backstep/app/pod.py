"""The pod's application: settings, wiring, run, and a quiet motor at every way out."""

import asyncio
import gc
import json
import os
import sys

from ..core import detectors
from ..core import settings as setting_rules
from ..core.compat import const
from ..core.ring import Ring
from .faults import no_faults, reason

_SETTINGS_MAX = const(4096)
_EVENTS = const(8)
_STOP_TRIES = const(10)
# The ESP32's watchdog cannot be stopped, only set anew: a day for whoever works at the REPL, a minute to read
# what happened before a pod that crashed on a hill starts again.
_REPL_WATCHDOG_MS = const(86400000)
_CRASH_WATCHDOG_MS = const(60000)


def run(parts, settings_path: str, reader=None, stdout=None) -> None:
    """Run the pod until Ctrl-C, `stop` or an error; the motor and the IMU are off then.

    parts: from board.load.  settings_path: JSON file; absent = defaults.
    reader, stdout: the console, by default the one of the REPL.
    """
    stdout = stdout or sys.stdout
    app = None
    why, watchdog_ms = "stopped", _REPL_WATCHDOG_MS
    try:
        app = App(parts, settings_path, reader or asyncio.StreamReader(sys.stdin.buffer), stdout)
        asyncio.run(app.main())
    except KeyboardInterrupt:
        why = "stopped by Ctrl-C"
    except SystemExit:
        why = "stopped by SystemExit"
    except Exception as error:  # the last line before the REPL: said below, then the watchdog starts the pod anew
        why, watchdog_ms = "stopped by an error: %s" % reason(error), _CRASH_WATCHDOG_MS
    finally:
        quiet = _quiet(parts)
    _leave(parts, app, stdout, why if quiet else why + "; THE MOTOR DID NOT TAKE ITS STOP", watchdog_ms)


def load_settings(path: str, say) -> dict:
    """Return the full settings from a JSON file; the defaults when it is absent or not sound.

    path: of the file; a damaged one is kept aside as settings.bad.  say: takes a line for the console.
    """
    try:
        with open(path) as file:
            text = file.read(_SETTINGS_MAX + 1)
            if len(text) > _SETTINGS_MAX:
                raise ValueError("longer than %d characters" % _SETTINGS_MAX)
        return setting_rules.check(json.loads(text))
    except OSError as error:
        if error.args[0] != 2:  # ENOENT: a new pod
            say("settings: %s cannot be read (%s); running on the defaults" % (path, reason(error)))
    except (ValueError, RuntimeError) as error:  # RuntimeError: nested too deeply
        for fault in str(error).split("\n"):
            say("settings: " + fault)
        say("settings: running on the defaults; " + _keep_aside(path))
    return setting_rules.defaults()


def _keep_aside(path):
    bad = path[: path.rfind(".")] + ".bad"
    try:
        os.rename(path, bad)
        return "the damaged file is kept as " + bad
    except OSError as error:
        return "the damaged file stays (%s)" % reason(error)


class App:
    """Every task of the pod, wired."""

    def __init__(self, parts, settings_path: str, reader, stdout):
        """Make all tasks; see run.  Imports go one by one, each compiled on a clean heap."""
        self.parts = parts
        self.faults = no_faults()
        notes: list[str] = []
        self.settings = load_settings(settings_path, notes.append)
        self._wire_samples(stdout)
        self._wire_people(reader)
        self._greet(notes)

    def _wire_samples(self, stdout):
        settings, faults = self.settings, self.faults
        rate_hz = detectors.rate_hz(settings["placement"])
        gc.collect()
        detector = detectors.make(settings["placement"], settings, "body")
        gc.collect()
        from .lines import Writer

        self.writer = Writer(stdout, faults, settings["console_events"] == 1)
        gc.collect()
        from .notifying import Notifying

        self.notifying = Notifying(
            self.parts.haptic, settings["haptic_strength_pct"], faults, self.writer.say, self._heard
        )
        gc.collect()
        from .sampling import Sampling, ring_samples

        ring = Ring(ring_samples(rate_hz))
        self.sampling = Sampling(self.parts.imu, ring, rate_hz, faults, self.writer.say, self._complain)
        gc.collect()
        from .detecting import Detecting
        from .event_queue import EventQueue

        queue = EventQueue(_EVENTS)
        self.detecting = Detecting(
            detector, ring, self.sampling, queue, self.notifying.warn, faults, rate_hz, settings["sway_rate_dps"]
        )
        gc.collect()
        from .session import SessionKeeper

        every_steps = settings["cue_every_steps"]
        self.keeper = SessionKeeper(queue, self.detecting, rate_hz, every_steps, self.notifying.cue)

    def _wire_people(self, reader):
        gc.collect()
        from .health import Health

        self.health = Health(self.sampling, self.detecting, self.notifying, self.faults, self.writer.say)
        gc.collect()
        from .console import Console

        self.console = Console(
            self.writer,
            reader,
            self.keeper,
            self.health,
            self.faults,
            self.detecting,
            self.sampling,
            self.settings["console_events"] == 1,
        )
        self.keeper.report = self.console.event
        self.keeper.sum_up = self.console.summary
        self.detecting.rested = self.health.rest

    async def main(self) -> None:
        """Start every task and look after them until the pod is to stop."""
        self.parts.on_data_ready(self.sampling.on_data_ready)
        self.parts.on_button(self.keeper.on_button)
        self.keeper.begin()
        for name, task in (
            ("sampling", self.sampling.run),
            ("detecting", self.detecting.run),
            ("notifying", self.notifying.run),
            ("session", self.keeper.run),
            ("button", self.keeper.watch_button),
            ("console input", self.console.listen),
            ("console status", self.console.tick),
            ("console output", self.writer.run),
        ):
            asyncio.create_task(self.health.keep(name, task))
        await self.health.run(self.parts.watchdog(self.settings["watchdog_s"] * 1000))

    def _greet(self, notes):
        placement = self.settings["placement"]
        self.writer.say(
            "backstep on %s (%s), %s at %d Hz, started by %s; type help, Ctrl-C leaves"
            % (self.parts.name, self.parts.mcu, placement, detectors.rate_hz(placement), self.parts.reset_cause())
        )
        for note in notes:
            self.writer.say(note)

    def _complain(self):
        self.notifying.cue("fault")

    def _heard(self, name, length_ms, level):
        self.console.buzz(name, length_ms, level)


def _forget_tasks():
    """Free what the tasks hold: the REPL may want the memory, and a second run must not find them."""
    asyncio.new_event_loop().close()
    asyncio.run(_nothing())  # or the scheduler remembers the task that ran last


async def _nothing():
    pass


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


def _leave(parts, app, stdout, why, watchdog_ms):
    try:
        parts.watchdog(watchdog_ms)
        parts.on_data_ready(None)
        if app:
            app.keeper.end()
            app.keeper.tell_sum()
            app.writer.write_rest()
        _forget_tasks()
    except KeyboardInterrupt:
        pass
    except Exception as error:  # the REPL is to be reached whatever the session's sum ran into
        why += "; on the way out: " + reason(error)
    stdout.write("backstep: %s\n" % why)
