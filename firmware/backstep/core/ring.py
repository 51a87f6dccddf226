"""A ring of IMU samples between FIFO reader and detector; gaps keep their place."""

from array import array

from .compat import const

_AXES = const(6)
_GAPS = const(8)
_GAP_MAX = (1 << 30) - 1


class Ring:
    """Holds up to `capacity` samples of six int16 [mg, 0.1 deg/s]; one producer, one consumer.

    A full ring refuses samples and states them as a gap once there is room again.
    """

    def __init__(self, capacity: int):
        self.capacity = capacity
        self.count = 0
        self.lost = 0
        self._rows = array("h", bytearray(2 * _AXES * capacity))
        self._put = 0
        self._taken = 0
        self._gap_at = array("i", bytearray(4 * _GAPS))
        self._gap_missing = array("i", bytearray(4 * _GAPS))
        self._gap_count = 0
        self._written = 0
        self._read = 0

    def put(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> bool:
        """Append one sample; False when the ring is full (the sample is then part of a stated gap)."""
        if self.count == self.capacity:
            self.lost += 1
            self.gap(1)
            return False
        rows = self._rows
        i = self._put * _AXES
        rows[i] = ax
        rows[i + 1] = ay
        rows[i + 2] = az
        rows[i + 3] = gx
        rows[i + 4] = gy
        rows[i + 5] = gz
        self._put = 0 if self._put == self.capacity - 1 else self._put + 1
        self.count += 1
        self._written = (self._written + 1) & 0x3FFFFFFF
        return True

    def gap(self, missing: int) -> None:
        """State that `missing` samples [count] were lost after the last one put."""
        last = self._gap_count - 1
        if last >= 0 and (self._gap_at[last] == self._written or self._gap_count == _GAPS):
            self._gap_missing[last] = min(_GAP_MAX, self._gap_missing[last] + missing)
            return
        self._gap_at[self._gap_count] = self._written
        self._gap_missing[self._gap_count] = min(_GAP_MAX, missing)
        self._gap_count += 1

    def take_into(self, out) -> int:
        """Take the oldest: 1 = a sample, now in out (6 integers); 0 = nothing; -n = a gap of n samples."""
        if self._gap_count and self._gap_at[0] == self._read:
            return -self._take_gap()
        if not self.count:
            return 0
        rows = self._rows
        i = self._taken * _AXES
        for k in range(_AXES):
            out[k] = rows[i + k]
        self._taken = 0 if self._taken == self.capacity - 1 else self._taken + 1
        self.count -= 1
        self._read = (self._read + 1) & 0x3FFFFFFF
        return 1

    def newest_into(self, row) -> bool:
        """Copy the sample put last into row (6 integers); return whether any of them changed by that."""
        last = (self._put or self.capacity) - 1
        changed = False
        for k in range(_AXES):
            value = self._rows[last * _AXES + k]
            if row[k] != value:
                row[k] = value
                changed = True
        return changed

    def _take_gap(self) -> int:
        missing = self._gap_missing[0]
        for k in range(1, self._gap_count):
            self._gap_at[k - 1] = self._gap_at[k]
            self._gap_missing[k - 1] = self._gap_missing[k]
        self._gap_count -= 1
        return missing
