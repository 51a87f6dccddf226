"""The dose drawn: a session against it, and days against it."""

from backstep.core.training import programme

from host_tools.report.plots import COLOUR, Plot, Sheet
from host_tools.report.training import SIZE, Dose, Load, day

DAYS = 28
_BAR_PX, _WORDS_PX = 34, 42


def dose_sheet(dose: Dose, steps: int, minutes: float) -> Sheet:
    """Return a session against its dose.  steps: backward.  minutes: of stepping backward.

    A bar of each that the dose tells; lines at the dose, and where the pod says that it is time to stop.
    """
    rows = [
        (name, done, whole)
        for name, done, whole in (("steps", steps, dose.steps), ("minutes", minutes, dose.minutes))
        if whole
    ]
    told = ", ".join(f"{_round(done)} {name} of {whole}, {done / whole:.0%}" for name, done, whole in rows)
    made = Sheet(SIZE[0], [_BAR_PX] * len(rows), f"The dose: {told}", left=14, top=24)
    for plot, (name, done, whole) in zip(made.plots, rows, strict=True):
        stop = programme.enough(whole)
        plot.heading = f"{_round(done)} {name}, {done / whole:.0%}"
        plot.axes.barh(0, done, 0.6, color=COLOUR["warn" if done > stop else "backward"])
        plot.axes.set_xlim(0, 1.1 * max(stop, done))
        plot.axes.set_ylim(-0.5, 0.5)
        apart = plot.across(stop) - plot.across(whole) > _WORDS_PX
        plot.y, plot.x = [], ([whole, stop], [f"dose {whole}", f"{stop}" if apart else ""])
        _lines(plot, whole, stop, plot.axes.axvline)
        made.tip(plot, plot.axes.get_xlim(), f"{_round(done)} of {whole} {name}; time to stop at {stop}")
    return made


def recent(load: Load) -> list[int]:
    """Return backward steps of the last DAYS days, the first one first; [] where no day is known."""
    return [load.days.get(load.today - ago, 0) for ago in range(DAYS - 1, -1, -1)] if load.today else []


def days_sheet(load: Load) -> Sheet:
    """Return the last DAYS days, each against the dose where one is known."""
    steps, dose = recent(load), load.dose.steps
    stop = programme.enough(dose)
    reached = sum(one >= dose for one in steps) if dose else 0
    against = f"the dose of {dose} reached on {reached}" if dose else "no dose known in steps"
    told = f"steps on {sum(one > 0 for one in steps)} of {DAYS} days, {against}"
    made = Sheet(SIZE[0], [SIZE[1]], f"Backward steps, day by day: {told}")
    (plot,) = made.plots
    colours = [COLOUR["warn" if dose and one > stop else "backward"] for one in steps]
    plot.axes.bar(range(DAYS), steps, 0.8, color=colours)
    plot.axes.set_xlim(-0.6, DAYS - 0.4)
    plot.axes.set_ylim(0, 1.15 * max(*steps, stop))
    if dose:
        _lines(plot, dose, stop, plot.axes.axhline)
    named = range(DAYS - 1, -1, -7)
    plot.x = named, [f"{day(load.today - DAYS + 1 + at):%d %b}" for at in named]
    for at, one in enumerate(steps):
        if one:
            made.tip(plot, (at - 0.5, at + 0.5), f"{day(load.today - DAYS + 1 + at):%d %b}: {one} steps")
    return made


def _lines(plot: Plot, dose: int, stop: int, across) -> None:
    """Draw the dose, and where it is time to stop.  across: draws a line through a plot at a value."""
    across(dose, color=COLOUR["ink"], linewidth=1.8, linestyle=(0, (5, 3)))
    across(stop, color=COLOUR["warn"], linewidth=1.8, linestyle=(0, (1.5, 2)))


def _round(done: float) -> str:
    return f"{done:.1f}".removesuffix(".0")
