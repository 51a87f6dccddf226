"""What every placement shares: its own detector and the fall alarm behind one `feed`."""

from ..compat import native
from ..detector import Detector
from ..events import NOTHING
from .fall import Fall, watch


class Worn(Detector):
    """One detector for both.

    The detector's events come at once; one of a fall waits for a sample without another.
    """

    def __init__(self, detector, fall: Fall):
        """detector: Detector of the placement.  fall: beside it."""
        self.fields = detector.fields
        self._detector = detector
        self._fall = fall
        self._feed = detector.feed
        self._due = NOTHING
        self.spans = detector.spans
        self.heading = detector.heading
        self.lean = detector.lean
        self.steady = detector.steady  # type: ignore[method-assign]
        self.snooze = detector.snooze  # type: ignore[method-assign]  # a fall is told all the same
        self.gait = detector.gait  # type: ignore[method-assign]
        self.ranged = detector.ranged  # type: ignore[method-assign]
        self.bridged = detector.bridged  # type: ignore[method-assign]
        self.true_rate = detector.true_rate  # type: ignore[method-assign]

    @property
    def n(self) -> int:
        """Samples seen so far, lost ones too."""
        return self._detector.n

    def heed(self, hit) -> None:
        """Have hit() called within the feed of each impact that may turn out a fall."""
        self._fall.hit = hit

    def gap(self, missing: int) -> None:
        """Take note that samples were lost."""
        self._detector.gap(missing)
        self._fall.gap(missing)

    def cancel_fall(self) -> bool:
        """End the countdown after a fall; False when none runs."""
        return self._fall.call_off()

    @native
    def feed(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> int:
        """Take one sample [mg, 0.1 deg/s]; return an event code, 0 for nothing."""
        code = self._feed(ax, ay, az, gx, gy, gz)
        fall = self._fall
        if fall.watches:
            size2 = watch(fall.mean, ax, ay, az)
            if size2:
                fall.strike(size2)
        else:
            due = fall.feed(ax, ay, az, gx, gy, gz)
            if due:
                self._due = due
        if code:
            self.fields = self._detector.fields
        elif self._due:
            self.fields = self._fall.fields
            code = self._due
            self._due = NOTHING
        return code
