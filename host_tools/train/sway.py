"""`backstep train sway`: grouped cross-validation by subject, then a table of trees learnt from everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from rich.console import Console

from host_tools.errors import UserError
from host_tools.evaluate import doubts, sets, spread
from host_tools.evaluate import held_out as kept
from host_tools.evaluate import sway as evaluation

from . import boosting, examples, operating, roc, table_file
from .boosting import Ensemble
from .examples import EITHER, RIGHT, Examples

RIGHT_WEIGHT = 2.0  # a moment of a fall missed costs so many moments of false alarm
_HOPELESS_PCT = 0.5  # so many of the examples that would warn may be given up after the first trees


@dataclass(frozen=True)
class Learnt:
    """An ensemble and its operating point; `least`: what its first trees must have reached."""

    ensemble: Ensemble
    least: int
    warning: int
    caution: int

    def table(self) -> SimpleNamespace:
        """Return it in the form of core's sway_table."""
        return SimpleNamespace(
            TREES=self.ensemble.rows(), OFFSET=self.ensemble.offset, FIRST=boosting.FIRST, LEAST=self.least,
            WARN_SCORE=self.warning, CAUTION_SCORE=self.caution,
        )  # fmt: skip


def run(args) -> int:
    """Cross-validate, print what it found, write what was asked for."""
    console = Console()
    tasks = evaluation.usable(args.dir, args.set)
    to_learn_from = sorted({path.name for path, _ in tasks} - set(args.test))
    doubted = doubts.of_sets(args.dir, to_learn_from, ("belt",)) if to_learn_from else []
    if doubted:
        raise UserError(f"{args.dir}: {'; '.join(doubted)}")
    known = [*sets.measured(examples.of_recording, tasks, args.jobs, show_progress=True)]
    falls = {one.set_name for one in known if one.entry["is_fall"]}
    at = [k for k, one in enumerate(known) if one.set_name in falls and one.set_name not in args.test]
    if not at:
        raise UserError(f"{args.dir}: no set with falls to learn from")
    learning = [known[k] for k in at]
    groups = grouped(learning, args.folds)
    mine = [tasks[k] for k in at]
    copies = [(*task, number) for number in range(1, 1 + examples.COPIES) for task in mine]
    others = [*sets.measured(examples.of_copy, copies, args.jobs, show_progress=True)]
    every = [examples.thinned(one, 0) for one in learning] + others
    learnt, scores = cross_validated(learning, every, groups, args.folds)
    trials = replayed(mine, [learnt[group] for group in groups], args.jobs)
    held_out = gathered(mine, trials)
    console.print(f"\nEvery subject held out once, in {args.folds} groups; operating point chosen on the others")
    evaluation.print_tables(held_out)
    spread.show(console, [gathered(*spread.only(number, groups, mine, trials)) for number in range(args.folds)])
    roc.show(console, learning, scores, args.roc)
    final = operated(fitted(every), every, learning, scores)
    test = [task for task in tasks if task[0].name in args.test]
    if test:
        console.print(f"\nLearnt from {', '.join(sorted({one.set_name for one in learning}))} alone")
        evaluation.print_tables(gathered(test, replayed(test, [final] * len(test), args.jobs)))
    if args.out:
        table_file.write(args.out, final.table(), learning, held_out, args.folds)
        console.print(f"{args.out}: written; warning from {final.warning} on, caution from {final.caution}")
    if args.out_folds:
        group = {(one.set_name, one.entry["subject"]): k for one, k in zip(learning, groups, strict=True)}
        kept.write(args.out_folds, final.table(), [one.table() for one in learnt], group)
        console.print(f"{args.out_folds}: written")
    return 0


def grouped(known: Sequence[Examples], folds: int) -> list[int]:
    """Return the group of each recording: the subjects of each set, by name, dealt out in turn."""
    subjects = sorted({(one.set_name, one.entry["subject"]) for one in known})
    group: dict[tuple[str, str], int] = {}
    for name in sorted({set_name for set_name, _ in subjects}):
        mine = [subject for set_name, subject in subjects if set_name == name]
        if len(mine) < folds:
            raise UserError(f"{name}: {len(mine)} subjects, want {folds} or more for as many groups")
        group |= {(name, subject): k % folds for k, subject in enumerate(mine)}
    return [group[one.set_name, one.entry["subject"]] for one in known]


def parted(known: Sequence, groups: Sequence[int], held: int) -> tuple[list, list]:
    """Return what there is of each recording outside a group, and in it."""
    pairs = [*zip(known, groups, strict=True)]
    return [one for one, group in pairs if group != held], [one for one, group in pairs if group == held]


def cross_validated(
    known: Sequence[Examples], every: Sequence[Examples], groups: Sequence[int], folds: int
) -> tuple[list[Learnt], list[np.ndarray]]:
    """Return what is learnt without each group, and the held-out scores of each recording.

    A group's operating point is chosen on the held-out scores of the others. The trees these are of have seen the
    group: its figures are kinder by what one threshold can know of it.

    known: the recordings.  every: to learn from, of all the recordings in turn, repeatedly.  groups: of known.
    """
    repeated = [*groups] * (len(every) // len(known))
    outside = [parted(every, repeated, number)[0] for number in range(folds)]
    ensembles = [fitted(some) for some in outside]
    scores = [ensembles[group].score(one.values) for one, group in zip(known, groups, strict=True)]
    learnt = []
    for number, (ensemble, some) in enumerate(zip(ensembles, outside, strict=True)):
        others = (parted(rows, groups, number)[0] for rows in (known, scores))
        learnt.append(operated(ensemble, some, *others))
    return learnt, scores


def operated(
    ensemble: Ensemble, learnt_from: Sequence[Examples], known: Sequence[Examples], scores: Sequence[np.ndarray]
) -> Learnt:
    """Return trees with an operating point, chosen on scores of trees that had not seen their people.

    learnt_from: what the ensemble was.  known, scores: one of each per recording.
    """
    warning, caution = operating.choose(known, scores)
    return Learnt(ensemble, _least(ensemble, learnt_from, caution), warning, caution)


def fitted(known: Sequence[Examples]) -> Ensemble:
    """Return trees learnt from all examples at which it is right or wrong to warn."""
    used = [one.truth != EITHER for one in known]
    values = np.concatenate([one.values[mask] for one, mask in zip(known, used, strict=True)])
    right = np.concatenate([one.truth[mask] == RIGHT for one, mask in zip(known, used, strict=True)])
    return boosting.fit(values, right, np.where(right, RIGHT_WEIGHT, 1.0))


def _least(ensemble: Ensemble, known: Sequence[Examples], caution: int) -> int:
    """Return what the first trees give nearly every example that gets as far as a caution."""
    values = np.concatenate([one.values[one.truth == RIGHT] for one in known])
    early = ensemble.score(values, boosting.FIRST)[ensemble.score(values) >= caution]
    return int(np.percentile(early, _HOPELESS_PCT)) if len(early) else ensemble.offset


def replayed(tasks: Sequence[tuple], learnt: Sequence[Learnt], jobs: int) -> list[tuple]:
    """Replay each recording through a belt with the trees learnt for it; return its trials, one an arming."""
    pairs = [((*task, {}), one.table()) for task, one in zip(tasks, learnt, strict=True)]
    return [*sets.measured(evaluation.measure_with, pairs, jobs, True)]


def gathered(tasks: Sequence[tuple], trials: Sequence[tuple]) -> dict:
    """Return evaluation's figures of some recordings' trials."""
    return evaluation.gathered([task[0].name for task in tasks], trials)
