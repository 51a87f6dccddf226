"""A small writer of timelines as SVG: text that is the same for the same numbers, wherever it is made."""

from collections.abc import Sequence
from html import escape

PX_PER_MS = 0.18
LENGTH_MS = 2700  # the same in every picture, so that one word can be compared with another
UP_PX, DOWN_PX, MARGIN_PX = 44, 44, 8
TICK_MS = 500
LABEL_PX = 14
LINE_EVERY = 5  # values of a line that are one point
GREY, LINE, PALE = "#b8bec6", "#c8102e", "#8a919b"
# of a Sheet: seen on a light page and on a dark one
INK, BLUE, GREEN, RED, ORANGE = "#747c85", "#2a7de1", "#2a8f4f", "#dc3d43", "#b66d00"


class Drawing:
    """One timeline; times in ms from the left, values -1..1 about a zero line."""

    def __init__(self, title: str):
        self.title = title
        self._marks: list[str] = []

    def bar(self, from_ms: float, length_ms: float, value: float) -> None:
        """Fill from the zero line to a value, for a while; nothing for 0."""
        if value:
            height = abs(value) * (UP_PX if value > 0 else DOWN_PX)
            top = _y(value) if value > 0 else _y(0)
            self._marks.append(
                f'<rect x="{_x(from_ms):.1f}" y="{top:.1f}" width="{length_ms * PX_PER_MS:.1f}" '
                f'height="{height:.1f}" fill="{GREY}"/>'
            )

    def line(self, values: Sequence[float]) -> None:
        """Draw one value a millisecond as a line."""
        points = " ".join(f"{_x(ms):.1f},{_y(values[ms]):.1f}" for ms in range(0, len(values), LINE_EVERY))
        self._marks.append(f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="1.5"/>')

    def text(self) -> str:
        """Return the whole SVG."""
        width, bottom = LENGTH_MS * PX_PER_MS + 2 * MARGIN_PX, MARGIN_PX + UP_PX + DOWN_PX
        height = bottom + LABEL_PX + MARGIN_PX
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" font-family="sans-serif" font-size="10">',
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
            *self._marks,
            f'<path d="M{_x(0):.1f} {_y(0):.1f}H{_x(LENGTH_MS):.1f}" stroke="{PALE}"/>',
            f'<text x="{_x(LENGTH_MS):.1f}" y="{MARGIN_PX + LABEL_PX}" text-anchor="end">{self.title}</text>',
        ]
        for ms in range(0, LENGTH_MS + 1, TICK_MS):
            lines.append(f'<path d="M{_x(ms):.1f} {bottom}v4" stroke="{PALE}"/>')
            unit = " ms" if ms == 0 else ""
            lines.append(f'<text x="{_x(ms) + 3:.1f}" y="{bottom + LABEL_PX}" fill="{PALE}">{ms}{unit}</text>')
        return "\n".join([*lines, "</svg>", ""])


def _x(ms: float) -> float:
    return MARGIN_PX + ms * PX_PER_MS


def _y(value: float) -> float:
    return MARGIN_PX + UP_PX - value * (UP_PX if value > 0 else DOWN_PX)


class Sheet:
    """A picture of any size without a ground of its own, for a light page and a dark one; places in px."""

    def __init__(self, width: int, height: int):
        self._size = width, height
        self._marks: list[str] = []

    def bar(self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> None:
        """Fill a box."""
        pale = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        box = f'x="{_px(x)}" y="{_px(y)}" width="{_px(width)}" height="{_px(height)}"'
        self._marks.append(f'<rect {box} fill="{fill}"{pale}/>')

    def line(self, points: Sequence[tuple[float, float]], stroke: str, width: float = 1.5, dash: str = "") -> None:
        """Draw through points (x, y); dash: as SVG's stroke-dasharray, "" = none."""
        path = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._marks.append(
            f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'
        )

    def words(self, x: float, y: float, text: str, fill: str, anchor: str = "start", bold: bool = False) -> None:
        """Write text; anchor: "start", "middle" or "end" of it is at x."""
        weight = ' font-weight="bold"' if bold else ""
        self._marks.append(
            f'<text x="{_px(x)}" y="{_px(y)}" fill="{fill}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'
        )

    def text(self, title: str) -> str:
        """Return the whole SVG; title: what it shows, for who cannot see it."""
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" font-family="sans-serif" font-size="11" role="img">'
        )
        return "\n".join([head, f"<title>{escape(title)}</title>", *self._marks, "</svg>", ""])


def _px(value: float) -> str:
    """Return a place to half a pixel: what another machine's sines change in a sample is not seen."""
    return f"{round(2 * value) / 2:g}"
