"""Where a recording's readings end: the range of the sensor that made it, by its greatest readings."""

import math

import numpy as np
from backstep.core.shoe.clipping import ACCEL_MG, GYRO_DDPS

_FEWEST = 4  # readings that are as great as any; a peak that was not cut off is as great only once
_ALIKE = 0.002
_NEAR = 0.99  # from here on a reading is at the range
_LEAST = (1900, 2400)  # [mg], [0.1 deg/s]: no sensor's range is less


def full_scale(samples: np.ndarray) -> tuple[int, int] | None:
    """Return where accelerations [mg] and rates [0.1 deg/s] end, None where that cannot be seen of either.

    samples: int16 (n, 6) as in Recording.  Readings end where several on one axis are as great as any of all
    three; where only the others do, what stands here is a pod's range.
    """
    ends = [_end(samples[:, :3], _LEAST[0]), _end(samples[:, 3:], _LEAST[1])]
    return None if ends == [None, None] else (ends[0] or ACCEL_MG, ends[1] or GYRO_DDPS)


def _end(axes: np.ndarray, least: int) -> int | None:
    greatest = max(int(axes.max(initial=0)), -int(axes.min(initial=0)))
    near = math.ceil(greatest * (1 - _ALIKE))
    at_it = max(np.count_nonzero(axis >= near) + np.count_nonzero(axis <= -near) for axis in axes.T)
    return greatest if greatest >= least and at_it >= _FEWEST else None


def at_range(samples: np.ndarray, ends: tuple[int, int] | None) -> np.ndarray:
    """Return which readings are at their range, (n, 6) of bool.  ends: of full_scale."""
    if ends is None:
        return np.zeros(samples.shape, bool)
    return np.abs(samples.astype(np.int32)) >= np.repeat(np.array(ends) * _NEAR, 3)
