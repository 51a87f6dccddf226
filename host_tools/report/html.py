"""The parts of a page: sections, figures with their meaning one click away, tables, tiles."""

import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from host_tools.report.meanings import MEANINGS

# What a browser may do with the page: nothing but show it. It asks nobody for anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(title: str, about: str, sections: Sequence[tuple[str, str, str]], foot: str) -> str:
    """Return the whole page.

    title, about: words at its top; about is HTML.  sections: (id, title, HTML), empty ones left out.  foot: HTML.
    """
    shown = [one for one in sections if one[2]]
    links = "".join(f'<li><a href="#{name}">{escape(text)}</a></li>' for name, text, _ in shown)
    body = "".join(
        f'<section id="{name}"><h2>{escape(text)}</h2>{inside}</section>' for name, text, inside in shown
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{style()}</style></head><body>"
        f'<header><h1>{escape(title)}</h1>{about}<nav aria-label="Contents"><ul>{links}</ul></nav></header>'
        f"<main>{body}</main><footer>{foot}</footer></body></html>\n"
    )


def style() -> str:
    """Return the style sheet."""
    return files("host_tools.report").joinpath("style.css").read_text("utf-8")


def figure(title: str, said: str, drawn: str, meaning: str, css: str = "") -> str:
    """Return a plot with its words.  drawn: SVG.  meaning: of MEANINGS, "" = none."""
    return (
        f'<figure class="{css}"><figcaption><h3>{escape(title)}</h3>'
        f'<p class="said">{escape(said)}</p></figcaption>'
        f"{drawn}{means(meaning)}</figure>"
    )


def means(name: str, summary: str = "What this means, and what not") -> str:
    """Return what a figure means and does not mean, folded; "" for no name."""
    if not name:
        return ""
    is_this, is_not = MEANINGS[name]
    return details(summary, f"<p>{escape(is_this)}</p><p><b>Not:</b> {escape(is_not)}</p>")


def details(summary: str, inside: str) -> str:
    """Return HTML folded behind its summary."""
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def table(rows: Sequence[Sequence[str]], caption: str = "", places: Sequence[str] = ()) -> str:
    """Return rows of words as a table, the heading first; the first cell of each row heads it.

    places: ids of the rows below the heading.
    """
    head, *body = rows
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    heading = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = []
    for index, (first, *cells) in enumerate(body):
        place = f' id="{places[index]}"' if places else ""
        inside = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        lines.append(f'<tr{place}><th scope="row">{escape(first)}</th>{inside}</tr>')
    return (
        f'<div class="scrolled" tabindex="0" role="region" aria-label="{escape(caption or "table")}">'
        f"<table>{named}"
        f"<thead><tr>{heading}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def tiles(told: Sequence[tuple[str, str]]) -> str:
    """Return figures in large print: (value, what it is); no line ends between a number and its unit of time."""
    bound = [(re.sub(r" (?=(min|s)$|h )", "\N{NO-BREAK SPACE}", value), what) for value, what in told]
    inside = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(value)}</dd></div>" for value, what in bound)
    return f'<dl class="tiles">{inside}</dl>'


def sentences(told: Sequence[str], css: str = "missing") -> str:
    """Return sentences as a list, "" for none."""
    return f'<ul class="{css}">{"".join(f"<li>{escape(one)}</li>" for one in told)}</ul>' if told else ""


def legend() -> str:
    """Return what the colours of the ways are."""
    ways = "".join(f'<li><span class="key {way}"></span>{way}</li>' for way in ("backward", "forward", "other"))
    return f'<ul class="legend">{ways}</ul>'
