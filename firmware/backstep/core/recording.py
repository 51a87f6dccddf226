"""The recording format: what the pod stores, the host replays and the simulator feeds.

A file is a header and self-standing blocks, all little-endian:

    header  "BSR1" placement u8, frame u8, has_gyro u8, 0 u8, rate [mHz] u32, CRC32 of those 12 bytes
    block   B5 53, rows u8 (1..20), 0 u8, index u32 of the first row, rows * 6 int16, CRC32 of all before

The index counts every sample since the start, lost ones too: a jump in it is a gap. A damaged block is
skipped up to the next sound one, and so becomes a gap as well.
"""

from .compat import const
from .little_endian import get_int, put_int

PASSING = True  # see app/passing.py

HEADER_BYTES = const(16)
ROWS_MAX = const(20)
_BLOCK_HEAD = const(8)
_ROW_BYTES = const(12)
_MAGIC = b"BSR1"
_BLOCK_MAGIC = b"\xb5\x53"

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
        self._block[0:2] = _BLOCK_MAGIC
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
        at = _BLOCK_HEAD + self._rows * _ROW_BYTES
        for i in range(6):
            value = row[i]
            self._block[at + 2 * i] = value & 0xFF
            self._block[at + 2 * i + 1] = (value >> 8) & 0xFF
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
        end = _BLOCK_HEAD + self._rows * _ROW_BYTES
        self._block[2] = self._rows
        put_int(self._block, 4, 4, self._index)
        put_int(self._block, end, 4, self._crc32(memoryview(self._block)[:end]))
        self._write(memoryview(self._block)[: end + 4])
        self._index += self._rows
        self._rows = 0


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
        """Yield (index of the first row, number of rows, byte offset of the rows) of every sound block."""
        at = HEADER_BYTES
        size = len(self._data)
        next_index = 0
        while at < size:
            rows = self._sound_rows(at)
            index = get_int(self._data, at + 4, 4) if rows else 0
            if not rows or index < next_index:
                self.damaged_bytes += 1
                at += 1
                continue
            yield index, rows, at + _BLOCK_HEAD
            next_index = index + rows
            at += _BLOCK_HEAD + rows * _ROW_BYTES + 4

    def _sound_rows(self, at):
        data = self._data
        if bytes(data[at : at + 2]) != _BLOCK_MAGIC or at + _BLOCK_HEAD > len(data):
            return 0
        rows = data[at + 2]
        end = at + _BLOCK_HEAD + rows * _ROW_BYTES
        if not 1 <= rows <= ROWS_MAX or end + 4 > len(data):
            return 0
        return rows if get_int(data, end, 4) == self._crc32(bytes(data[at:end])) else 0
