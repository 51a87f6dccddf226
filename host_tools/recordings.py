"""Recordings on the laptop, and what the pod's IMU would deliver of them."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np
from backstep.core.log import recording as pod_format

from host_tools.errors import UserError
from host_tools.full_scale import at_range, full_scale
from host_tools.many_rows import AT_ONCE, Rows, let_go, pieces

RATE_LOW_HZ, RATE_HIGH_HZ = 5.0, 4000.0
ACCEL_LIMIT_MG = 15990  # int16 at 0.488 mg/LSB: +-16 g of the LSM6DS family
GYRO_LIMIT_DDPS = 22936  # int16 at 70 mdps/LSB: the +-2000 deg/s range


@dataclass(frozen=True)
class Recording:
    """int16 samples (n, 6), ax ay az [mg], gx gy gz [0.1 deg/s].

    gaps: (row after it, samples missing).  filled: (first row, rows) that stand in for missing samples.
    damage: what of its file could not be read, in words.
    """

    samples: np.ndarray
    rate_hz: float
    placement: str = "shoe"
    frame: str = "body"
    gaps: tuple[tuple[int, int], ...] = ()
    has_gyro: bool = True
    filled: tuple[tuple[int, int], ...] = ()
    damage: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", checked_samples(self.samples))
        object.__setattr__(self, "rate_hz", checked_rate(self.rate_hz))
        for name, value, known in (
            ("placement", self.placement, pod_format.PLACEMENTS),
            ("frame", self.frame, pod_format.FRAMES),
        ):
            if value not in known:
                raise UserError(f"{name}: {value!r} is none of {', '.join(known)}")
        rows = [row for row, _ in self.gaps]
        bad = any(missing < 1 or not 0 <= row <= len(self.samples) for row, missing in self.gaps)
        if bad or rows != sorted(set(rows)):
            raise UserError(f"gaps: {self.gaps}, want rising rows 0..{len(self.samples)}, each >= 1 missing")


@dataclass(frozen=True)
class Sensed(Recording):
    """A recording as the pod's IMU delivers it, with the way back to the rows it was made from.

    ends: where the source's accelerations [mg] and rates [0.1 deg/s] end, None where that cannot be seen.
    """

    source_position: np.ndarray = field(default_factory=lambda: np.zeros(0))
    source_gaps: tuple[tuple[int, int], ...] = ()
    source_rate_hz: float = 0.0
    source_rows: int = 0
    ends: tuple[int, int] | None = None

    def emitted_row(self, index: int) -> int:
        """Return the last source row that had to be known at pod sample `index` (lost samples count)."""
        return self._row(math.ceil(self._position(index) - 1e-9))

    def nearest_row(self, index: int) -> int:
        """Return the source row nearest in time to pod sample `index`."""
        return self._row(math.floor(self._position(index) + 0.5))

    def _position(self, index: int) -> float:
        return index * self.source_rate_hz / self.rate_hz

    def _row(self, position: int) -> int:
        gap = bisect_right(self._gap_positions, position) - 1
        row = position - self._missing_before[gap + 1]
        if gap >= 0:
            row = max(row, self.source_gaps[gap][0])
        return max(0, min(row, self.source_rows - 1))

    @cached_property
    def _missing_before(self) -> list[int]:
        """Samples missing before each of the source's gaps, and in all."""
        return [0, *accumulate(missing for _, missing in self.source_gaps)]

    @cached_property
    def _gap_positions(self) -> list[int]:
        """Where the source's gaps begin, missing samples counted."""
        return [row + before for (row, _), before in zip(self.source_gaps, self._missing_before, strict=False)]


def checked_samples(samples) -> np.ndarray:
    """Return samples as an int16 array (n, 6); UserError for another shape, kind or range."""
    array = np.asarray(samples)
    want = "want int16 (n, 6): ax ay az [mg], gx gy gz [0.1 deg/s]"
    if array.ndim != 2 or array.shape[1] != 6:
        raise UserError(f"samples: shape {array.shape}, {want}")
    if array.dtype.kind not in "iu":
        raise UserError(f"samples: {array.dtype} numbers, {want}")
    if array.dtype == np.int16 and array.flags.c_contiguous:
        return array
    ends = np.array([(rows.min(), rows.max()) for _, rows in pieces(array)])
    if len(ends) and (ends.min() < -32768 or ends.max() > 32767):
        raise UserError(f"samples: values {ends.min()}..{ends.max()}, {want}")
    made = Rows(6)
    for _, rows in pieces(array):
        made.add(rows.astype(np.int16))
    return made.array()


