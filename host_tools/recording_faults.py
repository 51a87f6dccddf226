"""What is wrong with recordings as people have them: other units, and gaps that were filled with something."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from host_tools.errors import UserError
from host_tools.many_rows import AT_ONCE, pieces, quantile
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
_REST_LOW_MG, _REST_HIGH_MG = 700, 1400  # at rest; whatever people have recorded is inside 820..1150
_AT_16G = (2048.0, "counts of a sensor, 2048 for 1 g")  # as a median it may be a run in mg
_REST_ALIKE = 1.15
_STILL = 0.06  # of gravity: how much a half second at rest may spread
_FEWEST = 3  # rows that are the same
_HELD_S = 0.25  # accelerations alone; for less two sensors' tables may have been put together
_MOST_HELD = 50  # runs; with half of all rows alike they are no gaps
_JUMP = 100  # mg, 0.1 deg/s: what was held is followed by one; a sensor at rest goes on as it was
_ALONE_MG = 4000  # beside a trunk's or arm's single row at full scale there is no more than that


def checked(recording: Recording, guessed_only: bool = False) -> Recording:
    """Return a recording with its filled gaps stated; UserError where its unit of acceleration cannot be mg.

    guessed_only: refuse what another unit explains, and take the rest for a broken sensor.
    UserError as well where most readings are written several times: played on, they would be gaps.
    """
    samples = recording.samples
    if len(samples) >= _SHORTEST_S * recording.rate_hz:
        _refuse_other_units(samples, guessed_only)
    _refuse_repeats(recording)
    found = replace(recording, filled=_filled(recording))
    if len(samples) >= _SHORTEST_S * recording.rate_hz:
        _refuse_other_rest(found, guessed_only)
    return found


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


def in_half_seconds(values: np.ndarray, rate_hz: float) -> np.ndarray:
    """Return values (n, ...) as (half seconds, rows, ...); what is left over is not there."""
    rows = max(8, round(rate_hz / 2))
    whole = len(values) // rows
    return values[: whole * rows].reshape(whole, rows, *values.shape[1:])


def half_seconds(recording: Recording) -> tuple[np.ndarray, np.ndarray]:
    """Return (spread [mg], mean acceleration [mg]) of every half second; not finite where rows are filled."""
    parts = in_half_seconds(recording.samples[:, :3], recording.rate_hz)
    spread, mean = np.zeros(len(parts)), np.zeros(len(parts))
    for begin, some in pieces(parts, halves_at_once(parts)):
        accel = some.astype(float)
        here = slice(begin, begin + len(some))
        spread[here], mean[here] = accel.std(axis=1).max(axis=1), np.linalg.norm(accel.mean(axis=1), axis=1)
    rows = parts.shape[1]
    for first, count in recording.filled:
        spread[first // rows : -(-(first + count) // rows)] = np.nan
    return spread, mean


def halves_at_once(parts: np.ndarray) -> int:
    """Return how many of in_half_seconds are looked at together."""
    return max(1, AT_ONCE // parts.shape[1])


def squares(vectors: np.ndarray) -> np.ndarray:
    """Return the square of each one's length, (n,) of int64.  vectors: int16 (n, 3)."""
    return sum(np.square(axis, dtype=np.int64) for axis in vectors.T)


def _refuse_other_rest(recording: Recording, guessed_only: bool) -> None:
    spread, mean = half_seconds(recording)
    at_rest = mean[spread < _STILL * mean]
    if not len(at_rest):
        return
    rest_mg = float(np.median(at_rest))  # a broken sensor may have moments of its own
    if _REST_LOW_MG <= rest_mg <= _REST_HIGH_MG:
        return
    guess = _guess(rest_mg, (*_UNITS, _AT_16G), _REST_ALIKE)
    is_right_once = ((at_rest >= _REST_LOW_MG) & (at_rest <= _REST_HIGH_MG)).any()  # an arm swings evenly at times
    if guess or not (guessed_only or is_right_once):
        raise UserError(f"acceleration at rest {rest_mg:.1f}, want {_REST_LOW_MG}..{_REST_HIGH_MG} mg{guess}")


def _guess(gravity: float, units, alike: float) -> str:
    guesses = [words for unit, words in units if unit / alike <= gravity <= unit * alike]
    return f": {' or '.join(guesses)}?" if guesses else ""


