"""The wake-up interrupt of ST's LSM6DS IMUs: half the change from one sample to the next against a threshold.

[AN5272 5.3, AN5130 5.3; registers in DS12814 and DocID030071 under the same names] Of the filters the slope alone
is modelled, of durations the shortest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WAKE_UP_SRC, TAP_CFG0, TAP_CFG2, WAKE_UP_THS, WAKE_UP_DUR, MD1_CFG = 0x1B, 0x56, 0x58, 0x5B, 0x5C, 0x5E
LATCHED, ENABLED, FINE, INT1_WU = 0x01, 0x80, 0x10, 0x20
WU_IA, AXES = 0x08, (0x04, 0x02, 0x01)  # WAKE_UP_SRC
_FULL_SCALE_LSB = 32768


class WakeUp:
    """Compares each acceleration with the one before.

    latch: register that has LIR.  may_be_fine: whether WAKE_THS_W makes a step of full scale / 64 one of / 256.
    """

    def __init__(self, latch: int, may_be_fine: bool):
        self._latch = latch
        self._may_be_fine = may_be_fine
        self._before: Sequence[int] | None = None
        self._source = 0

    def forget(self) -> None:
        """Begin anew: the accelerometer was set up."""
        self._before, self._source = None, 0

    def feed(self, values: Mapping[int, int], now: Sequence[int]) -> None:
        """Take an acceleration, three numbers in LSB.  values: the chip's registers."""
        before, self._before = self._before, now
        if before is None:
            return
        fine = self._may_be_fine and values[WAKE_UP_DUR] & FINE
        threshold = (values[WAKE_UP_THS] & 0x3F) * _FULL_SCALE_LSB // (256 if fine else 64)
        moved = [bit for bit, a, b in zip(AXES, before, now, strict=True) if abs(b - a) > 2 * threshold]
        found = sum(moved) | WU_IA if moved and threshold else 0
        self._source = self._source | found if values[self._latch] & LATCHED else found

    def read(self) -> int:
        """Return WAKE_UP_SRC; reading ends a latched interrupt."""
        source, self._source = self._source, 0
        return source

    def raises_int1(self, values: Mapping[int, int]) -> bool:
        """Return whether INT1 is up for it."""
        return bool(values[MD1_CFG] & INT1_WU and values[TAP_CFG2] & ENABLED and self._source)
