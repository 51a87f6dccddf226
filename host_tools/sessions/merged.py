"""One session of the logs that pods worn together wrote of it: each tells what it senses best.

Strides are the shoe's. A step of a belt or a wrist takes the direction of the shoe's stride that covers its time,
and counts where no pod before it in RANK knows that time. Sways are the belt's; of what all of them log, as a mark
made on one, each is told once. Every record has the pod in `told_by`, a step also whether it is `counted`.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backstep.core import events
from backstep.core.log.log import BY_BAND
from backstep.core.log.log_reader import REASONS
from backstep.core.training.session import Session

from host_tools.event_words import DETECTED, coded
from host_tools.sessions.hub_time import HubTime
from host_tools.sessions.session_log import PodLog, SessionLog, count
from host_tools.sessions.strides import PAUSE_S

RANK = ("shoe", "belt", "wrist")  # whose word counts before another's
_RANK_OF_FALLS = ("belt", "shoe", "wrist")
_FALLS = ("fall", "fall_over", "fall_alarm", "near_fall")
# What several pods log of the same moment, and how far apart [s]: a fall is told when its wearer lies still.
_ONCE_S = dict.fromkeys(("mark", "snooze", "awake", "lap"), 2.0)
_ONCE_S |= dict.fromkeys(_FALLS, 10.0) | dict.fromkeys(("goal", "dose_stop"), 60.0)
_OF_ONE = ("begin", "end", "clock", "boot", "wearer", "rate", "gap")  # of a pod's own samples or start
_SAME_S = 0.15  # between what shoe and belt take for the same contact: less than half a step of a run
_ANOTHER = REASONS[BY_BAND]
_SLACK_S = 0.3  # of the step before a walk's first stride, and after its last


def band_of(found: SessionLog) -> int:
    """Return the number of the band's session that a pod's log is of, 0 for a pod alone."""
    told = [_number(record) for record in found.records if record["event"] == "band"]
    return max(told, key=told.count, default=0)


def _number(record: dict) -> int:
    return record["session_hi"] << 16 | record["session_lo"]


def without_copies(logs: list[tuple[Path, SessionLog]]) -> list[tuple[Path, SessionLog]]:
    """Return each log once, the longest where a folder holds copies of it, as a rescue makes them.

    logs: (file, log), each of the same band's session.  A log's hub time at a sample is nobody else's.
    """
    kept: list[tuple[Path, SessionLog, set]] = []
    for path, log in sorted(logs, key=lambda one: -len(one[1].records)):
        about = {
            (log.placement, log.boot, log.session, record["sample"], record["hub_ms"])
            for record in log.records if record["event"] == "band"
        }  # fmt: skip
        if not any(about & others for _, _, others in kept):
            kept.append((path, log, about))
    found = [path for path, _, _ in kept]
    return [one for one in logs if one[0] in found]


@dataclass
class _Pod:
    """A pod's log, and where its samples lie in the first pod's.

    name: its placement, with a number where it is a second one's.  rank: the lower, the more its word counts.
    """

    path: Path
    log: SessionLog
    own: HubTime
    first: HubTime
    name: str
    rank: int

    def at(self, sample: int) -> int:
        """Return a sample of this pod in the first one's."""
        if self.own is self.first:
            return sample
        return round(self.first.sample(self.first.near(self.own.ms(sample))))

    def known(self) -> list[tuple[int, int]]:
        """Return from where to where its log knows, in the first one's samples."""
        edges = [self.log.records[0]["sample"]]
        for begin, end in sorted(self.log.lost):
            edges += [begin, end]
        edges.append(self.log.records[-1]["sample"])
        spans = zip(edges[::2], edges[1::2], strict=True)
        return [(self.at(begin), self.at(end)) for begin, end in spans if begin <= end]


def merged(logs: list[tuple[Path, SessionLog]]) -> SessionLog:
    """Return one session of several pods' logs of it.

    logs: (file, log), each with band_of() of the same number; of one pod there may be two, where it started anew.
    """
    pods = _pods(sorted(logs, key=lambda one: (_rank(one[1].placement), -len(one[1].records))))
    found = _head(pods)
    for record in sorted(_rows(pods), key=lambda record: record["sample"]):
        found.records.append(record)
        if record["event"] == "lap":  # each pod has counted those that it knew of
            record["number"] = len(found.laps) + 2
        if record["event"] in DETECTED and record.get("counted", True):
            code, fields = coded(record)
            count(found, code, record["sample"], fields)
    found.lost = _unknown([span for pod in pods for span in pod.known()])
    _date(found, pods)
    return found


def _rank(placement: str, ranks: tuple[str, ...] = RANK) -> int:
    return ranks.index(placement) if placement in ranks else len(ranks)  # one of a newer firmware


def _pods(order: list[tuple[Path, SessionLog]]) -> list[_Pod]:
    """Return pods; two logs in a folder are one pod's."""
    folders: dict[str, list[Path]] = {}
    found: list[_Pod] = []
    for path, log in order:
        own = _hub_time(log)
        of_kind = folders.setdefault(log.placement, [])
        if path.parent not in of_kind:
            of_kind.append(path.parent)
        number = of_kind.index(path.parent) + 1
        name = log.placement if number == 1 else f"{log.placement} {number}"
        found.append(_Pod(path, log, own, found[0].own if found else own, name, _rank(log.placement)))
    return found


