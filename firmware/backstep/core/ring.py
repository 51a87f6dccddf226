"""A ring of IMU samples between FIFO reader and detector; gaps keep their place."""

from array import array

from .compat import const, ptr16, ptr32, viper

_AXES = const(6)
_GAPS = const(8)
_GAP_MAX = (1 << 30) - 1

_CAPACITY = const(0)  # of a ring's state
_COUNT = const(1)
_PUT = const(2)
_TAKEN = const(3)
_WRITTEN = const(4)  # samples since the start, put and taken; they wrap
_READ = const(5)
_MASK = const(0x3FFFFFFF)


@viper
def copy(source, at: int, target, to: int):
    """Copy six int16 from source[at] on to target[to] on, both array("h")."""
    one = ptr16(source)
    other = ptr16(target)
    k = 0
    while k < _AXES:
        other[to + k] = one[at + k]
        k += 1


@viper
def _put(state, ring, rows, count: int):
    p = ptr32(state)
    i = 0
    while i < count:
        copy(rows, i * _AXES, ring, p[_PUT] * _AXES)
        p[_PUT] = 0 if p[_PUT] == p[_CAPACITY] - 1 else p[_PUT] + 1
        i += 1
    p[_COUNT] += count
    p[_WRITTEN] = (p[_WRITTEN] + count) & _MASK


@viper
def _take(state, ring, out) -> int:
    p = ptr32(state)
    if not p[_COUNT]:
        return 0
    copy(ring, p[_TAKEN] * _AXES, out, 0)
    p[_TAKEN] = 0 if p[_TAKEN] == p[_CAPACITY] - 1 else p[_TAKEN] + 1
    p[_COUNT] -= 1
    p[_READ] = (p[_READ] + 1) & _MASK
    return 1


@viper
def _renew(rows, at: int, row) -> int:
    """Copy six int16 from rows[at] on to row; return whether any of them changed by that."""
    one = ptr16(rows)
    other = ptr16(row)
    changed = k = 0
    while k < _AXES:
        if other[k] != one[at + k]:
            other[k] = one[at + k]
            changed = 1
        k += 1
    return changed


class Ring:
    """Holds up to `capacity` samples of six int16 [mg, 0.1 deg/s]; one producer, one consumer.

    A full ring refuses samples and states them as a gap once there is room again; who can hold them back asks for
    the room first.
    """

    def __init__(self, capacity: int):
        self.lost = 0
        self._rows = array("h", bytearray(2 * _AXES * capacity))
        self._state = array("i", (capacity, 0, 0, 0, 0, 0))
        self._gap_at = array("i", bytearray(4 * _GAPS))
        self._gap_missing = array("i", bytearray(4 * _GAPS))
        self._gap_count = 0

    @property
    def count(self) -> int:
        """Samples in it."""
        return self._state[_COUNT]

    @property
    def room(self) -> int:
        """Samples that it takes now."""
        return self._state[_CAPACITY] - self._state[_COUNT]

    def extend(self, rows, count: int) -> None:
        """Append `count` samples, one behind the other in rows, an array("h"); what finds no room is lost."""
        lost = max(0, count - self.room)
        _put(self._state, self._rows, rows, count - lost)
        if lost:
            self.lost += lost
            self.gap(lost)

    def gap(self, missing: int) -> None:
        """State that `missing` samples [count] were lost after the last one put."""
        last = self._gap_count - 1
        if last >= 0 and (self._gap_at[last] == self._state[_WRITTEN] or self._gap_count == _GAPS):
            self._gap_missing[last] = min(_GAP_MAX, self._gap_missing[last] + missing)
            return
        self._gap_at[self._gap_count] = self._state[_WRITTEN]
        self._gap_missing[self._gap_count] = min(_GAP_MAX, missing)
        self._gap_count += 1

    def take_into(self, out) -> int:
        """Take the oldest: 1 = a sample, now in out, an array("h"); 0 = nothing; -n = a gap of n samples."""
        if self._gap_count and self._gap_at[0] == self._state[_READ]:
            return -self._take_gap()
        return _take(self._state, self._rows, out)

    def newest_into(self, row) -> bool:
        """Copy the sample put last into row, an array("h"); return whether any of it changed by that."""
        state = self._state
        return _renew(self._rows, ((state[_PUT] or state[_CAPACITY]) - 1) * _AXES, row) != 0

    def _take_gap(self) -> int:
        missing = self._gap_missing[0]
        for k in range(1, self._gap_count):
            self._gap_at[k - 1] = self._gap_at[k]
            self._gap_missing[k - 1] = self._gap_missing[k]
        self._gap_count -= 1
        return missing
