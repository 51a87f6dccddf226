"""The session log: a file a session, of self-standing blocks: a head, delta-coded records, a checksum.

All little-endian; the reader is in log_reader.py.

    head    "BSL" 3, bytes of records u16, sample of the first record u32, the fields of HEAD
    record  code u8, samples since the record before, fields; each a variable-length integer
    end     CRC32 of all before

In blocks that begin with "BSL" 1 a stride has its first seven fields alone, in those and in "BSL" 2 a clock its
first four. The codes up to 31 are those of events.py, those above of log.py. An integer v is written as 2 v, or as
-2 v - 1 below nought, seven bits a byte, the lowest first, the eighth bit saying that more follow. `start` and
`contact` are told as samples before the record's own, and a stride's other fields as differences to the stride
before in the same block.
"""

from .. import events
from ..compat import const
from .little_endian import put_int
from .log import BEGIN, CLOCK

MAGIC = b"BSL\x03"
VERSION_AT = const(3)
LENGTH_AT = const(4)
SAMPLE_AT = const(6)
FIELDS_AT = const(10)
HEAD_BYTES = const(46)
RECORDS_MAX = const(448)
_LEAST_MAX = const(6)  # bytes of a record: a code, and a time of at most five
_FIELD_MAX = const(5)  # of each field
_RECORD_MAX = const(71)  # of one with thirteen

# How many fields a code has: the events from 1 on, then BEGIN on.
_EVENT_FIELDS = b"\x0d\x03\x02\x02\x01\x02\x00\x00\x01\x02\x01\x02\x01\x02\x01\x00\x02\x02\x02\x01\x02\x03\x04"
_STRIDE_FIELDS_1 = const(7)
_CLOCK_FIELDS_2 = const(4)
_OTHER_FIELDS = b"\x01\x01\x03\x01\x05\x02\x04\x01"


def field_count(code: int, version: int = 3) -> int:
    """Return the number of fields of a record in a block of this version; -1 for a code that is in no table."""
    if code == events.STRIDE and version == 1:
        return _STRIDE_FIELDS_1
    if code == CLOCK and version < 3:
        return _CLOCK_FIELDS_2
    if 0 < code <= len(_EVENT_FIELDS):
        return _EVENT_FIELDS[code - 1]
    if BEGIN <= code < BEGIN + len(_OTHER_FIELDS):
        return _OTHER_FIELDS[code - BEGIN]
    return -1


def times_in(code: int) -> int:
    """Return how many of a record's first fields are sample indices."""
    return 2 if code == events.STRIDE else int(code == events.STEP)


class Block:
    """One block as it fills: put() records, close() it, write what that returns, clear() it.

    count: records in it.  length: bytes of them.
    """

    def __init__(self):
        from .log_head import HEAD  # passing: its names are for readers

        self._sizes = bytes([size for _, size in HEAD])
        self._data = bytearray(HEAD_BYTES + RECORDS_MAX + 4)
        self._stride = [0] * events.FIELD_COUNT
        self.clear()

    @property
    def full(self) -> bool:
        """Whether the next record may not fit, whatever it is."""
        return self.length + _RECORD_MAX > RECORDS_MAX

    def takes(self, code: int) -> bool:
        """Return whether a record of this code fits, however large its fields are."""
        return self.length + _LEAST_MAX + _FIELD_MAX * field_count(code) <= RECORDS_MAX

    def clear(self) -> None:
        """Begin an empty block."""
        self.count = self.length = 0
        self._sample = 0
        for i in range(events.FIELD_COUNT):
            self._stride[i] = 0

    def put(self, code: int, sample: int, fields) -> None:
        """Append a record.  code, sample, fields: of an event or of a code above.  ValueError: it may not fit."""
        if not self.takes(code):
            raise ValueError("log: the block is full")
        if not self.count:
            self._sample = sample
            put_int(self._data, SAMPLE_AT, 4, sample)
        self._data[HEAD_BYTES + self.length] = code
        self.length += 1
        self._add(sample - self._sample)
        self._sample = sample
        self.count += 1
        times, stride = times_in(code), self._stride
        for i in range(field_count(code)):
            if i < times:
                self._add(sample - fields[i])
            elif code == events.STRIDE:
                self._add(fields[i] - stride[i])
                stride[i] = fields[i]
            else:
                self._add(fields[i])

    def close(self, head, crc32):
        """Return the block's bytes, good until the next put().

        head: an integer for each row of HEAD.  crc32: binascii.crc32.
        """
        data = self._data
        data[: len(MAGIC)] = MAGIC
        put_int(data, LENGTH_AT, 2, self.length)
        at = FIELDS_AT
        for i, size in enumerate(self._sizes):
            put_int(data, at, size, head[i])
            at += size
        end = HEAD_BYTES + self.length
        put_int(data, end, 4, crc32(memoryview(data)[:end]))
        return memoryview(data)[: end + 4]

    def _add(self, value):
        data, at = self._data, HEAD_BYTES + self.length
        value = 2 * value if value >= 0 else -2 * value - 1
        while value > 127:
            data[at] = value & 127 | 128
            value >>= 7
            at += 1
        data[at] = value
        self.length = at + 1 - HEAD_BYTES
