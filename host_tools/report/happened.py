"""The part of the page that tells what happened: a table of moments, and the raw seconds around them."""

from html import escape

from host_tools.report import html, moments, raw, words
from host_tools.report.moments import Moment
from host_tools.report.view import View, alone
from host_tools.sessions.folder import settings_of

_RAW_MAX = 24  # drawn; a page of hundreds helps nobody
_ROWS_MAX = 200


def section(views: list[View], told: list[list[Moment]], settings: dict) -> str:
    """Return the moments of sessions as HTML.  settings: of the first one's pod, {} = not known."""
    return "".join(
        _of_one(one, found, "ab"[index], settings if index == 0 else {}, len(views) > 1)
        for index, (one, found) in enumerate(zip(views, told, strict=True))
    )


def _of_one(one: View, found: list[Moment], prefix: str, settings: dict, named: bool) -> str:
    name = f"{one.name}: " if named else ""
    if not found:
        senses = "" if "belt" in one.found.worn else f" A {one.found.placement} warns of no sways: a belt does."
        return f"<p>{escape(name)}Nothing was warned of, nobody fell, and nothing was marked.{senses}</p>"
    shown = found[:_ROWS_MAX]
    rows = [["at", "what", "buzz"], *([words.at(m.at_s, True), m.said, moments.buzz_words(m)] for m in shown)]
    places = [f"{prefix}{m.number}" for m in shown]
    more = (
        f"<p>{len(found) - len(shown)} more: backstep sessions {escape(str(one.path))} --json.</p>"
        if len(found) > len(shown)
        else ""
    )
    listed = html.table(rows, f"{name}what happened, by time since the start", places)
    return (
        f'<div class="words">{listed}</div>{more}'
        + _raw_seconds(one, found, settings)
        + html.means("moments", "What these mean, and what not")
    )


def _raw_seconds(one: View, found: list[Moment], settings: dict) -> str:
    """Return the raw seconds of each pod, by its own log; of pods worn together only what has some is told of."""
    if not one.found.pods:
        return _raw_of(one, found, settings)
    each = [(own, moments.moments(own), settings_of(own.path.parent)) for own in alone(one)]
    return "".join(_raw_of(*own) for own in each)


def _raw_of(one: View, found: list[Moment], settings: dict) -> str:
    have = raw.of_session(one, found)
    figures = []
    for kept in have[:_RAW_MAX]:
        made = raw.sheet(kept, one, found, settings)
        title = f"{words.at(kept.moment.at_s, True)}  {kept.moment.said}"
        if isinstance(made, str):
            figures.append(f"<figure><h3>{escape(title)}</h3><p>{escape(made)}</p></figure>")
        else:
            figures.append(html.figure(title, f"buzz: {moments.buzz_words(kept.moment)}", made.text(), ""))
    told = raw.lacking(one, found, have)
    return f'<div class="grid">{"".join(figures)}</div>' + (f"<p>{told}</p>" if told else "")
