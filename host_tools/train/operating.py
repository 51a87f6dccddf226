"""Where to put the thresholds: what scores would have warned of, and how often for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from host_tools.evaluate import sway_scoring as scoring
from host_tools.evaluate.sway_floors import FLOORS

from .examples import Examples, more_score

CAUTION_LOCOMOTION_PER_HOUR = 12.0
GRID = range(252, -164, -4)
DEVIATION = {  # of a floor's set and figure: over groups of people, standard, rounded
    ("kfall", "backward falls warned before impact"): 1.0,
    ("kfall", "median lead"): 50.0,
    ("kfall", "lead of 200 ms or more"): 7.0,
    ("kfall", "false alarms, all daily life"): 3.0,
    ("kfall", "false alarms, locomotion"): 1.0,
    ("sisfall", "falls warned in the last second"): 8.0,
    ("sisfall", "false alarms, all daily life"): 5.0,
}
LIKE = "kfall"  # what a set without floors of its own is judged as


def choose(examples: Sequence[Examples], scores: Sequence[np.ndarray]) -> tuple[int, int]:
    """Return (warning, caution): the threshold nearest to all floors, the lowest with not too many cautions.

    Nearest is what misses the fewest floors, of those what is short of them by the least in all; where several are
    alike, as those that hold all floors are, the middle one: a stranger's score is off to either side.

    examples, scores: one of each per recording; scores (n,) as the network gives them.
    """
    parts = by_set(examples, scores)
    found: list[tuple[int, float, int]] = []
    caution = GRID[0]
    for least in GRID:
        cautions = [figures(*part, least, for_caution=True) for part in parts.values()]
        if max(f["locomotion"]["per_hour"] or 0 for f in cautions) > CAUTION_LOCOMOTION_PER_HOUR:
            break
        caution = least
        far = [one for name, part in parts.items() for one in short(name, figures(*part, least))]
        found.append((len(far), sum(far), least))
    nearest = min(one[:2] for one in found) if found else None
    alike = [one[2] for one in found if one[:2] == nearest] or [GRID[0]]
    return alike[len(alike) // 2], caution


def short(name: str, found: dict) -> list[float]:
    """Return how far short of its floor each figure is that misses it, in deviations over groups of people.

    name: of the set.  found: as figures() gives them, always armed.
    """
    mine = [row for row in FLOORS if row.case == "always"]
    far = []
    for row in [row for row in mine if row.set == name] or [row for row in mine if row.set == LIKE]:
        off = row.floor - (row.measure(found) or 0)
        far.append((off if row.at_least else -off) / DEVIATION[row.set, row.figure])
    return [one for one in far if one > 0]


def figures(examples: Sequence[Examples], scores: Sequence[np.ndarray], least: int, for_caution=False) -> dict:
    """Return the figures of one set's recordings at a threshold, of a warning or a caution, always armed."""
    trials = []
    for one, score in zip(examples, scores, strict=True):
        told = one.asked & (score - more_score(one, for_caution) >= least)
        trials.append(scoring.trial_of(one.entry, one.duration_s, one.at_s[told].tolist()))
    return scoring.figures(trials, scoring.LOCOMOTION.get(examples[0].set_name, ()))


def by_set(examples: Sequence[Examples], scores: Sequence[np.ndarray]) -> dict[str, tuple[list, list]]:
    """Return (examples, scores) of each set."""
    found: dict[str, tuple[list, list]] = {}
    for one, score in zip(examples, scores, strict=True):
        mine = found.setdefault(one.set_name, ([], []))
        mine[0].append(one)
        mine[1].append(score)
    return found


def curve(examples: Sequence[Examples], scores: Sequence[np.ndarray]) -> Iterator[tuple[int, dict]]:
    """Yield (threshold, figures) of one set over the grid."""
    for least in GRID[::4]:
        yield least, figures(examples, scores, least)
