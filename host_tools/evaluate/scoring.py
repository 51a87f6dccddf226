"""Score found strides and steps against labels; pure functions of lists, no files, no detector."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

MARGIN_S = 0.15  # a swing's labels are extended by this on both sides
CONTACT_TOLERANCE_S = 0.25
FEWEST_STEPS = 20  # a walk shorter than this has no percentage error
LONGEST_STRIDE_S = 3.0  # between two contacts of a foot that lie further apart there was a pause
NOT_SCORED = ("turn", "other")


@dataclass(frozen=True)
class Window:
    """One true stride: the middle of a found one must fall into [start_s, end_s].

    contact_s: its initial contact as labelled; speed_mps: its length over its time; None where no label says.
    """

    start_s: float
    end_s: float
    direction: str
    contact_s: float | None = None
    speed_mps: float | None = None

    @property
    def scored(self) -> bool:
        return self.direction not in NOT_SCORED


@dataclass(frozen=True)
class Matched:
    """One true stride and the one found for it.

    late_ms: from the labelled contact to the event.  time_error_ms: found less labelled time since the
    contact before, where that one was found too.  None where labels do not say.
    """

    true: str
    called: str
    confidence_pct: int | None = None
    speed_mps: float | None = None
    late_ms: float | None = None
    time_error_ms: float | None = None


@dataclass
class StrideScore:
    """Counts over strides; `extra` are found ones without a true one."""

    found: int = 0
    missed: int = 0
    extra: int = 0
    unscored: int = 0
    confusion: Counter = field(default_factory=Counter)
    latency_s: list[float] = field(default_factory=list)
    matched: list[Matched] = field(default_factory=list)

    def add(self, other: "StrideScore") -> None:
        """Add another recording's counts."""
        self.found += other.found
        self.missed += other.missed
        self.extra += other.extra
        self.unscored += other.unscored
        self.confusion += other.confusion
        self.latency_s += other.latency_s
        self.matched += other.matched

    @property
    def precision(self) -> float:
        return share(self.found, self.found + self.extra)

    @property
    def recall(self) -> float:
        return share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float:
        return share(2 * self.found, 2 * self.found + self.extra + self.missed)

    def called(self, true: str, direction: str) -> float:
        """Return the share of all true strides of one direction that were found and called `direction`."""
        total = sum(count for (name, _), count in self.confusion.items() if name == true)
        return share(self.confusion[true, direction], total)


def share(part: float, whole: float) -> float:
    """Return part / whole, nan when there is no whole."""
    return part / whole if whole else float("nan")


def percent(part: int, whole: int) -> float | None:
    """Return part of whole in %, to two places; None when there is no whole."""
    return round(100 * part / whole, 2) if whole else None


