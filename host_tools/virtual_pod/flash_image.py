"""A pod's flash partition "vfs" as a file: its LittleFS from the host's side, its cells from the VM's side.

2 MiB as on an ESP32 with 4 MiB (partitions-4MiBplus.csv), the filesystem with MicroPython's parameters
(rescue/filesystem.py). So the file, put at the partition's offset of a flash image, is a real pod's file system.
"""

from __future__ import annotations

import mmap
import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path

from littlefs import LittleFS, LittleFSError

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.rescue import filesystem
from host_tools.rescue.filesystem import BLOCK_SIZE
from host_tools.virtual_pod.costs import Costs

SIZE = 0x200000
_PAGE_SIZE = 256


class PowerCut(Exception):  # noqa: N818 - what happened
    """The power failed in the middle of a write."""


def write_files(image: Path, files: Mapping[str, bytes], size: int = SIZE) -> None:
    """Put files into a pod's flash image; a missing image is made with an empty file system of `size` bytes.

    files: absolute path -> content.  UserError when the image holds no LittleFS or has no room.
    """
    cells, fs = _open(image, size)
    try:
        for path, content in files.items():
            fs.makedirs(posixpath.dirname(path), exist_ok=True)
            with fs.open(path, "wb") as file:
                file.write(content)
    except LittleFSError as error:
        raise UserError(f"{image}: {path}: {error}") from error
    with whole_file.whole(image) as file:
        file.write(cells)


def read_files(image: Path) -> dict[str, bytes]:
    """Return every file of a pod's flash image, absolute path -> content; UserError when one cannot be read."""
    cells = image.read_bytes()
    _check_size(image, len(cells))
    found = filesystem.read(cells)
    if found.lost:
        none = "" if found.mounts else "holds no LittleFS file system: "
        raise UserError(f"{image}: {none}{'; '.join(found.lost)}")
    return found.files


def _open(image: Path, size: int) -> tuple[bytearray, LittleFS]:
    new = not image.exists()
    cells = bytearray(b"\xff" * size if new else image.read_bytes())
    _check_size(image, len(cells))
    try:
        return cells, filesystem.littlefs_on(cells, make=new)
    except LittleFSError as error:
        raise UserError(f"{image}: holds no LittleFS file system: {error}") from error


def _check_size(image: Path, size: int) -> None:
    if not size or size % BLOCK_SIZE:
        raise UserError(f"{image}: {size} bytes, wanted whole blocks of {BLOCK_SIZE}")


class Flash:
    """The cells behind the partition, as NOR flash has them: programming only clears bits, erasing sets them.

    image: the file, made blank with `size` bytes when missing; it holds each change at once.
    on_write: observers called with (offset, count) before each program or erase.
    cut_at_write: that many writes from now the power fails halfway through one; None = never.
    costs: how long reading, programming and erasing take.  erase_us: how long a block takes to erase [us].
    UserError when the file has not the size of a flash.
    """

    def __init__(self, image: Path, size: int = SIZE, costs: Costs = Costs.FREE) -> None:
        if not image.exists():
            image.write_bytes(b"\xff" * size)
        self.size = image.stat().st_size
        self.on_write: list[Callable[[int, int], None]] = []
        self.cut_at_write: int | None = None
        self.erase_us = costs.erase_us
        self.reads = self.writes = 0
        self._costs = costs
        with image.open("r+b") as file:
            _check_size(image, self.size)
            self._cells = mmap.mmap(file.fileno(), self.size)

    def close(self) -> None:
        """Let go of the file."""
        self._cells.close()

    def holds(self, offset: int, count: int) -> bool:
        """Return whether a range lies inside the partition."""
        return offset >= 0 and offset + count <= self.size

    def read(self, offset: int, count: int) -> tuple[bytes, int]:
        """Return the bytes and how long reading takes [us]."""
        self.reads += 1
        return self._cells[offset : offset + count], self._costs.read_us(count)

    def program(self, offset: int, data: bytes) -> int:
        """Clear the bits that are 0 in data; returns how long it takes [us]. PowerCut when that moment came."""
        torn = self._note(offset, len(data))
        pages = (offset + len(data) - 1) // _PAGE_SIZE - offset // _PAGE_SIZE + 1
        data = data[: len(data) // 2] if torn else data
        end = offset + len(data)
        cells = int.from_bytes(self._cells[offset:end], "big") & int.from_bytes(data, "big")
        self._cells[offset:end] = cells.to_bytes(len(data), "big")
        self._end(torn)
        return self._costs.program_us * pages

    def erase(self, offset: int, count: int) -> int:
        """Set all bits of whole blocks; returns how long it takes [us]. PowerCut when that moment came."""
        torn = self._note(offset, count)
        erased = count // 2 if torn else count
        self._cells[offset : offset + erased] = b"\xff" * erased
        self._end(torn)
        return self.erase_us * (count // BLOCK_SIZE)

    def _note(self, offset: int, count: int) -> bool:
        self.writes += 1
        for observer in self.on_write:
            observer(offset, count)
        if self.cut_at_write is None:
            return False
        self.cut_at_write -= 1
        return self.cut_at_write <= 0

    def _end(self, torn: bool) -> None:
        if torn:
            self.cut_at_write = None
            raise PowerCut
