"""Where things lie in a pod's flash: ESP-IDF's partition table, and the filesystem beside it.

[ESP-IDF: "Partition Tables"; MicroPython: ports/esp32/main.c, boardctrl_startup]
"""

import hashlib
import struct
from typing import NamedTuple

TABLE_ADDRESS = 0x8000
TABLE_BYTES = 0xC00
APP = 0
_DATA = 1
_ROW = struct.Struct("<2sBBII16sI")
_ROW_MAGIC = b"\xaa\x50"
_HASH_MAGIC = b"\xeb\xeb" + b"\xff" * 14  # then the MD5 of the rows before
_FILESYSTEMS = ("vfs", "ffat")  # MicroPython's own, and the one that TinyUF2 leaves to it


class Partition(NamedTuple):
    """A piece of flash: its name, its kind (APP or another), where it begins, and how many bytes it has."""

    name: str
    kind: int
    offset: int
    size: int


def table(content: bytes, at: int) -> tuple[list[Partition], int]:
    """Return the partitions of a table and where it ends, its MD5 proved; ValueError says what is wrong.

    content: part of a flash, or of an image.  at: of the table in it.
    """
    start = at
    rows = []
    while content[at : at + len(_ROW_MAGIC)] == _ROW_MAGIC and len(content) >= at + _ROW.size:
        _, kind, _, offset, size, label, _ = _ROW.unpack_from(content, at)
        rows.append(Partition(label.rstrip(b"\0").decode(errors="replace"), kind, offset, size))
        at += _ROW.size
    if not rows:
        raise ValueError(f"no partition table at {TABLE_ADDRESS:#x}")
    proof = content[at : at + _ROW.size]
    if proof != _HASH_MAGIC + hashlib.md5(content[start:at], usedforsecurity=False).digest():
        raise ValueError(f"its partition table at {TABLE_ADDRESS:#x} differs from its MD5: damaged")
    return rows, at + _ROW.size


def filesystem(rows: list[Partition], flash_bytes: int) -> Partition:
    """Return where MicroPython has its filesystem: in its partition, else all that is behind the last one.

    rows: of the table.  flash_bytes: the chip's size.
    """
    named = [row for row in rows if row.kind == _DATA and row.name in _FILESYSTEMS]
    if named:
        return named[0]
    end = max(row.offset + row.size for row in rows)
    return Partition(_FILESYSTEMS[0], _DATA, end, max(0, flash_bytes - end))
