"""`backstep train sway`: grouped cross-validation by subject, then a network learnt from everybody."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from types import SimpleNamespace

import numpy as np
from rich.console import Console
from rich.progress import Progress

from host_tools.errors import UserError
from host_tools.evaluate import doubts, sets, spread
from host_tools.evaluate import held_out as kept
from host_tools.evaluate import sway as evaluation

from . import examples, learning, network, operating, roc, table_file
from .examples import Examples
from .learning import Series
from .network import Network

SEED = 1


@dataclass(frozen=True)
class Learnt:
    """A network and its operating point."""

    network: Network
    warning: int
    caution: int

    def table(self) -> SimpleNamespace:
        """Return it in the form of core's sway_table."""
        return SimpleNamespace(NETWORK=tuple(self.network), WARN_SCORE=self.warning, CAUTION_SCORE=self.caution)


def run(args) -> int:
    """Cross-validate, print what it found, write what was asked for."""
    console = Console()
    tasks = evaluation.usable(args.dir, args.set)
    at = to_learn_from(args, tasks)
    found = [*sets.measured(examples.of_recording, tasks, args.jobs, show_progress=True)]
    known = [found[k] for k in at]
    groups = grouped(known, args.folds)
    mine = [tasks[k] for k in at]
    copies = [(*task, number) for number in range(1, 1 + examples.COPIES) for task in mine]
    every = known + [*sets.measured(examples.of_copy, copies, args.jobs, show_progress=True)]
    networks = fitted(without_each(every, groups, args.folds), args.jobs)
    learnt, scores = cross_validated(known, groups, networks)
    trials = replayed(mine, [learnt[group] for group in groups], args.jobs)
    held_out = gathered(mine, trials)
    console.print(f"\nEvery subject held out once, in {args.folds} groups; operating point chosen on the others")
    evaluation.print_tables(held_out)
    spread.show(console, [gathered(*spread.only(number, groups, mine, trials)) for number in range(args.folds)])
    roc.show(console, known, scores, args.roc)
    final = operated(networks[-1], known, scores)
    test = [task for task in tasks if task[0].name in args.test]
    if test:
        console.print(f"\nLearnt from {', '.join(sorted({one.set_name for one in known}))} alone")
        evaluation.print_tables(gathered(test, replayed(test, [final] * len(test), args.jobs)))
    if args.out:
        table_file.write(args.out, final.table(), known, held_out, args.folds)
        console.print(f"{args.out}: written; warning from {final.warning} on, caution from {final.caution}")
    if args.out_folds:
        group = {(one.set_name, one.entry["subject"]): k for one, k in zip(known, groups, strict=True)}
        kept.write(args.out_folds, final.table(), [one.table() for one in learnt], group)
        console.print(f"{args.out_folds}: written")
    return 0


def to_learn_from(args, tasks: Sequence[tuple]) -> list[int]:
    """Return the numbers of the recordings to learn from; UserError for what training would end with, at once."""
    for name in ("folds", "jobs"):
        least = 2 if name == "folds" else 1
        if getattr(args, name) < least:
            raise UserError(f"--{name}: {getattr(args, name)}, want {least} or more")
    falls = {path.name for path, entry in tasks if entry["is_fall"]} - set(args.test)
    at = [k for k, (path, _) in enumerate(tasks) if path.name in falls]
    if not at:
        raise UserError(f"{args.dir}: no set with falls to learn from: of known onset and impact, not by --test")
    for path, entry in (tasks[k] for k in at):
        wanted = ("subject", "direction") if entry["is_fall"] else ("subject",)
        lacking = [name for name in wanted if not isinstance(entry.get(name), str)]
        if lacking:
            raise UserError(f"{path}: recording {entry['key']} has no {', '.join(lacking)} as text")
    doubted = doubts.of_sets(args.dir, sorted({path.name for path, _ in tasks} - set(args.test)), ("belt",))
    if doubted:
        raise UserError(f"{args.dir}: {'; '.join(doubted)}")
    return at


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


def without_each(every: Sequence[Examples], groups: Sequence[int], folds: int) -> list[list[Series]]:
    """Return what there is to learn from without each group, and last from everybody.

    every: of all the recordings in turn, repeatedly.  groups: of the recordings.
    """
    series = [Series(one.values, one.truth, one.asked, one.known, one.person) for one in every]
    repeated = [*groups] * (len(every) // len(groups))
    return [*(parted(series, repeated, number)[0] for number in range(folds)), series]


def fitted(parts: Sequence[Sequence[Series]], jobs: int) -> list[Network]:
    """Return what is learnt from each part, worked out on `jobs` processes, with a progress bar."""
    with Progress() as bars:
        bar = bars.add_task("learning", total=len(parts) * learning.EPOCHS)
        if jobs <= 1:
            return [learning.fit(part, SEED, lambda *_: bars.advance(bar)) for part in parts]
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:  # JAX's threads survive no fork
            found = []
            for one in pool.map(learning.fit, parts, [SEED] * len(parts)):
                bars.advance(bar, learning.EPOCHS)
                found.append(one)
            return found


def cross_validated(
    known: Sequence[Examples], groups: Sequence[int], networks: Sequence[Network]
) -> tuple[list[Learnt], list[np.ndarray]]:
    """Return each group's network with an operating point, and the held-out scores of each recording.

    The point is chosen on the held-out scores of the others. The networks these are of have seen the group: its
    figures are kinder by what one threshold can know of it.

    known: the recordings.  groups: of them.  networks: that learnt without each group.
    """
    scores: list[np.ndarray] = [np.zeros(0)] * len(known)
    learnt = []
    for number in sorted(set(groups)):
        at = [k for k, group in enumerate(groups) if group == number]
        for k, score in zip(at, network.scores(networks[number], [known[k] for k in at]), strict=True):
            scores[k] = score
    for number in sorted(set(groups)):
        others = (parted(rows, groups, number)[0] for rows in (known, scores))
        learnt.append(operated(networks[number], *others))
    return learnt, scores


def operated(of: Network, known: Sequence[Examples], scores: Sequence[np.ndarray]) -> Learnt:
    """Return a network with an operating point, chosen on scores of networks that had not seen their people.

    known, scores: one of each per recording.
    """
    return Learnt(of, *operating.choose(known, scores))


def replayed(tasks: Sequence[tuple], learnt: Sequence[Learnt], jobs: int) -> list[tuple]:
    """Replay each recording through a belt with the network learnt for it; return its trials, one an arming."""
    pairs = [((*task, {}), one.table()) for task, one in zip(tasks, learnt, strict=True)]
    return [*sets.measured(evaluation.measure_with, pairs, jobs, True)]


def gathered(tasks: Sequence[tuple], trials: Sequence[tuple]) -> dict:
    """Return evaluation's figures of some recordings' trials."""
    return evaluation.gathered([task[0].name for task in tasks], trials)
