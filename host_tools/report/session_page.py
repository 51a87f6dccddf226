"""The page of one session, or of two side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from host_tools.report import doses, gait, happened, html, moments, over_time, training, words
from host_tools.report.meanings import TREADMILL
from host_tools.report.moments import Moment
from host_tools.report.view import View, missing

FOOT = (
    "<p>Made by <code>backstep report</code> from the log of a pod. A training aid, not a medical device: a "
    "warning is a cue and prevents no fall, and none of these figures is a diagnosis.</p>"
)


@dataclass(frozen=True)
class Around:
    """What is known beside the sessions of a page.

    settings: of the pod, {} = not known.  load: of its days up to the first session's.
    history: sessions up to it and itself, for the trend.  folder_words: how to see more of them.
    """

    settings: dict
    load: training.Load
    history: list[View]
    folder_words: str


def page(views: list[View], around: Around) -> str:
    """Return the page of one session or two as HTML."""
    told = [moments.moments(one) for one in views]
    title = f"Session {views[0].name}" if len(views) == 1 else f"Sessions {views[0].name} and {views[1].name}"
    about = "".join(f'<p class="about">{about_words(one)}</p>' for one in views)
    sections = [
        ("sum", "In short", _in_short(views, told)),
        ("time", "Over time", _over_time(views, told)),
        ("gait", "Strides", _spreads(views)),
        ("moments", "Warnings, falls and cues", happened.section(views, told, around.settings)),
        ("training", "Training", _training(views[0], around)),
        ("lacks", "What is missing", _lacks(views)),
    ]
    return html.page(title, about, sections, FOOT)


def about_words(one: View) -> str:
    """Return which session it is, as HTML."""
    level = "" if not one.is_shoe else ", level calibrated" if one.found.is_level else ", level not calibrated"
    belt = f", on a treadmill at {one.treadmill_pct:g} %" if one.treadmill_pct is not None else ""
    level = belt or level
    worn = ", ".join(one.found.worn)
    return f"<b>{escape(one.name)}</b>: {one.when}; {words.length(one.seconds)}, {worn}{level}{_clocks(one)}"


def _clocks(one: View) -> str:
    """Return how well the clocks of its pods agree, where there are several."""
    apart = [pod.apart_ms for pod in one.found.pods if pod.apart_ms is not None]
    return f"; clocks of its pods within {max(apart):.0f} ms" if apart else ""


def summary(one: View, told: list[Moment]) -> list[tuple[str, str]]:
    """Return the figures of a session that stand at its top: (value, what it is)."""
    whole = one.whole
    back = whole.get("backward") or {}
    rows = [
        (str(whole["backward_steps"]), "steps backward"),
        (str(whole["forward_steps"]), "steps forward"),
        (words.length(whole["moving_s"]), "moving"),
        (
            words.number(back.get("cadence_spm") or whole["cadence_spm"], 0),
            f"steps/min{' backward' if back else ''}",
        ),
    ]
    if back:
        rows += [
            (words.number(back["distance_m"], 0, "m"), "backward"),
            (words.number(back["length_m"], 2, "m"), "stride length backward"),
            (words.number(back["time_cv_pct"], 1, "%"), "variability of backward stride time"),
        ]
    if "ascent_m" in whole:
        level = "" if one.found.is_level else ", level not calibrated"
        rows.append((words.number(whole["ascent_m"], 1, "m"), f"climbed{level}"))
        uphill_min = whole["backward_uphill_min"] if whole["grade"] else None
        rows.append((words.number(uphill_min, 1, "min"), "backward uphill"))
        rows.append((words.number(whole["running_pct"], 0, "%"), "of strides running"))
    if whole.get("energy"):
        rows.append(
            (f"{whole['energy']['low_kcal']:.0f}–{whole['energy']['high_kcal']:.0f} kcal", "above rest, estimated")
        )
    if "heart" in whole:
        rows.append((f"{whole['heart']['mean_bpm']}", "beats/min, mean"))
        rows.append((f"{whole['heart']['max_bpm']}", "beats/min, most"))
    if "belt" in one.found.worn:
        rows.append((str(one.found.counts.sways), "sways warned of"))
    rows.append((str(one.found.counts.falls), "falls"))
    return rows


def _in_short(views: list[View], told: list[list[Moment]]) -> str:
    if len(views) == 1:
        return html.tiles(summary(views[0], told[0])) + f"<p>{_happened(told[0])}</p>" + _laps(views[0])
    of_each = [
        {what: value for value, what in summary(one, found)} for one, found in zip(views, told, strict=True)
    ]
    names = list(dict.fromkeys(what for one in of_each for what in one))
    rows = [[what, *(one.get(what, "–") for one in of_each)] for what in names]
    head = ["", *(one.name for one in views)]
    happened = "".join(
        f"<p>{escape(one.name)}: {_happened(found) or 'nothing was warned of.'}</p>"
        for one, found in zip(views, told, strict=True)
    )
    return (
        f'<div class="sides">{html.table([head, *rows], "Side by side")}</div>'
        + happened
        + "".join(_laps(one) for one in views)
    )


def _happened(told: list[Moment]) -> str:
    counted = moments.counts(told)
    return f'{counted}: <a href="#moments">what happened, one by one</a>.' if counted else ""


def _laps(one: View) -> str:
    if len(one.parts) < 2:
        return ""
    head = ["", "time", "back", "fwd", "other", "steps /min", "m back", "m up", "CV %"]
    rows = []
    for part in one.parts[1:]:
        back = part.get("backward") or {}
        counts = [str(part[f"{way}_steps"]) for way in ("backward", "forward", "other")]
        rows.append(
            [part["part"], words.length(part["seconds"]), *counts, words.number(part["cadence_spm"], 0),
             words.number(back.get("distance_m"), 0), words.number(part.get("ascent_m"), 1),
             words.number(back.get("time_cv_pct"), 1)]
        )  # fmt: skip
    return html.table([head, *rows], f"Laps of {one.name}")


def _over_time(views: list[View], told: list[list[Moment]]) -> str:
    of_each = [{curve.name: curve for curve in over_time.curves(one)} for one in views]
    if not any(of_each):
        return ""
    if len(views) == 1:
        (one,), (found,) = views, told
        figures = [_whole_curve(one, curve, found) for curve in of_each[0].values()]
        numbers = html.details(
            "The curves as numbers", html.table(over_time.table(one), "A row a stretch of time")
        )
        return html.legend() + f'<div class="curves">{"".join(figures)}</div>' + numbers + _on_treadmill(one)
    names = list(dict.fromkeys(name for one in of_each for name in one))
    drawn = list(zip(views, of_each, strict=True))
    top = {name: _shared([(one, curves[name]) for one, curves in drawn if name in curves]) for name in names}
    pairs = [
        _pair(views, [curves.get(name) for curves in of_each], _drawn_curve(told, views, top), name)
        for name in names
    ]
    return html.legend() + "".join(pairs) + _on_treadmill(views[0])


def _whole_curve(one: View, curve: over_time.Curve, found: list[Moment]) -> str:
    drawn = "".join(
        over_time.sheet(one, curve, size, found, {}, "a").text(css)
        for css, size in (("wide", over_time.WIDE), ("narrow", over_time.NARROW))
    )
    return html.figure(curve.title, curve.said, drawn, curve.name)


def _shared(curves: list[tuple[View, over_time.Curve]]) -> tuple[float, float]:
    lows, highs = zip(*(over_time.limits(one, curve) for one, curve in curves), strict=True)
    return min(lows), max(highs)


def _drawn_curve(told: list[list[Moment]], views: list[View], top: dict) -> Callable:
    def drawn(index: int, curve: over_time.Curve) -> str:
        made = over_time.sheet(views[index], curve, over_time.NARROW, told[index], top, "ab"[index])
        return made.text()

    return drawn


def _pair(views: list[View], curves: list, drawn: Callable[[int, over_time.Curve], str], meaning: str) -> str:
    """Return a plot of each session beside the other's, in words where one has none."""
    inside = []
    title = next(curve.title for curve in curves if curve)
    for index, (one, curve) in enumerate(zip(views, curves, strict=True)):
        if curve:
            inside.append(html.figure(f"{one.name}: {curve.title}", curve.said, drawn(index, curve), meaning))
        else:
            inside.append(
                f"<figure><h3>{escape(one.name)}: {title}</h3><p>Nothing of it in this session.</p></figure>"
            )
    return f'<div class="pair">{"".join(inside)}</div>'


