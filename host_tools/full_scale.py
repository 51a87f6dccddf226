"""Where a recording's readings end: the range of the sensor that made it, by its greatest readings."""

import math
from collections.abc import Iterator

import numpy as np
from backstep.core.shoe.clipping import ACCEL_MG, GYRO_DDPS

from host_tools.many_rows import pieces

_FEWEST = 4  # readings that are as great as any; a peak that was not cut off is as great only once
_ALIKE = 0.002
_NEAR = 0.99  # from here on a reading is at the range
_LEAST = (1900, 2400)  # [mg], [0.1 deg/s]: no sensor's range is less


def full_scale(samples: np.ndarray, filled: tuple[tuple[int, int], ...] = ()) -> tuple[int, int] | None:
    """Return where accelerations [mg] and rates [0.1 deg/s] end, None where that cannot be seen of either.

    samples, filled: as in Recording.  Readings end where several on one axis are as great as any of all three;
    where only the others do, what stands here is a pod's range.
    """
    greatest = np.zeros(6, int)
    for rows in _measured(samples, filled):
        ends = [max(int(axis.max()), -int(axis.min())) for axis in rows.T]
        greatest = np.maximum(greatest, ends)
    most = greatest.reshape(2, 3).max(axis=1)
    near = np.repeat([math.ceil(end * (1 - _ALIKE)) for end in most.tolist()], 3).tolist()
    at_it = np.zeros(6, int)
    for rows in _measured(samples, filled):
        sides = ((axis >= end, axis <= -end) for axis, end in zip(rows.T, near, strict=True))
        at_it += [np.count_nonzero(high) + np.count_nonzero(low) for high, low in sides]
    seen = (most >= _LEAST) & (at_it.reshape(2, 3).max(axis=1) >= _FEWEST)
    accel_mg, gyro_ddps = (int(end) if known else None for end, known in zip(most, seen, strict=True))
    return (accel_mg or ACCEL_MG, gyro_ddps or GYRO_DDPS) if seen.any() else None


def _measured(samples: np.ndarray, filled: tuple[tuple[int, int], ...]) -> Iterator[np.ndarray]:
    """Yield the rows that are none of the filled ones, some at a time."""
    begin = 0
    for end, rows in (*filled, (len(samples), 0)):
        for _, some in pieces(samples[begin:end]):
            yield some
        begin = end + rows


def at_range(samples: np.ndarray, ends: tuple[int, int] | None) -> np.ndarray:
    """Return which readings are at their range, (n, 6) of bool.  ends: of full_scale."""
    if ends is None:
        return np.zeros(samples.shape, bool)
    return np.abs(samples.astype(np.int32)) >= np.repeat(np.array(ends) * _NEAR, 3)
