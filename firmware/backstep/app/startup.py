"""Starting: read the settings, make the way of a sample from the IMU to the motor; forgotten once that is done.

What is beside that way is made in wiring.py, when this module has left its memory again.
"""

import gc

from ..core.compat import const
from .faults import no_faults
from .kept.state_store import EARLY_MAX
from .passing import once

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


def start(parts, settings_path: str, stdout):
    """Return Running, the settings and the detector; in safe mode there is no Sensing and no detector.

    For the arguments see pod.run.
    """
    notes: list[str] = []
    settings = once(_settings, settings_path, notes.append)
    gc.collect()  # the board's module and main.py's are gone with those of the settings
    records = pod, kept, _, writer, faults = once(_records, parts, settings_path, settings, stdout, notes.append)
    safe = kept.state["early"] >= EARLY_MAX
    how = "SAFE MODE" if safe else "%s at %d Hz" % (pod.placement, pod.rate_hz)
    told = parts.name, parts.mcu, how, parts.reset_cause()
    writer.say("backstep on %s (%s), %s, started by %s; type help, Ctrl-C leaves" % told)
    if parts.reset_cause() == "deep sleep":
        notes.append("woken by " + parts.mcu_sleep.woken_by())
    for note in notes:
        writer.say(note)
    if safe:
        return _answer(records), settings, None
    if settings["radio"] != "off":  # before all else: what MicroPython's heap has grown over it never gives back
        from .radio.radio_start import begin

        parts.radio = once(begin, parts, settings, kept, faults, writer.say)
    rings = _raw_rings(pod, settings)  # large: before all that makes the memory's free pieces small
    detector = once(_detector, settings)
    gc.collect()
    running = _sense(records, settings, detector)
    running.sensing.detecting.raw, running.sensing.detecting.raw_fall = rings
    return running, settings, detector


def _settings(path, say):
    from .kept.settings_store import load

    return load(path, say)


def _records(parts, path, settings, stdout, say):
    """Return who the pod is, what is kept, the clock, the console's Writer and the counters."""
    from ..core.detectors import rate_hz
    from .clock import Clock
    from .console.lines import Writer
    from .kept import state_store
    from .running import Kept, Pod

    kept = Kept(path, {})
    cause, battery_mv = parts.reset_cause(), parts.battery_mv()
    kept.state = state_store.begin(kept.state_path, kept.root + "log", cause, battery_mv, say)
    pod = Pod(parts, settings, rate_hz(settings["placement"]))
    faults = no_faults()
    gc.collect()
    return pod, kept, Clock(), Writer(stdout, faults, settings["console_events"] == 1), faults


def _answer(records):
    """Make a pod in safe mode."""
    from .running import Running
    from .safe import Safe

    pod, kept, clock, writer, faults = records
    return Running(pod, kept, clock, writer, faults, Safe(kept.state, writer.say), None)


def _sense(records, settings, detector):
    """Make a pod that senses; imports go one by one, each loaded into a clean heap."""
    from .running import Running

    sensing = _sensing(records, settings, detector)
    pod, kept, clock, writer, faults = records
    return Running(pod, kept, clock, writer, faults, _health(records, sensing), sensing)


def _raw_rings(pod, settings):
    """Return what keeps the raw seconds of sways and of falls, None where nothing does."""
    sways = falls = None
    if pod.may_sway:
        sways = _raw_ring(pod.rate_hz, _BEFORE_MS, _AFTER_MS, _PATIENCE_MS, settings["raw_sways"] == 1)
    if settings["fall_alarm"] and settings["raw_falls"]:
        before_ms, after_ms = _BEFORE_MS, _AFTER_MS
        if pod.placement == "shoe":
            before_ms, after_ms = after_ms, before_ms
        falls = _raw_ring(pod.rate_hz, before_ms, after_ms, _UNSURE_MS, False)
    return sways, falls


def _raw_ring(rate_hz, before_ms, after_ms, patience_ms, keeps):
    from ..core.log.raw_ring import RawRing

    before, after, patience = [rate_hz * ms // 1000 for ms in (before_ms, after_ms, patience_ms)]
    return RawRing(before + after, after, patience, keeps)


def _detector(settings):
    from ..core.detectors import make

    return make(settings["placement"], settings, settings["frame"])


def _sensing(records, settings, detector):
    """Make the way of a sample from the IMU to the motor, and who it is of."""
    from .running import Sensing

    pod, _, _, writer, faults = records
    say, notifying = writer.say, _notifying(pod, settings, faults, writer.say)
    sampling, detecting = _from_the_imu(pod, detector, notifying, faults, say)
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


def _from_the_imu(pod, detector, notifying, faults, say):
    from .detecting import AT_ONCE, Detecting
    from .signals import EventQueue

    cues = notifying.warn, notifying.caution
    detecting = Detecting(detector, EventQueue(AT_ONCE), *cues, faults, pod.rate_hz)
    gc.collect()
    from .sampling import Sampling

    wait_ms = _SWAY_WAIT_MS if pod.may_sway else _WAIT_MS
    return Sampling(pod.parts.imu, detecting, pod.rate_hz, wait_ms, faults, say, notifying.cue), detecting
