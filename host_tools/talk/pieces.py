"""The pieces of a file that a pod sends without being asked for each: what is sound of them, in order."""

import re
from binascii import crc32
from collections.abc import Callable

STRETCH = 32768  # bytes asked for at once: 3 s at 115200 baud, in which the pod hears no other request
_ESCAPED = re.compile(rb"\x1b(.)", re.DOTALL)
_BIT = 64  # what an escaped byte differs by


class Sound:
    """Hands on the bytes of pieces up to the first that is damaged, missing or doubled.

    offset: where the first begins [bytes].  end: so far.  on_data: given the bytes of each.
    """

    def __init__(self, offset: int, on_data: Callable[[bytes], None]):
        self.end = offset
        self._on_data = on_data

    def take(self, line: bytes) -> None:
        """Take a line that begins with `=`."""
        offset, data = piece(line)
        if data and offset == self.end:
            self._on_data(data)
            self.end += len(data)


def piece(line: bytes) -> tuple[int, bytes]:
    """Return offset and bytes of a line of a stream (firmware/PROTOCOL.md); no bytes where it is damaged."""
    try:
        offset, crc, written = line.removeprefix(b"=").removesuffix(b"\r").split(b" ", 2)
        data = _ESCAPED.sub(lambda found: bytes([found[1][0] ^ _BIT]), written)
        return (int(offset, 16), data) if crc32(data) == int(crc, 16) else (0, b"")
    except ValueError:
        return 0, b""
