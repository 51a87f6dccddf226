"""Score found strides and steps against labels; pure functions of lists, no files, no detector."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

MARGIN_S = 0.15  # a swing's labels are extended by this on both sides
CONTACT_TOLERANCE_S = 0.25
FEWEST_STEPS = 20  # a walk shorter than this has no percentage error
_NOT_SCORED = ("turn", "other")
_NAMES = {"side_left": "left", "side_right": "right"}


@dataclass(frozen=True)
class Window:
    """One true stride: the middle of a found one must fall into [start_s, end_s]."""

    start_s: float
    end_s: float
    direction: str

    @property
    def scored(self) -> bool:
        return self.direction not in _NOT_SCORED


@dataclass
class StrideScore:
    """Counts over strides; `extra` are found ones without a true one."""

    found: int = 0
    missed: int = 0
    extra: int = 0
    unscored: int = 0
    confusion: Counter = field(default_factory=Counter)
    latency_s: list[float] = field(default_factory=list)

    def add(self, other: "StrideScore") -> None:
        """Add another recording's counts."""
        self.found += other.found
        self.missed += other.missed
        self.extra += other.extra
        self.unscored += other.unscored
        self.confusion += other.confusion
        self.latency_s += other.latency_s

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


def swing_windows(entry: dict) -> list[Window]:
    """Return the true strides of the foot a recording was taken at, from its index entry.

    Known labels: t_off, t_on, direction (every stride of that foot); t_start, t_end, foot (both feet);
    t_start, t_end, kind "stride_border" (whole strides of that foot).
    """
    windows = []
    for event in entry.get("events") or ():
        if "t_off" in event:
            direction = _NAMES.get(event["direction"], event["direction"])
            windows.append(Window(event["t_off"] - MARGIN_S, event["t_on"] + MARGIN_S, direction))
        elif event.get("kind") == "stride_border":
            windows.append(Window(event["t_start"], event["t_end"], _label(entry)))
        elif "t_start" in event and "foot" in event and _same_foot(event["foot"], entry["position"]):
            windows.append(Window(event["t_start"] - MARGIN_S, event["t_end"] + MARGIN_S, _label(entry)))
    return sorted(windows, key=lambda window: window.start_s)


def _label(entry: dict) -> str:
    return entry.get("direction", "unknown").split()[0]


def _same_foot(foot: str, position: str) -> bool:
    return str(foot).lower() in position.lower().split()


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


def counted_steps(events: list[dict]) -> int:
    """Return the steps that a recording's stride and step events give."""
    return sum(event["steps"] for event in events if event["event"] in ("stride", "step"))


@dataclass(frozen=True)
class StepCount:
    """Steps counted against steps taken in one recording of duration_s."""

    counted: int
    taken: int
    duration_s: float


def mape_pct(counts: Sequence[StepCount]) -> float:
    """Return the mean absolute percentage error over walks of FEWEST_STEPS or more, nan without any."""
    walks = [c for c in counts if c.taken >= FEWEST_STEPS]
    return 100 * share(sum(abs(c.counted - c.taken) / c.taken for c in walks), len(walks))


def signed_pct(counts: Sequence[StepCount]) -> float:
    """Return the error of the total over the same walks, + = counted too many."""
    walks = [c for c in counts if c.taken >= FEWEST_STEPS]
    return 100 * share(sum(c.counted - c.taken for c in walks), sum(c.taken for c in walks))


def false_per_hour(counts: Sequence[StepCount]) -> float:
    """Return the steps counted per hour of recordings without a step, nan without any."""
    idle = [c for c in counts if c.taken == 0]
    return 3600 * share(sum(c.counted for c in idle), sum(c.duration_s for c in idle))


def score_contacts(found_s: Sequence[float], true_s: Sequence[float], bouts_s) -> StrideScore:
    """Return found, missed and extra initial contacts inside walking bouts, to CONTACT_TOLERANCE_S."""

    def inside(t):
        return any(low - CONTACT_TOLERANCE_S <= t <= high + CONTACT_TOLERANCE_S for low, high in bouts_s)

    windows = [Window(t - CONTACT_TOLERANCE_S, t + CONTACT_TOLERANCE_S, "contact") for t in sorted(true_s)]
    middles = [t for t in sorted(found_s) if inside(t)]
    pairs = match(middles, windows)
    return StrideScore(len(pairs), len(windows) - len(pairs), len(middles) - len(pairs))


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
