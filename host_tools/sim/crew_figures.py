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
    """

    pattern: str
    at_s: float
    here_ms: float | None
    there_ms: float | None
    said: bool

    @property
    def way_ms(self) -> float | None:
        """From the one motor to the other [ms]."""
        return None if self.here_ms is None or self.there_ms is None else self.there_ms - self.here_ms


def named(wearing: Wearing, name: str) -> WornPod:
    """Return the pod of this name."""
    return next(pod for pod in wearing.pods if pod.worn.called == name)


def warnings(wearing: Wearing, sensing: str = "belt", noticed: str = "wrist") -> list[Warned]:
    """Return what became of each warning of one pod at another.  sensing, noticed: names of pods."""
    here, there = named(wearing, sensing), named(wearing, noticed)
    return [
        Warned(
            event["event"],
            at_s := here.walk_s(event["sample"]),
            motor_ms(here, at_s),
            motor_ms(there, at_s),
            any(at_s <= said_s < at_s + WITHIN_S for said_s in buzzes(there, event["event"])),
        )
        for event in here.run.log.found
        if event["event"] in WARNINGS
    ]


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


def latency_table(found: Sequence[Warned]) -> Table:
    """Return how late warnings were at either motor, to print: median, 99th percentile, worst."""
    heads = ("from the sample to", "median ms", "p99 ms", "worst ms")
    table = Table(*heads, box=None, padding=(0, 2, 0, 0), header_style="bold")
    for what, values in (
        ("the sensing pod's motor", [one.here_ms for one in found]),
        ("the other pod's motor", [one.there_ms for one in found]),
        ("the one from the other", [one.way_ms for one in found]),
    ):
        known = [value for value in values if value is not None]
        shares = [f"{percentile(known, share):.1f}" for share in (50, 99, 100)] if known else ["-"] * 3
        table.add_row(what, *shares)
    return table
