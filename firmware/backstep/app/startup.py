"""Starting: read the settings, make the parts of the app, wire them; forgotten once that is done."""

import gc

from ..core import detectors
from ..core.compat import const
from ..core.log import log
from ..core.ring import Ring
from .faults import no_faults
from .kept import settings_store

PASSING = True

_EVENTS = const(8)
# The ring between sampling and detecting holds 400 ms: a flash erase of 80 ms five times over.
_RING_MS = const(400)
# Raw time before and after a sway or the impact of a fall, the other way round on a shoe, which may strike as hard
# in every stride: the next one comes while the last may yet be forgotten for it.
_BEFORE_MS = const(1250)
_AFTER_MS = const(750)
_PATIENCE_MS = const(15000)  # so long the wearer may call a warning false
_UNSURE_MS = const(9000)  # a fall is told sooner after its impact, or never


def start(parts, settings_path: str, reader, stdout):
    """Return what pod.run needs: (name, run) of every task, Health, SessionKeeper, Writer, watchdog [ms].

    For the arguments see pod.run.  In safe mode there is no SessionKeeper.
    """
    notes: list[str] = []
    settings = settings_store.load(settings_path, notes.append)
    running = _running(parts, settings_path, settings, notes.append)
    writer = _writer(settings, stdout, running)
    how = "%s at %d Hz" % running.kind if not running.safe else "SAFE MODE"
    told = parts.name, parts.mcu, how, parts.reset_cause()
    writer.say("backstep on %s (%s), %s, started by %s; type help, Ctrl-C leaves" % told)
    for note in notes:
        writer.say(note)
    if running.safe:
        from .safe import Safe

        safe = Safe(reader, running)
        return safe.tasks, safe, None, writer, settings["watchdog_s"] * 1000
    # Imports go one by one, each loaded into a clean heap.
    detector = detectors.make(settings["placement"], settings, settings["frame"])
    running.heading = getattr(detector, "heading", None)
    gc.collect()
    _from_imu_to_motor(running, settings, detector)
    gc.collect()
    tasks = _people(running, settings, detector, reader)
    _watch(running, settings, detector)
    if settings["fall_alarm"]:
        tasks += _alarm(running, detector)
    if settings["session_log"]:
        tasks += _log(running)
    _keep_raw(running, settings)
    tasks += _training(running, settings)
    running.keeper.begin(log.AT_START)
    return tasks, running.health, running.keeper, writer, settings["watchdog_s"] * 1000


def _running(parts, path, settings, say):
    from .clock import Clock
    from .kept import state_store
    from .running import Running

    root = path[: path.rfind("/") + 1]
    state = state_store.begin(root + "state", root + "log", parts.reset_cause(), say)
    running = Running(parts, path, state, Clock())
    running.name = settings["pod_name"]
    running.kind = settings["placement"], detectors.rate_hz(settings["placement"])
    running.frame = settings["frame"]
    running.wearer_kg, running.wearer_cm = settings["wearer_kg"], settings["wearer_cm"]
    running.is_level = any([settings["upright_" + axis] for axis in "xyz"])
    running.safe = state["early"] >= state_store.EARLY_MAX
    gc.collect()
    return running


def _writer(settings, stdout, running):
    from .console.lines import Writer

    running.faults = no_faults()
    running.writer = Writer(stdout, running.faults, settings["console_events"] == 1)
    gc.collect()
    return running.writer


