"""Starting: read the settings, make the parts of the app, wire them; forgotten once that is done."""

import gc

from ..core import detectors, log
from ..core.compat import const
from ..core.ring import Ring
from . import settings_store
from .faults import no_faults

PASSING = True

_EVENTS = const(8)
# The ring between sampling and detecting holds 400 ms: a flash erase of 80 ms five times over.
_RING_MS = const(400)
# Raw time before and after a sway, and how long it waits for the wearer to call that a false alarm.
_BEFORE_MS = const(1250)
_AFTER_MS = const(750)
_PATIENCE_MS = const(15000)


def start(parts, settings_path: str, reader, stdout):
    """Return what pod.run needs: (name, run) of every task, Health, SessionKeeper, Writer, watchdog [ms].

    For the arguments see pod.run.
    """
    notes: list[str] = []
    settings = settings_store.load(settings_path, notes.append)
    root = settings_path[: settings_path.rfind("/") + 1]
    writer, faults = _writer(settings, stdout)
    rate_hz = detectors.rate_hz(settings["placement"])
    writer.say(
        "backstep on %s (%s), %s at %d Hz, started by %s; type help, Ctrl-C leaves"
        % (parts.name, parts.mcu, settings["placement"], rate_hz, parts.reset_cause())
    )
    for note in notes:
        writer.say(note)
    # Imports go one by one, each loaded into a clean heap.
    detector = detectors.make(settings["placement"], settings, settings["frame"])
    gc.collect()
    from_imu = _from_imu_to_motor(parts, settings, rate_hz, detector, faults, writer.say)
    gc.collect()
    tasks, health, keeper = _people(parts, settings, rate_hz, detector, faults, writer, reader, *from_imu)
    if settings["fall_alarm"]:
        tasks += _alarm(detector, from_imu[0], keeper)
    if settings["session_log"]:
        tasks += _log(parts, settings, rate_hz, root, writer.say, keeper, *from_imu)
    if settings["placement"] == "belt" and settings["frame"] == "body":  # else no sway is ever warned of
        _keep_marks(root + "marks", rate_hz, writer.say, keeper, *from_imu)
    keeper.begin(log.AT_START)
    return tasks, health, keeper, writer, settings["watchdog_s"] * 1000


def _writer(settings, stdout):
    from .lines import Writer

    faults = no_faults()
    writer = Writer(stdout, faults, settings["console_events"] == 1)
    gc.collect()
    return writer, faults


def _from_imu_to_motor(parts, settings, rate_hz, detector, faults, say):
    from .notifying import Notifying

    notifying = Notifying(parts.haptic, settings["haptic_strength_pct"], faults, say)
    gc.collect()
    from .sampling import Sampling

    ring = Ring(rate_hz * _RING_MS // 1000)
    sampling = Sampling(parts.imu, ring, rate_hz, faults, say, notifying.cue)
    gc.collect()
    from .detecting import Detecting
    from .signals import EventQueue

    queue = EventQueue(_EVENTS)
    calm_ddps = 5 * settings["sway_rate_dps"]  # half of what can become a sway
    cues = notifying.warn, notifying.caution
    detecting = Detecting(detector, ring, sampling, queue, *cues, faults, rate_hz, calm_ddps)
    return notifying, sampling, queue, detecting


def _people(parts, settings, rate_hz, detector, faults, writer, reader, notifying, sampling, queue, detecting):
    from .session import SessionKeeper

    snooze = getattr(detector, "snooze", None)
    keeper = SessionKeeper(queue, detecting, rate_hz, settings, notifying.cue, snooze)
    gc.collect()
    from .button import Presses

    presses = Presses(parts.button_down, keeper)
    gc.collect()
    from .health import Health

    health = Health(sampling, detecting, notifying, faults, writer.say)
    gc.collect()
    from .console import Console

    teller = _teller(writer)(writer, detecting, keeper, health, faults, sampling)
    console = Console(reader, writer, teller, keeper, health)
    notifying.heard = (teller.buzz,)
    keeper.report = teller.event
    keeper.sum_up = teller.summary
    detecting.rested = (health.rest,)
    parts.on_data_ready(sampling.data_ready.on_edge)
    parts.on_button(presses.pressed.on_edge)
    tasks = (
        ("sampling", sampling.run),
        ("detecting", detecting.run),
        ("notifying", notifying.run),
        ("session", keeper.run),
        ("button", presses.run),
        ("console input", console.listen),
        ("console status", console.tick),
        ("console output", writer.run),
    )
    return tasks, health, keeper


def _alarm(detector, notifying, keeper):
    from .alarm import Alarm

    keeper.alarm = Alarm(detector.cancel_fall, notifying)
    gc.collect()
    return (("fall alarm", keeper.alarm.run),)


def _log(parts, settings, rate_hz, root, say, keeper, notifying, sampling, queue, detecting):
    from ..core.recording import PLACEMENTS
    from . import state_store

    cause = parts.reset_cause()
    state = state_store.begin(root + "state", root + "log", cause, say)
    from ..core.day import DayCounts
    from .clock import Clock
    from .logbook import LogBook

    gc.collect()
    kind = PLACEMENTS.index(settings["placement"]), rate_hz
    clock, day = Clock(), DayCounts(state["day"], state["counts"])
    keeper.log = LogBook(root, state, kind, clock, day, keeper, notifying, detecting, say)
    detecting.rested += (keeper.log.rest,)
    notifying.heard += (keeper.log.buzz,)
    if parts.battery_mv() <= 0:
        return ()
    from .battery import Battery

    battery = Battery(parts.battery_mv, keeper, notifying.cue, say)
    gc.collect()
    return (("battery", battery.run),)


def _keep_marks(folder, rate_hz, say, keeper, notifying, sampling, queue, detecting):
    from ..core.raw_ring import RawRing

    before, after, patience = [rate_hz * ms // 1000 for ms in (_BEFORE_MS, _AFTER_MS, _PATIENCE_MS)]
    detecting.raw = RawRing(before + after, after, patience)
    gc.collect()
    from .marks import Marks

    keeper.marks = Marks(detecting.raw, keeper, notifying, folder, rate_hz, say)
    detecting.rested += (keeper.marks.rest,)


def _teller(writer):
    """Import only what this console needs."""
    if writer.as_json:
        from .console_json import JsonLines

        return JsonLines
    from .console_lines import Lines

    return Lines
