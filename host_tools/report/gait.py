"""How the strides of a session are spread: landings, impacts, grades; forward against backward."""

import numpy as np
from backstep.core import event_names

from host_tools.report import words
from host_tools.report.over_time import WALKED, Curve
from host_tools.report.plots import COLOUR, Plot, Sheet
from host_tools.report.view import View
from host_tools.sessions.session_figures import GRADE_BIN_PCT

SIZE = (370, 190)
_IMPACT_STEP_G, _IMPACT_BINS = 0.5, 32


def spreads(one: View) -> list[Curve]:
    """Return the plots of spread that a session has data for."""
    told = {way: one.whole.get(way) for way in WALKED}
    found = []
    shares = {way: part["landing_pct"] for way, part in told.items() if part and part["landing_pct"]}
    if shares:
        found.append(Curve("landing", "Landing, % of strides", _landing, _said_landing(shares)))
    impacts = {way: part["impact"] for way, part in told.items() if part and part["impact"]}
    if impacts:
        found.append(Curve("impacts", "Impact, % of strides by g", _impacts, _said_impacts(impacts)))
    if one.whole.get("grade"):
        found.append(Curve("grades", "Way by grade, m", _grades, _said_grades(one.whole["grade"])))
    return found


def sheet(one: View, curve: Curve) -> Sheet:
    """Return a spread drawn."""
    made = Sheet(SIZE[0], [SIZE[1]], f"{curve.title}: {curve.said}", bottom=38)
    (plot,) = made.plots
    for at, tip in enumerate(curve.draw(one, plot)):
        made.tip(plot, (at - 0.5, at + 0.5), tip)
    return made


def _landing(one: View, plot: Plot) -> list[str]:
    axes = plot.axes
    names = event_names.LANDINGS[1:]
    tips = ["" for _ in names]
    for shift, way in ((-0.2, "backward"), (0.2, "forward")):
        part = one.whole.get(way)
        if not part or not part["landing_pct"]:
            continue
        for at, name in enumerate(names):
            share = part["landing_pct"][name]
            axes.bar(at + shift, share, 0.36, color=COLOUR[way])
            axes.annotate(f"{share}", (at + shift, share), xytext=(0, 3), textcoords="offset points", ha="center")
            tips[at] += f"{', ' if tips[at] else ''}{way} {share} %"
    plot.x = range(len(names)), names
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_ylim(0, 115)
    plot.y = [0, 50, 100]
    return [f"{name}: {tip}" for name, tip in zip(names, tips, strict=True)]


def _impacts(one: View, plot: Plot) -> list[str]:
    axes = plot.axes
    felt = {way: _felt_g(one, way) for way in WALKED}
    highest = max(max(values) for values in felt.values() if values)
    edges = np.arange(
        0, min(highest + _IMPACT_STEP_G, _IMPACT_STEP_G * _IMPACT_BINS) + _IMPACT_STEP_G, _IMPACT_STEP_G
    )
    for way, values in felt.items():
        if values:
            shares = 100 * np.histogram(np.clip(values, 0, edges[-1] - 0.01), edges)[0] / len(values)
            axes.stairs(shares, edges, color=COLOUR[way], linewidth=2, fill=False)
            axes.stairs(shares, edges, color=COLOUR[way], alpha=0.2, fill=True)
            axes.axvline(np.median(values), color=COLOUR[way], linewidth=1.4, linestyle=(0, (4, 3)))
    axes.set_xlim(0, edges[-1])
    axes.set_ylim(0)
    plot.under = "g; dashed: median"
    return []


def _felt_g(one: View, way: str) -> list[float]:
    return [stride.impact_mg / 1000 for stride in one.strides if stride.direction == way and stride.impact_mg]


def _grades(one: View, plot: Plot) -> list[str]:
    axes = plot.axes
    metres = one.whole["grade"]["metres_from_pct"]
    lows = np.arange(min(metres), max(metres) + GRADE_BIN_PCT, GRADE_BIN_PCT)
    axes.bar(
        lows + GRADE_BIN_PCT / 2, [metres.get(low, 0.0) for low in lows], 0.9 * GRADE_BIN_PCT, color=COLOUR["soft"]
    )
    axes.set_xlim(lows[0] - GRADE_BIN_PCT / 2, lows[-1] + 1.5 * GRADE_BIN_PCT)
    plot.under = "grade, %"
    axes.set_ylim(0)
    return []


def _said_landing(shares: dict) -> str:
    return "; ".join(
        f"{way} {', '.join(f'{name} {share} %' for name, share in of_way.items())}"
        for way, of_way in shares.items()
    )


def _said_impacts(impacts: dict) -> str:
    told = []
    for way, impact in impacts.items():
        clipped = impact["clipped_strides"]
        more = f" or more, {words.counted(clipped, 'stride')} at the sensor's end" if clipped else ""
        told.append(
            f"{way} median {impact['median_mg'] / 1000:.1f} g, 95 % below {impact['p95_mg'] / 1000:.1f} g{more}"
        )
    return "; ".join(told)


def _said_grades(grade: dict) -> str:
    return (
        f"median {grade['median_pct']:.1f} %, middle 80 % of it {grade['p10_pct']:.1f} to {grade['p90_pct']:.1f} %"
    )
