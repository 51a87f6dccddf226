"""Session logs that were fetched from a pod: what is in them, and what is missing."""

from binascii import crc32
from dataclasses import dataclass, field
from pathlib import Path

from backstep.core import events
from backstep.core.log import log
from backstep.core.log.log_format import MAGIC, VERSION_AT
from backstep.core.log.log_reader import REASONS, Reader, decode
from backstep.core.log.recording import PLACEMENTS
from backstep.core.training.session import Session

from host_tools.errors import UserError


@dataclass
class Part:
    """A session, or one of its laps.

    name: "session", "lap 1", ...  steps: by backward, forward, other.  strides, contacts: which ones of the log's.
    """

    name: str
    seconds: float
    steps: dict[str, int]
    strides: slice
    contacts: slice


@dataclass
class _Lap:
    """Where a lap begins: its number, sample, and how many steps, strides and contacts there were before."""

    number: int
    sample: int
    steps: tuple[int, int, int]
    strides: int
    contacts: int


@dataclass(frozen=True)
class PodLog:
    """What one pod of a band has of a session that several logged.

    path: of its file.  log: alone, in its own samples.  apart_ms: how far its clock may be off from the others',
    as of HubTime.residual_ms; None where nothing tells.
    """

    path: Path
    log: "SessionLog"
    apart_ms: float | None


@dataclass
class SessionLog:
    """One session's log, or those of several pods worn together as one (merged.py), in the first one's samples.

    records: decoded, in their order.  missing: numbers of blocks that are not there, but for what came after the
    last one.  lost: from which sample to which nothing is known, for want of blocks or since the pod missed
    samples.  damaged_bytes: that are no sound block.  began, ended: why, "" where the log does not say.
    unix_ms: when it began, 0 = no clock knew.  utc_offset_min: of the wearer's clock then, None = not told.
    counts: what its events add up to.  strides: all fields of each, as of the event; those that an older log lacks
    are 0.  contacts: samples of single steps.
    is_level: whether the pod's level was calibrated.  wearer_kg: 0 = not told.
    rate_hz: nominal.  rate_permille: the true sample rate over that [0.1 %], by which the pod measured lengths.
    pods: of whom it is put together, [] for one pod's alone.
    """

    name: str
    boot: int
    session: int
    placement: str
    rate_hz: int
    unix_ms: int = 0
    utc_offset_min: int | None = None
    records: list[dict] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    lost: list[tuple[int, int]] = field(default_factory=list)
    damaged_bytes: int = 0
    began: str = ""
    ended: str = ""
    counts: Session = field(default_factory=lambda: Session(1))
    strides: list[list[int]] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    is_level: bool = False
    wearer_kg: int = 0
    rate_permille: int = 1000
    laps: list[_Lap] = field(default_factory=list)
    pods: list[PodLog] = field(default_factory=list)

    @property
    def worn(self) -> tuple[str, ...]:
        """The placements of all pods that it is of."""
        return tuple(dict.fromkeys(pod.log.placement for pod in self.pods)) or (self.placement,)

    @property
    def true_rate_hz(self) -> float:
        """Samples a second, as far as the pod knew them."""
        return self.rate_hz * self.rate_permille / 1000

    @property
    def seconds(self) -> float:
        """From the first record to the last one [s]."""
        samples = self.records[-1]["sample"] - self.records[0]["sample"] if self.records else 0
        return samples / self.true_rate_hz

    @property
    def gaps(self) -> int:
        """Samples that the pod missed, and stated."""
        return self.counts.missing

    def parts(self) -> list[Part]:
        """Return the whole session, then its laps, the first one from its beginning."""
        first = self.records[0]["sample"] if self.records else 0
        last = self.records[-1]["sample"] if self.records else 0
        begin, end = _Lap(1, first, (0, 0, 0), 0, 0), self._mark(0, last)
        edges = [begin, *self.laps, end]
        return [self._part("session", begin, end)] + [
            self._part(f"lap {one.number}", one, other) for one, other in zip(edges, edges[1:], strict=False)
        ]

    def _mark(self, number: int, sample: int) -> _Lap:
        steps = self.counts.backward, self.counts.forward, self.counts.other
        return _Lap(number, sample, steps, len(self.strides), len(self.contacts))

    def _part(self, name: str, one: _Lap, other: _Lap) -> Part:
        counted = [after - before for before, after in zip(one.steps, other.steps, strict=True)]
        steps = dict(zip(("backward", "forward", "other"), counted, strict=True))
        strides, contacts = slice(one.strides, other.strides), slice(one.contacts, other.contacts)
        return Part(name, (other.sample - one.sample) / self.true_rate_hz, steps, strides, contacts)