def _on_treadmill(one: View) -> str:
    if not one.is_shoe:
        return ""
    told = (
        f"Grade and height here are by the treadmill's {one.treadmill_pct:g} %, as told. "
        if one.treadmill_pct is not None
        else ""
    )
    return html.details("On a treadmill", f"<p>{told}{TREADMILL}</p>")


def _spreads(views: list[View]) -> str:
    of_each = [{curve.name: curve for curve in gait.spreads(one)} for one in views]
    if not any(of_each):
        return ""
    if len(views) == 1:
        figures = [
            html.figure(one.title, one.said, gait.sheet(views[0], one).text(), one.name)
            for one in of_each[0].values()
        ]
        return html.legend() + f'<div class="grid">{"".join(figures)}</div>' + _energy(views[0])
    names = list(dict.fromkeys(name for one in of_each for name in one))
    drawn = lambda index, curve: gait.sheet(views[index], curve).text()  # noqa: E731
    pairs = [_pair(views, [curves.get(name) for curves in of_each], drawn, name) for name in names]
    return html.legend() + "".join(pairs)


def _energy(one: View) -> str:
    return html.means("energy", "What the energy means, and what not") if one.whole.get("energy") else ""


def _training(one: View, around: Around) -> str:
    dose = around.load.dose
    done = f"{words.counted(one.whole['backward_steps'], 'backward step')} in {training.backward_min(one):.1f} min"
    figures = []
    if dose.whose:
        wanted = " or ".join(
            filter(
                None, (f"{dose.steps} steps" if dose.steps else "", f"{dose.minutes} min" if dose.minutes else "")
            )
        )
        drawn = doses.dose_sheet(dose, one.whole["backward_steps"], training.backward_min(one)).text()
        figures.append(html.figure("The dose", f"{done}, of {wanted} ({dose.whose})", drawn, "dose"))
        said = ""
    else:
        said = f"<p>Dose: {done}. Which was meant is not known here: sync anew, or say --level 1 to 4.</p>"
    figures += loads(around.load) + trends(around.history)
    lacks = html.sentences(training.untold(around.history)) if len(around.history) > 1 else ""
    longer = f"<p>{around.folder_words}</p>" if around.folder_words else ""
    if len(around.history) < 2:
        longer = "<p>No trend yet: it takes a session before this one in its folder.</p>"
    return said + f'<div class="grid">{"".join(figures)}</div>' + lacks + longer


