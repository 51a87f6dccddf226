"""The page of many sessions: a week, or all of a folder."""

from pathlib import Path

from host_tools.report import html, session_page, training, words
from host_tools.report.view import View


def page(title: str, sessions: list[View], weeks: list[tuple[str, list[training.Week]]], faults: list[str]) -> str:
    """Return the page of sessions, the first one first, as HTML.

    weeks: (pod, its weeks) of each folder.  faults: why files were left out.
    """
    first, last = sessions[0], sessions[-1]
    about = f'<p class="about">{words.counted(len(sessions), "session")}, {_span(first, last)}</p>'
    sections = [
        ("sum", "In short", html.tiles(_totals(sessions))),
        ("training", "Training", _training(sessions, weeks)),
        ("sessions", "Sessions", _table(sessions)),
        ("lacks", "What is missing", html.sentences(_missing(sessions, faults))),
    ]
    return html.page(title, about, sections, session_page.FOOT)


def _span(first: View, last: View) -> str:
    known = [one for one in (first, last) if one.found.unix_ms]
    if not known:
        return "at times that no clock told the pod"
    begin, end = (words.local(one.found) for one in (known[0], known[-1]))
    return f"{begin:%d %b %Y} to {end:%d %b %Y}"


def _totals(sessions: list[View]) -> list[tuple[str, str]]:
    back_m = sum((one.whole.get("backward") or {}).get("distance_m", 0.0) for one in sessions)
    return [
        (str(len(sessions)), "sessions"),
        (words.length(sum(one.whole["moving_s"] for one in sessions)), "moving"),
        (str(sum(one.whole["backward_steps"] for one in sessions)), "steps backward"),
        (f"{back_m / 1000:.1f} km", "backward"),
        (f"{sum(one.whole.get('ascent_m') or 0.0 for one in sessions):.0f} m", "climbed"),
        (f"{sum(one.whole.get('backward_uphill_min') or 0.0 for one in sessions):.0f} min", "backward uphill"),
        (str(sum(one.found.counts.sways for one in sessions)), "sways warned of"),
        (str(sum(one.found.counts.falls for one in sessions)), "falls"),
    ]


def _training(sessions: list[View], weeks: list[tuple[str, list[training.Week]]]) -> str:
    figures = []
    for pod, of_pod in weeks:
        if of_pod:
            whose = f" (pod {pod})" if len(weeks) > 1 else ""
            said = f"{of_pod[-1].steps} in the last"
            figures.append(
                html.figure(
                    f"Backward steps, seven days each{whose}", said, training.weeks_sheet(of_pod).text(), "weeks"
                )
            )
    figures += session_page.trends(sessions)
    if not figures:
        return "<p>One session alone has no trend, and no clock told it its week.</p>"
    return f'<div class="grid">{"".join(figures)}</div>'


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
        rows.append(
            [one.name, began, words.length(one.seconds), str(one.whole["backward_steps"]),
             str(one.whole["forward_steps"]), words.number(back.get("distance_m"), 0),
             words.number(one.whole.get("ascent_m"), 1), words.number(back.get("time_cv_pct"), 1),
             words.number(one.whole.get("backward_uphill_min"), 1), str(one.found.counts.sways),
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
    told.append("Heart rate: this pod records none.")
    return told


def pods(sessions: list[View]) -> list[Path]:
    """Return the folders that sessions lie in, one a pod."""
    return list(dict.fromkeys(one.path.parent for one in sessions))