def _from_imu_to_motor(running, settings, detector):
    from .notifying import Notifying

    parts, faults, say, rate_hz = running.parts, running.faults, running.writer.say, running.kind[1]
    running.notifying = Notifying(parts.haptic, settings["haptic_strength_pct"], faults, say)
    gc.collect()
    from .sampling import Sampling

    ring = Ring(rate_hz * _RING_MS // 1000)
    running.sampling = Sampling(parts.imu, ring, rate_hz, faults, say, running.notifying.cue)
    gc.collect()
    from .detecting import Detecting
    from .signals import EventQueue

    queue = EventQueue(_EVENTS)
    calm_ddps = 5 * settings["sway_rate_dps"]  # half of what can become a sway
    cues = running.notifying.warn, running.notifying.caution
    running.detecting = Detecting(detector, ring, running.sampling, queue, *cues, faults, rate_hz, calm_ddps)


def _people(running, settings, detector, reader):
    from .session import SessionKeeper

    parts, detecting, notifying = running.parts, running.detecting, running.notifying
    snooze = getattr(detector, "snooze", None)
    keeper = SessionKeeper(detecting.queue, detecting, running.kind[1], settings, notifying.cue, snooze)
    running.keeper = keeper
    gc.collect()
    from .wearer.button import Presses

    presses = Presses(parts.button_down, keeper)
    presses.calibrate = running.calibrate
    gc.collect()
    from .health import Health

    health = running.health = Health(running.sampling, detecting, notifying, running.faults, running.writer.say)
    gc.collect()
    from .console.console import Console

    teller = _teller(running.writer)(running.writer, detecting, keeper, health, running.faults, running.sampling)
    running.teller = teller
    console = Console(reader, running)
    notifying.heard = (teller.buzz,)
    keeper.report = teller.event
    keeper.sum_up = teller.summary
    detecting.rested = (health.rest,)
    parts.on_data_ready(running.sampling.data_ready.on_edge)
    parts.on_button(presses.pressed.on_edge)
    return (
        ("sampling", running.sampling.run),
        ("detecting", detecting.run),
        ("notifying", notifying.run),
        ("session", keeper.run),
        ("button", presses.run),
        ("console input", console.listen),
        ("console status", console.tick),
        ("console output", running.writer.run),
    )


def _watch(running, settings, detector):
    from .wearer.wearing_words import watch

    watch(running, settings, detector)
    gc.collect()


def _alarm(running, detector):
    from .wearer.alarm import Alarm

    running.keeper.alarm = Alarm(detector.cancel_fall, running.notifying)
    gc.collect()
    return (("fall alarm", running.keeper.alarm.run),)


def _log(running):
    from ..core.training.day import DayCounts
    from .log.logbook import LogBook

    gc.collect()
    state = running.state
    book = running.keeper.log = LogBook(running, DayCounts(state["day"], state["counts"], state["days"]))
    running.detecting.rested += (book.rest,)
    running.notifying.heard += (book.buzz,)
    if running.parts.battery_mv() <= 0:
        return ()
    from .battery import Battery

    battery = Battery(running.parts.battery_mv, running.keeper, running.notifying.cue, running.writer.say)
    gc.collect()
    return (("battery", battery.run),)


def _training(running, settings):
    from .wearer.training import train

    guided = train(running, settings)
    gc.collect()
    return guided


def _keep_raw(running, settings):
    detecting, rings = running.detecting, []
    if running.kind[0] == "belt" and settings["frame"] == "body":  # else no sway is ever warned of
        detecting.raw = _raw_ring(running, _BEFORE_MS, _AFTER_MS, _PATIENCE_MS, settings["raw_sways"] == 1)
        rings.append(detecting.raw)
    if settings["fall_alarm"] and settings["raw_falls"]:
        before_ms, after_ms = _BEFORE_MS, _AFTER_MS
        if running.kind[0] == "shoe":
            before_ms, after_ms = after_ms, before_ms
        detecting.raw_fall = _raw_ring(running, before_ms, after_ms, _UNSURE_MS, False)
        rings.append(detecting.raw_fall)
    if not rings:
        return
    from .log.marks import Marks

    running.keeper.marks = Marks(running, rings)
    detecting.rested += (running.keeper.marks.rest,)


def _raw_ring(running, before_ms, after_ms, patience_ms, keeps):
    from ..core.log.raw_ring import RawRing

    rate_hz = running.kind[1]
    before, after, patience = [rate_hz * ms // 1000 for ms in (before_ms, after_ms, patience_ms)]
    gc.collect()
    return RawRing(before + after, after, patience, keeps)


def _teller(writer):
    """Import only what this console needs."""
    if writer.as_json:
        from .console.console_json import JsonLines

        return JsonLines
    from .console.console_lines import Lines

    return Lines
