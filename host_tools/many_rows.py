"""Rows of recordings that may last hours: few stay in memory, many lie in a file and are looked at by pieces."""

import mmap
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np

from host_tools.errors import UserError

AT_ONCE = 4096  # rows
_IN_MEMORY = 3 << 20  # bytes; recordings of sets are shorter, and no file is made for them
_ON_DISK = "/var/tmp"  # /tmp may be memory
_DIGIT_BITS = 11  # three of them make a number


class Rows:
    """Takes rows a piece at a time and gives them as one array, which is read-only where they are many.

    Its file has no name, so that nothing is left of it, whatever ends the program.
    UserError where the disk has no room.
    """

    def __init__(self, *columns: int, dtype=np.int16):
        """columns: shape of a row, none for single numbers."""
        self._parts = [np.zeros((0, *columns), dtype)]
        self._held = 0
        self._file: BinaryIO | None = None

    def add(self, piece: np.ndarray) -> None:
        """Take more rows."""
        self._parts.append(np.ascontiguousarray(piece, self._parts[0].dtype))
        self._held += piece.nbytes
        if self._held >= _IN_MEMORY:
            with _disk_told():
                self._put_down()

    def array(self) -> np.ndarray:
        """Return all of them; nothing may be added after that."""
        if self._file is None:
            return np.concatenate(self._parts)
        with _disk_told(), self._file as file:
            self._put_down()
            file.flush()
            room = _Map(file.fileno(), 0, access=mmap.ACCESS_READ)
        none = self._parts[0]
        return np.frombuffer(room, none.dtype).reshape(-1, *none.shape[1:])

    def _put_down(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=_folder())  # noqa: SIM115
        for part in self._parts:
            self._file.write(part.data)
        del self._parts[1:]
        self._held = 0


class _Map(mmap.mmap):
    """A map that nobody writes to, so that memory can let go of it at any time."""


def pieces(array: np.ndarray, at_once: int = AT_ONCE) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (first row, rows) of an array, so many at a time; none of them stays in memory where they are many."""
    for begin in range(0, len(array), at_once):
        yield begin, array[begin : begin + at_once]
        let_go(array)


def let_go(array: np.ndarray) -> None:
    """Let memory go of an array that Rows has mapped, or a part of one; of any other nothing happens."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    room = base.obj if isinstance(base, memoryview) else base
    if isinstance(room, _Map) and hasattr(mmap, "MADV_DONTNEED"):
        room.madvise(mmap.MADV_DONTNEED)


def quantile(numbers: Callable[[], Iterable[np.ndarray]], count: int, share: float, unit=float) -> float:
    """Return the number that a share of many lies below, as np.quantile does, without holding all of them.

    numbers: gives them by pieces, anew each time it is called; whole ones of 0..2^32.  count: how many.
    unit: makes what is asked for of a number; of a greater one it makes more.
    """
    rank, part = divmod((count - 1) * share, 1)
    low, up_to = _at_rank(numbers, int(rank))
    high = low
    if part and up_to <= rank + 1:
        high = min(int(some.min(where=some > low, initial=1 << 33)) for some in numbers())
    return unit(low) + (unit(high) - unit(low)) * part


def _at_rank(numbers: Callable[[], Iterable[np.ndarray]], rank: int) -> tuple[int, int]:
    """Return the number that so many come before, and how many are no greater: a digit more each time through."""
    value = before = 0
    for shift in (2 * _DIGIT_BITS, _DIGIT_BITS, 0):
        counts = np.zeros(1 << _DIGIT_BITS, np.int64)
        for some in numbers():
            upper = some >> shift
            digits = upper[upper >> _DIGIT_BITS == value] & (1 << _DIGIT_BITS) - 1
            counts += np.bincount(digits, minlength=len(counts))
        ends = before + np.cumsum(counts)
        digit = int(np.searchsorted(ends, rank, side="right"))
        before = int(ends[digit] - counts[digit])
        value = value << _DIGIT_BITS | digit
    return value, int(ends[digit])


def _folder() -> str | None:
    """Return where temporary files go, None for where Python puts them."""
    return os.environ.get("TMPDIR") or (_ON_DISK if os.access(_ON_DISK, os.W_OK) else None)


@contextmanager
def _disk_told() -> Iterator[None]:
    """Make a UserError of what the disk refuses."""
    try:
        yield
    except OSError as error:
        where = _folder() or "the folder of temporary files"
        raise UserError(f"{where}: {error.strerror or error}; TMPDIR=DIR takes another one") from error
