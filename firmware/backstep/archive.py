"""The archive of a slot's firmware as a filesystem to import from: all that the loader of modules asks of one.

What it is made of: host_tools/install/archive.py.  In memory are its names, in one text, and where each begins.
"""

import io
from array import array

from .core.compat import const

_MAGIC = b"BSA1"
_COUNTS = const(36)  # where its two numbers are: of files, and of bytes of their names
_HEAD = const(40)
_UNIT = const(8)
_BUFFER_SIZE = const(11)  # a request of ioctl, see py/stream.h
_LARGEST = const(255)  # bytes the loader takes at once, see extmod/vfs_reader.c
_ENOENT, _EINVAL = 2, 22
_FOUND = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)  # a file


class Archive:
    """One archive, which stays open.  vfs.mount() calls mount, an import stat and open."""

    def __init__(self, path: str):
        """path: of the archive.  OSError when it cannot be read or is none, IndexError without a whole head."""
        self._file = open(path, "rb")  # noqa: SIM115 - for good
        head = self._file.read(_HEAD)
        if head[:4] != _MAGIC:
            raise OSError(_EINVAL, path)
        count = head[_COUNTS] | head[_COUNTS + 1] << 8
        self._starts = array("H", bytearray(2 * count + 2))
        self._file.readinto(self._starts)
        self._names = str(self._file.read(head[_COUNTS + 2] | head[_COUNTS + 3] << 8), "ascii")
        if self._file.seek(0, 2) != self._starts[count] * _UNIT:
            raise OSError(_EINVAL, path)

    def mount(self, readonly, mkfs) -> None:
        """Do nothing: there is nothing to prepare."""

    def umount(self) -> None:
        """Do nothing."""

    def stat(self, path: str) -> tuple:
        """Return that it is a file; OSError when there is none of this path."""
        self._number(path)
        return _FOUND

    def open(self, path: str, mode: str):
        """Return a file to be read; OSError when there is none of this path.  mode: is not looked at."""
        number = self._number(path)
        return Part(self._file, self._starts[number] * _UNIT, self._starts[number + 1] * _UNIT)

    def _number(self, path):
        if path.endswith(".mpy"):
            path = path[:-4]
        elif not path.endswith(".json"):  # the loader asks for a folder and for a .py of that name first
            raise OSError(_ENOENT)
        at = self._names.find(path + "/")
        if at < 0:
            raise OSError(_ENOENT)
        return self._names.count("/", 0, at)


class Part(io.IOBase):
    """A file of the archive, to be read from its beginning to its end."""

    def __init__(self, file, at: int, end: int):
        """file: the archive.  at, end: where it lies in that [bytes]."""
        self._file = file
        self._at = at
        self._end = end

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass  # the archive itself stays open

    def readinto(self, buffer) -> int:
        """Fill a buffer as far as there is something left; return how many bytes there were."""
        left = self._end - self._at
        if left < len(buffer):
            buffer = memoryview(buffer)[:left]
        self._file.seek(self._at)
        size = self._file.readinto(buffer)
        self._at += size
        return size

    def read(self) -> bytearray:
        """Return all that is left."""
        data = bytearray(self._end - self._at)
        self.readinto(data)
        return data

    def ioctl(self, request: int, argument: int) -> int:
        """Answer how much the loader is to read at once; anything else is granted."""
        return _LARGEST if request == _BUFFER_SIZE else 0