def _refuse_other_units(samples: np.ndarray, guessed_only: bool) -> None:
    median_mg = quantile(
        lambda: (squares(rows[:, :3]) for _, rows in pieces(samples)), len(samples), 0.5, math.sqrt
    )
    if _LOW_MG <= median_mg <= _HIGH_MG:
        return
    guess = _guess(median_mg, _UNITS, _ALIKE)
    if guess or not guessed_only:
        raise UserError(f"median acceleration {median_mg:.1f}, want {_LOW_MG}..{_HIGH_MG} mg{guess}")


def _filled(recording: Recording) -> tuple[tuple[int, int], ...]:
    """Return (first row, rows) of every run that no sensor has measured, in time order."""
    samples = recording.samples
    # Not one of 7.7 million rows of people is without any acceleration.
    none = ((rows[:, 0] | rows[:, 1] | rows[:, 2]) == 0 for _, rows in pieces(samples))
    found = [*_spans(none, 1), *_runs(samples, _FEWEST)]
    found += _runs(samples[:, :3], max(_FEWEST, round(_HELD_S * recording.rate_hz)))
    if recording.placement != "shoe":  # a foot that lands may well be at full scale for one row
        found += _lone(samples)
    return tuple(_joined(found))


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield (first, count) of what spans cover together, in order."""
    begin = end = 0
    for first, count in sorted(spans):
        if first > end:
            if end:
                yield begin, end - begin
            begin = first
        end = max(end, first + count)
    if end:
        yield begin, end - begin


def _refuse_repeats(recording: Recording) -> None:
    samples = recording.samples
    often = Counter(rows for _, rows in _alike(samples, _FEWEST))
    total = sum(rows * times for rows, times in often.items())
    if total > len(samples) / 2 and sum(1 for _ in _runs(samples, _FEWEST)) > _MOST_HELD:
        times = float(np.median(np.repeat(list(often), list(often.values()))))
        raise UserError(
            f"{total} of its {len(samples)} rows repeat each other, {times:.0f} rows a reading: "
            f"want each once, at the rate of the sensor ({recording.rate_hz / times:.0f} Hz?)"
        )


def _runs(columns: np.ndarray, fewest: int) -> Iterator[tuple[int, int]]:
    """Yield (first row, rows) of runs that stand in for missing rows.  columns: all six, or accelerations."""
    return ((first, rows) for first, rows in _alike(columns, fewest) if _is_fill(columns, first, first + rows - 1))


def _alike(columns: np.ndarray, fewest: int) -> Iterator[tuple[int, int]]:
    """Yield (first row, rows) of every run of rows that are the same."""
    return ((first, rows + 1) for first, rows in _spans(_same(columns), fewest - 1))


def _same(columns: np.ndarray) -> Iterator[np.ndarray]:
    """Yield by pieces of every row but the first whether it is the one before."""
    for begin, rows in pieces(columns[1:]):
        before = columns[begin : begin + len(rows)]
        same = np.ones(len(rows), bool)
        for axis, other in zip(rows.T, before.T, strict=True):
            same &= axis == other
        yield same


def _spans(masks: Iterable[np.ndarray], fewest: int) -> Iterator[tuple[int, int]]:
    """Yield (first, count) of every stretch of a mask that is true, and long enough.  masks: its pieces."""
    at, begin = 0, None
    for mask in masks:
        edges = np.flatnonzero(np.diff(mask, prepend=begin is not None))
        for edge in (edges + at).tolist():
            if begin is None:
                begin = edge
                continue
            if edge - begin >= fewest:
                yield begin, edge - begin
            begin = None
        at += len(mask)
    if begin is not None and at - begin >= fewest:
        yield begin, at - begin


def _is_fill(columns: np.ndarray, first: int, last: int) -> bool:
    row = columns[first].astype(int)
    if not row.any() or np.abs(row[:3]).max() >= ACCEL_LIMIT_MG or np.abs(row[3:]).max(initial=0) >= 32767:
        return True
    return last + 1 < len(columns) and np.abs(columns[last + 1].astype(int) - row).max() > _JUMP


def _lone(samples: np.ndarray) -> Iterator[tuple[int, int]]:
    for begin, rows in pieces(samples):
        at_end = np.zeros(len(rows), bool)
        for axis in rows[:, :3].T:
            at_end |= (axis >= ACCEL_LIMIT_MG) | (axis <= -ACCEL_LIMIT_MG)
        for row in (begin + np.flatnonzero(at_end)).tolist():
            if _peak(samples, row - 1) <= _ALONE_MG >= _peak(samples, row + 1):
                yield row, 1


def _peak(samples: np.ndarray, row: int) -> int:
    """Return a row's greatest acceleration [mg], 0 where there is no such row."""
    return int(np.abs(samples[row, :3].astype(int)).max()) if 0 <= row < len(samples) else 0
