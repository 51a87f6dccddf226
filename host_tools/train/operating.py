"""Where to put the thresholds: what scores would have warned of, and how often for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from host_tools.evaluate import sway_scoring as scoring

from .examples import Examples, more_score

WARNING_PER_HOUR = 6.0  # false alarms that the training subjects may have: all daily activities
WARNING_LOCOMOTION_PER_HOUR = 3.0
CAUTION_LOCOMOTION_PER_HOUR = 12.0
GRID = range(252, -100, -4)


def choose(examples: Sequence[Examples], scores: Sequence[np.ndarray]) -> tuple[int, int]:
    """Return (warning, caution): the lowest thresholds that keep every set's false alarms within the limits.

    examples, scores: one of each per recording; scores (n,) as the trees give them.
    """
    parts = by_set(examples, scores)
    warning = caution = GRID[0]
    for least in GRID:
        cautions = [figures(*part, least, for_caution=True) for part in parts.values()]
        if max(f["locomotion"]["per_hour"] or 0 for f in cautions) > CAUTION_LOCOMOTION_PER_HOUR:
            break
        caution = least
        found = [figures(*part, least) for part in parts.values()]
        walking = max(f["locomotion"]["per_hour"] or 0 for f in found)
        daily = max(f["daily"]["per_hour"] or 0 for f in found)
        if walking <= WARNING_LOCOMOTION_PER_HOUR and daily <= WARNING_PER_HOUR:
            warning = least
    return warning, caution


def figures(examples: Sequence[Examples], scores: Sequence[np.ndarray], least: int, for_caution=False) -> dict:
    """Return the figures of one set's recordings at a threshold, of a warning or a caution, always armed."""
    trials = []
    for one, score in zip(examples, scores, strict=True):
        told = score - more_score(one, for_caution) >= least
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
