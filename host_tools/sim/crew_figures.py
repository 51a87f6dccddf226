"""What a crew came to: how late a belt's warning is at another pod's motor, by stage; whose way its steps have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from host_tools.sim.worn import S, Wearing, WornPod
from host_tools.virtual_pod.timeline import percentile

MEDIAN_MS, P99_MS = 60.0, 120.0  # floors, from the sample that crosses to the other pod's motor
WITHIN_S = 1.0
WARNINGS = ("sway", "caution")
_NEAR_S = 1.5  # a step belongs to a stride that ended no longer ago, or ends no later
_SAME_S = 0.15  # two pods feel the same contact so far apart


@dataclass(frozen=True)
class Warned:
    """One warning: when its sample was [s of the walk]; from there to a motor [ms], None where that never moved.

    here_ms: the sensing pod's motor.  there_ms: the other's.  said: the other pod told of the pattern.
    sent_ms, heard_ms: the sensing pod's radio was asked to tell it; the other's radio had it.
    """

    pattern: str
    at_s: float
    here_ms: float | None
    there_ms: float | None
    said: bool
    sent_ms: float | None = None
    heard_ms: float | None = None


def named(wearing: Wearing, name: str) -> WornPod:
    """Return the pod of this name."""
    return next(pod for pod in wearing.pods if pod.worn.called == name)


def warnings(wearing: Wearing, sensing: str = "belt", noticed: str = "wrist") -> list[Warned]:
    """Return what became of each warning of one pod at another.  sensing, noticed: names of pods."""
    here, there = named(wearing, sensing), named(wearing, noticed)
    return [_warned(event, here, there) for event in here.run.log.found if event["event"] in WARNINGS]


def _warned(event: dict, here: WornPod, there: WornPod) -> Warned:
    at_s = here.walk_s(event["sample"])
    moved_ms = motor_ms(there, at_s)
    said = any(at_s <= said_s < at_s + WITHIN_S for said_s in buzzes(there, event["event"]))
    heard_ms = None if moved_ms is None else _last_ms(there, there.heard_us, at_s, moved_ms)
    sent_ms = None if heard_ms is None else _last_ms(here, here.sent_us, at_s, heard_ms)
    return Warned(event["event"], at_s, motor_ms(here, at_s), moved_ms, said, sent_ms, heard_ms)


def _last_ms(pod: WornPod, times_us: Sequence[int], at_s: float, until_ms: float) -> float | None:
    """Return the last of times_us between a time of the walk [s] and so long after it [ms]; None without one."""
    since_ms = [(time_us - pod.walk_us) / 1000 - 1000 * at_s for time_us in times_us]
    return max((ms for ms in since_ms if 0 <= ms <= until_ms), default=None)


def buzzes(pod: WornPod, pattern: str) -> list[float]:
    """Return when a pod said that it played a pattern [s of the walk]."""
    return [at_s for at_s, line in pod.said if line.get("event") == "buzz" and line["pattern"] == pattern]


def motor_ms(pod: WornPod, at_s: float) -> float | None:
    """Return how long after a time of the walk [s] its motor was driven next [ms]; None: not within WITHIN_S."""
    clock = pod.run.model.hardware.clock
    from_us = clock.own_us(pod.walk_us + round(at_s * S))
    drive = pod.run.model.timeline.first_drive(from_us, from_us + round(WITHIN_S * S))
    return None if drive is None else (clock.world_us(drive.time_us) - pod.walk_us) / 1000 - at_s * 1000


@dataclass(frozen=True)
class Ways:
    """Steps of a belt beside a shoe's strides.

    named: steps that are part of a stride whose direction the shoe told.  same: of these, those with it.
    wrong: (time [s], the step's direction, the shoe's).
    """

    named: int
    same: int
    wrong: tuple[tuple[float, str, str], ...]

    @property
    def share(self) -> float:
        """Share of the steps that have the shoe's direction; 1.0 where none was named."""
        return self.same / self.named if self.named else 1.0


def ways(wearing: Wearing, shoe: str = "shoe", belt: str = "belt") -> Ways:
    """Compare the direction of each step of the belt, as it told it, with the shoe's stride that it is part of."""
    strides = [
        (pod.walk_s(event["contact"]), event["direction"])
        for pod in (named(wearing, shoe),)
        for event in pod.run.log.found
        if event["event"] == "stride"
    ]
    walker = named(wearing, belt)
    found = []
    for event in walker.run.log.found:
        if event["event"] == "step":
            at_s = walker.walk_s(event["contact"])
            named_way = way_of(strides, at_s)
            if named_way:
                found.append((at_s, event["direction"], named_way))
    wrong = tuple(row for row in found if row[1] != row[2])
    return Ways(len(found), len(found) - len(wrong), wrong)


def way_of(strides: Sequence[tuple[float, str]], at_s: float) -> str:
    """Return the direction of the stride that a step at a time [s] is part of; "" where the shoe named none.

    A step is part of the first stride that ends with it or after it.
    """
    ahead = [(end_s, way) for end_s, way in strides if -_SAME_S <= end_s - at_s < _NEAR_S]
    if not ahead:
        return ""
    way = min(ahead)[1]
    return "" if way == "unknown" else way


def stages(found: Sequence[Warned]) -> dict[str, list[float]]:
    """Return what a warning's way to the other pod's motor takes, by stage, and in all [ms]."""
    marks = ("crossing sample", "own motor", "radio asked", "radio there has it", "motor there")
    times = [(0.0, one.here_ms, one.sent_ms, one.heard_ms, one.there_ms) for one in found]
    made = {}
    for begin, end in ((0, 1), (0, 2), (2, 3), (3, 4), (0, 4)):
        pairs = [(row[begin], row[end]) for row in times]
        known = [after - before for before, after in pairs if before is not None and after is not None]
        made[f"{marks[begin]} -> {marks[end]}"] = known
    return made


def latency_table(found: Sequence[Warned]) -> Table:
    """Return how late warnings were at the other pod's motor, by stage, to print: median, p99, worst."""
    table = Table("from -> to", "median ms", "p99 ms", "worst ms", title=f"{len(found)} warnings")
    for what, values in stages(found).items():
        shares = [f"{percentile(values, share):.1f}" for share in (50, 99, 100)] if values else ["-"] * 3
        table.add_row(what, *shares)
    return table