def load(path: Path) -> SessionLog:
    """Read a session's log past any damage; UserError when it has no sound block, or those of a newer firmware."""
    data = read(path)
    reader = Reader(data, crc32)
    found: SessionLog | None = None
    expected = 0
    for head, offset, length in reader.blocks():
        if found is None:
            rate_hz = head["rate_hz"]
            kind = PLACEMENTS[head["placement"]] if head["placement"] < len(PLACEMENTS) else "unknown"
            found = SessionLog(path.name, head["boot"], head["session"], kind, rate_hz, counts=Session(rate_hz))
        if head["number"] > expected and found.records:
            found.lost.append((found.records[-1]["sample"], head["sample"]))
        found.missing += range(expected, head["number"])
        expected = head["number"] + 1
        if head["unix_s"]:
            found.unix_ms = 1000 * head["unix_s"] + head["unix_ms"]
        for code, sample, fields in reader.records(head, offset, length):
            _take(found, code, sample, fields)
    if found is None:
        raise UserError(f"{path}: {why_none(reader.damaged_bytes, data)}")
    found.damaged_bytes = reader.damaged_bytes
    if found.unix_ms and found.records:
        found.unix_ms += round(1000 * found.records[0]["sample"] / found.true_rate_hz)
    return found


def read(path: Path) -> bytes:
    """Return what a file holds; UserError, with its name, where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror or error}") from error


def why_none(damaged_bytes: int, data: bytes) -> str:
    """Return why a file has no sound block, and what to do.  damaged_bytes: its size, all of them passed over."""
    newest = MAGIC[VERSION_AT]
    if data[:VERSION_AT] == MAGIC[:VERSION_AT] and len(data) > VERSION_AT and data[VERSION_AT] > newest:
        return f"its log is of version {data[VERSION_AT]}, and this backstep knows them up to {newest}: update it"
    return f"no session log: no sound block in its {damaged_bytes} bytes; fetch it anew (backstep sync)"


def _take(found: SessionLog, code: int, sample: int, fields: list[int]) -> None:
    found.records.append(decode(code, sample, fields))
    if code == log.BEGIN:
        found.began = found.began or found.records[-1]["reason"]
    elif code == log.END:
        found.ended = found.records[-1]["reason"]
    elif code == log.CLOCK and found.utc_offset_min is None:
        found.utc_offset_min = found.records[-1].get("utc_offset_min")
    elif code == log.WEARER:
        found.is_level, found.wearer_kg = fields[0] == 1, fields[2]
    elif code == log.RATE:
        found.rate_permille = fields[0]
    elif code < log.BEGIN:
        count(found, code, sample, fields)


def count(found: SessionLog, code: int, sample: int, fields: list[int]) -> None:
    """Add an event to what a session comes to, but for its records.  code, fields: of the event."""
    if code == events.LAP:
        found.laps.append(found._mark(fields[0], sample))
    elif code == events.STRIDE:
        found.strides.append([*fields, *[0] * (events.FIELD_COUNT - len(fields))])
    elif code == events.STEP:
        found.contacts.append(fields[0])
    elif code == events.GAP:
        found.lost.append((sample - fields[0], sample))
    found.counts.add(code, fields)


def what_is_missing(found: SessionLog) -> str:
    """Return in words what is missing of a session, of each pod of it, "" when nothing is."""
    if found.pods:
        told = [(pod.log.placement, what_is_missing(pod.log)) for pod in found.pods]
        return "; ".join(f"{name}: {words}" for name, words in told if words)
    faults = []
    if found.missing:
        blocks = f"{len(found.missing)} block{'s' * (len(found.missing) > 1)}"
        faults.append(f"{blocks} lost ({_ranges(found.missing)})")
    if found.damaged_bytes:
        faults.append(f"{found.damaged_bytes} bytes damaged")
    if found.ended not in REASONS:
        faults.append("no end: cut off, or not fetched whole")
    if found.gaps:
        faults.append(f"{found.gaps} samples missed by the pod")
    return ", ".join(faults)


def _ranges(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}..{run[-1]}" for run in runs)
