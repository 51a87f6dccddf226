"""Steps to learn from: what the belt's own code computes of each recording, and what is true at the time."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from backstep.core import settings as pod_settings
from backstep.core.belt import sway, sway_motion
from backstep.core.belt.arming import STATES
from backstep.core.belt.belt import Belt
from backstep.core.belt.memory import INPUTS

from host_tools.compiled import fast
from host_tools.evaluate import sets
from host_tools.evaluate.sway_scoring import EARLY_S
from host_tools.recordings import Recording, as_sensed
from host_tools.train import worn

BELT_HZ = 104
EVERY = 4  # samples a step
AIM_S = 0.46  # a warning is wanted this long before the impact; earlier in a fall it is neither right nor wrong
RIGHT, WRONG, EITHER = 1, 0, -1
COPIES = 2  # of each recording beside itself, as other pods would have sensed it
_UNITS = 4
_NO_NETWORK = (
    bytes([128] * (3 * _UNITS * (INPUTS + _UNITS) + _UNITS)),
    bytes(6 * _UNITS + 1 + INPUTS),
    b"\x00\x80" * (4 * _UNITS + 1),
)
MUTE = SimpleNamespace(NETWORK=_NO_NETWORK, WARN_SCORE=1 << 20, CAUTION_SCORE=1 << 20)
_SETTINGS = pod_settings.check({"sway_arming": "always"})


@dataclass(frozen=True)
class Examples:
    """The steps of one recording at which the network steps.

    duration_s: of the recording [s].  entry: of the index.  values: int16 (n, sway_motion.COUNT); what is beyond
    is beyond every input's range.  at_s: (n,) [s].  state: (n,) numbers in arming.STATES.  known: (n,) bool,
    whether that is an armed one.  asked: (n,) bool, whether the detector goes by the score.  truth: (n,) RIGHT,
    WRONG or EITHER to warn.
    """

    set_name: str
    duration_s: float
    entry: dict
    values: np.ndarray
    at_s: np.ndarray
    state: np.ndarray
    known: np.ndarray
    asked: np.ndarray
    truth: np.ndarray

    @property
    def person(self) -> tuple[str, str]:
        return self.set_name, self.entry["subject"]


def of_recording(task: tuple[Path, dict]) -> Examples:
    """Return the steps of one recording; task: (folder of its set, entry of its index)."""
    return _examples(task, _recording(task))


def of_copy(task: tuple[Path, dict, int]) -> Examples:
    """Return the steps of one recording as another pod would have sensed it, to learn from.

    task: (folder of its set, entry of its index, number of the copy from 1 on).  Each copy is worn otherwise, all
    but the first with another clock too; see worn.
    """
    path, entry, number = task
    seed = zlib.crc32(f"{path.name} {entry['key']}".encode())
    recording = _recording((path, entry))
    if number > 1:
        seed += number
        recording = worn.by_another_clock(recording, seed)
    return _examples((path, entry), worn.otherwise(recording, seed))


def _recording(task: tuple[Path, dict]) -> Recording:
    path, entry = task
    return sets.recording(path, entry, "belt")


def _examples(task: tuple[Path, dict], recording: Recording) -> Examples:
    path, entry = task
    sensed = as_sensed(recording, BELT_HZ)
    found = _stepped(sensed.samples)
    rate, state, values = found[:, 0], found[:, 1], found[:, 2:]
    at_s = np.array([sensed.emitted_row(EVERY * (k + 1) - 1) for k in range(len(found))]) / entry["rate_hz"]
    known = np.array([row[2] != 0 for row in STATES])[state]
    leaning = (values[:, sway_motion.SOON] >= sway._LEANING_DDEG) & (rate > 0)
    asked = known & (leaning | (values[:, sway_motion.DROP] >= sway._DROPPING_MM_S))
    length_s = len(recording.samples) / entry["rate_hz"]
    kept = np.clip(values, -32768, 32767).astype(np.int16)
    return Examples(path.name, length_s, entry, kept, at_s, state, known, asked, _truth(entry, at_s))


def _stepped(samples: np.ndarray) -> np.ndarray:
    """Return (rate, state, *values) of a belt at each step of its network: int32 (n, 2 + sway_motion.COUNT)."""
    belt = Belt(BELT_HZ, _SETTINGS, "body", MUTE)
    machine = fast.machine(belt, len(samples))
    codes = machine.codes if machine else fast.Feeder(belt, pure=True).codes
    motion, arming = belt.sway.motion, belt.sway.arming
    steps = len(samples) // EVERY
    found = np.zeros((steps, 2 + sway_motion.COUNT), np.int32)
    for k in range(steps):
        for _ in codes(samples[EVERY * k : EVERY * (k + 1)]):
            pass
        found[k] = motion.rate_ddps, arming.state(motion), *motion.values
    return found


def _truth(entry: dict, at_s: np.ndarray) -> np.ndarray:
    truth = np.full(len(at_s), WRONG, np.int8)
    if entry["is_fall"]:
        due_s = max(entry["onset_s"] - EARLY_S, entry["impact_s"] - AIM_S)
        truth[at_s >= min(entry["onset_s"] - EARLY_S, due_s)] = EITHER
        if entry["direction"] == "backward":
            truth[(at_s >= due_s) & (at_s <= entry["impact_s"])] = RIGHT
    return truth


def more_score(examples: Examples, for_caution: bool = False) -> np.ndarray:
    """Return the score that a warning, or a caution, takes beyond the usual in each step's state."""
    return np.array([row[4 if for_caution else 3] for row in STATES])[examples.state]
