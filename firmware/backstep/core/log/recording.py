"""The recording format: what the pod stores, the host replays and the simulator feeds.

A file is a header and self-standing blocks, all little-endian:

    header  "BSR1" placement u8, frame u8, has_gyro u8, 0 u8, rate [mHz] u32, CRC32 of those 12 bytes
    block   B5 53, rows u8 (1..32), 0 u8, index u32 of the first row, rows * 6 int16, CRC32 of all before
    or      B5 54, rows u8, pairs u8, index u32, pairs * 2 bytes: the rows as rice.py has them, CRC32 of all before

A block is of the second kind where that is shorter. The index counts every sample since the start, lost ones too:
a jump in it is a gap. A damaged block is skipped up to the next sound one, and so becomes a gap as well.
"""

from array import array

from ..compat import const
from . import rice
from .little_endian import get_int, put_int

PASSING = True  # see app/passing.py

HEADER_BYTES = const(16)
ROWS_MAX = const(32)
_BLOCK_HEAD = const(8)
_ROW_BYTES = const(12)
_MAGIC = b"BSR1"
_BLOCK = const(0xB5)
_PLAIN = const(0x53)
_CODED = const(0x54)

PLACEMENTS = ("shoe", "belt", "wrist")
FRAMES = ("body", "sensor")


class Writer:
    """Writes a recording row by row; a block goes out when it is full or flushed."""

    def __init__(self, write, crc32, rate_mhz: int, placement: str, frame: str, has_gyro: bool = True):
        """Write the header.

        write: takes bytes.  crc32: binascii.crc32.  rate_mhz: sample rate [mHz].
        placement, frame: names from PLACEMENTS and FRAMES; ValueError for another one.
        """
        self._write = write
        self._crc32 = crc32
        self._block = bytearray(_BLOCK_HEAD + ROWS_MAX * _ROW_BYTES + 4)
        self._block[0] = _BLOCK
        self._values = array("h", bytearray(ROWS_MAX * _ROW_BYTES))
        self._rows = 0
        self._index = 0
        header = bytearray(HEADER_BYTES)
        header[0:4] = _MAGIC
        header[4] = PLACEMENTS.index(placement)
        header[5] = FRAMES.index(frame)
        header[6] = 1 if has_gyro else 0
        put_int(header, 8, 4, rate_mhz)
        put_int(header, 12, 4, crc32(header[:12]))
        write(header)

    def put(self, row) -> None:
        """Append one row of six int16 [mg, 0.1 deg/s]."""
        at = 6 * self._rows
        for i in range(6):
            self._values[at + i] = row[i]
        self._rows += 1
        if self._rows == ROWS_MAX:
            self.flush()

    def gap(self, missing: int) -> None:
        """State that `missing` samples were lost after the last row."""
        self.flush()
        self._index += missing

    def flush(self) -> None:
        """Write the rows held back; call it once more at the end."""
        if not self._rows:
            return
        end = _BLOCK_HEAD + self._fill()
        block = self._block
        block[2] = self._rows
        put_int(block, 4, 4, self._index)
        put_int(block, end, 4, self._crc32(memoryview(block)[:end]))
        self._write(memoryview(block)[: end + 4])
        self._index += self._rows
        self._rows = 0

    def _fill(self):
        """Put the rows into the block, whichever way is shorter; return their bytes."""
        block, plain = self._block, self._rows * _ROW_BYTES
        coded = rice.coded(self._values, self._rows, block, _BLOCK_HEAD, _BLOCK_HEAD + plain)
        coded += coded & 1
        if coded < plain:
            block[1], block[3] = _CODED, coded >> 1
            return coded
        block[1], block[3] = _PLAIN, 0
        for i in range(6 * self._rows):
            put_int(block, _BLOCK_HEAD + 2 * i, 2, self._values[i])
        return plain


class Reader:
    """Reads a recording from bytes, past any damage, and says how much of it was unreadable."""

    def __init__(self, data, crc32):
        """Read the header.

        data: the whole file.  crc32: binascii.crc32.  ValueError when it is no recording.
        """
        if len(data) < HEADER_BYTES or bytes(data[:4]) != _MAGIC:
            told = (len(data), bytes(data[:4]), HEADER_BYTES, _MAGIC)
            raise ValueError("recording: %d bytes, starts with %r, want %d or more, %r" % told)
        if get_int(data, 12, 4) != crc32(bytes(data[:12])):
            raise ValueError("recording: the header's checksum is wrong")
        if data[4] >= len(PLACEMENTS) or data[5] >= len(FRAMES):
            raise ValueError("recording: placement %d, frame %d are unknown" % (data[4], data[5]))
        self.placement = PLACEMENTS[data[4]]
        self.frame = FRAMES[data[5]]
        self.has_gyro = bool(data[6])
        self.rate_mhz = get_int(data, 8, 4)
        self.damaged_bytes = 0
        self._data = data
        self._crc32 = crc32

    def blocks(self):
        """Yield (index of the first row, number of rows, byte offset) of every sound block."""
        at = HEADER_BYTES
        size = len(self._data)
        next_index = 0
        while at < size:
            end = self._end(at)
            index = get_int(self._data, at + 4, 4) if end else 0
            if not end or index < next_index:
                self.damaged_bytes += 1
                at += 1
                continue
            rows = self._data[at + 2]
            yield index, rows, at
            next_index = index + rows
            at = end + 4

    def rows(self, at: int) -> array:
        """Return the rows of the sound block at a byte offset as int16, 6 a row [mg, 0.1 deg/s]."""
        data, rows = self._data, self._data[at + 2]
        start = at + _BLOCK_HEAD
        if data[at + 1] == _CODED:
            return rice.decoded(data, start, start + 2 * data[at + 3], rows)
        return array("h", [rice.signed(get_int(data, start + 2 * i, 2)) for i in range(6 * rows)])

    def _end(self, at):
        """Return where a sound block's rows end, 0 when there is none at that offset."""
        data = self._data
        if at + _BLOCK_HEAD > len(data) or data[at] != _BLOCK or not 1 <= data[at + 2] <= ROWS_MAX:
            return 0
        if data[at + 1] not in (_PLAIN, _CODED):
            return 0
        length = data[at + 2] * _ROW_BYTES if data[at + 1] == _PLAIN else 2 * data[at + 3]
        end = at + _BLOCK_HEAD + length
        if end + 4 > len(data):
            return 0
        return end if get_int(data, end, 4) == self._crc32(bytes(data[at:end])) else 0
