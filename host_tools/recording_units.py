"""Units that people's recordings are in, and a pod's own: whole mg and 0.1 deg/s."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from host_tools.errors import UserError
from host_tools.many_rows import Rows, pieces

ACC_UNITS = {"g": 1000.0, "m/s2": 1000 / 9.80665, "mg": 1.0}  # mg
GYRO_UNITS = {"deg/s": 10.0, "rad/s": 1800 / math.pi}  # 0.1 deg/s


@dataclass(frozen=True)
class Units:
    """What a file counts in: keys of ACC_UNITS and GYRO_UNITS, None for a pod's own whole mg and 0.1 deg/s."""

    acc: str | None = None
    gyro: str | None = None

    @property
    def own(self) -> bool:
        return self.acc is None and self.gyro is None

    @property
    def factors(self) -> np.ndarray:
        """Of six columns, to mg and 0.1 deg/s."""
        return np.repeat([ACC_UNITS[self.acc or "mg"], GYRO_UNITS[self.gyro] if self.gyro else 1.0], 3)


OWN_UNITS = Units()


def in_own_units(numbers, units: Units, lines: Sequence[int] | None = None) -> np.ndarray:
    """Return numbers (n, 6) as int16 samples; UserError where they are none, or leave 16 bits.

    lines: of the file, for each row, None where it has none.
    """
    found = np.asarray(numbers)
    if found.ndim != 2 or found.shape[1] != 6 or found.dtype.kind not in "iuf":
        raise UserError(f"samples: {found.dtype} {found.shape}, want numbers (n, 6)")
    made = Rows(6)
    for begin, rows in pieces(found):
        whole = np.rint(rows * units.factors)
        bad = np.flatnonzero(~(np.abs(whole) <= 32767).all(axis=1))
        if len(bad):
            at = begin + int(bad[0])
            where = f"row {at}" if lines is None else f"line {lines[at]}"
            raise UserError(f"{where}: {whole[bad[0]].tolist()} in mg and 0.1 deg/s, want 16 bits: another unit?")
        made.add(whole.astype(np.int16))
    return made.array()
