"""The picture of a session: what a shoe's and a belt's detectors make of the gait simulator's built-in one.

Kinder than a pod: a buzz is drawn at the sample that calls for it, as if a motor turned at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from backstep.core.belt.lean import BACK_DDEG, Lean
from backstep.core.haptic import ERM_RISE_MS, LEVEL_MAX
from backstep.core.patterns import index_of
from backstep.core.training.session import Session

from host_tools.docs import haptics
from host_tools.docs.svg import BLUE, GREEN, INK, ORANGE, RED, Sheet
from host_tools.event_words import coded
from host_tools.gait import uphill_backward_session
from host_tools.gait.session import Simulated
from host_tools.replay import replay_recording

PATH = "firmware/pictures/session.svg"
SEED = 1  # what `backstep sim` walks by default
COLOURS = {"backward": BLUE, "forward": GREEN}
CUES = {"sway": "sway", "caution": "caution", "fall": "fall_countdown"}
CUES |= dict.fromkeys(("slide", "catch", "toe_lift", "recovery"), "foot")
WIDTH, HEIGHT = 840, 290
LEFT, RIGHT = 78, 570  # of the whole session; beside it its last sway
NEAR, FAR = 630, 828
BACK_S, ON_S = 0.55, 0.9  # shown before and after the warning
STRIDES, CLIMB, LEAN, BUZZ = (30, 84), (100, 144), (160, 220), (234, 258)  # top and bottom of the rows
STRIDE_M, CLIMB_M, LEAN_DEG = 1.4, 3.0, 90.0  # what fills a row
EVERY_S = 0.2


@dataclass(frozen=True)
class Worn:
    """What a pod was given and what it made of it."""

    made: Simulated
    events: list[dict]
    counts: Session

    def s(self, row: int) -> float:
        """Return the time of a row [s]."""
        return row / self.made.rate_hz

    def told(self, *names: str) -> list[tuple[float, dict]]:
        """Return the events of these names with the time at which they were told [s]."""
        return [(self.s(event["sample"]), event) for event in self.events if event["event"] in names]


@cache
def worn(placement: str) -> Worn:
    """Return the built-in session as a pod sees it that is worn at a placement."""
    made = uphill_backward_session(SEED, placement)
    events = replay_recording(made.recording())
    counts = Session(round(made.rate_hz))
    for event in events:
        counts.add(*coded(event))
    return Worn(made, events, counts)


def page() -> dict[str, str]:
    """Return the picture: path -> SVG."""
    return {PATH: picture()}


def picture() -> str:
    """Return the session as SVG: strides, climb, lean and buzzes over time, and the last sway close by."""
    shoe, belt = worn("shoe"), worn("belt")
    length_s = shoe.s(len(shoe.made.samples))
    sheet = Sheet(WIDTH, HEIGHT)
    over = _scale((0, length_s), (LEFT, RIGHT))
    lean = _lean_deg(belt)
    _strides(sheet, shoe, over)
    _climb(sheet, shoe, over)
    _trunk(sheet, belt, lean, over)
    for pod in (shoe, belt):
        for at_s, event in pod.told(*CUES):
            _buzz(sheet, over, at_s, CUES[event["event"]])
    _gutter(sheet)
    _axis(sheet, over, [float(s) for s in range(0, int(length_s) + 1, 10)], "s")
    _close_by(sheet, belt, lean)
    return sheet.text(told(shoe, belt))


def told(shoe: Worn, belt: Worn) -> str:
    """Return in one sentence what the picture shows."""
    counts, sways = shoe.counts, belt.counts
    return (
        f"A simulated session: {counts.forward} steps forward, {counts.backward} backward over "
        f"{counts.backward_mm / 1000:.1f} m uphill, {_times(sways.sways, 'warning')} of a sway, "
        f"{_times(sways.falls, 'fall')}"
    )


def _times(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _scale(values: tuple[float, float], places: tuple[float, float]) -> Callable[[float], float]:
    """Return what turns a value into its place, evenly between two of each."""
    per = (places[1] - places[0]) / (values[1] - values[0])
    return lambda value: places[0] + (value - values[0]) * per


def _strides(sheet: Sheet, shoe: Worn, over: Callable) -> None:
    top, bottom = STRIDES
    counts = shoe.counts
    for _, event in shoe.told("stride"):
        height = (bottom - top) * event["stride_mm"] / 1000 / STRIDE_M
        colour = COLOURS.get(event["direction"], INK)
        sheet.bar(over(shoe.s(event["contact"])) - 2.5, bottom - height, 5, height, colour)
    sheet.line([(LEFT, bottom), (RIGHT, bottom)], INK, 1)
    sheet.words(LEFT, 14, f"{counts.forward} steps forward", GREEN, bold=True)
    sheet.words(over(13), 14, "turn about", INK)
    backward = f"{counts.backward} steps backward, {counts.backward_mm / 1000:.1f} m"
    sheet.words(over(24), 14, backward, BLUE, bold=True)


def _climb(sheet: Sheet, shoe: Worn, over: Callable) -> None:
    up = _scale((0, CLIMB_M), (CLIMB[1], CLIMB[0]))
    sensed = [(shoe.s(event["contact"]), event["height_mm"]) for _, event in shoe.told("stride")]
    true = [(shoe.s(stride.contact), stride.height_mm) for stride in shoe.made.truth.strides]
    for heights, look in ((true, (INK, 1.5, "4 3")), (sensed, (BLUE, 2.0, ""))):
        points, height_m = [(float(LEFT), up(0))], 0.0
        for at_s, mm in heights:
            height_m += mm / 1000
            points.append((over(at_s), up(height_m)))
        sheet.line([*points, (float(RIGHT), up(height_m))], *look)
    climbed = f"climbed {shoe.counts.ascent_mm / 1000:.1f} m, as sensed; dashed: as simulated"
    sheet.words(LEFT + 4, CLIMB[0] + 14, climbed, INK)


def _trunk(sheet: Sheet, belt: Worn, lean: list[float], over: Callable) -> None:
    up = _scale((0, LEAN_DEG), (LEAN[1], LEAN[0]))
    step = round(EVERY_S * belt.made.rate_hz)
    blocks = [max(lean[row : row + step]) for row in range(0, len(lean), step)]
    sheet.line([(LEFT, LEAN[1]), (RIGHT, LEAN[1])], INK, 1)
    sheet.line([(over(EVERY_S * k), up(deg)) for k, deg in enumerate(blocks)], INK)
    for sway in belt.made.truth.sways:
        if sway.recovered:
            at = over(belt.s((sway.onset + sway.end) // 2))
            sheet.words(at, LEAN[0] + 36, "a sway, caught", INK, "middle")
    for at_s, _ in belt.told("sway"):
        sheet.words(over(at_s) - 6, LEAN[0] + 20, "SWAY: warned", RED, "end", bold=True)
        sheet.bar(over(at_s - BACK_S), STRIDES[0], over(BACK_S + ON_S) - over(0), BUZZ[1] - STRIDES[0], RED, 0.15)
    for at_s, _ in belt.told("fall"):
        sheet.words(over(at_s) + 4, LEAN[0] - 4, "FALL", RED, "middle", bold=True)


def _lean_deg(belt: Worn) -> list[float]:
    """Return the trunk's lean backward as the belt's own `Lean` has it after every sample [deg]."""
    lean = Lean(round(belt.made.rate_hz))
    found = []
    for sample in belt.made.samples.tolist():
        lean.feed(*sample)
        found.append(lean.state[BACK_DDEG] / 10)
    return found


def _buzz(sheet: Sheet, over: Callable, at_s: float, word: str) -> None:
    """Draw the drive of a haptic word, forward parts only: what the wearer feels begin."""
    top, bottom = BUZZ
    for level, length_ms in haptics.drives(index_of(word), ERM_RISE_MS):
        if level > 0:
            height = (bottom - top) * level / LEVEL_MAX
            width = max(1.0, over(length_ms / 1000) - over(0))
            sheet.bar(over(at_s), bottom - height, width, height, ORANGE if word in ("caution", "foot") else RED)
        at_s += length_ms / 1000


def _gutter(sheet: Sheet) -> None:
    for (top, bottom), name, unit in (
        (STRIDES, "shoe", "stride"),
        (CLIMB, "shoe", "climb"),
        (LEAN, "belt", "lean back"),
        (BUZZ, "motors", "buzz"),
    ):
        middle = (top + bottom) / 2
        sheet.words(LEFT - 10, middle - 2, name, INK, "end", bold=True)
        sheet.words(LEFT - 10, middle + 11, unit, INK, "end")


def _axis(sheet: Sheet, over: Callable, ticks: list[float], unit: str) -> None:
    sheet.line([(over(ticks[0]), BUZZ[1]), (over(ticks[-1]), BUZZ[1])], INK, 1)
    for tick in ticks:
        sheet.line([(over(tick), BUZZ[1]), (over(tick), BUZZ[1] + 4)], INK, 1)
        shown = f"{tick:g} {unit}" if tick == ticks[-1] else f"{tick:g}"
        sheet.words(over(tick), BUZZ[1] + 17, shown, INK, "middle")


def _close_by(sheet: Sheet, belt: Worn, lean: list[float]) -> None:
    """Draw the last sway: from the warning, in ms, with the simulator's own moment of impact."""
    warned_s, _ = belt.told("sway")[-1]
    impact_s = belt.s([sway.impact for sway in belt.made.truth.sways if sway.impact][-1])
    rows = range(int((warned_s - BACK_S) * belt.made.rate_hz), int((warned_s + ON_S) * belt.made.rate_hz))
    over = _scale((warned_s - BACK_S, warned_s + ON_S), (NEAR, FAR))
    up = _scale((0, LEAN_DEG), (LEAN[1], STRIDES[0]))
    sheet.line([(over(impact_s), STRIDES[0]), (over(impact_s), BUZZ[1])], RED, 1.5, "4 3")
    sheet.words(over(impact_s) + 4, BUZZ[0] - 22, "impact", RED)
    sheet.line([(over(belt.s(row)), up(lean[row])) for row in rows], INK, 2)
    sheet.line([(NEAR, LEAN[1]), (FAR, LEAN[1])], INK, 1)
    for deg in (0, 45, 90):
        sheet.words(NEAR - 6, up(deg) + 4, f"{deg}°", INK, "end")
    for at_s, event in belt.told("caution", "sway"):
        if at_s >= warned_s - BACK_S:
            _buzz(sheet, over, at_s, event["event"])
    sheet.line([(over(warned_s), up(lean[round(warned_s * belt.made.rate_hz)])), (over(warned_s), BUZZ[0])], RED)
    lead_ms = 1000 * (impact_s - warned_s)
    sheet.words(NEAR, 14, f"warned {lead_ms:.0f} ms before impact", RED, bold=True)
    _axis(sheet, _scale((-BACK_S, ON_S), (NEAR, FAR)), [-0.5, 0.0, 0.5], "s")
