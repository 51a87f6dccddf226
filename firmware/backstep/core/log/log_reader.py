"""Reads a session log past any damage; says what is missing."""

from .. import event_names, events
from ..charge import percent
from ..compat import const
from ..patterns import PATTERNS
from .little_endian import get_int
from .log import BEGIN
from .log_format import (
    FIELDS_AT,
    HEAD_BYTES,
    LENGTH_AT,
    MAGIC,
    RECORDS_MAX,
    SAMPLE_AT,
    VERSION_AT,
    field_count,
    times_in,
)
from .log_head import HEAD

PASSING = True  # see app/passing.py

_LONGEST_INT = const(5)  # bytes

# Of every code from BEGIN on, as in event_names.  begin, end: why, of REASONS.  buzz: of patterns.PATTERNS.
# clock: unix time at that sample, and how far the clock was ahead of what the host said [ms]; known 1 = it had
# been set before; the wearer's offset from UTC. At a session's beginning too, where it is known.  boot: cause of
# the reset, of CAUSES, and how many starts in a row ended early.  wearer: 1 = the level is calibrated, its day
# since 1970, mass and height, 0 = not told; where all are 0 there is no such record.
# rate: the true sample rate over the one in the head [0.1 %]: true lengths are those told over its square.
TABLE = (
    "begin reason",
    "end reason",
    "buzz pattern ms level",
    "battery mv",
    "clock unix_s unix_ms ahead_ms known utc_offset_min",
    "boot cause early_ends",
    "wearer calibrated day kg cm",
    "rate permille",
)
# Why a session began or ended; new ones at the end.
REASONS = (
    "start",
    "button",
    "console",
    "stop",
    "Ctrl-C",
    "an error",
    "flat battery",
    "maintenance",
    "reboot",
    "exit",
    "full flash",
    "stillness",
    "another pod",
)
CAUSES = ("unknown", "power on", "hard reset", "watchdog", "deep sleep", "soft reset", "USB reset")


class Reader:
    """The sound blocks of a log.  damaged_bytes: those passed over so far, being no sound block."""

    def __init__(self, data, crc32):
        """data: the whole file, or a part of it.  crc32: binascii.crc32."""
        self.damaged_bytes = 0
        self._data = data
        self._crc32 = crc32

    def blocks(self):
        """Yield (head, offset, length): fields of HEAD and "sample" by name, and where its records are."""
        at, size = 0, len(self._data)
        while at < size:
            length = self._sound(at)
            if length < 0:
                self.damaged_bytes += 1
                at += 1
                continue
            yield self._head(at), at + HEAD_BYTES, length
            at += HEAD_BYTES + length + 4

    def records(self, head: dict, offset: int, length: int):
        """Yield (code, sample, fields) of every record of a block, as blocks() told it.

        A record of a code not known here ends the block: its length is not known either.
        """
        end = offset + length
        version = self._data[offset - HEAD_BYTES + VERSION_AT]
        sample = head["sample"]
        stride = [0] * events.FIELD_COUNT
        while offset < end:
            code = self._data[offset]
            count = field_count(code, version)
            if count < 0:
                return
            values, offset = self._integers(offset + 1, count + 1)
            sample += values[0]
            yield code, sample, self._fields(code, sample, values[1:], stride)

    def _fields(self, code, sample, fields, stride):
        times = times_in(code)
        for i in range(len(fields)):
            if i < times:
                fields[i] = sample - fields[i]
            elif code == events.STRIDE:
                fields[i] = stride[i] = fields[i] + stride[i]
        return fields

    def _integers(self, at, count):
        found: list[int] = []
        while len(found) < count:
            value = shift = 0
            while True:
                byte = self._data[at]
                at += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128 or shift == 7 * _LONGEST_INT:
                    break
            found.append(-(value >> 1) - 1 if value & 1 else value >> 1)
        return found, at

    def _sound(self, at):
        """Return the length of the records of the block at an offset, -1 when there is no sound one."""
        data = self._data
        if data[at : at + VERSION_AT] != MAGIC[:VERSION_AT] or at + HEAD_BYTES + 4 > len(data):
            return -1
        if not 1 <= data[at + VERSION_AT] <= MAGIC[VERSION_AT]:
            return -1
        length = get_int(data, at + LENGTH_AT, 2)
        end = at + HEAD_BYTES + length
        if length > RECORDS_MAX or end + 4 > len(data):
            return -1
        return length if get_int(data, end, 4) == self._crc32(data[at:end]) else -1

    def _head(self, at):
        head = {"sample": get_int(self._data, at + SAMPLE_AT, 4)}
        at += FIELDS_AT
        for name, size in HEAD:
            head[name] = get_int(self._data, at, size)
            at += size
        return head


def decode(code: int, sample: int, fields) -> dict:
    """Return a record as a dict with names.  ValueError for a code that is in no table."""
    if code < BEGIN:
        return event_names.decode(code, sample, fields)
    if code >= BEGIN + len(TABLE):
        raise ValueError("log: code %d is in no row of log_reader.TABLE" % code)
    names = TABLE[code - BEGIN].split()
    record = {"sample": sample, "event": names[0]}
    for i in range(min(len(names) - 1, len(fields))):
        record[names[i + 1]] = fields[i]
    if "pattern" in record:
        record["pattern"] = _named([row[0] for row in PATTERNS], record["pattern"])
    if "reason" in record:
        record["reason"] = _named(REASONS, record["reason"])
    if names[0] == "battery":
        record["pct"] = percent(fields[0])
    if "cause" in record:
        record["cause"] = _named(CAUSES, record["cause"])
    return record


def _named(names, index):
    return names[index] if 0 <= index < len(names) else "unknown (%d)" % index