def loads(load: training.Load) -> list[str]:
    """Return days against the dose and weeks against the cap, as figures; none of what nobody told."""
    figures = []
    if sum(steps > 0 for steps in doses.recent(load)) > 1:
        made = doses.days_sheet(load)
        figures.append(
            html.figure("Backward steps, day by day", made.told.partition(": ")[2], made.text(), "days")
        )
    if load.weeks:
        last = load.weeks[-1]
        cap = f", of {last.limit} at most" if last.limit else ", no cap known"
        drawn = training.weeks_sheet(load.weeks).text()
        figures.append(
            html.figure("Backward steps, seven days each", f"{last.steps} in the last{cap}", drawn, "weeks")
        )
    return figures


def trends(history: list[View]) -> list[str]:
    """Return what changes from session to session, as figures; none where fewer than two sessions tell it."""
    figures = []
    for name, title, digits, unit in training.TRENDS:
        made = training.trend_sheet(history, name, title, digits, unit)
        if made:
            figures.append(html.figure(title, made.told.removeprefix(f"{title}: "), made.text(), "trend"))
    return figures


def _lacks(views: list[View]) -> str:
    if len(views) == 1:
        return html.sentences(missing(views[0]))
    return "".join(f"<h3>{escape(one.name)}</h3>{html.sentences(missing(one))}" for one in views)
