"""The dose of the programme, weeks against the cap, and what changes from session to session."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from backstep.core import settings as pod_settings
from backstep.core.training import programme

from host_tools.report import words
from host_tools.report.plots import COLOUR, Sheet
from host_tools.report.view import View

SIZE = (370, 170)
WEEKS = 8
CAP_PCT = 10  # the setting weekly_cap_pct where no settings are here
_DAY_0 = date(1970, 1, 1)
TRENDS = (
    ("backward_steps", "Backward steps", 0, ""),
    ("time_cv_pct", "Balance: variability of backward stride time, %", 1, "%"),
    ("sways_per_h", "Balance: sways warned of, an hour of moving", 1, "an hour"),
    ("uphill_min", "Strength: backward uphill, min", 1, "min"),
)
# Why fewer than two sessions tell one of these.
_WHY_NONE = {
    "time_cv_pct": "it takes ten strides backward of a shoe's pod in two sessions",
    "sways_per_h": "it takes two sessions of a pod at the belt",
    "uphill_min": "it takes two sessions of a shoe's pod with calibrated level, 20 strides backward in one go",
}


@dataclass(frozen=True)
class Dose:
    """What a session is to come to, backward.  steps, minutes: 0 = not said.  whose: words, "" = nobody knows."""

    steps: int = 0
    minutes: int = 0
    whose: str = ""


@dataclass(frozen=True)
class Week:
    """Seven days.  last: day since 1970.  steps: backward.  limit: what they might come to, 0 = no cap."""

    last: int
    steps: int
    limit: int


@dataclass(frozen=True)
class Load:
    """What a pod's wearer did up to a day.

    days: backward steps by day since 1970.  today: that day, 0 = not known.  weeks: up to it.
    """

    days: dict[int, int]
    today: int
    dose: Dose
    weeks: list[Week]


def load(days: dict[int, int], today: int, settings: dict, level: int | None) -> Load:
    """Return what days came to, against dose and cap.  settings, level: as for dose_of."""
    dose = dose_of(settings, level)
    cap_pct = settings.get("weekly_cap_pct", CAP_PCT)
    return Load(days, today, dose, weeks(days, today, dose.steps, cap_pct))


def dose_of(settings: dict, level: int | None) -> Dose:
    """Return a session's dose and whose it is; an empty one where nobody tells.

    settings: of the pod, {} = not known.  level: of the programme, as told on the command line.
    """
    if level is not None:
        return Dose(*programme.LEVELS[level - 1][4:], f"level {level}, {programme.LEVELS[level - 1][0]}")
    if not settings:
        return Dose()
    steps, minutes = programme.dose(pod_settings.check(_known(settings)))
    own = settings.get("dose_steps") or settings.get("dose_min")
    number = settings.get("programme_level", 0)
    whose = "a dose of your own" if own or not number else f"level {number}, {programme.LEVELS[number - 1][0]}"
    return Dose(steps, minutes, whose if steps or minutes else "")


def _known(settings: dict) -> dict:
    """Return the settings of a pod that this backstep knows too."""
    names = {row[0] for row in pod_settings.TABLE}
    return {name: value for name, value in settings.items() if name in names}


def backward_min(one: View) -> float:
    """Return minutes of stepping backward."""
    part = one.whole.get("backward")
    if one.strides:
        return part["minutes"] if part else 0.0
    return round(float((one.series.direction == "backward").sum()) / 60, 1)


def weeks(days: dict[int, int], today: int, dose_steps: int, cap_pct: int) -> list[Week]:
    """Return the weeks up to a day, the first one first, from the first that has a step.

    days: backward steps by day since 1970.  dose_steps, cap_pct: as of programme.week_limit.
    """
    rows = [[day, steps] for day, steps in days.items()]
    found: list[Week] = []
    for back in range(WEEKS - 1, -1, -1):
        last = today - 7 * back
        steps, before = programme.weeks(rows, last)
        limit = programme.week_limit(before, dose_steps, cap_pct)
        if steps or found:
            found.append(Week(last, steps, limit))
    return found


def weeks_sheet(found: list[Week]) -> Sheet:
    """Return the weeks drawn, each with its cap."""
    told = "; ".join(
        f"to {day(one.last):%d %b} {one.steps}{f' of {one.limit}' if one.limit else ''}" for one in found
    )
    made = Sheet(SIZE[0], [SIZE[1]], f"Backward steps of seven days: {told}")
    (plot,) = made.plots
    axes = plot.axes
    for at, one in enumerate(found):
        over = one.limit and one.steps > one.limit
        axes.bar(at, one.steps, 0.7, color=COLOUR["warn" if over else "backward"])
        if one.limit:
            axes.plot([at - 0.45, at + 0.45], [one.limit] * 2, color=COLOUR["ink"], linewidth=2)
    named = range(len(found) - 1, -1, -1 if len(found) < 6 else -2)
    plot.x = named, [f"{day(found[at].last):%d %b}" for at in named]
    axes.set_xlim(-0.6, max(3, len(found)) - 0.4)
    axes.set_ylim(0, 1.15 * max(max(one.steps, one.limit) for one in found) or 1)
    for at, one in enumerate(found):
        limit = f", {one.limit} at most" if one.limit else ""
        made.tip(plot, (at - 0.5, at + 0.5), f"seven days to {day(one.last):%d %b}: {one.steps} steps{limit}")
    return made


def day(number: int) -> date:
    """Return a day since 1970 as a date."""
    return _DAY_0 + timedelta(days=number)


def trend(sessions: list[View]) -> dict[str, list[float]]:
    """Return what is looked at from session to session, NaN where one does not tell it."""
    found: dict[str, list[float]] = {name: [] for name, *_ in TRENDS}
    for one in sessions:
        part = one.whole.get("backward") or {}
        hours = one.whole["moving_s"] / 3600
        found["backward_steps"].append(one.whole["backward_steps"])
        found["time_cv_pct"].append(_or_nan(part.get("time_cv_pct")))
        warns = "belt" in one.found.worn and hours > 0
        found["sways_per_h"].append(one.found.counts.sways / hours if warns else np.nan)
        uphill_min = one.whole.get("backward_uphill_min") if one.whole.get("grade") else None
        found["uphill_min"].append(_or_nan(uphill_min))
    return found


def untold(sessions: list[View]) -> list[str]:
    """Return why there is no trend of what fewer than two sessions tell, a sentence each."""
    titles = {name: title.partition(",")[0] for name, title, *_ in TRENDS}
    found = trend(sessions)
    return [
        f"{titles[name]}: no trend; {why}."
        for name, why in _WHY_NONE.items()
        if np.count_nonzero(~np.isnan(found[name])) < 2
    ]


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def trend_sheet(sessions: list[View], name: str, title: str, digits: int, unit: str) -> Sheet | None:
    """Return one of TRENDS drawn over sessions, None where fewer than two of them tell it."""
    values = np.array(trend(sessions)[name])
    there = np.flatnonzero(~np.isnan(values))
    if len(there) < 2:
        return None
    first, last = values[there[0]], values[there[-1]]
    told = f"from {first:.{digits}f} to {last:.{digits}f} {unit} in {len(there)} sessions".replace("  ", " ")
    made = Sheet(SIZE[0], [SIZE[1]], f"{title}: {told}")
    (plot,) = made.plots
    axes = plot.axes
    axes.plot(there, values[there], color=COLOUR["backward"], marker="o", markersize=4, linewidth=1.4)
    axes.set_xlim(-0.5, len(sessions) - 0.5)
    axes.set_ylim(0, 1.2 * max(values[there].max(), 0.5))
    ticks = sorted({int(tick) for tick in np.linspace(0, len(sessions) - 1, min(4, len(sessions)))})
    plot.x = ticks, [short(sessions[tick]) for tick in ticks]
    for at in there:
        made.tip(plot, (at - 0.5, at + 0.5), f"{short(sessions[at])}: {values[at]:.{digits}f} {unit}")
    return made


def short(one: View) -> str:
    """Return a session's day, its name where no clock told it."""
    return f"{words.local(one.found):%d %b}" if one.found.unix_ms else one.name
