"""Plots as SVG inside a page: drawn by matplotlib, coloured by the page's style sheet, light or dark.

matplotlib draws in stand-in colours, one for each role; in the text these become the variables of style.css. Words
stay words, so that the page's font and a screen reader have them. What a pointer rests on is told by <title>.
"""

import io
import re
from collections.abc import Sequence
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
    "axes.edgecolor": COLOUR["soft"],
    "axes.labelcolor": COLOUR["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": COLOUR["grid"],
    "grid.linewidth": 1.0,
    "xtick.color": COLOUR["soft"],
    "ytick.color": COLOUR["soft"],
    "xtick.labelcolor": COLOUR["ink"],
    "ytick.labelcolor": COLOUR["ink"],
    "xtick.bottom": False,
    "ytick.left": False,
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


class Sheet:
    """A drawing of some plots under one another; places of what is put on top are in the data of its axes."""

    def __init__(self, width: int, heights: Sequence[int], told: str, left: int = 46, top: int = 8):
        """width, heights: [px], of the drawing and of the plots.  told: what it shows, in a sentence or two.

        left, top: margins [px].
        """
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        right, between = 10, 30
        self._size = width, sum(heights) + len(heights) * between + top
        self.told = told
        self._on_top: list[str] = []
        self._figure = Figure(figsize=(width / 72, self._size[1] / 72), dpi=72, facecolor="none")
        FigureCanvasSVG(self._figure)
        self.axes = []
        at = self._size[1] - top
        for height in heights:
            box = (left, at - height, width - left - right, height)
            x, y, wide, high = (part / whole for part, whole in zip(box, 2 * self._size, strict=True))
            self.axes.append(self._figure.add_axes((x, y, wide, high), facecolor="none"))
            at -= height + between

    def tip(self, axes, x: tuple[float, float], text: str) -> None:
        """Tell a text where the pointer rests on a stretch of x of some axes, from top to bottom."""
        left, right = (self._at(axes, one, 0)[0] for one in x)
        box = axes.get_position()
        top, height = (1 - box.y1) * self._size[1], box.height * self._size[1]
        self._on_top.append(
            f'<rect class="tip" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{height:.1f}">'
            f"<title>{escape(text)}</title></rect>"
        )

    def sign(self, axes, x: float, kind: str, text: str, href: str, rise: float = 0.0) -> None:
        """Put a sign on the upper edge of axes that leads to a place in the page.

        kind: of _SIGNS.  rise: how far down [px].
        """
        at = self._at(axes, x, 0)[0]
        box = axes.get_position()
        top = (1 - box.y1) * self._size[1] + rise
        shape, role = _SIGNS[kind]
        self._on_top.append(
            f'<a href="{escape(href)}" aria-label="{escape(text)}"><path d="M{at:.1f} {top:.1f}{shape}" '
            f'class="{role}"/><title>{escape(text)}</title></a>'
        )

    def _at(self, axes, x: float, y: float) -> tuple[float, float]:
        """Return where a value of axes is [px from the left, from the top]; limits must be set by then."""
        at = axes.transData.transform((x, y))
        return at[0], self._size[1] - at[1]

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
        head = (
            f'<svg class="plot {css}" viewBox="0 0 {width} {height}" role="img" tabindex="0" '
            f'aria-label="{escape(self.told)}">'
        )
        return head + _slim(body) + "".join(self._on_top) + "</svg>"


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
