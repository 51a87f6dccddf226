"""What to think of a set's recordings, told once for each place of wear: of all of them, and of single ones."""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from host_tools import recording_doubts as one
from host_tools.errors import UserError
from host_tools.gyro_turns import contradiction, pooled
from host_tools.recordings import Recording, placement_of

from . import sets

_MOST = 48  # recordings that are looked at, of each place of wear
_HALF = 0.5
_NAMED = 3  # recordings
# Of each recording: what gravity says against rates takes too long.
_OF_ONE = (one.weightless, one.not_upward, one.odd_rates, one.biased)


def tell(folder, only=None) -> None:
    """Print a line on stderr for each thing to doubt of a folder's sets; see of_sets."""
    for words in of_sets(folder, only):
        print(words, file=sys.stderr)


def of_sets(folder, only=None, worn: tuple[str, ...] = ("shoe", "belt", "wrist")) -> list[str]:
    """Return a line for each thing to doubt of a folder's sets, by what up to 48 recordings of each place show.

    folder: holds sets, or is one.  only: names of sets, None for all.  worn: places that matter.
    One bad recording among sound ones is seen by measured.  UserError as of sets.set_folders, sets.read_index.
    """
    found = []
    for path in sets.set_folders(folder, only):
        entries = [entry for entry in sets.read_index(path) if placement_of(entry["position"]) in worn]
        for placement in worn:
            mine = [entry for entry in entries if placement_of(entry["position"]) == placement]
            found += [f"{path.name}, {placement}: {words}" for words in _of_place(path, mine)]
    return found


def measured(
    measure: Callable, tasks: list, recordings: list[tuple[Path, dict]], jobs: int, show_progress: bool
) -> Iterator:
    """Yield as sets.measured does; then tell on stderr, once a set and place, of recordings that are to doubt.

    recordings: of each task the folder of its set and the entry of its index.
    """
    doubted, seen = defaultdict(list), Counter[tuple[str, str]]()
    pairs = [*zip(tasks, recordings, strict=True)]
    results = sets.measured(partial(_judged, measure), pairs, jobs, show_progress)
    for (path, entry), (found, words) in zip(recordings, results, strict=True):
        place = path.name, placement_of(entry["position"])
        seen[place] += 1
        if words:
            doubted[place].append((entry["key"], words))
        yield found
    for place, some in doubted.items():
        print(f"{', '.join(place)}: {_of_single(some, seen[place])}", file=sys.stderr)


def _judged(measure: Callable, pair: tuple) -> tuple:
    """Return what is measured of a task, and what there is to tell of its recording, "" most often."""
    task, (path, entry) = pair
    found = measure(task)
    look = one.Look(sets.recording(path, entry))
    return found, next((words for judge in _OF_ONE if (words := judge(look))), "")


def _of_single(some: list[tuple[str, str]], of: int) -> str:
    names = ", ".join(key for key, _ in some[:_NAMED]) + (" ..." if len(some) > _NAMED else "")
    return f"{len(some)} of {of} recordings are to doubt, {names}; the first: {some[0][1]}"


def _of_place(path: Path, entries: list[dict]) -> list[str]:
    evenly = np.linspace(0, len(entries) - 1, min(_MOST, len(entries))).round().astype(int)
    some = [one.Look(recording) for at in evenly if (recording := _read(path, entries[at]))]
    found = [_of_most(some, judge) for judge in _OF_ONE]
    stretches = [look.turns for look in some if look.recording.has_gyro]
    if stretches:
        found.append(str(contradiction(pooled(stretches)) or ""))
    return [words for words in found if words]


def _read(path: Path, entry: dict) -> Recording | None:
    """Return a recording, None where it is for who measures it to say what is wrong."""
    try:
        return sets.recording(path, entry)
    except UserError:
        return None


def _of_most(some: list[one.Look], judge) -> str:
    """Return what is told of more than half of those that move, with how many they are."""
    moving = [look for look in some if look.moves]
    told = [words for words in map(judge, moving) if words]
    if len(told) <= _HALF * len(moving):
        return ""
    return f"{len(told)} of {len(moving)} recordings looked at, the first: {told[0]}"
