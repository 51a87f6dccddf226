"""A detector whose `feed` runs as machine code; all else of it stays Python, over the same numbers and arrays."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator

import numpy as np

from host_tools.compiled import build
from host_tools.compiled.program import Program
from host_tools.compiled.shape import Shape, Untranslatable
from host_tools.compiled.statements import written

_FAULTS = {
    1: (IndexError, "an index outside its array"),
    2: (OverflowError, "a number outside its array's"),
    3: (ZeroDivisionError, "a division by zero"),
    4: (ValueError, "a shift by a negative number, or too far"),
    5: (RuntimeError, "an error of its own"),
}
_NONE: tuple[dict[str, int], str] = ({"": 0}, "")  # place of a number that is none
_ROWS_TO_TRANSLATE = 4000  # of one make: by then Python has taken as long as translating it does
_ROWS_TO_BUILD = 40000  # and by then as long as a compiler


class Feeder:
    """Feeds one detector, by machine code where there is some for detectors made like it.

    That is made when so much has been fed to them in this process that it pays. Both ways come to the same
    numbers, events and errors.
    """

    def __init__(self, detector, pure: bool = False):
        """detector: of core.detectors.make, or another of core with a `feed` like theirs.

        pure: by plain Python alone.
        """
        self._detector = detector
        self._pure = pure
        self._machine: Machine | None = None

    def codes(self, rows: np.ndarray) -> Iterator[tuple[int, int]]:
        """Yield the row and the code of every event, the detector standing just after it.

        rows: int16 (n, 6), as its feed takes them.
        """
        if not self._pure and not (self._machine and self._machine.holds()):
            self._machine = machine(self._detector, len(rows))
        return self._machine.codes(rows) if self._machine else self._by_python(rows)

    def _by_python(self, rows: np.ndarray) -> Iterator[tuple[int, int]]:
        feed = self._detector.feed
        for row, sample in enumerate(rows.tolist()):
            code = feed(*sample)
            if code:
                yield row, code


class _Make:
    """What is known of all detectors that are made the same way."""

    def __init__(self) -> None:
        self.rows = 0
        self.program: Program | None = None
        self.text = ""
        self.library: ctypes.CDLL | None = None
        self.stays = False  # Python

    def advance(self, shape: Shape, rows: int) -> None:
        """Take note of so many rows more, and do what they make worth while."""
        self.rows += rows
        if self.program is None and self.rows >= _ROWS_TO_TRANSLATE:
            self.program = Program(shape, written)
            self.text = self.program.text()
        if self.program and (build.is_kept(self.text) or self.rows >= _ROWS_TO_BUILD):
            self.library = build.library(self.text)
            self.stays = self.library is None


_makes: dict[tuple, _Make] = {}


def machine(detector, rows: int) -> Machine | None:
    """Return the code for a detector that is about to be fed so many rows; None where that has to be Python."""
    try:
        shape = Shape(detector)
    except Untranslatable:
        return None
    make = _makes.setdefault(shape.key, _Make())
    try:
        if not make.library and not make.stays:
            make.advance(shape, rows)
    except Untranslatable:
        make.stays = True
    return Machine(shape, make.program, make.library) if make.program and make.library else None


class Machine:
    """One detector and the code for its make."""

    def __init__(self, shape: Shape, program: Program, library: ctypes.CDLL):
        self._shape = shape
        self._run = library.run
        self._run.restype = ctypes.c_int64
        places = [(shape.objects[number].__dict__, name) for number, name in program.slots]
        self._handles = [(1 + slot, *places[slot]) for slot in program.handles]
        self._changed = [(1 + slot, *places[slot]) for slot in program.changed - program.handles]
        self._numbers = [_NONE if slot in program.handles else place for slot, place in enumerate(places)]
        fixed = [(shape.objects[number].__dict__, name) for number, name in program.fixed]
        self._fixed = [(mine, name, mine[name]) for mine, name in fixed]
        addresses = [_address(shape.rooms[number]) for number in program.rooms]
        self._context = array("q", [0, *[0] * len(places), *addresses])

    def holds(self) -> bool:
        """Return whether the detector still consists of the objects that the code knows."""
        return all(mine[name] is value for mine, name, value in self._fixed)

    def codes(self, rows: np.ndarray) -> Iterator[tuple[int, int]]:
        """Do as Feeder.codes does."""
        assert rows.dtype == np.int16 and rows.shape[1:] == (6,)
        rows = np.ascontiguousarray(rows)
        code = ctypes.c_int64()
        context = ctypes.c_void_p(_address(self._context))
        begin = 0
        while begin < len(rows):
            self._take()
            there = ctypes.c_void_p(rows.ctypes.data + rows.strides[0] * begin)
            begin += self._run(context, there, ctypes.c_int64(len(rows) - begin), ctypes.byref(code))
            if self._context[0]:
                error, words = _FAULTS[self._context[0]]
                raise error(f"{type(self._shape.objects[0]).__name__}.feed: {words}")
            self._give()
            if code.value:
                yield begin - 1, code.value

    def _take(self) -> None:
        """Take the numbers as Python has them."""
        numbers = array("q", [mine[name] for mine, name in self._numbers])
        ctypes.memmove(_address(self._context) + 8, _address(numbers), 8 * len(numbers))
        for slot, mine, name in self._handles:
            self._context[slot] = self._shape.room_at(mine[name])

    def _give(self) -> None:
        """Give Python those that are other ones now."""
        context = self._context
        for slot, mine, name in self._changed:
            mine[name] = context[slot]
        for slot, mine, name in self._handles:
            mine[name] = self._shape.rooms[context[slot]]


def _address(room: array | bytearray | bytes) -> int:
    """Return where the elements are; the array must not grow."""
    if isinstance(room, bytes):
        return ctypes.cast(ctypes.c_char_p(room), ctypes.c_void_p).value or 0
    return ctypes.addressof(ctypes.c_char.from_buffer(room))
