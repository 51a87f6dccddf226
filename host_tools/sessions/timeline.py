"""A session second by second: steps, cadence, speed, way, height, grade, strides, impact, heart rate, events."""

from dataclasses import dataclass

import numpy as np

from host_tools.sessions import heart
from host_tools.sessions.session_log import SessionLog
from host_tools.sessions.strides import BLOCK, Stride, apart, chunks_of, grade_of, strides_of, way_m

WAYS = ("backward", "forward", "other")
_WALKED = ("backward", "forward")
_LEAST_S = 1e-3  # of a second covered: less is what rounding leaves
_NOT_TOLD = ("stride", "step", "heart", "band")  # events that are in the series already, or tell nobody anything


@dataclass(frozen=True)
class Timeline:
    """Arrays of one value a second from the session's first record on.

    NaN is what was not sensed: all of a placement that senses none of it, and while nobody walks.

    unix_ms: when second 0 began, 0 = no clock knew.
    known: False where the log has nothing, blocks being lost or samples missed.
    steps: int, by backward, forward, other; they add up to the session's counts.
    direction: "backward", "forward", "other", "" while nobody walks.
    cadence_spm: steps of both feet a minute.  speed_m_s: of strides forward and backward.
    Neither is there for the stride after a pause, whose beginning is not known.
    distance_m, height_m: since the start, at the second's end, of strides forward and backward.
    grade_pct: of the block of strides that the second is in, only where the pod's level was calibrated.
    stride_m, stance_ms, impact_mg: of the strides that the second is in.
    heart_bpm: as a strap told it, NaN while none was heard.
    events: (second as a float, record as of SessionLog.records), but for strides, steps, heart, band.
    """

    unix_ms: int
    known: np.ndarray
    steps: dict[str, np.ndarray]
    direction: np.ndarray
    cadence_spm: np.ndarray
    speed_m_s: np.ndarray
    distance_m: np.ndarray
    height_m: np.ndarray
    grade_pct: np.ndarray
    stride_m: np.ndarray
    stance_ms: np.ndarray
    impact_mg: np.ndarray
    heart_bpm: np.ndarray
    events: list[tuple[float, dict]]

    @property
    def seconds(self) -> int:
        """How many there are."""
        return len(self.known)


@dataclass(frozen=True)
class _Stretch:
    """From one contact to the next [s since the first record], its way, and steps that count at its end."""

    begin_s: float
    end_s: float
    way: str
    steps: int
    cadence_spm: float


def timeline(found: SessionLog, strides: list[Stride] | None = None) -> Timeline:
    """Return a session second by second.

    found: as of session_log.load, with at least one record.  strides: as of strides_of.
    """
    first, seconds = found.records[0]["sample"], max(1, int(np.ceil(found.seconds)))
    strides = strides_of(found) if strides is None else strides
    stretches = sorted([*_of_strides(strides), *_of_steps(found)], key=lambda one: one.end_s)
    walked = [stride for stride in strides if stride.direction in _WALKED]
    return Timeline(
        unix_ms=found.unix_ms,
        known=_known(found, seconds),
        steps={way: _counted(stretches, way, seconds) for way in WAYS},
        direction=_direction(stretches, seconds),
        cadence_spm=_mean([(one.begin_s, one.end_s, one.cadence_spm) for one in stretches], seconds),
        speed_m_s=_of(walked, lambda one: one.length_m / (one.time_s or np.nan), seconds),
        distance_m=_since_start(walked, lambda one: one.length_m, seconds),
        height_m=_since_start(walked, lambda one: one.height_m, seconds),
        grade_pct=_grade_pct(strides if found.is_level else [], seconds),
        stride_m=_of(strides, lambda one: one.length_m, seconds),
        stance_ms=_of(strides, lambda one: 1000 * one.stance_s if one.stance_s else None, seconds),
        impact_mg=_of(strides, lambda one: one.impact_mg, seconds),
        heart_bpm=_mean(heart.spans(found), seconds),
        events=[
            ((record["sample"] - first) / found.true_rate_hz, record)
            for record in found.records
            if record["event"] not in _NOT_TOLD
        ],
    )


def _of_strides(strides: list[Stride]) -> list[_Stretch]:
    return [
        _Stretch(one.begin_s, one.contact_s, _way(one.direction), one.counted, 120 / (one.time_s or np.nan))
        for one in strides
    ]