def match(middles_s: Sequence[float], windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Return (found, true) pairs: one to one, in time order, each as early as possible."""
    pairs = []
    first = 0
    for i, middle in enumerate(middles_s):
        for j in range(first, len(windows)):
            if windows[j].start_s <= middle <= windows[j].end_s:
                pairs.append((i, j))
                first = j + 1
                break
    return pairs


def score_strides(strides: list[dict], windows: list[Window], rate_hz: float, bounds_s=None) -> StrideScore:
    """Return the score of one recording.

    strides: replay's stride events.  windows: its true strides.  rate_hz: of the rows events count in [Hz].
    bounds_s: (from, to); strides, found and true, whose middle lies outside are no concern.
    """
    timed = [((s["start"] + s["contact"]) / 2 / rate_hz, s) for s in strides]
    if bounds_s:
        timed = [(middle, s) for middle, s in timed if bounds_s[0] <= middle <= bounds_s[1]]
        windows = [w for w in windows if bounds_s[0] <= (w.start_s + w.end_s) / 2 <= bounds_s[1]]
    pairs = match([middle for middle, _ in timed], windows)
    score = StrideScore(extra=len(timed) - len(pairs))
    score.matched = _matched([_found(s, rate_hz) for _, s in timed], windows, pairs)
    for i, j in pairs:
        stride = timed[i][1]
        score.confusion[windows[j].direction, stride["direction"]] += 1
        score.latency_s.append((stride["sample"] - stride["contact"]) / rate_hz)
        score.found += windows[j].scored
        score.unscored += not windows[j].scored
    hit = {j for _, j in pairs}
    for j, window in enumerate(windows):
        if j not in hit:
            score.confusion[window.direction, "missed"] += 1
            score.missed += window.scored
    return score


@dataclass(frozen=True)
class _Found:
    contact_s: float
    emitted_s: float | None
    called: str
    confidence_pct: int | None = None


def _found(stride: dict, rate_hz: float) -> _Found:
    contact_s, emitted_s = stride["contact"] / rate_hz, stride["sample"] / rate_hz
    return _Found(contact_s, emitted_s, stride["direction"], stride.get("confidence_pct"))


def _matched(found: Sequence[_Found], windows: Sequence[Window], pairs: list[tuple[int, int]]) -> list[Matched]:
    matched = []
    before = (-1, -1)
    for i, j in pairs:
        one, window = found[i], windows[j]
        late_s = error_s = None
        if window.contact_s is not None:
            late_s = one.emitted_s - window.contact_s if one.emitted_s is not None else None
            if min(before) >= 0 and before == (i - 1, j - 1):
                error_s = _time_error_s(found[i - 1], one, windows[j - 1], window)
        matched.append(
            Matched(window.direction, one.called, one.confidence_pct, window.speed_mps, _ms(late_s), _ms(error_s))
        )
        before = (i, j)
    return matched


def _time_error_s(last: _Found, one: _Found, last_true: Window, true: Window) -> float | None:
    if last_true.contact_s is None or true.contact_s is None:
        return None
    true_s = true.contact_s - last_true.contact_s
    return one.contact_s - last.contact_s - true_s if true_s <= LONGEST_STRIDE_S else None


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * seconds


def counted_steps(events: list[dict]) -> int:
    """Return the steps that a recording's stride and step events give."""
    return sum(event["steps"] for event in events if event["event"] in ("stride", "step"))


@dataclass(frozen=True)
class StepCount:
    """Steps counted against steps taken in one recording of duration_s; worn: the set's words for where."""

    counted: int
    taken: int
    duration_s: float
    worn: str = ""


def mape_pct(counts: Sequence[StepCount], fewest: int = FEWEST_STEPS) -> float:
    """Return the mean absolute percentage error over walks of so many steps or more, nan without any."""
    walks = [c for c in counts if c.taken >= fewest]
    return 100 * share(sum(abs(c.counted - c.taken) / c.taken for c in walks), len(walks))


def signed_pct(counts: Sequence[StepCount]) -> float:
    """Return the error of the total over the same walks, + = counted too many."""
    walks = [c for c in counts if c.taken >= FEWEST_STEPS]
    return 100 * share(sum(c.counted - c.taken for c in walks), sum(c.taken for c in walks))


def false_per_hour(counts: Sequence[StepCount]) -> float:
    """Return the steps counted per hour of recordings without a step, nan without any."""
    idle = [c for c in counts if c.taken == 0]
    return 3600 * share(sum(c.counted for c in idle), sum(c.duration_s for c in idle))


def score_contacts(found_s: Sequence[float], true_s: Sequence[float], bouts_s, emitted_s=None) -> StrideScore:
    """Return found, missed and extra initial contacts inside walking bouts, to CONTACT_TOLERANCE_S.

    emitted_s: when each found one was told, where that is to be scored too.
    """

    def inside(t):
        return any(low - CONTACT_TOLERANCE_S <= t <= high + CONTACT_TOLERANCE_S for low, high in bouts_s)

    windows = [Window(t - CONTACT_TOLERANCE_S, t + CONTACT_TOLERANCE_S, "contact", t) for t in sorted(true_s)]
    told = zip(found_s, emitted_s or [None] * len(found_s), strict=True)
    found = [_Found(t, emitted, "contact") for t, emitted in sorted(told, key=lambda one: one[0]) if inside(t)]
    pairs = match([one.contact_s for one in found], windows)
    score = StrideScore(len(pairs), len(windows) - len(pairs), len(found) - len(pairs))
    score.matched = _matched(found, windows, pairs)
    return score


def heel_lengths(strides: list[dict], rate_hz: float, heel_mm: np.ndarray, heel_rate_hz: float) -> np.ndarray:
    """Return rows of (found length, true length, found height, true height) [mm].

    heel_mm: motion capture path of the heel (n, 3), nan where unseen, same time zero.  A stride's truth is
    the way between the heel's slowest moments in the half second before its start and after its contact.
    """
    rows = []
    for stride in strides:
        start, contact = stride["start"] / rate_hz, stride["contact"] / rate_hz
        before = _slowest(heel_mm, heel_rate_hz, start - 0.5, start)
        after = _slowest(heel_mm, heel_rate_hz, contact, contact + 0.5)
        if before is not None and after is not None:
            way = after - before
            rows.append((stride["stride_mm"], np.hypot(way[0], way[1]), stride["height_mm"], way[2]))
    return np.array(rows, dtype=float).reshape(-1, 4)


def _slowest(path: np.ndarray, rate_hz: float, low_s: float, high_s: float):
    reach = max(1, round(0.03 * rate_hz))
    at = np.arange(max(reach, int(low_s * rate_hz)), min(len(path) - reach, int(high_s * rate_hz)))
    if not len(at):
        return None
    speed = np.linalg.norm(path[at + reach] - path[at - reach], axis=1)
    if not np.isfinite(speed).any():
        return None
    rest = path[at[np.nanargmin(speed)]]
    return rest if np.isfinite(rest).all() else None
