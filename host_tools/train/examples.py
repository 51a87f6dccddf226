"""Moments to learn from: what the belt's own code computes of each recording, and what is true at the time."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from backstep.core import settings as pod_settings
from backstep.core.belt import sway_motion
from backstep.core.belt.arming import STATES
from backstep.core.belt.belt import Belt
from backstep.core.belt.sway import Sway
from backstep.core.events import NOTHING

from host_tools.evaluate import sets
from host_tools.evaluate.sway_scoring import EARLY_S
from host_tools.recordings import Recording, as_sensed
from host_tools.train import worn

BELT_HZ = 104
AIM_S = 0.46  # a warning is wanted this long before the impact; earlier in a fall it is neither right nor wrong
MUTE = SimpleNamespace(TREES=(), OFFSET=-1, FIRST=0, LEAST=-1, WARN_SCORE=1 << 20, CAUTION_SCORE=1 << 20)
RIGHT, WRONG, EITHER = 1, 0, -1
COPIES = 2  # of each recording beside itself, as other pods would have sensed it
THIN = 3
_SETTINGS = pod_settings.check({"sway_arming": "always"})


@dataclass(frozen=True)
class Examples:
    """The moments of one recording at which the detector asks its trees.

    duration_s: of the recording [s].  entry: of the index.  values: int32 (n, sway_motion.COUNT).
    at_s: (n,) [s].  state: (n,) numbers in arming.STATES.  truth: (n,) RIGHT, WRONG or EITHER to warn.
    """

    set_name: str
    duration_s: float
    entry: dict
    values: np.ndarray
    at_s: np.ndarray
    state: np.ndarray
    truth: np.ndarray


class _Asked(Sway):
    """Notes what the trees would be asked, and warns of nothing."""

    def __init__(self, belt: Belt):
        super().__init__(BELT_HZ, _SETTINGS, MUTE)
        self.asked: list[tuple[int, ...]] = []
        self._belt = belt

    def judge(self, motion, state: int) -> int:
        self.asked.append((self._belt.n - 1, state, *motion.values))
        return NOTHING


def of_recording(task: tuple[Path, dict]) -> Examples:
    """Return the examples of one recording; task: (folder of its set, entry of its index)."""
    return _examples(task, _recording(task))


def of_copy(task: tuple[Path, dict, int]) -> Examples:
    """Return the examples of one recording as another pod would have sensed it, for the trees to learn from.

    task: (folder of its set, entry of its index, number of the copy from 1 on).  Each copy is worn otherwise, all
    but the first with another clock too; see worn.  Only every THIN-th moment is there, in each copy others.
    """
    path, entry, number = task
    seed = zlib.crc32(f"{path.name} {entry['key']}".encode())
    recording = _recording((path, entry))
    if number > 1:
        seed += number
        recording = worn.by_another_clock(recording, seed)
    return thinned(_examples((path, entry), worn.otherwise(recording, seed)), number)


def thinned(one: Examples, number: int) -> Examples:
    """Return every THIN-th moment, the first of them by the number of the copy: neighbours are all but alike."""
    kept = slice(number % THIN, None, THIN)
    return replace(
        one, values=one.values[kept], at_s=one.at_s[kept], state=one.state[kept], truth=one.truth[kept]
    )


def _recording(task: tuple[Path, dict]) -> Recording:
    path, entry = task
    return sets.recording(path, entry, "belt")


def _examples(task: tuple[Path, dict], recording: Recording) -> Examples:
    path, entry = task
    sensed = as_sensed(recording, BELT_HZ)
    belt = Belt(BELT_HZ, _SETTINGS, "body", MUTE)
    belt.sway = _Asked(belt)
    for row in sensed.samples.tolist():
        belt.feed(*row)
    found = np.array(belt.sway.asked, np.int32).reshape(-1, 2 + sway_motion.COUNT)
    at_s = np.array([sensed.emitted_row(n) for n in found[:, 0]]) / entry["rate_hz"]
    length_s = len(recording.samples) / entry["rate_hz"]
    return Examples(path.name, length_s, entry, found[:, 2:], at_s, found[:, 1], _truth(entry, at_s))


def _truth(entry: dict, at_s: np.ndarray) -> np.ndarray:
    truth = np.full(len(at_s), WRONG, np.int8)
    if entry["is_fall"]:
        due_s = max(entry["onset_s"] - EARLY_S, entry["impact_s"] - AIM_S)
        truth[at_s >= min(entry["onset_s"] - EARLY_S, due_s)] = EITHER
        if entry["direction"] == "backward":
            truth[(at_s >= due_s) & (at_s <= entry["impact_s"])] = RIGHT
    return truth


def more_score(examples: Examples, for_caution: bool = False) -> np.ndarray:
    """Return the score that a warning, or a caution, takes beyond the usual in each example's state."""
    return np.array([row[4 if for_caution else 3] for row in STATES])[examples.state]
