"""Score sway warnings against labelled falls; pure functions of times, no files, no detector."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from .scoring import percent

EARLY_S = 0.3  # a warning this long before the onset still belongs to the fall
REFRACTORY_S = 3.0  # a warning sooner than this after the last counted one does not count again
WORTHWHILE_S = 0.2
LOCOMOTION = {
    "kfall": ("D06", "D07", "D08", "D09", "D20", "D21"),
    "sisfall": ("D01", "D02", "D03", "D04", "D05", "D06"),
}


@dataclass(frozen=True)
class Trial:
    """One recording of one activity and the times at which warnings came [s]; onset and impact of a fall."""

    activity: str
    text: str
    direction: str
    duration_s: float
    warned_s: tuple[float, ...]
    onset_s: float | None = None
    impact_s: float | None = None

    @property
    def is_fall(self) -> bool:
        return self.impact_s is not None

    @property
    def lead_s(self) -> float | None:
        """Time from the first timely warning to the impact [s], None when the fall was missed."""
        if self.onset_s is None or self.impact_s is None:
            return None
        timely = [t for t in counted(self.warned_s) if self.onset_s - EARLY_S <= t <= self.impact_s]
        return self.impact_s - timely[0] if timely else None


    @property
    def in_last_second(self) -> bool:
        """Whether a warning that counts came in the second before the impact, whatever the label calls onset."""
        if self.impact_s is None:
            return False
        return any(self.impact_s - 1 <= t <= self.impact_s for t in counted(self.warned_s))


def trial_of(entry: dict, duration_s: float, warned_s: Iterable[float]) -> Trial:
    """Return the trial of a recording, by its index entry, with the times at which warnings came [s]."""
    known = (entry["onset_s"], entry["impact_s"]) if entry["is_fall"] else (None, None)
    told = (entry["activity"], entry.get("text", ""), entry.get("direction", ""))
    return Trial(*told, duration_s, tuple(warned_s), *known)


def counted(warned_s: Iterable[float]) -> list[float]:
    """Return the warnings [s] that count: each at least REFRACTORY_S after the last that did."""
    kept: list[float] = []
    for t in sorted(warned_s):
        if not kept or t - kept[-1] >= REFRACTORY_S:
            kept.append(t)
    return kept


def fall_figures(falls: Sequence[Trial]) -> dict:
    """Return how many of some falls were warned of, and how early; None where there is nothing to tell."""
    leads = [fall.lead_s for fall in falls]
    hits = [lead for lead in leads if lead is not None]
    return {
        "falls": len(falls),
        "warned": len(hits),
        "warned_pct": percent(len(hits), len(falls)),
        "median_lead_ms": round(1000 * median(hits)) if hits else None,
        "last_second_pct": percent(sum(fall.in_last_second for fall in falls), len(falls)),
        "lead_200ms_pct": percent(sum(lead >= WORTHWHILE_S - 1e-9 for lead in hits), len(falls)),
    }


def alarm_figures(daily: Sequence[Trial]) -> dict:
    """Return the warnings in recordings that hold no fall, also per hour."""
    alarms = sum(len(counted(trial.warned_s)) for trial in daily)
    hours = sum(trial.duration_s for trial in daily) / 3600
    return {
        "recordings": len(daily),
        "hours": round(hours, 4),
        "false_alarms": alarms,
        "per_hour": round(alarms / hours, 2) if hours else None,
    }


def figures(trials: Sequence[Trial], locomotion: Sequence[str]) -> dict:
    """Return all figures of one set under one arming; locomotion: the activities that are walking or running."""
    falls = [trial for trial in trials if trial.is_fall]
    daily = [trial for trial in trials if not trial.is_fall]
    return {
        "backward": fall_figures([t for t in falls if t.direction == "backward"]),
        "other_falls": fall_figures([t for t in falls if t.direction != "backward"]),
        "daily": alarm_figures(daily),
        "locomotion": alarm_figures([t for t in daily if t.activity in locomotion]),
        "falls_by_activity": _by_activity(falls, fall_figures),
        "daily_by_activity": _by_activity(daily, alarm_figures),
    }


def _by_activity(trials: Sequence[Trial], measure) -> dict:
    found = {}
    for activity in sorted({trial.activity for trial in trials}):
        mine = [trial for trial in trials if trial.activity == activity]
        found[activity] = {"text": mine[0].text, "direction": mine[0].direction, **measure(mine)}
    return found
