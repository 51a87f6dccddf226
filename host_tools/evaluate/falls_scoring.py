"""Score fall alarms; pure functions of samples and events, no files, no detector."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .scoring import percent

LAST_S = 1.0
STILL_MG = 30.0
STILL_DDPS = 50.0
PROLONGED_S = 3.0
_HELD_S = 0.5


@dataclass(frozen=True)
class Trial:
    """One recording at one placement: how often `fall`, `fall_alarm` and `near_fall` came.

    lies_still: see the function.  raised_prolonged: whether `fall` came in the recording with its end prolonged.
    Both are asked of falls only.
    """

    placement: str
    activity: str
    text: str
    is_fall: bool
    duration_s: float
    falls: int
    alarms: int
    near_falls: int
    lies_still: bool = False
    raised_prolonged: bool = False

    @property
    def raised(self) -> bool:
        return self.falls > 0


def lies_still(samples: np.ndarray, rate_hz: float) -> bool:
    """Return whether in the last second every axis varies by less than 30 mg and 5 deg/s (standard deviation).

    samples: int16 (n, 6) [mg, 0.1 deg/s].  This says who still lies when a recording ends; no detector is asked.
    """
    last = samples[-max(2, round(LAST_S * rate_hz)) :].astype(float)
    spread = last.std(axis=0)
    return bool((spread[:3] < STILL_MG).all() and (spread[3:] < STILL_DDPS).all())


def prolonged(samples: np.ndarray, rate_hz: float) -> np.ndarray:
    """Return samples with their last half second mirrored to and fro for PROLONGED_S more, with its own noise."""
    tail = samples[-max(2, round(_HELD_S * rate_hz)) :]
    times = -(-round(PROLONGED_S * rate_hz) // (2 * len(tail)))
    return np.concatenate([samples, *[tail[::-1], tail] * times])


def fall_figures(falls: Sequence[Trial]) -> dict:
    """Return how many of some falls raised `fall`, also with their ends prolonged."""
    raised = sum(fall.raised for fall in falls)
    held = sum(fall.raised_prolonged for fall in falls)
    return {
        "falls": len(falls),
        "raised": raised,
        "raised_pct": percent(raised, len(falls)),
        "raised_prolonged": held,
        "raised_prolonged_pct": percent(held, len(falls)),
    }


def daily_figures(daily: Sequence[Trial]) -> dict:
    """Return the `fall`, `fall_alarm` and `near_fall` events of recordings that hold no fall, also per hour."""
    hours = sum(trial.duration_s for trial in daily) / 3600
    found: dict = {"recordings": len(daily), "hours": round(hours, 4)}
    for name in ("falls", "alarms", "near_falls"):
        count = sum(getattr(trial, name) for trial in daily)
        found[name] = count
        found[f"{name}_per_hour"] = round(count / hours, 2) if hours else None
    return found


def figures(trials: Sequence[Trial]) -> dict:
    """Return all figures of one set at one placement."""
    falls = [trial for trial in trials if trial.is_fall]
    daily = [trial for trial in trials if not trial.is_fall]
    return {
        "lying_still": fall_figures([fall for fall in falls if fall.lies_still]),
        "moving": fall_figures([fall for fall in falls if not fall.lies_still]),
        "daily": daily_figures(daily),
        "lying_still_by_activity": _by_activity([fall for fall in falls if fall.lies_still], fall_figures),
        "daily_by_activity": _by_activity(daily, daily_figures),
    }


def _by_activity(trials: Sequence[Trial], measure) -> dict:
    names = {trial.activity: trial.text for trial in trials}
    return {
        activity: {"text": names[activity], **measure([t for t in trials if t.activity == activity])}
        for activity in sorted(names)
    }
