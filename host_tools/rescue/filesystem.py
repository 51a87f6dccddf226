"""A pod's LittleFS in memory: every file of it past any damage, and a new one made of files.

Parameters are those of MicroPython's VfsLfs2 on an ESP32: blocks of 4 KiB, read and program size 32, lookahead 32,
cache 128, block cycles 100 [extmod/vfs_lfs.c, vfs_lfsx.c; ports/esp32/esp32_partition.c].
"""

import posixpath
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from littlefs import LittleFS, LittleFSError, UserContext

BLOCK_SIZE = 4096
BLANK = b"\xff"
_NAME = b"littlefs"  # at this place of one of the first two blocks [littlefs: SPEC.md, superblock]
_NAME_AT = 8
_NAME_WITHIN = 64
_FIRST = (0, 1)  # where it begins, twice
_REPAIRS = 16
_CACHE = 128
_FOLDER = 2  # of LFSStat.type
_DEEPEST = 8  # folders in folders; a damaged one may hold itself
_FAT_MARKS = ((0, b"\xeb"), (0, b"\xe9"))
_SIGNED_AT, _SIGNED = 510, b"\x55\xaa"  # of a FAT's first sector


@dataclass
class Found:
    """What a filesystem holds.  files: absolute path -> content.  lost: what could not be read, in words."""

    files: dict[str, bytes] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    mounts: bool = True


class Sliced(Protocol):
    """Bytes, or what gives them by slices."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> bytes | bytearray: ...


class Cells(UserContext):
    """A flash in memory, as LittleFS reads and writes it: its own context fills 2 MiB anew and logs each call.

    cells: changed in place where they are a bytearray; others refuse to be written.
    instead: blocks that are told otherwise than the cells have them.  looked: the two blocks it read from last.
    """

    def __init__(self, cells: Sliced, instead: dict[int, bytes] | None = None) -> None:
        self.cells = cells
        self.instead = {} if instead is None else instead
        self.looked: list[int] = []

    def read(self, config: object, block: int, offset: int, count: int) -> bytearray:
        """Return bytes of a block; behind the end of a dump that was cut there is nothing, as on a blank flash."""
        if block not in self.looked:
            self.looked = [*self.looked[-1:], block]
        if block in self.instead:
            return bytearray(self.instead[block][offset : offset + count])
        at = block * BLOCK_SIZE + offset
        part = self.cells[at : at + count]
        return bytearray(part if len(part) == count else part.ljust(count, BLANK))

    def prog(self, config: object, block: int, offset: int, data: bytes) -> int:
        """Write bytes of a block that were erased before."""
        return self._put(block * BLOCK_SIZE + offset, bytes(data))

    def erase(self, config: object, block: int) -> int:
        """Set all bits of a block."""
        return self._put(block * BLOCK_SIZE, BLANK * BLOCK_SIZE)

    def sync(self, config: object) -> int:
        """Do nothing: what is written is there."""
        return 0

    def _put(self, at: int, data: bytes) -> int:
        if not isinstance(self.cells, bytearray):
            return int(LittleFSError.Error.LFS_ERR_IO)
        self.cells[at : at + len(data)] = data
        return 0


class _Aside(Cells):
    """Cells that stay as they are: what LittleFS puts right is told instead."""

    def _put(self, at: int, data: bytes) -> int:
        block, offset = divmod(at, BLOCK_SIZE)
        whole = bytes(self.read(None, block, 0, BLOCK_SIZE))
        self.instead[block] = whole[:offset] + data + whole[offset + len(data) :]
        return 0


def littlefs_on(cells: Sliced, make: bool = False) -> LittleFS:
    """Return the LittleFS on cells, mounted; made first where that is wanted.  LittleFSError: there is none."""
    return mounted(Cells(cells), make)


def mounted(context: Cells, make: bool = False, cache_size: int = _CACHE) -> LittleFS:
    """Return the LittleFS on a context's cells; as littlefs_on."""
    fs = LittleFS(
        context=context, block_size=BLOCK_SIZE, block_count=len(context.cells) // BLOCK_SIZE if make else 0,
        read_size=32, prog_size=32, cache_size=cache_size, lookahead_size=32, block_cycles=100, mount=False,
    )  # fmt: skip
    if make:
        fs.format()
    fs.mount()
    return fs


