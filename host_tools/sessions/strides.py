"""The strides of a session in a person's units, the walks they make, and the blocks that have a grade."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from backstep.core import event_names, events
from backstep.core.shoe import stride_figures

from host_tools.sessions.session_log import SessionLog

PAUSE_S = 3.0  # longer from one contact to the next is no gait
BLOCK = 20  # strides whose mean grade says something


@dataclass(frozen=True)
class Stride:
    """A stride; times [s], lengths [m].

    contact_s: since the session's first record.  time_s: from the contact before, None where that is longer ago
    than a pause.  stance_s, duty: before the stride, and over it; None where not known.  landing, impact_mg:
    "unknown" and None in logs that lack them.  counted: steps that it is for the pod, none for a lone movement.
    """

    contact_s: float
    swing_s: float
    time_s: float | None
    direction: str
    length_m: float
    height_m: float
    stance_s: float | None
    duty: float | None
    landing: str
    impact_mg: int | None
    clipped: bool
    counted: int = 0

    @property
    def begin_s(self) -> float:
        """When the contact before was, or the foot left the ground after a pause; as contact_s."""
        return self.contact_s - (self.time_s or self.swing_s)


def apart(contacts_s: list[float]) -> list[float | None]:
    """Return the time from the contact before to each contact [s], None for the first one and after a pause."""
    apart_s = [later - earlier for earlier, later in pairwise(contacts_s)]
    return [None, *(one if 0 < one <= PAUSE_S else None for one in apart_s)][: len(contacts_s)]


def strides_of(found: SessionLog) -> list[Stride]:
    """Return a session's strides in their order."""
    first = found.records[0]["sample"] if found.records else 0
    contacts_s = [(fields[1] - first) / found.true_rate_hz for fields in found.strides]
    known = zip(contacts_s, apart(contacts_s), _counted(found.strides), strict=True)
    return [
        _stride(fields, found, {"contact_s": contact_s, "time_s": time_s, "counted": steps})
        for fields, (contact_s, time_s, steps) in zip(found.strides, known, strict=True)
    ]


def _counted(rows: list[list[int]]) -> list[int]:
    """Return the steps of each stride: two, for those that the pod counted, the first ones of a walk later."""
    counted = [0] * len(rows)
    for index, fields in enumerate(rows):
        for one in range(max(0, index + 1 - fields[6] // 2), index + 1):
            counted[one] = 2
    return counted


def _stride(fields: list[int], found: SessionLog, known: dict) -> Stride:
    """Return a stride; its stance was timed on the pod, by the nominal rate."""
    return Stride(
        swing_s=(fields[1] - fields[0]) / found.true_rate_hz,
        direction=events.DIRECTIONS[fields[2]],
        length_m=fields[3] / 1000,
        height_m=fields[4] / 1000,
        stance_s=fields[8] / found.rate_permille or None,
        duty=fields[8] / stride_figures.stride_ms(fields, found.rate_hz) if fields[8] else None,
        landing=event_names.LANDINGS[fields[9]],
        impact_mg=fields[11] or None,
        clipped=fields[12] > 0,
        **known,
    )


def walks_of(strides: list[Stride]) -> Iterator[list[Stride]]:
    """Yield runs of strides of one direction without a pause."""
    walk: list[Stride] = []
    for stride in strides:
        if walk and (stride.time_s is None or stride.direction != walk[-1].direction):
            yield walk
            walk = []
        walk.append(stride)
    if walk:
        yield walk


def inner_of(strides: list[Stride], direction: str) -> Iterator[Stride]:
    """Yield the strides of walks in a direction without the first and last of each: these begin and end a walk."""
    for walk in walks_of(strides):
        if walk[0].direction == direction:
            yield from (stride for stride in walk[1:-1] if stride.time_s)


def chunks_of(strides: list[Stride]) -> Iterator[list[Stride]]:
    """Yield BLOCK strides at a time of each walk forward or backward, what is over with the last of them."""
    for walk in walks_of(strides):
        if walk[0].direction not in ("forward", "backward"):
            continue
        count = max(1, len(walk) // BLOCK)
        for i in range(count):
            yield walk[i * BLOCK : (i + 1) * BLOCK if i + 1 < count else None]


def way_m(chunk: list[Stride]) -> float:
    """Return the length of strides together [m]."""
    return sum(stride.length_m for stride in chunk)


def grade_of(chunk: list[Stride]) -> float:
    """Return the mean grade, height over length."""
    return sum(stride.height_m for stride in chunk) / max(way_m(chunk), 0.001)
