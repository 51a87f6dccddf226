"""Detectors that emit what the rows of the fake IMU ask for."""

from array import array

from app.fakes import MARK
from backstep.core import event_names, events
from backstep.core.detector import Detector

STRUCK_MG = 9999  # up, in a row that is an impact


class Marking(Detector):
    """A detector that emits what the rows are marked with, checks its input and knows where it is."""

    def __init__(self, rate_hz):
        self.rates = []
        self.rate_hz = rate_hz
        self.n = 0
        self.fields = array("i", [0] * events.FIELD_COUNT)
        self.gaps = []
        self.raises = None
        self.seen = []
        self.counting = False
        self.hit = None

    def true_rate(self, permille):
        self.rates.append(permille)

    def heed(self, hit):
        self.hit = hit

    def cancel_fall(self):
        counting, self.counting = self.counting, False
        return counting

    def feed(self, ax, ay, az, gx, gy, gz):
        if self.raises:
            raised, self.raises = self.raises, None
            raise raised
        self.n += 1
        if az == STRUCK_MG:
            self.hit()
        self.seen.append(ay)
        code = ax - MARK
        if code == events.STRIDE:
            self.fields[:] = array("i", (self.n - 100, self.n - 30, ay, 700, 60, 0, 2, 90, 600, 1, -80, 2500, 0))
        elif code == events.STEP:
            self.fields[:3] = array("i", (self.n, events.UNKNOWN, 1))
        elif code in (events.SWAY, events.CAUTION):
            self.fields[:2] = array("i", (123, 700))
        elif code == events.FALL:
            self.fields[:2] = array("i", (4096, 880))
        return code if 0 < code <= event_names.CODES else 0

    def gap(self, missing):
        assert missing > 0
        self.gaps.append((self.n, missing))
        self.n += missing


class MarkingBelt(Marking):
    """The same at the belt, where warnings can be snoozed."""

    def __init__(self, rate_hz):
        super().__init__(rate_hz)
        self.snoozed = []  # (sample, seconds)

    def snooze(self, seconds):
        self.snoozed.append((self.n, seconds))
        return True

    def feed(self, *row):
        code = super().feed(*row)
        silent = self.snoozed and self.n <= self.snoozed[-1][0] + self.snoozed[-1][1] * self.rate_hz
        return 0 if silent and code in (events.SWAY, events.CAUTION) else code
