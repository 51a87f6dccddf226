"""A session as an activity: its whole, its laps, its seconds, and when it was; what every format is made of."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from host_tools.errors import UserError
from host_tools.sessions.session_figures import figures
from host_tools.sessions.session_log import SessionLog
from host_tools.sessions.strides import Stride, strides_of, way_m
from host_tools.sessions.timeline import Timeline, timeline

_WALKED = ("backward", "forward")


@dataclass(frozen=True)
class Stage:
    """A session or one of its laps.

    begin_s, end_s: since the session's first record.  told: as of session_figures.figures.  distance_m: of its
    strides forward and backward, None for a placement that senses none.  strides: their number, a lone step half.
    """

    begin_s: float
    end_s: float
    told: dict
    distance_m: float | None
    strides: int

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end_s - self.begin_s

    @property
    def steps(self) -> dict[str, int]:
        """Steps by backward, forward, other."""
        return {way: self.told[f"{way}_steps"] for way in ("backward", "forward", "other")}


@dataclass(frozen=True)
class Activity:
    """A session.  begin_ms: unix time of its first record, 0 = not known.  laps: at least one."""

    log: SessionLog
    line: Timeline
    strides: list[Stride]
    whole: Stage
    laps: list[Stage]
    begin_ms: int

    @property
    def is_run(self) -> bool:
        """Whether most strides were those of a run."""
        return (self.whole.told.get("running_pct") or 0) > 50

    def at(self, second: float) -> datetime:
        """Return the time of day at a second.  ValueError where nobody knows it."""
        if not self.begin_ms:
            raise ValueError(f"{self.log.name}: nobody knows when it was")
        return datetime.fromtimestamp(self.begin_ms / 1000 + second, UTC)

    def counted(self, event: str) -> np.ndarray:
        """Return how many events of a name were in each second."""
        last = self.line.seconds - 1
        at = [min(int(at_s), last) for at_s, record in self.line.events if record["event"] == event]
        return np.bincount(np.array(at, int), minlength=last + 1)


def activity(found: SessionLog, kg: float = 0.0, begin_ms: int = 0) -> Activity:
    """Return a session as an activity.

    kg: the wearer's mass where the log does not tell it.  begin_ms: when it began where no clock knew.
    UserError for a session without a record.
    """
    if not found.records:
        raise UserError(f"{found.name}: nothing is in it")
    strides = strides_of(found)
    whole, *laps = _stages(found, strides, figures(found, kg))
    begin_ms = begin_ms or found.unix_ms
    return Activity(found, timeline(found), strides, whole, laps or [whole], begin_ms)


def _stages(found: SessionLog, strides: list[Stride], told: list[dict]) -> list[Stage]:
    """Return the whole session, then its laps where there are several."""
    parts = found.parts()
    parts = parts if len(parts) == len(told) else parts[:1]
    stages, begin_s = [], 0.0
    for part, one in zip(parts, told, strict=True):
        own = strides[part.strides]
        walked = [stride for stride in own if stride.direction in _WALKED]
        steps = sum(part.steps.values())
        stages.append(
            Stage(begin_s, begin_s + part.seconds, one, way_m(walked) if strides else None, (steps + 1) // 2)
        )
        begin_s += part.seconds if part is not parts[0] else 0.0
    return stages