def made(files: Mapping[str, bytes], size: int) -> bytes:
    """Return a new filesystem of so many bytes with these files.  LittleFSError: they have no room."""
    cells = bytearray(BLANK * size)
    fs = littlefs_on(cells, make=True)
    for path, content in files.items():
        fs.makedirs(posixpath.dirname(path), exist_ok=True)
        with fs.open(path, "wb") as file:
            file.write(content)
    fs.unmount()
    return bytes(cells)


def read(cells: Sliced) -> Found:
    """Return every file that can be read, and what cannot."""
    found = Found()
    instead: dict[int, bytes] = {}
    while True:
        context = _Aside(cells, instead)
        try:
            fs = mounted(context, cache_size=BLOCK_SIZE)  # a call a block, not a hundred
            break
        except LittleFSError as error:
            one, other = sorted([*context.looked, 0, 0][:2])
            if one < len(_FIRST) or one in instead or len(instead) > 2 * _REPAIRS:
                return Found(lost=[f"its filesystem cannot be mounted ({_why(error)})"], mounts=False)
        # LittleFS mounts all or nothing; behind a folder that is empty others are found by their names
        instead[one] = instead[other] = _empty_folder()
        found.lost.append(f"a folder, or a part of one, is damaged (blocks {one} and {other})")
    with suppress(LittleFSError):
        fs.fs_mkconsistent()  # till then a file that was on its way to another folder hides others of its own
    _walk(fs, "/", found)
    for block in _FIRST:  # either is enough, and the other one may have been the newer
        if bytes(cells[block * BLOCK_SIZE : (block + 1) * BLOCK_SIZE]).find(_NAME, 0, _NAME_WITHIN) < 0:
            found.lost.append(f"block {block} is damaged: what the other one tells may be older")
    return found


@cache
def _empty_folder() -> bytes:
    """Return a block that is a folder with nothing in it: the last one of a filesystem with no more than that."""
    cells = bytearray(BLANK * BLOCK_SIZE * 16)
    fs = littlefs_on(cells, make=True)
    fs.mkdir("/x")
    fs.unmount()
    end = len(cells.rstrip(BLANK)) // BLOCK_SIZE * BLOCK_SIZE
    return bytes(cells[end : end + BLOCK_SIZE])


def _walk(fs: LittleFS, folder: str, found: Found) -> None:
    names: list[tuple[str, int]] = []
    try:
        names += [(row.name, row.type) for row in fs.scandir(folder)]
    except (LittleFSError, UnicodeError) as error:
        found.lost.append(f"{folder}: this folder cannot be read ({_why(error)})")
    for name, kind in sorted(names):
        path = posixpath.join(folder, name)
        if kind == _FOLDER:
            if path.count("/") < _DEEPEST:
                _walk(fs, path, found)
            continue
        try:
            with fs.open(path, "rb") as file:
                found.files[path] = file.read()
        except (LittleFSError, OSError, UnicodeError) as error:
            found.lost.append(f"{path}: cannot be read ({_why(error)})")


def _why(error: Exception) -> str:
    if isinstance(error, LittleFSError):
        return "damaged" if error.name in ("LFS_ERR_CORRUPT", "LFS_ERR_INVAL", "LFS_ERR_IO") else error.name
    return str(error) or type(error).__name__


def anywhere(flash: bytes) -> tuple[int, Found]:
    """Return where in a dump a LittleFS seems to begin and what it holds: for one whose table cannot be read."""
    named = [at for at in range(0, len(flash), BLOCK_SIZE) if flash.startswith(_NAME, at + _NAME_AT)]
    # either block of the first pair may be the one that is sound: what has more files is right
    starts = sorted({start for at in named for start in (at, at - BLOCK_SIZE) if start >= 0})
    found = [(start, read(flash[start:])) for start in starts]
    return max(found, key=lambda one: len(one[1].files), default=(0, Found(lost=["no filesystem"], mounts=False)))


def is_fat(cells: bytes) -> bool:
    """Return whether a FAT begins there: what TinyUF2 and CircuitPython leave."""
    signed = cells[_SIGNED_AT : _SIGNED_AT + len(_SIGNED)] == _SIGNED
    return signed and any(cells[place : place + 1] == mark for place, mark in _FAT_MARKS)
