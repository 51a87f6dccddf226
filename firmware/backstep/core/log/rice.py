"""Rows of six int16 in fewer bits, without loss: each axis by the steps from row to row, Rice coded.

An axis is its first value in 16 bits, k in 4, then every step, folded (0, -1, 1, -2, ... become 0, 1, 2, 3, ...):
folded >> k ones, a zero, the lowest k bits; or, where that would be 16 ones or more, 16 ones and 17 bits. All the
highest bit first. (Rice and Plaunt, Adaptive variable-length coding, IEEE Trans. Commun. 1971.)
"""

from array import array

from ..compat import const

PASSING = True  # see app/passing.py

_AXES = const(6)
_ESCAPE = const(16)
_FOLDED_BITS = const(17)


class _Out:
    def __init__(self, data, at, end):
        self._data = data
        self.at = at
        self._end = end
        self._bits = 0
        self._held = 0

    def put(self, value, size):
        bits = self._bits << size | value
        held = self._held + size
        while held >= 8:
            held -= 8
            if self.at < self._end:
                self._data[self.at] = bits >> held
            self.at += 1
            bits &= (1 << held) - 1
        self._bits = bits
        self._held = held


def coded(rows, count: int, out, at: int, end: int) -> int:
    """Write rows into out[at:end]; return how many bytes that took, or would have taken had there been room.

    rows: int16, 6 * count of them or more.  count: [rows], 1 or more.  out: bytearray.
    """
    bits = _Out(out, at, end)
    for axis in range(_AXES):
        bits.put(rows[axis] & 0xFFFF, 16)
        k = _k(rows, axis, count)
        bits.put(k, 4)
        for i in range(axis + _AXES, _AXES * count, _AXES):
            folded = _folded(rows[i] - rows[i - _AXES])
            ones = folded >> k
            if ones < _ESCAPE:
                bits.put((2 << ones) - 2, ones + 1)
                bits.put(folded & (1 << k) - 1, k)
            else:
                bits.put((1 << _ESCAPE) - 1, _ESCAPE)
                bits.put(folded, _FOLDED_BITS)
    bits.put(0, 7)  # fills up the last byte
    return bits.at - at


def _folded(step):
    return 2 * step if step >= 0 else -2 * step - 1


def _k(rows, axis, count):
    """Return the logarithm of the mean folded step, rounded down."""
    total = 0
    for i in range(axis + _AXES, _AXES * count, _AXES):
        total += _folded(rows[i] - rows[i - _AXES])
    k = 0
    while total >= count << k + 1 and k < 15:
        k += 1
    return k


class _In:
    """Reads bits; past the end they are zeros."""

    def __init__(self, data, at, end):
        self._data = data
        self._at = 8 * at
        self._end = 8 * end

    def bit(self):
        at = self._at
        self._at = at + 1
        return self._data[at >> 3] >> 7 - (at & 7) & 1 if at < self._end else 0

    def number(self, size):
        value = 0
        for _ in range(size):
            value = value << 1 | self.bit()
        return value


def decoded(data, at: int, end: int, count: int) -> array:
    """Return the rows in data[at:end] as int16, 6 * count of them; nonsense from what coded() never wrote."""
    rows = array("h", bytearray(2 * _AXES * count))
    bits = _In(data, at, end)
    for axis in range(_AXES):
        value = bits.number(16)
        k = bits.number(4)
        rows[axis] = signed(value)
        for i in range(axis + _AXES, _AXES * count, _AXES):
            ones = 0
            while ones < _ESCAPE and bits.bit():
                ones += 1
            folded = ones << k | bits.number(k) if ones < _ESCAPE else bits.number(_FOLDED_BITS)
            value += folded >> 1 if not folded & 1 else -(folded + 1 >> 1)
            rows[i] = signed(value)
    return rows


def signed(value: int) -> int:
    """Return the int16 that has the lowest 16 bits of a value."""
    return ((value + 0x8000) & 0xFFFF) - 0x8000
