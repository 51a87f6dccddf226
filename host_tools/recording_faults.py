"""What is wrong with recordings as people have them: other units, and gaps that were filled with something."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from host_tools.errors import UserError
from host_tools.recordings import ACCEL_LIMIT_MG, Recording

_LOW_MG, _HIGH_MG = 500, 2500  # of a median: gravity, and what gait adds
_SHORTEST_S = 1.0  # a shorter recording may be all jolt
_UNITS = (  # 1 g is so many of them
    (1.0, "g: --acc-unit g"),
    (9.80665, "metres per second squared: --acc-unit m/s2"),
    (9806.65, "millimetres per second squared"),
    *((float(1 << bits), f"counts of a sensor, {1 << bits} for 1 g") for bits in (12, 13, 14)),
)
_ALIKE = 1.6  # a median may be that many times off a unit's gravity
_FEWEST = 3  # rows that are the same
_JUMP = 100  # mg, 0.1 deg/s: what was held is followed by one; a sensor at rest goes on as it was
_ALONE_MG = 4000  # beside a trunk's or arm's single row at full scale there is no more than that


def checked(recording: Recording, guessed_only: bool = False) -> Recording:
    """Return a recording with its filled gaps stated; UserError where its unit of acceleration cannot be mg.

    guessed_only: refuse what another unit explains, and take the rest for a broken sensor.
    """
    samples = recording.samples
    if len(samples) >= _SHORTEST_S * recording.rate_hz:
        _refuse_other_units(samples, guessed_only)
    return replace(recording, filled=tuple(_filled(samples, recording.placement)))


def told(recording: Recording) -> str:
    """Return what to tell of filled gaps, "" where there is none."""
    if not recording.filled:
        return ""
    row, rows = recording.filled[0]
    others = len(recording.filled) - 1
    total = sum(count for _, count in recording.filled)
    words = "taken for missing, being zeros, at full scale or held over"
    more = f" and {others} more runs, {total} rows in all" if others else ""
    return f"{words}: {rows} from row {row} ({row / recording.rate_hz:.1f} s){more}"


def _refuse_other_units(samples: np.ndarray, guessed_only: bool) -> None:
    median_mg = float(np.median(np.linalg.norm(samples[:, :3].astype(float), axis=1)))
    if _LOW_MG <= median_mg <= _HIGH_MG:
        return
    guesses = [words for unit, words in _UNITS if unit / _ALIKE <= median_mg <= unit * _ALIKE]
    if guessed_only and not guesses:
        return
    guess = f": {' or '.join(guesses)}?" if guesses else ""
    raise UserError(f"median acceleration {median_mg:.1f}, want {_LOW_MG}..{_HIGH_MG} mg{guess}")


def _filled(samples: np.ndarray, placement: str) -> Iterator[tuple[int, int]]:
    """Yield (first row, rows) of every run that no sensor has measured, in time order."""
    found = list(_runs(samples))
    if placement != "shoe":  # a foot that lands may well be at full scale for one row
        found += _lone(samples)
    yield from sorted(set(found))


def _runs(samples: np.ndarray) -> Iterator[tuple[int, int]]:
    same = np.pad((samples[1:] == samples[:-1]).all(axis=1).astype(np.int8), 1)
    edges = np.flatnonzero(np.diff(same))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        rows = int(last - first + 1)
        if rows >= _FEWEST and _is_fill(samples, int(first), int(last)):
            yield int(first), rows


def _is_fill(samples: np.ndarray, first: int, last: int) -> bool:
    row = samples[first].astype(int)
    if not row.any() or np.abs(row[:3]).max() >= ACCEL_LIMIT_MG or np.abs(row[3:]).max() >= 32767:
        return True
    return last + 1 < len(samples) and np.abs(samples[last + 1].astype(int) - row).max() > _JUMP


def _lone(samples: np.ndarray) -> list[tuple[int, int]]:
    peaks = np.abs(samples[:, :3].astype(int)).max(axis=1, initial=0)
    beside = np.pad(peaks, 1)
    around = np.maximum(beside[:-2], beside[2:])
    return [(int(row), 1) for row in np.flatnonzero((peaks >= ACCEL_LIMIT_MG) & (around <= _ALONE_MG))]
