"""Starting: read the settings, make the parts of the app, wire them; forgotten once that is done."""

import gc

from ..core import detectors
from ..core.compat import const
from ..core.log import log
from .faults import no_faults
from .kept import settings_store
from .kept.state_store import EARLY_MAX

PASSING = True

# So long a sample waits in the FIFO, at every rate; where nothing is urgent power/ has it wait longer. A sway may
# take 40 ms to the motor; all else waits as long, and few transfers are cheaper than many.
_SWAY_WAIT_MS = const(20)
_WAIT_MS = const(50)
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
    records = pod, kept, _, writer, _ = _records(parts, settings_path, settings, stdout, notes.append)
    safe = kept.state["early"] >= EARLY_MAX
    how = "SAFE MODE" if safe else "%s at %d Hz" % (pod.placement, pod.rate_hz)
    told = parts.name, parts.mcu, how, parts.reset_cause()
    writer.say("backstep on %s (%s), %s, started by %s; type help, Ctrl-C leaves" % told)
    if parts.reset_cause() == "deep sleep":
        notes.append("woken by " + parts.mcu_sleep.woken_by())
    for note in notes:
        writer.say(note)
    made = _answer(records, reader) if safe else _sense(records, settings, reader)
    return made + (writer, settings["watchdog_s"] * 1000)


def _records(parts, path, settings, stdout, say):
    """Return who the pod is, what is kept, the clock, the console's Writer and the counters."""
    from .clock import Clock
    from .console.lines import Writer
    from .kept import state_store
    from .running import Kept, Pod

    kept = Kept(path, {})
    cause, battery_mv = parts.reset_cause(), parts.battery_mv()
    kept.state = state_store.begin(kept.state_path, kept.root + "log", cause, battery_mv, say)
    pod = Pod(parts, settings, detectors.rate_hz(settings["placement"]))
    faults = no_faults()
    gc.collect()
    return pod, kept, Clock(), Writer(stdout, faults, settings["console_events"] == 1), faults


def _answer(records, reader):
    """Make a pod in safe mode."""
    from .running import Running
    from .safe import Answering, Safe

    pod, kept, clock, writer, faults = records
    running = Running(pod, kept, clock, writer, faults, Safe(kept.state, writer.say), None)
    tasks = ("console input", Answering(reader, running).listen), ("console output", writer.run)
    return tasks, running.health, None


def _sense(records, settings, reader):
    """Make a pod that senses; imports go one by one, each loaded into a clean heap."""
    from .running import Running

    detector = detectors.make(settings["placement"], settings, settings["frame"])
    gc.collect()
    sensing = _sensing(records, settings, detector)
    pod, kept, clock, writer, faults = records
    running = Running(pod, kept, clock, writer, faults, _health(records, sensing), sensing)
    tasks = _tasks(running, settings, detector, reader)
    sensing.keeper.begin(log.AT_START)
    return tasks, running.health, sensing.keeper


def _sensing(records, settings, detector):
    """Make the way of a sample from the IMU to the motor, and who it is of."""
    from .running import Sensing

    pod, _, _, writer, faults = records
    say, notifying = writer.say, _notifying(pod, settings, faults, writer.say)
    sampling, detecting = _from_the_imu(pod, settings, detector, notifying, faults, say)
    gc.collect()
    from .session import SessionKeeper

    keeper = SessionKeeper(detecting.queue, detecting, pod.rate_hz, settings, notifying.cue, detector.snooze)
    gc.collect()
    from .wearer.wearer import Wearer

    wearer = Wearer(settings, pod, detector, detecting, notifying.cue, say)
    gc.collect()
    return Sensing(sampling, detecting, notifying, keeper, wearer)


def _health(records, sensing):
    from .health import Health

    _, _, _, writer, faults = records
    health = Health(sensing.sampling, sensing.detecting, sensing.notifying, faults, writer.say)
    sensing.detecting.rested = (health.rest,)
    gc.collect()
    return health


def _notifying(pod, settings, faults, say):
    from .notifying import Notifying

    gc.collect()
    return Notifying(pod.parts.haptic, pod.parts.one_shot, settings["haptic_strength_pct"], faults, say)


def _from_the_imu(pod, settings, detector, notifying, faults, say):
    from .detecting import AT_ONCE, Detecting
    from .signals import EventQueue

    calm_ddps = 5 * settings["sway_rate_dps"]  # half of what can become a sway
    cues = notifying.warn, notifying.caution
    detecting = Detecting(detector, EventQueue(AT_ONCE), *cues, faults, pod.rate_hz, calm_ddps)
    gc.collect()
    from .sampling import Sampling

    wait_ms = _SWAY_WAIT_MS if _may_sway(pod) else _WAIT_MS
    return Sampling(pod.parts.imu, detecting, pod.rate_hz, wait_ms, faults, say, notifying.cue), detecting


def _may_sway(pod):
    return pod.placement == "belt" and pod.frame == "body"  # else no sway is ever warned of


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
    _watch(running, settings)
    if settings["fall_alarm"]:
        tasks += _alarm(sensing, detector)
    if settings["session_log"]:
        tasks += _log(running)
    _keep_raw(running, settings)
    return tasks + _training(running, settings)


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
    """Return the task that lets a pod sleep, none where it never may: nothing of it is loaded then."""
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
    sensing.sampling.rated = book.rate
    parts = running.pod.parts
    if parts.battery_mv() < 0:
        if parts.battery_why:
            running.writer.say("battery: not measured: " + parts.battery_why)
        return ()
    from .battery import Battery

    battery = Battery(parts.battery_mv, sensing.keeper, sensing.notifying.cue, running.writer.say)
    gc.collect()
    return (("battery", battery.run),)


def _keep_raw(running, settings):
    pod, detecting, rings = running.pod, running.sensing.detecting, []
    if _may_sway(pod):
        detecting.raw = _raw_ring(pod.rate_hz, _BEFORE_MS, _AFTER_MS, _PATIENCE_MS, settings["raw_sways"] == 1)
        rings.append(detecting.raw)
    if settings["fall_alarm"] and settings["raw_falls"]:
        before_ms, after_ms = _BEFORE_MS, _AFTER_MS
        if pod.placement == "shoe":
            before_ms, after_ms = after_ms, before_ms
        detecting.raw_fall = _raw_ring(pod.rate_hz, before_ms, after_ms, _UNSURE_MS, False)
        rings.append(detecting.raw_fall)
    if not rings:
        return
    from .log.marks import Marks

    marks = Marks(rings, running.sensing, pod, running.kept.root + "marks", running.writer.say)
    running.sensing.keeper.marks = marks
    detecting.rested += (marks.rest,)


def _raw_ring(rate_hz, before_ms, after_ms, patience_ms, keeps):
    from ..core.log.raw_ring import RawRing

    before, after, patience = [rate_hz * ms // 1000 for ms in (before_ms, after_ms, patience_ms)]
    gc.collect()
    return RawRing(before + after, after, patience, keeps)


def _training(running, settings):
    from .wearer.training import train

    guided = train(running.sensing, running.pod.rate_hz, settings)
    gc.collect()
    return guided