def _of_steps(found: SessionLog) -> list[_Stretch]:
    rate_hz, first = found.true_rate_hz, found.records[0]["sample"]
    steps = [one for one in found.records if one["event"] == "step" and one.get("counted", True)]
    at_s = [(one["contact"] - first) / rate_hz for one in steps]
    return [
        _Stretch(end_s - (since_s or 0.0), end_s, _way(one["direction"]), one["steps"], 60 / (since_s or np.nan))
        for one, end_s, since_s in zip(steps, at_s, apart(at_s), strict=True)
    ]


def _way(direction: str) -> str:
    return direction if direction in _WALKED else "other"


def _known(found: SessionLog, seconds: int) -> np.ndarray:
    known = np.ones(seconds, bool)
    rate_hz, first = found.true_rate_hz, found.records[0]["sample"]
    for begin, end in found.lost:
        known[max(0, int((begin - first) // rate_hz)) : int(-(-(end - first) // rate_hz))] = False
    return known


def _counted(stretches: list[_Stretch], way: str, seconds: int) -> np.ndarray:
    """Return steps by the second in which they end."""
    of_way = [one for one in stretches if one.way == way]
    at = np.clip([int(one.end_s) for one in of_way], 0, seconds - 1).astype(int)
    return np.bincount(at, [one.steps for one in of_way], seconds).astype(int)


def _direction(stretches: list[_Stretch], seconds: int) -> np.ndarray:
    """Return which way most of each second went."""
    spans = {way: [(one.begin_s, one.end_s, 1.0) for one in stretches if one.way == way] for way in WAYS}
    of_way = np.array([_covered(spans[way], seconds)[1] for way in WAYS])
    return np.where(of_way.max(axis=0) > _LEAST_S, np.array(WAYS)[of_way.argmax(axis=0)], "")


def _of(strides: list[Stride], value, seconds: int) -> np.ndarray:
    return _mean([(one.begin_s, one.contact_s, value(one)) for one in strides], seconds)


def _grade_pct(strides: list[Stride], seconds: int) -> np.ndarray:
    chunks = [chunk for chunk in chunks_of(strides) if len(chunk) >= BLOCK]
    spans = [(chunk[0].begin_s, chunk[-1].contact_s, 100 * grade_of(chunk)) for chunk in chunks if way_m(chunk)]
    return _mean(spans, seconds)


def _mean(spans: list[tuple], seconds: int) -> np.ndarray:
    """Return the mean of values over each second, by how long they hold; spans without a value are left out."""
    held, covered = _covered([span for span in spans if span[2] is not None and not np.isnan(span[2])], seconds)
    return np.divide(held, covered, out=np.full(seconds, np.nan), where=covered > _LEAST_S)


def _covered(spans: list[tuple], seconds: int) -> tuple[np.ndarray, np.ndarray]:
    """Return value times time of each second, and the time covered [s].  spans: (begin, end, value), in order."""
    if not spans:
        return np.zeros(seconds), np.zeros(seconds)
    begins, ends, values = (np.array(column, float) for column in zip(*spans, strict=True))
    begins[1:] = np.maximum(begins[1:], ends[:-1])
    lengths = np.maximum(ends - begins, 0.0)
    knots = np.column_stack([begins, begins + lengths]).ravel()
    held = np.column_stack([np.cumsum(values * lengths) - values * lengths, np.cumsum(values * lengths)]).ravel()
    covered = np.column_stack([np.cumsum(lengths) - lengths, np.cumsum(lengths)]).ravel()
    edges = np.arange(seconds + 1)
    return np.diff(np.interp(edges, knots, held)), np.diff(np.interp(edges, knots, covered))


def _since_start(strides: list[Stride], value, seconds: int) -> np.ndarray:
    """Return the sum since the start at each second's end; a stride's part grows evenly.  NaN without strides."""
    if not strides:
        return np.full(seconds, np.nan)
    total = np.cumsum([value(one) for one in strides])
    knots = np.maximum.accumulate([at for one in strides for at in (one.begin_s, one.contact_s)])
    sums = np.column_stack([np.concatenate([[0.0], total[:-1]]), total]).ravel()
    ends = np.arange(1, seconds + 1)
    ends[-1] = max(ends[-1], int(np.ceil(knots[-1])))
    return np.interp(ends, knots, sums)
