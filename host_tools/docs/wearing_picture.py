"""How a pod is fixed to shoe and belt: where its arrow points, which is the axis that its board calls forward."""

import math
from collections.abc import Sequence

from host_tools.docs.svg import BLUE, INK, RED, Sheet
from host_tools.install import boards

PATH = "firmware/pictures/wearing.svg"
BOARD = "qtpy_s3"  # whose axes are named
WIDTH, HEIGHT = 840, 290
SHOE_POD, BELT_POD = (34, 13), (22, 22)  # length and thickness
SHOE = (
    (70, 232), (268, 232), (284, 224), (282, 206), (262, 192), (222, 176), (186, 148), (176, 96),
    (104, 96), (100, 150), (78, 186), (66, 214), (70, 232),
)  # fmt: skip
LACES = 206, 164, 38.0  # middle of the pod, and how far the instep slopes [deg]
HEAD, TRUNK, LEGS, BELT_Y = (560, 62), (560, 134), ((548, 182), (572, 182)), 170


def page() -> dict[str, str]:
    """Return the picture: path -> SVG."""
    return {PATH: picture()}


def picture() -> str:
    """Return as SVG a shoe and a wearer from the side, both looking to the right, with their pods."""
    ahead, _, up = boards.load(BOARD)["axes"]
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.words(24, 24, "shoe: on the laces", INK, bold=True)
    sheet.line(SHOE, INK, 2)
    x, y, slope = LACES
    _pod(sheet, x, y - 8, SHOE_POD, slope, BLUE, f"{ahead}: arrow", up)
    sheet.words(24, HEIGHT - 30, "arrow to the toes; where it lies otherwise,", INK)
    sheet.words(24, HEIGHT - 14, "calibrating learns that", INK)
    sheet.words(430, 24, "belt: small of the back, or buckle", INK, bold=True)
    _person(sheet)
    _pod(sheet, TRUNK[0] - 40, BELT_Y, BELT_POD, 0.0, BLUE, "", up)
    _pod(sheet, TRUNK[0] + 40, BELT_Y, BELT_POD, 0.0, BLUE, f"{ahead}: arrow", up)
    sheet.words(668, BELT_Y + 34, "arrow the way you look", INK)
    sheet.words(500, BELT_Y - 3, "one of", INK, "end")
    sheet.words(500, BELT_Y + 13, "the two", INK, "end")
    return sheet.text(
        f"A shoe's pod on the laces, its arrow ({ahead}) to the toes; a belt's pod at the small of the back or the"
        f" buckle, its arrow ({ahead}) the way its wearer looks, {up} up"
    )


def _person(sheet: Sheet) -> None:
    """Draw somebody from the side, looking to the right."""
    sheet.line(_round(*HEAD, 20, 22), INK, 2)
    sheet.line([(HEAD[0] + 19, HEAD[1]), (HEAD[0] + 26, HEAD[1] + 5), (HEAD[0] + 18, HEAD[1] + 9)], INK, 2)
    sheet.line(_round(*TRUNK, 26, 50), INK, 2)
    for x, y in LEGS:
        side = 1 if x > TRUNK[0] else -1
        sheet.line([(x, y), (x + 4 * side, 270), (x + 4 * side + 20, 274)], INK, 2)
    sheet.line([(TRUNK[0] - 28, BELT_Y), (TRUNK[0] + 28, BELT_Y)], INK, 5)


def _pod(sheet: Sheet, x: float, y: float, size: tuple, slope: float, colour: str, ahead: str, up: str) -> None:
    """Draw a pod about (x, y), turned down to the right by a slope [deg], with its arrows ahead and up.

    size: length and thickness.  ahead, up: words at the arrows' ends.
    """
    long, thick = size
    corners = [
        _turned(x, y, slope, a * long / 2, b * thick / 2)
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]
    sheet.line(corners, colour, 3)
    for ends, colour, word in (
        ([(long / 2, 0.0), (long / 2 + 44, 0.0)], RED, ahead),
        ([(0.0, -thick / 2), (0.0, -thick / 2 - 34)], INK, up),
    ):
        (x0, y0), (x1, y1) = (_turned(x, y, slope, *end) for end in ends)
        _arrow(sheet, [(x0, y0), (x1, y1)], colour)
        sheet.words(x1 + 8, y1 - 4, word, colour, bold=True)


def _turned(x: float, y: float, slope: float, along: float, off: float) -> tuple[float, float]:
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))
    return x + along * cos - off * sin, y + along * sin + off * cos


def _arrow(sheet: Sheet, ends: Sequence[tuple[float, float]], colour: str) -> None:
    (x0, y0), (x1, y1) = ends
    slope = math.degrees(math.atan2(y1 - y0, x1 - x0))
    sheet.line(ends, colour, 2.5)
    sheet.line([_turned(x1, y1, slope, -9, -5), (x1, y1), _turned(x1, y1, slope, -9, 5)], colour, 2.5)


def _round(x: float, y: float, wide: float, high: float) -> list[tuple[float, float]]:
    """Return an ellipse."""
    turns = [2 * math.pi * step / 36 for step in range(37)]
    return [(x + wide * math.cos(turn), y + high * math.sin(turn)) for turn in turns]
