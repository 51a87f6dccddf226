"""Detecting: the ring's samples through the detector; a sway drives the motor before anything else happens."""

import asyncio
import time
from array import array

from ..core import events
from ..core.compat import const
from .faults import EVENTS_LOST

_BATCH = const(8)  # between two chances for the others; one drain brings 1..4
_BUCKET_MS = const(5)
_BUCKETS = const(12)


class Detecting:
    """Feeds the detector and queues what it finds; allocates nothing per sample."""

    def __init__(self, detector, ring, sampling, queue, warn, caution, faults, rate_hz: int, calm_ddps: int):
        """Take the parts.

        detector: core Detector.  ring: core Ring, emptied here.  sampling: who fills it.
        queue: EventQueue.  warn, caution: start the pattern at once.  faults: counters.  rate_hz: [Hz].
        calm_ddps: rate below which nothing can become a sway for now [0.1 deg/s].
        """
        self.turns = 0  # progress, for health
        self.raw = self.raw_fall = None  # RawRing, where raw seconds of sways, of falls are kept
        self.recorder = None  # Recorder, while chosen minutes are recorded
        self.taps: tuple = ()  # each has feed and gap, and takes what the detector takes
        self.hears: tuple = ()  # each called with (event code, fields) at the sample that it was found in
        self.rested: tuple = ()  # each called between batches, the ring empty
        self.cue_worst_ms = 0  # from the sample that crossed to the motor's register write
        self.cues_by_5ms = array("H", [0] * _BUCKETS)  # the last one takes all that took longer
        self._detector = detector
        self._feed = detector.feed
        self._steady = detector.steady
        self._ring = ring
        self._sampling = sampling
        self.queue = queue
        self._warn = warn
        self._caution = caution
        self._faults = faults
        self._rate_hz = rate_hz
        self._calm_ddps = calm_ddps
        self._sample = self.last = array("h", [0] * 6)  # the sample fed last
        self._gap_fields = array("i", [0] * events.FIELD_COUNT)

    @property
    def samples(self) -> int:
        """Samples seen so far, lost ones too."""
        return self._detector.n

    async def run(self) -> None:
        """Empty the ring whenever sampling has filled it."""
        drained = self._sampling.drained
        while True:
            await drained.wait()
            drained.clear()
            while self._batch():
                await asyncio.sleep_ms(0)
            self.turns += 1
            for rested in self.rested:
                rested()

    def judge(self) -> None:
        """Feed what the ring has, in the caller's own turn."""
        while self._batch():
            pass

    def calm(self) -> bool:
        """Return whether the last sample turned more slowly than calm_ddps, and no warning is near."""
        sample = self._sample
        limit = self._calm_ddps
        turns = not (-limit < sample[3] < limit and -limit < sample[4] < limit and -limit < sample[5] < limit)
        return not turns and self._steady()

    def _batch(self):
        sample, ring, feed = self._sample, self._ring, self._feed
        raw = self.raw  # four in one assignment would make a tuple
        raw_fall = self.raw_fall
        recorder = self.recorder
        taps = self.taps
        for _ in range(_BATCH):
            taken = ring.take_into(sample)
            if taken > 0:
                code = feed(sample[0], sample[1], sample[2], sample[3], sample[4], sample[5])
                if code:
                    self._emit(code)
                if taps:
                    for tap in taps:
                        tap.feed(sample[0], sample[1], sample[2], sample[3], sample[4], sample[5])
                if raw:
                    raw.put(sample)
                if raw_fall:
                    if self._detector.struck:
                        raw_fall.suspect(events.FALL, self._detector.n - 1)
                    raw_fall.put(sample)
                if recorder:
                    recorder.put(sample)
            elif taken < 0:
                self._miss(-taken)
            else:
                return False
        return True

    def _emit(self, code):
        if code == events.SWAY:
            self._warn()
            self._time_warning()
            if self.raw:
                self.raw.note(code, self._detector.n - 1, self._detector.fields)
        elif code == events.CAUTION:
            self._caution()
        elif code == events.FALL and self.raw_fall:
            self.raw_fall.confirm(self._detector.fields)
        for hear in self.hears:
            hear(code, self._detector.fields)
        if not self.queue.put(code, self._detector.n - 1, self._detector.fields):
            self._faults[EVENTS_LOST] += 1

    def _time_warning(self):
        # Samples still in the ring came after the one that crossed; the last of them as the drain began.
        waited_ms = self._ring.count * 1000 // self._rate_hz
        since_us = time.ticks_diff(time.ticks_us(), self._sampling.drain_began_us)
        latency_ms = waited_ms + since_us // 1000
        self.cue_worst_ms = max(self.cue_worst_ms, latency_ms)
        self.cues_by_5ms[min(_BUCKETS - 1, latency_ms // _BUCKET_MS)] += 1

    def _miss(self, missing):
        self._detector.gap(missing)
        if self.raw:
            self.raw.gap()
        if self.raw_fall:
            self.raw_fall.gap()
        if self.recorder:
            self.recorder.gap(missing)
        for tap in self.taps:
            tap.gap(missing)
        self._gap_fields[0] = missing
        if not self.queue.put(events.GAP, self._detector.n, self._gap_fields):
            self._faults[EVENTS_LOST] += 1
