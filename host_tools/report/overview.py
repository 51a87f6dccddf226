"""The page of many sessions: a week, or all of a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from host_tools.report import html, session_page, training, words
from host_tools.report.view import View

_IN_FULL = "<p>One of them in full: backstep report SESSION DIR.</p>"


@dataclass(frozen=True)
class Pod:
    """The sessions of one pod, the first one first.  name: of its folder.  load: up to its newest one's day."""

    name: str
    sessions: list[View]
    load: training.Load


def page(title: str, pods: list[Pod], faults: list[str]) -> str:
    """Return the page of many sessions as HTML.

    pods: with at least a session each; each stands for itself, since those worn at once count the same steps.
    faults: why files were left out.
    """
    sessions = sorted((one for pod in pods for one in pod.sessions), key=lambda one: one.found.unix_ms)
    about = f'<p class="about">{words.counted(len(sessions), "session")}, {_span(sessions[0], sessions[-1])}</p>'
    named = len(pods) > 1
    sections = [
        ("sum", "In short", _each(pods, named, lambda pod: html.tiles(_totals(pod.sessions)))),
        ("training", "Training", _each(pods, named, _training)),
        ("sessions", "Sessions", _each(pods, named, lambda pod: _table(pod.sessions)) + _IN_FULL),
        ("lacks", "What is missing", html.sentences(_missing(sessions, faults))),
    ]
    return html.page(title, about, sections, session_page.FOOT)


def _each(pods: list[Pod], named: bool, part: Callable[[Pod], str]) -> str:
    """Return a part of the page for each pod, headed by its name where there are several."""
    return "".join((f"<h3>Pod {escape(pod.name)}</h3>" if named else "") + part(pod) for pod in pods)


def _span(first: View, last: View) -> str:
    known = [one for one in (first, last) if one.found.unix_ms]
    if not known:
        return "at times that no clock told the pod"
    begin, end = (words.local(one.found) for one in (known[0], known[-1]))
    return f"{begin:%d %b %Y} to {end:%d %b %Y}"


def _totals(sessions: list[View]) -> list[tuple[str, str]]:
    """Return what a pod's sessions come to; what it does not sense is left out."""
    told = [one.whole for one in sessions]
    rows = [
        (str(len(sessions)), "sessions"),
        (words.length(sum(one["moving_s"] for one in told)), "moving"),
        (str(sum(one["backward_steps"] for one in told)), "steps backward"),
    ]
    if any(one.strides for one in sessions):
        back_m = sum((one.get("backward") or {}).get("distance_m", 0.0) for one in told)
        rows.append((f"{back_m / 1000:.1f} km", "backward"))
        rows.append((f"{sum(one.get('ascent_m') or 0.0 for one in told):.0f} m", "climbed"))
    if any(one.get("backward_uphill_min") is not None for one in told):
        rows.append((f"{sum(one.get('backward_uphill_min') or 0.0 for one in told):.0f} min", "backward uphill"))
    if any("belt" in one.found.worn for one in sessions):
        rows.append((str(sum(one.found.counts.sways for one in sessions)), "sways warned of"))
    return [*rows, (str(sum(one.found.counts.falls for one in sessions)), "falls")]


def _training(pod: Pod) -> str:
    figures = session_page.loads(pod.load) + session_page.trends(pod.sessions)
    if not figures:
        return "<p>One session alone has no trend, and no clock told it its week.</p>"
    dose = "" if pod.load.dose.whose else "<p>No dose is known here: sync anew, or say --level 1 to 4.</p>"
    return dose + f'<div class="grid">{"".join(figures)}</div>' + html.sentences(training.untold(pod.sessions))


def _table(sessions: list[View]) -> str:
    head = [
        "session",
        "began",
        "length",
        "back",
        "forward",
        "m back",
        "m up",
        "CV %",
        "uphill min",
        "sways",
        "falls",
    ]
    rows = []
    for one in sessions:
        back = one.whole.get("backward") or {}
        began = f"{words.local(one.found):%Y-%m-%d %H:%M}" if one.found.unix_ms else "not known"
        sways = str(one.found.counts.sways) if "belt" in one.found.worn else "–"
        rows.append(
            [one.name, began, words.length(one.seconds), str(one.whole["backward_steps"]),
             str(one.whole["forward_steps"]), words.number(back.get("distance_m"), 0),
             words.number(one.whole.get("ascent_m"), 1), words.number(back.get("time_cv_pct"), 1),
             words.number(one.whole.get("backward_uphill_min"), 1), sways,
             str(one.found.counts.falls)]
        )  # fmt: skip
    return (
        html.table([head, *rows], "The first one first")
        + "<p>One of them in full: backstep report SESSION DIR.</p>"
    )


def _missing(sessions: list[View], faults: list[str]) -> list[str]:
    told = [f"Left out: {fault}." for fault in faults]
    undated = [one.name for one in sessions if not one.found.unix_ms]
    if undated:
        told.append(
            f"{words.counted(len(undated), 'session')} of a pod that knew no time: in no week, and "
            "after the one before. backstep time, or any sync, tells it."
        )
    stepless = [one.name for one in sessions if not one.steps]
    if stepless:
        told.append(f"No step in {words.counted(len(stepless), 'session')}: {', '.join(stepless[:5])}.")
    level = [one for one in sessions if one.is_shoe and one.strides and not one.found.is_level]
    if level:
        told.append(
            f"Level was not calibrated in {len(level)} of the shoe's: no grade, no minutes uphill; "
            "backstep calibrate."
        )
    if not any("heart" in one.whole for one in sessions):
        told.append("Heart rate: no strap was heard; backstep pair hr chooses one.")
    return told
