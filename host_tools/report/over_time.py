"""The curves of a session over its time: steps, cadence, speed, length, height, grade, impact, heart rate, ..."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from host_tools.report import time_axis, words
from host_tools.report.moments import Moment
from host_tools.report.plots import COLOUR, Plot, Sheet
from host_tools.report.view import View
from host_tools.sessions.session_figures import cv_pct
from host_tools.sessions.strides import BLOCK, walks_of
from host_tools.sessions.timeline import WAYS

BINS, LEAST_S = 120, 5  # at most so many stretches, and not shorter: a stride takes a second
WIDE, NARROW = (1120, 130), (370, 140)
WALKED = ("backward", "forward")
SHAPE = {"backward": "o", "forward": "^", "other": "s"}
_SIGNS_MAX = 200  # of one session


@dataclass(frozen=True)
class Curve:
    """One plot over time.

    name: of its meaning, see meanings.py.  title: with the unit.  draw: puts it on axes; returns what to say of
    each bin.  said: what it shows in a sentence, for who does not see it.
    """

    name: str
    title: str
    draw: Callable[..., list[str]]
    said: str


@dataclass(frozen=True)
class Bins:
    """A session in stretches of the same length.  edges: of them [s].  step_s: their length."""

    edges: np.ndarray
    step_s: int

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of a value a second over each stretch."""
        return np.add.reduceat(values, self.edges[:-1]) if len(values) else values

    def means(self, values: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """Return the mean over each stretch of what is there, and inside; NaN where nothing is."""
        there = inside & ~np.isnan(values)
        counts = self.sums(there.astype(float))
        return np.divide(
            self.sums(np.where(there, values, 0.0)), counts, out=np.full(len(counts), np.nan), where=counts > 0
        )


def bins_of(one: View) -> Bins:
    """Return the stretches that a session is drawn in."""
    seconds = one.series.seconds
    step_s = max(LEAST_S, words.step_s(seconds, BINS))
    return Bins(np.array([*range(0, seconds, step_s), seconds]), step_s)


def curves(one: View) -> list[Curve]:
    """Return the curves that a session has data for."""
    series = one.series
    found = []
    if one.steps:
        found.append(Curve("steps", "Steps a minute, pauses counted", _steps, _said_steps(one)))
    for name, title, values, digits, unit in (
        ("cadence", "Cadence, steps a minute", series.cadence_spm, 0, "steps/min"),
        ("speed", "Speed, km/h", 3.6 * series.speed_m_s, 1, "km/h"),
        ("stride", "Stride length, m", series.stride_m, 2, "m"),
    ):
        if not np.isnan(values).all():
            found.append(_by_way(one, name, title, values, digits, unit))
    if not np.isnan(series.height_m).all():
        found.append(Curve("height", "Height climbed, m", _height, _said_height(one)))
    if not np.isnan(series.grade_pct).all():
        found.append(_by_way(one, "grade", "Grade, %", series.grade_pct, 1, "%"))
    if not np.isnan(series.impact_mg).all():
        found.append(_by_way(one, "impact", "Impact at the foot, g", series.impact_mg / 1000, 1, "g"))
    if not np.isnan(series.heart_bpm).all():
        found.append(Curve("heart", "Heart rate, beats a minute", _heart, _said_heart(one)))
    blocks = variability_blocks(one)
    if blocks:
        found.append(Curve("variability", "Variability of stride time, %", _variability, trend_words(blocks)))
    return found


def sheet(one: View, curve: Curve, size: tuple[int, int], moments: list[Moment], top: dict, prefix: str) -> Sheet:
    """Return a curve drawn.

    size: of WIDE or NARROW.  moments: whose signs stand on the steps.  top: limits by curve, where sessions share
    them.  prefix: of the moments' places in the page.
    """
    made = Sheet(size[0], [size[1]], f"{curve.title}: {curve.said}")
    (plot,) = made.plots
    tips = curve.draw(one, plot)
    time_axis.time_axis(plot, one.seconds, size[0])
    time_axis.laps(plot.axes, one)
    time_axis.unknown(plot.axes, one)
    if curve.name in top:
        plot.axes.set_ylim(*top[curve.name])
    stretches = bins_of(one)
    for begin, end, tip in zip(stretches.edges, stretches.edges[1:], tips, strict=False):
        if tip:
            made.tip(plot, (begin, end), f"{words.at(begin)} to {words.at(end)}: {tip}")
    if curve.name == "steps":
        for moment in moments[:_SIGNS_MAX]:
            if moment.sign:
                made.sign(plot, moment.at_s, moment.sign, moment.said, f"#{prefix}{moment.number}")
    return made


def limits(one: View, curve: Curve) -> tuple[float, float]:
    """Return the limits that a curve takes by itself."""
    made = Sheet(NARROW[0], [NARROW[1]], "")
    curve.draw(one, made.plots[0])
    return made.plots[0].axes.get_ylim()


def table(one: View) -> list[list[str]]:
    """Return the curves as rows of words, a stretch each, the heading first."""
    series, stretches = one.series, bins_of(one)
    everywhere = np.ones(series.seconds, bool)
    columns = [("from", [words.at(edge) for edge in stretches.edges[:-1]])]
    columns += [(way, [str(count) for count in stretches.sums(series.steps[way])]) for way in WAYS]
    for title, values, digits in (
        ("steps/min", series.cadence_spm, 0),
        ("km/h", 3.6 * series.speed_m_s, 1),
        ("stride m", series.stride_m, 2),
        ("height m", series.height_m, 1),
        ("grade %", series.grade_pct, 1),
        ("impact g", series.impact_mg / 1000, 1),
        ("bpm", series.heart_bpm, 0),
    ):
        means = stretches.means(values, everywhere)
        if not np.isnan(means).all():
            columns.append((title, [words.number(mean, digits) for mean in means]))
    return [
        [title for title, _ in columns],
        *(list(row) for row in zip(*(cells for _, cells in columns), strict=True)),
    ]


def variability_blocks(one: View) -> list[tuple[float, str, float]]:
    """Return (middle [s], way, CV of stride time [%]) of blocks of strides, first and last of a walk left out."""
    found = []
    for walk in walks_of(one.strides):
        inner = [stride for stride in walk[1:-1] if stride.time_s]
        for index in range(0, len(inner) - BLOCK + 1, BLOCK):
            block = inner[index : index + BLOCK]
            way = walk[0].direction
            cv = cv_pct([stride.time_s for stride in block])
            if way in WALKED and cv is not None:
                found.append(((block[0].begin_s + block[-1].contact_s) / 2, way, cv))
    return found


def trend_words(blocks: list[tuple[float, str, float]]) -> str:
    """Return how the variability went, by a straight line through each way's blocks."""
    told = []
    for way in WALKED:
        of_way = [(at_s, cv) for at_s, name, cv in blocks if name == way]
        if len(of_way) >= 4:
            begin, end = _line(of_way)
            told.append(f"{way} from {begin:.1f} % at the beginning to {end:.1f} % at the end")
        elif of_way:
            told.append(f"{way} about {np.mean([cv for _, cv in of_way]):.1f} %, too few blocks for a trend")
    return "; ".join(told)


def _line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the first and last value of a straight line through points."""
    xs, ys = np.array(points).T
    slope, base = np.polyfit(xs, ys, 1)
    return base + slope * xs[0], base + slope * xs[-1]


def _steps(one: View, plot: Plot) -> list[str]:
    axes = plot.axes
    stretches, series = bins_of(one), one.series
    counts = {way: stretches.sums(series.steps[way]) for way in WAYS}
    minutes = np.diff(stretches.edges) / 60
    base = np.zeros(len(minutes))
    for way in WAYS:
        top = base + counts[way] / minutes
        axes.stairs(top, stretches.edges, baseline=base, fill=True, color=COLOUR[way], linewidth=0)
        base = top
    axes.set_ylim(0, max(4, 1.25 * base.max()))
    ways = [", ".join(f"{counts[way][i]} {way}" for way in WAYS if counts[way][i]) for i in range(len(base))]
    return [told or "no steps" for told in ways]


def _by_way(one: View, name: str, title: str, values: np.ndarray, digits: int, unit: str) -> Curve:
    """Return a curve whose values have one line for each way."""
    inside = {way: _well_inside(one.series.direction, way) for way in WAYS}
    shown = [way for way in WAYS if not np.isnan(values[inside[way]]).all() and inside[way].any()]
    means = {way: bins_of(one).means(values, inside[way]) for way in shown}
    told = ", ".join(f"{way} {np.nanmedian(values[inside[way]]):.{digits}f} {unit}" for way in shown)

    def draw(one: View, plot: Plot) -> list[str]:
        axes = plot.axes
        edges = bins_of(one).edges
        middles = (edges[:-1] + edges[1:]) / 2
        for way in shown:
            axes.plot(middles, means[way], color=COLOUR[way], marker=SHAPE[way], markersize=3.5, linewidth=1.6)
        _from_nought(axes, name, means)
        said = [
            [(way, means[way][i]) for way in shown if not np.isnan(means[way][i])] for i in range(len(middles))
        ]
        return [", ".join(f"{way} {value:.{digits}f} {unit}" for way, value in bin_said) for bin_said in said]

    return Curve(name, title, draw, f"median {told}")


def _well_inside(direction: np.ndarray, way: str) -> np.ndarray:
    """Return a way's seconds that border on no other, whose strides they may hold too; all if none is left."""
    own = direction == way
    alone = own | (direction == "")
    inner = own & np.append(True, alone[:-1]) & np.append(alone[1:], True)
    return inner if inner.any() else own


def _from_nought(axes, name: str, means: dict) -> None:
    """Let what cannot be negative begin at 0, and a grade have its 0 in it."""
    highest = max(np.nanmax(values) for values in means.values())
    lowest = min(np.nanmin(values) for values in means.values())
    if name == "grade":
        axes.set_ylim(min(-1.0, 1.2 * lowest), max(1.0, 1.2 * highest))
        axes.axhline(0, color=COLOUR["soft"], linewidth=1)
    else:
        axes.set_ylim(0, 1.15 * highest)


def _height(one: View, plot: Plot) -> list[str]:
    axes = plot.axes
    stretches, series = bins_of(one), one.series
    ends = series.height_m[stretches.edges[1:] - 1]
    xs, ys = np.concatenate([[0], stretches.edges[1:]]), np.concatenate([[0.0], ends])
    axes.fill_between(xs, ys, min(0.0, ys.min()), color=COLOUR["band"], linewidth=0)
    axes.plot(xs, ys, color=COLOUR["ink"], linewidth=1.6)
    low, high = min(0.0, ys.min()), max(1.0, ys.max())
    axes.set_ylim(low - 0.08 * (high - low) * (low < 0), high + 0.15 * (high - low))
    return [f"{height:.1f} m above the start" for height in ends]


def _heart(one: View, plot: Plot) -> list[str]:
    """Draw heart rate; where the strap was out of reach there is no line."""
    stretches, series = bins_of(one), one.series
    means = stretches.means(series.heart_bpm, np.ones(series.seconds, bool))
    middles = (stretches.edges[:-1] + stretches.edges[1:]) / 2
    plot.axes.plot(middles, means, color=COLOUR["ink"], marker=".", markersize=4, linewidth=1.6)
    low, high = np.nanmin(means), np.nanmax(means)
    plot.axes.set_ylim(max(0, low - 10), high + 10)
    return ["" if np.isnan(mean) else f"{mean:.0f} bpm" for mean in means]


def _variability(one: View, plot: Plot) -> list[str]:
    axes = plot.axes
    blocks = variability_blocks(one)
    for way in WALKED:
        of_way = [(at_s, cv) for at_s, name, cv in blocks if name == way]
        if of_way:
            xs, ys = np.array(of_way).T
            axes.plot(xs, ys, SHAPE[way], color=COLOUR[way], markersize=4.5)
        if len(of_way) >= 4:
            axes.plot([xs[0], xs[-1]], _line(of_way), color=COLOUR[way], linewidth=1.4, linestyle=(0, (5, 3)))
    axes.set_ylim(0, max(4.0, 1.2 * max(cv for _, _, cv in blocks)))
    return []


def _said_steps(one: View) -> str:
    return ", ".join(f"{one.whole[f'{way}_steps']} {way}" for way in WAYS)


def _said_heart(one: View) -> str:
    told = one.whole["heart"]
    return f"mean {told['mean_bpm']}, most {told['max_bpm']}; told for {words.length(told['known_s'])}"


def _said_height(one: View) -> str:
    told = f"up {one.whole['ascent_m']:.1f} m, down {one.whole['descent_m']:.1f} m"
    return told if one.found.is_level else f"{told}; level not calibrated: grades may be 4 % off"
