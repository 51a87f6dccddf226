"""A flash in memory, as littlefs reads and writes it: its own context fills 2 MiB anew and logs each call."""

from __future__ import annotations

from littlefs import UserContext


class Cells(UserContext):
    """What LittleFS takes as its context.

    buffer: the cells, changed in place.  block_size: [bytes].
    """

    def __init__(self, buffer: bytearray, block_size: int) -> None:
        self.buffer = buffer
        self._block_size = block_size

    def read(self, config: object, block: int, offset: int, count: int) -> bytearray:
        """Return bytes of a block."""
        at = block * self._block_size + offset
        return self.buffer[at : at + count]

    def prog(self, config: object, block: int, offset: int, data: bytes) -> int:
        """Write bytes of a block that were erased before."""
        at = block * self._block_size + offset
        self.buffer[at : at + len(data)] = data
        return 0

    def erase(self, config: object, block: int) -> int:
        """Set all bits of a block."""
        at = block * self._block_size
        self.buffer[at : at + self._block_size] = b"\xff" * self._block_size
        return 0

    def sync(self, config: object) -> int:
        """Do nothing: what is written is there."""
        return 0
