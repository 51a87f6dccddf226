"""What every curve over time has: its axis, where laps begin, what the log does not know."""

import numpy as np

from host_tools.report import words
from host_tools.report.plots import COLOUR, Plot
from host_tools.report.view import View


def time_axis(plot: Plot, seconds: float, width: int) -> None:
    """Set limits and words of the time, as m:ss or h:mm:ss."""
    end = max(1.0, float(np.ceil(seconds)))
    plot.axes.set_xlim(0, end)
    step = words.step_s(end, 8 if width > 600 else 4)
    ticks = np.arange(0, end + 1, step).tolist()
    plot.x = ticks, [words.at(tick) for tick in ticks]


def laps(axes, one: View) -> None:
    """Draw where laps begin, numbered."""
    for at_s, number in one.laps_s[:60]:
        axes.axvline(at_s, color=COLOUR["soft"], linewidth=1, linestyle=(0, (2, 2)))
        axes.annotate(f"{number}", (at_s, 1), xycoords=("data", "axes fraction"), xytext=(3, -12),
                      textcoords="offset points", fontsize=11, color=COLOUR["ink"])  # fmt: skip


def unknown(axes, one: View) -> None:
    """Hatch what the log does not know."""
    lost = np.flatnonzero(~one.series.known)
    for run in np.split(lost, np.flatnonzero(np.diff(lost) > 1) + 1) if len(lost) else ():
        axes.axvspan(run[0], run[-1] + 1, facecolor="none", hatch="///", edgecolor=COLOUR["soft"], linewidth=0)