def checked_rate(rate_hz) -> float:
    """Return the sample rate [Hz] as a float; UserError when it is no rate an IMU has."""
    try:
        rate = float(rate_hz)
    except (TypeError, ValueError):
        rate = math.nan
    if not RATE_LOW_HZ <= rate <= RATE_HIGH_HZ:
        raise UserError(f"rate_hz: {rate_hz!r} is outside {RATE_LOW_HZ:g}..{RATE_HIGH_HZ:g} Hz")
    return rate


def placement_of(position: str) -> str:
    """Return the pod placement nearest to a data set's words for where the sensor was."""
    words = position.lower()
    if any(word in words for word in ("foot", "feet", "ankle", "shoe", "instep")):
        return "shoe"
    if any(word in words for word in ("lower back", "waist", "belt", "pelvis")):
        return "belt"
    return "wrist"


def as_sensed(recording: Recording, rate_hz: int) -> Sensed:
    """Return the stream the pod's IMU would deliver: its sample rate [Hz], its full scales, gaps kept.

    Rising or near-equal rates are interpolated linearly; a source more than 1.5 times faster is averaged
    over one output interval first, as the IMU's own low-pass does. Never uses a later row than emitted_row.
    """
    ratio = recording.rate_hz / rate_hz
    ends = full_scale(recording.samples, recording.filled)
    made, gaps, total, expected, row, offset = Rows(6), [], 0, 0, 0, 0
    cuts = [(end, missing, 0) for end, missing in recording.gaps]
    cuts += [(first, 0, rows) for first, rows in recording.filled]
    for end, missing, rows in (*sorted(cuts), (len(recording.samples), 0, 0)):
        grid = _grid(end - row, row + offset, ratio)
        if len(grid):
            if grid[0] > expected:
                gaps.append((total, grid[0] - expected))
            for piece in _resampled(recording.samples[row:end], grid, row + offset, ratio, ends):
                made.add(piece)
            total += len(grid)
            expected = grid[-1] + 1
        row, offset = max(row, end + rows), offset + missing
    return Sensed(
        made.array(), float(rate_hz), recording.placement, recording.frame, tuple(gaps), recording.has_gyro,
        source_gaps=recording.gaps, source_rate_hz=recording.rate_hz, source_rows=len(recording.samples),
        ends=ends,
    )  # fmt: skip


def _grid(count: int, start: int, ratio: float) -> range:
    """Return the output indices that fall into so many rows from start on."""
    first = math.ceil(start / ratio - 1e-9)
    last = math.floor((start + count - 1) / ratio + 1e-9)
    return range(first, last + 1) if count > 0 else range(0)


def _resampled(rows: np.ndarray, grid: range, start: int, ratio: float, ends) -> Iterator[np.ndarray]:
    """Yield the values at the output indices that fall into rows start.., some at a time.  ends: of full_scale.

    What is made of a reading at its range is at the range too: the mean with one beside it would hide it.
    """
    for begin in range(0, len(grid), AT_ONCE):
        position = np.clip(np.array(grid[begin : begin + AT_ONCE]) * ratio - start, 0, len(rows) - 1)
        low = math.floor(position[0] - min(max(0.0, ratio - 1), position[0]))
        yield _piece(rows[low : math.ceil(position[-1]) + 1], position - low, ratio, ends)
        let_go(rows)


def _piece(rows: np.ndarray, position: np.ndarray, ratio: float, ends) -> np.ndarray:
    values = _between(rows, position, ratio)
    cut_off = at_range(rows, ends)
    if cut_off.any():
        values = np.where(_between(cut_off, position, ratio) > 0, np.copysign(np.repeat(ends, 3), values), values)
    limit = np.array([ACCEL_LIMIT_MG] * 3 + [GYRO_LIMIT_DDPS] * 3)
    return np.clip(np.rint(values), -limit, limit).astype(np.int16)


def _between(rows: np.ndarray, position: np.ndarray, ratio: float) -> np.ndarray:
    return _averaged(rows, position, ratio) if ratio > 1.5 else _interpolated(rows, position)


def _interpolated(rows: np.ndarray, position: np.ndarray) -> np.ndarray:
    knots = np.arange(len(rows))
    return np.stack([np.interp(position, knots, rows[:, axis]) for axis in range(6)], axis=1)


def _averaged(rows: np.ndarray, position: np.ndarray, width: float) -> np.ndarray:
    total = np.vstack([np.zeros(6), np.cumsum(rows, axis=0, dtype=np.int64)])
    knots = np.arange(len(total))
    high = position + 1
    low = np.maximum(high - width, 0)
    sums = [np.interp(high, knots, total[:, a]) - np.interp(low, knots, total[:, a]) for a in range(6)]
    return np.stack(sums, axis=1) / (high - low)[:, None]
