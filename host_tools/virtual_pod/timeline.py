"""What the motor did, when, and how long after the sample that called for it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LEVEL_MAX = 127
ERM_RISE_MS = 50.0  # time constant of a coin motor, datasheet rise times 60..150 ms to 90 %
ERM_FALL_MS = 40.0


@dataclass(frozen=True)
class Drive:
    """One change of the motor's drive: when [us], to what level 0..127, by whom, and the VM's time [s]."""

    time_us: int
    level: int
    source: str
    vm_s: float


@dataclass(frozen=True)
class Buzz:
    """One stretch of time in which the motor was driven: from, to [ms], its strongest level 0..127, by whom."""

    start_ms: float
    end_ms: float
    level: int
    source: str


class Timeline:
    """Every change of the motor's drive, and every command that lets it run on, in time order.

    on_change: called with each Drive as it comes, for a live display.
    vm_clock: returns the processor time that the firmware has used [s].
    """

    def __init__(self, on_change: Callable[[Drive], None] | None = None):
        self.drives: list[Drive] = []
        self.on_change = on_change
        self.vm_clock: Callable[[], float] = float

    def drive(self, level: int, source: str, now_us: int) -> None:
        """Note a change of the drive to a level 0..127 at now_us [us]."""
        change = Drive(now_us, level, source, self.vm_clock())
        self.drives.append(change)
        if self.on_change:
            self.on_change(change)

    def buzzes(self, end_us: int) -> list[Buzz]:
        """Return the stretches in which the motor was driven; one still running ends at end_us [us]."""
        found: list[Buzz] = []
        running: list[Drive] = []
        for change in (*self.drives, Drive(end_us, 0, "", 0.0)):
            if change.level:
                running.append(change)
            elif running:
                peak = max(drive.level for drive in running)
                found.append(Buzz(running[0].time_us / 1000, change.time_us / 1000, peak, running[0].source))
                running = []
        return found

    def first_drive(self, from_us: int, until_us: int | None = None) -> Drive | None:
        """Return the first change to a level above 0 at or after from_us and before until_us [us]."""
        for change in self.drives:
            if change.level and change.time_us >= from_us and (until_us is None or change.time_us < until_us):
                return change
        return None

    def amplitude(self, time_us: int) -> float:
        """Return how fast an ERM turns at time_us, 0..127: first order after the drive."""
        speed, at_us, level = 0.0, 0, 0
        for change in self.drives:
            if change.time_us > time_us:
                break
            speed = settled(speed, level, (change.time_us - at_us) / 1000)
            at_us, level = change.time_us, change.level
        return settled(speed, level, (time_us - at_us) / 1000)


def settled(speed: float, level: int, elapsed_ms: float) -> float:
    """Return an ERM's speed 0..127 after elapsed_ms at a drive of level -127..127; reverse drive brakes it.

    speed: before, 0..127.  First order; one that stands is not said to turn backward.
    """
    constant_ms = ERM_RISE_MS if level > speed or level < 0 else ERM_FALL_MS
    return max(0.0, level + (speed - level) * math.exp(-elapsed_ms / constant_ms))


@dataclass(frozen=True)
class Latency:
    """From a sample's data-ready to the motor's register write: virtual time and the VM's processor time [ms]."""

    virtual_ms: float
    vm_ms: float


def percentile(values: Iterable[float], percent: float) -> float:
    """Return the nearest-rank percentile of values; nan when there are none."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
