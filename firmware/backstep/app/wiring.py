"""Wiring: what is asked, felt and kept beside the way of the samples; forgotten once that is done."""

import gc
import sys

from ..core.log import log
from ..core.training.session import Session
from .console.lines import LineReader
from .passing import once

PASSING = True

_AGAIN = Session, LineReader  # what is made again and again


def wire(running, settings: dict, detector, reader):
    """Return what pod.run needs: (name, run) of every task, Health, SessionKeeper, Writer, watchdog [ms].

    running, settings, detector: from startup.start.  reader: as for pod.run.  In safe mode there is no
    SessionKeeper.
    """
    writer, limit_ms = running.writer, settings["watchdog_s"] * 1000
    if not running.sensing:
        from .safe import Answering

        safe = ("console input", Answering(reader, running).listen), ("console output", writer.run)
        return safe, running.health, None, writer, limit_ms
    tasks = _tasks(running, settings, detector, reader)
    keeper = running.sensing.keeper
    if not (keeper.band and keeper.band.spots):  # a spotter has no session
        keeper.begin(log.AT_START)
    return tasks, running.health, keeper, writer, limit_ms


def _tasks(running, settings, detector, reader):
    """Wire all that is asked, felt and kept beside the samples; return (name, run) of every task."""
    sensing = running.sensing
    presses, console = _presses(running), _console(running, reader)
    tasks = (
        ("sampling", sensing.sampling.run),
        ("notifying", sensing.notifying.run),
        ("session", sensing.keeper.run),
        ("button", presses.run),
        ("console input", console.listen),
        ("console status", console.tick),
        ("console output", running.writer.run),
    )
    tasks += _power(running, settings, presses, console)
    sensing.sampling.rated = (detector.true_rate,)
    once(_watch, running, settings)
    if settings["fall_alarm"]:
        tasks += _alarm(sensing, detector)
    if settings["session_log"]:
        tasks += once(_log, running)
    _keep_raw(running)
    if not running.pod.parts.imu.is_tagged:
        _count_rate(running)
    tasks += once(_training, running, settings)
    if running.pod.parts.radio:
        tasks += running.pod.parts.radio.wire(running)
    _forget_making("pod", running.pod.placement)
    return tasks


def _forget_making(*bundles):
    """Forget how things are made, an eighth of the code, where nobody makes another one before the next start.

    bundles: names of modules as on the pod; elsewhere nothing is forgotten.
    """
    if sys.implementation.name != "micropython":
        return
    for module in [sys.modules[name] for name in bundles if name in sys.modules]:
        for kind in module.__dict__.values():
            if isinstance(kind, type) and kind not in _AGAIN and "__init__" in kind.__dict__:
                kind.__init__ = None  # type: ignore[misc]  # deleted it would keep its place in the table


def _presses(running):
    from .wearer.button import Presses

    parts = running.pod.parts
    presses = Presses(parts.button_down, running.sensing.keeper, running)
    parts.on_data_ready(running.sensing.sampling.data_ready.on_edge)
    parts.on_button(presses.pressed.on_edge)
    gc.collect()
    return presses


def _console(running, reader):
    from .desk.console import Console

    sensing, writer = running.sensing, running.writer
    teller = _teller(writer)(running)
    console = Console(reader, running, teller)
    sensing.notifying.heard = (teller.buzz,)
    sensing.keeper.report = teller.event
    sensing.keeper.sum_up = teller.summary
    gc.collect()
    return console


def _power(running, settings, presses, console):
    """Return the task that lets a pod sleep and go off, none where it never may: nothing of it is loaded then."""
    parts = running.pod.parts
    if settings["sleep"] < (1 if parts.hears_usb else 2) or settings["metronome_spm"]:
        return ()
    if parts.mcu_sleep.why:
        running.writer.say("never asleep: " + parts.mcu_sleep.why)
        return ()
    from .power.power import Power

    sensing = running.sensing
    followers = sensing.sampling, sensing.detecting, sensing.notifying, sensing.keeper
    power = Power(parts, followers, presses, console, settings, running.health)
    sensing.detecting.rested += (power.rest,)
    gc.collect()
    return (("power", power.run),)


def _teller(writer):
    """Import only what this console needs."""
    if writer.as_json:
        from .console.console_json import JsonLines

        return JsonLines
    from .console.console_lines import Lines

    return Lines


def _watch(running, settings):
    from .wearer.wearing_words import watch

    watch(running.sensing.wearer, settings)
    gc.collect()


def _alarm(sensing, detector):
    from .wearer.alarm import Alarm

    sensing.keeper.alarm = Alarm(detector.cancel_fall, sensing.notifying)
    gc.collect()
    return (("fall alarm", sensing.keeper.alarm.run),)


def _log(running):
    from ..core.training.day import DayCounts
    from .log.logbook import LogBook

    gc.collect()
    sensing, state = running.sensing, running.kept.state
    book = sensing.keeper.log = LogBook(running, DayCounts(state["day"], state["counts"], state["days"]))
    sensing.detecting.rested += (book.rest,)
    sensing.notifying.heard += (book.buzz,)
    sensing.sampling.rated += (book.rate,)
    parts = running.pod.parts
    if parts.battery_mv() < 0:
        if parts.battery_why:
            running.writer.say("battery: not measured: " + parts.battery_why)
        return ()
    from .battery import Battery

    battery = Battery(parts.battery_mv, sensing.keeper, sensing.notifying.cue, running.writer.say)
    gc.collect()
    return (("battery", battery.run),)


def _count_rate(running):
    """Have the true sample rate counted where the IMU does not tell it."""
    from .true_rate import Counting

    running.sensing.detecting.rested += (Counting(running).rest,)


def _keep_raw(running):
    pod, detecting = running.pod, running.sensing.detecting
    rings = [ring for ring in (detecting.raw, detecting.raw_fall) if ring]
    if not rings:
        return
    from .log.marks import Marks

    marks = Marks(rings, running.sensing, pod, running.kept, running.writer.say)
    running.sensing.keeper.marks = marks
    detecting.rested += (marks.rest,)
    once(_ask_room, running.kept)


def _ask_room(kept):
    """Make the folder, and ask how much is free: either would stall sampling later."""
    from .kept.folders import free_bytes, make

    try:
        make(kept.root + "raw")
        free_bytes(kept)
    except OSError:
        pass  # who writes first asks again, and says so


def _training(running, settings):
    from .wearer.training import train

    guided = train(running.sensing, running.pod.rate_hz, settings)
    gc.collect()
    return guided