def _hub_time(log: SessionLog) -> HubTime:
    number = band_of(log)
    bands = [record for record in log.records if record["event"] == "band" and _number(record) == number]
    return HubTime([(record["sample"], record["hub_ms"]) for record in bands], log.true_rate_hz)


def _head(pods: list[_Pod]) -> SessionLog:
    """Return a session without records: what the first pod's log says of it, or else another's."""
    base = pods[0].log
    found = SessionLog(base.name, base.boot, base.session, base.placement, base.rate_hz)
    found.counts, found.rate_permille = Session(base.rate_hz), base.rate_permille
    found.missing, found.damaged_bytes = list(base.missing), base.damaged_bytes
    found.is_level = base.is_level
    found.wearer_kg = next((pod.log.wearer_kg for pod in pods if pod.log.wearer_kg), 0)
    found.pods = [PodLog(pod.path, pod.log, pod.own.residual_ms) for pod in pods]
    found.began = _why([pod.log.began for pod in pods if pod.log.began], "")
    found.ended = _why([pod.log.ended for pod in pods if pod.log.ended in REASONS], base.ended)
    return found


def _why(told: list[str], otherwise: str) -> str:
    """Return why a session began or ended: a pod that did it for another's sake knows it only from that one."""
    return next((why for why in told if why != _ANOTHER), told[0] if told else otherwise)


def _rows(pods: list[_Pod]) -> Iterator[dict]:
    """Yield the records of all pods in the first one's samples."""
    told = [
        record | _times(record, pod) | {"told_by": pod.name}
        for pod in pods
        for record in pod.log.records
        if pod is pods[0] or record["event"] not in _OF_ONE
    ]
    ways = sorted((one["contact"], one["start"], one["direction"]) for one in told if one["event"] == "stride")
    rate_hz = pods[0].log.true_rate_hz
    better = {one.name: [span for pod in pods if pod.rank < one.rank for span in pod.known()] for one in pods}
    for record in _once(told, rate_hz):
        if record["event"] == "step":
            contact = record["contact"]
            record["direction"] = _way_at(ways, contact, rate_hz) or record["direction"]
            record["counted"] = not any(begin <= contact <= end for begin, end in better[record["told_by"]])
        yield record


def _times(record: dict, pod: _Pod) -> dict:
    return {name: pod.at(record[name]) for name in ("sample", "start", "contact") if name in record}


def _way_at(ways: list[tuple[int, int, str]], contact: int, rate_hz: float) -> str:
    """Return which way the stride went that covers a contact, "" where none does or nobody could judge it.

    ways: (contact, start, direction) of strides, in their order.
    """
    slack = _SLACK_S * rate_hz
    at = bisect_left(ways, (contact - round(_SAME_S * rate_hz),))
    inside = at < len(ways) and _begin(ways, at, rate_hz) - slack <= contact
    after = at > 0 and contact <= ways[at - 1][0] + slack
    if not inside and not after:
        return ""
    way = ways[at if inside else at - 1][2]
    return way if way != events.DIRECTIONS[events.UNKNOWN] else ""


def _begin(ways: list[tuple[int, int, str]], at: int, rate_hz: float) -> int:
    """Return when a stride began: at the contact before, or as its foot left the ground after a pause."""
    contact, start, _ = ways[at]
    before = ways[at - 1][0] if at else start
    return before if contact - before <= PAUSE_S * rate_hz else start


def _once(told: list[dict], rate_hz: float) -> list[dict]:
    """Leave out what another pod has told of the same moment; of one pod each counts once against it."""
    kept = [record for record in told if record["event"] not in _ONCE_S]
    for name, apart_s in _ONCE_S.items():
        rank = _RANK_OF_FALLS if name in _FALLS else RANK
        same = [record for record in told if record["event"] == name]
        same.sort(key=lambda one: _rank(one["told_by"].split()[0], rank))
        kept += _firsts(same, apart_s * rate_hz)
    return kept


def _firsts(same: list[dict], apart: float) -> list[dict]:
    """Return those that no pod before has told.

    same: of a kind, in the order of rank.  apart: samples between two that are the same, at most.
    """
    first: list[tuple[dict, set[str]]] = []
    for record in same:
        near = [
            (abs(record["sample"] - one["sample"]), at)
            for at, (one, heard) in enumerate(first)
            if record["told_by"] not in heard and abs(record["sample"] - one["sample"]) <= apart
        ]
        if near:
            first[min(near)[1]][1].add(record["told_by"])
        else:
            first.append((record, {record["told_by"]}))
    return [record for record, _ in first]


def _unknown(known: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans between what somebody knows."""
    found, upto = [], min(begin for begin, _ in known)
    for begin, end in sorted(known):
        if begin > upto:
            found.append((upto, begin))
        upto = max(upto, end)
    return found


def _date(found: SessionLog, pods: list[_Pod]) -> None:
    """Say when it began, by the first pod that any clock told it."""
    for pod in pods:
        if pod.log.unix_ms:
            later = pod.at(pod.log.records[0]["sample"]) - found.records[0]["sample"]
            found.unix_ms = pod.log.unix_ms - round(1000 * later / found.true_rate_hz)
            found.utc_offset_min = pod.log.utc_offset_min
            return
