"""Detecting: samples through the detector as they are drained; a sway drives the motor before all else."""

import gc
import time
from array import array

from ..core import events
from ..core.compat import const
from ..core.log.raw_ring import take
from ..core.rows import AXES, approach, renew
from .faults import EVENTS_LOST, TASK_RESTARTS

AT_ONCE = const(12)  # samples, and events, between two turns of the others; what is over waits in the FIFO
_CALM_DDPS = const(300)  # half of what trunks turn at when a backward fall is warned of
_BUCKET_MS = const(5)
_BUCKETS = const(12)


class Detecting:
    """Takes samples from the IMU's driver, feeds the detector, queues what it finds; allocates nothing per sample.

    room: samples that it takes yet in this drain.  behind: samples in the FIFO behind those it is given.
    drain_began_us: when the FIFO was last asked what it holds.  Sampling and the driver set these.
    """

    def __init__(self, detector, queue, warn, caution, faults, rate_hz: int):
        """Take the parts.

        detector: core Detector.  queue: EventQueue.  warn, caution: start the pattern at once.  faults: counters.
        rate_hz: [Hz].
        """
        self.room = AT_ONCE
        self.behind = 0
        self.drain_began_us = time.ticks_us()
        self.raw = self.raw_fall = None  # RawRing, where raw seconds of sways, of falls are kept
        self.recorder = None  # Recorder, while chosen minutes are recorded
        self.taps: tuple = ()  # each has feed and gap, and takes what the detector takes
        self.hears: tuple = ()  # each called with (event code, fields) at the sample that it was found in
        self.paused = None  # called after each drain: a chance to sleep
        self.rested: tuple = ()  # each called just after a drain, ten times a second
        self.cue_worst_ms = 0  # from the sample that crossed to the motor's register write
        self.cues_by_5ms = array("H", [0] * _BUCKETS)  # the last one takes all that took longer
        self.last = array("h", [0] * AXES)  # the newest sample
        self.changed = True  # since somebody last put it back: the newest sample of a drain was unlike that before
        self.queue = queue
        self.gait = detector.gait  # called when another pod has felt the wearer step
        self.steady = detector.steady  # returns whether no warning is near
        self._detector = detector
        self._feed = detector.feed
        self._warn = warn
        self._caution = caution
        self._faults = faults
        self._rate_hz = rate_hz
        self._gap_fields = array("i", [0] * events.FIELD_COUNT)
        self._missing = -1  # samples lost since the last one, -1: there is none to draw a line from
        self._ahead = 0  # while a line is drawn: so much further on it ends
        detector.heed(self._suspect)

    @property
    def samples(self) -> int:
        """Samples seen so far, lost ones too."""
        return self._detector.n

    def calm(self) -> bool:
        """Return whether the last sample turned more slowly than a sway, and no warning is near."""
        sample = self.last
        slow = -_CALM_DDPS < sample[3] < _CALM_DDPS and -_CALM_DDPS < sample[4] < _CALM_DDPS
        return slow and -_CALM_DDPS < sample[5] < _CALM_DDPS and self.steady()

    def extend(self, rows, count: int) -> None:
        """Take `count` samples, one behind the other in rows, an array("h")."""
        self.room -= count
        feed = self._feed
        taps = self.taps
        raw = self.raw  # four in one assignment would make a tuple
        raw_fall = self.raw_fall
        recorder = self.recorder
        at = 0
        if self._missing and count:
            if self._missing > 0:
                self._cross(rows, count)
            self._missing = 0
        while count:
            count -= 1
            ax = rows[at]
            ay = rows[at + 1]
            az = rows[at + 2]
            gx = rows[at + 3]
            gy = rows[at + 4]
            gz = rows[at + 5]
            code = feed(ax, ay, az, gx, gy, gz)
            if code:
                self._emit(code, count)
            if taps:
                for tap in taps:
                    tap.feed(ax, ay, az, gx, gy, gz)
            if raw and take(raw.state, raw.rows, rows, at, raw.wanted):
                raw.tire()
            if raw_fall and take(raw_fall.state, raw_fall.rows, rows, at, raw_fall.wanted):
                raw_fall.tire()
            if recorder:
                recorder.put(rows, at)
            at += AXES
        if at and renew(rows, at - AXES, self.last):
            self.changed = True

    def gap(self, missing: int) -> None:
        """Take note that samples were lost before the next one."""
        if self.raw:
            self.raw.gap()
        if self.raw_fall:
            self.raw_fall.gap()
        if self.recorder:
            self.recorder.gap(missing)
        for tap in self.taps:
            tap.gap(missing)
        self._gap_fields[0] = missing
        detector = self._detector
        missing += max(0, self._missing)
        after = detector.n + missing
        if self._missing >= 0 and missing <= detector.spans:
            self._missing = missing
        else:
            self._missing = -1
            detector.gap(missing)
        if not self.queue.put(events.GAP, after, self._gap_fields):
            self._faults[EVENTS_LOST] += 1

    def _cross(self, rows, count):
        """Feed the line over what was lost before rows; what is found on it is known with their first sample."""
        self._ahead = self._missing
        row = self.last
        while self._ahead > 0:
            approach(row, rows, self._ahead)
            code = self._feed(row[0], row[1], row[2], row[3], row[4], row[5])
            if code:
                self._emit(code, count - 1)
            self._ahead -= 1
        self._detector.bridged()

    def rest(self) -> None:
        """Let those have a turn who wait for a drain to be over.

        Who lacks memory for it has another one later; so have those behind one that returns True: it took long.
        """
        try:
            for rested in self.rested:
                if rested():
                    break
        except MemoryError:
            gc.collect()
            self._faults[TASK_RESTARTS] += 1

    def _emit(self, code, after):
        if code == events.SWAY:
            self._warn()
            self._time_warning(after + self._ahead + self.behind)
            if self.raw:
                self.raw.note(code, self._detector.n - 1 + self._ahead, self._detector.fields)
        elif code == events.CAUTION:
            self._caution()
        elif code == events.FALL and self.raw_fall:
            self.raw_fall.confirm(self._detector.fields)
        for hear in self.hears:
            hear(code, self._detector.fields)
        if not self.queue.put(code, self._detector.n - 1 + self._ahead, self._detector.fields):
            self._faults[EVENTS_LOST] += 1

    def _suspect(self):
        if self.raw_fall:
            self.raw_fall.suspect(events.FALL, self._detector.n - 1 + self._ahead)

    def _time_warning(self, after):
        # So many samples came after the one that crossed; the last of them as the drain began.
        since_us = time.ticks_diff(time.ticks_us(), self.drain_began_us)
        latency_ms = after * 1000 // self._rate_hz + since_us // 1000
        self.cue_worst_ms = max(self.cue_worst_ms, latency_ms)
        self.cues_by_5ms[min(_BUCKETS - 1, latency_ms // _BUCKET_MS)] += 1
