"""Plots as SVG inside a page: drawn by matplotlib, coloured by the page's style sheet, light or dark.

matplotlib draws in stand-in colours, one for each role; in the text these become the variables of style.css. Words
stay words, so that the page's font and a screen reader have them. What a pointer rests on is told by <title>.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

# A role's stand-in, which no plot has for another reason.
_ROLES = ("backward", "forward", "other", "ink", "soft", "grid", "warn", "cue", "ground", "band")
COLOUR = {role: f"#a1b{number:03x}" for number, role in enumerate(_ROLES)}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 12,
    "text.color": COLOUR["ink"],
    "hatch.color": COLOUR["soft"],
    "hatch.linewidth": 1.0,
    "path.simplify": True,
}
_DROPPED = (
    r"<\?xml.*?\?>",
    r"<!DOCTYPE.*?>",
    r"<metadata>.*?</metadata>",
    r"<!--.*?-->",
    r"<defs>\s*<style.*?</style>\s*</defs>",
)
_ID = re.compile(r' id="([^"]+)"')
_USED = re.compile(r'(?:url\(#|href="#)([^")]+)')
_FONT = re.compile(r"font: ([\d.]+)px [^;\"]+")


def styled():
    """Return the context in which sheets are made and told as text."""
    import matplotlib as mpl

    return mpl.rc_context(_STYLE)


@dataclass
class Plot:
    """One plot of a sheet.

    axes: matplotlib's, without its own scales, which take twice as long as all it draws inside.
    box: left, top, width, height [px].  x: places and their words along the lower edge, None = round numbers.
    y: places with a line across, None = round numbers.  heading, under: words above, and below the scale.
    """

    axes: Any
    box: tuple[float, float, float, float]
    x: tuple[Sequence[float], Sequence[str]] | None = None
    y: Sequence[float] | None = None
    heading: str = ""
    under: str = ""

    def across(self, value: float) -> float:
        """Return where a value of x is [px from the sheet's left]."""
        low, high = self.axes.get_xlim()
        return self.box[0] + (value - low) / (high - low) * self.box[2]

    def down(self, value: float) -> float:
        """Return where a value of y is [px from the sheet's top]."""
        low, high = self.axes.get_ylim()
        return self.box[1] + (high - value) / (high - low) * self.box[3]

    def scales(self) -> tuple[str, str]:
        """Return what lies under the drawing, its lines, and beside it, its words, as SVG."""
        left, top, width, height = self.box
        bottom, right = top + height, left + width
        places, names = self.x or _round(self.axes.get_xlim(), 6)
        rows, levels = _round(self.axes.get_ylim(), 4)
        if self.y is not None:
            rows, levels = list(self.y), [f"{y:g}" for y in self.y]
        lines = "".join(f'<path class="grid" d="M{left} {self.down(y):.1f}H{right}"/>' for y in rows)
        lines += f'<path class="base" d="M{left} {bottom}H{right}"/>'
        told = [_words(self.across(x), bottom + 16, name, "middle") for x, name in zip(places, names, strict=True)]
        told += [_words(left - 7, self.down(y) + 4, name, "end") for y, name in zip(rows, levels, strict=True)]
        told.append(_words(left, top - 6, self.heading, "start"))
        told.append(_words(left + width / 2, bottom + 31, self.under, "middle"))
        return lines, "".join(told)


def _round(limits: tuple[float, float], most: int) -> tuple[list[float], list[str]]:
    """Return round numbers between two, and their words."""
    from matplotlib.ticker import MaxNLocator

    low, high = limits
    found = [
        value for value in MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= value <= high
    ]
    return found, [f"{value:g}".replace("-", "\N{MINUS SIGN}") for value in found]


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>' if text else ""


class Sheet:
    """A drawing of some plots under one another, with what can be rested on and followed in it."""

    def __init__(
        self, width: int, heights: Sequence[int], told: str, left: int = 46, top: int = 10, bottom: int = 22
    ):
        """width, heights: [px], of the drawing and of the plots.  told: what it shows, in a sentence or two.

        left, top, bottom: margins [px].
        """
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        right, between = 12, 30
        high = top + sum(heights) + (len(heights) - 1) * between + bottom
        self.told = told
        self.plots: list[Plot] = []
        self._size = width, high
        self._on_top: list[str] = []
        self._figure = Figure(figsize=(width / 72, high / 72), dpi=72, facecolor="none")
        FigureCanvasSVG(self._figure)
        for height in heights:
            box = (left, top, width - left - right, height)
            share = (left / width, 1 - (top + height) / high, box[2] / width, height / high)
            axes = self._figure.add_axes(share, facecolor="none")
            axes.set_axis_off()
            self.plots.append(Plot(axes, box))
            top += height + between

    def tip(self, plot: Plot, x: tuple[float, float], text: str) -> None:
        """Tell a text where the pointer rests on a stretch of x of a plot, from top to bottom."""
        left, wide = plot.across(x[0]), plot.across(x[1]) - plot.across(x[0])
        self._on_top.append(
            f'<rect class="tip" x="{left:.1f}" y="{plot.box[1]}" width="{wide:.1f}" height="{plot.box[3]}">'
            f"<title>{escape(text)}</title></rect>"
        )

    def sign(self, plot: Plot, x: float, kind: str, text: str, href: str) -> None:
        """Put a sign on the upper edge of a plot that leads to a place in the page.  kind: of _SIGNS."""
        shape, role = _SIGNS[kind]
        self._on_top.append(
            f'<a href="{escape(href)}" aria-label="{escape(text)}">'
            f'<path d="M{plot.across(x):.1f} {plot.box[1]}{shape}" class="{role}"/>'
            f"<title>{escape(text)}</title></a>"
        )

    def text(self, css: str = "") -> str:
        """Return it as SVG.  css: class of the element."""
        import matplotlib as mpl

        out = io.StringIO()
        mpl.rcParams["svg.hashsalt"] = f"{self._size}{self.told}"  # names that no other drawing of the page has
        self._figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
        body = out.getvalue()
        for pattern in _DROPPED:
            body = re.sub(pattern, "", body, flags=re.DOTALL)
        body = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
        width, height = self._size
        lines, told = zip(*(plot.scales() for plot in self.plots), strict=True)
        head = (
            f'<svg class="plot {css}" viewBox="0 0 {width} {height}" role="img" tabindex="0" '
            f'aria-label="{escape(self.told)}">'
        )
        return "".join([head, *lines, _slim(body), *told, *self._on_top, "</svg>"])


# What a sign looks like, from the middle of its upper edge, and its role in style.css.
_SIGNS = {
    "sway": ("l-6 0l6 10l6 -10z", "warn"),
    "fall": ("l-6 0v10h12v-10z", "warn"),
    "cue": ("l-4 5l4 5l4 -5z", "cue"),
    "mark": ("l-4 0v8h8v-8z", "own"),
}


def _slim(body: str) -> str:
    """Return matplotlib's text in the page's colours and font, without the names that nothing refers to."""
    used = set(_USED.findall(body))
    body = _ID.sub(lambda found: found[0] if found[1] in used else "", body)
    body = _FONT.sub(r"font-size: \1px", body)
    for role, stand_in in COLOUR.items():
        body = body.replace(stand_in, f"var(--{role})")
    return re.sub(r"\s*\n\s*", "\n", body)
