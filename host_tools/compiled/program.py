"""One detector's `feed`, with all that it calls, as the text of a C file."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType

from host_tools.compiled.shape import OURS, Shape, Untranslatable, element
from host_tools.compiled.values import Fixed, Num, Row, Value

PRELUDE = Path(__file__).with_name("prelude.c")
_FEED = 6  # arguments
_RUN = """
int64_t run(ctx *c, const int16_t *rows, int64_t count, int64_t *code)
{{
    for (int64_t i = 0; i < count; i++) {{
        const int16_t *r = rows + 6 * i;
        *code = {feed}(c, r[0], r[1], r[2], r[3], r[4], r[5]);
        if (*code || c->fault)
            return i + 1;
    }}
    return count;
}}
"""


Writer = Callable[["Program", FunctionType, list[Value], str], tuple[str, str]]


class Program:
    """Grows with every function that is called for the first time with other objects.

    slots: (number of the object, name of its attribute) of each number in the context.  changed: those slots that
    are assigned to.  rooms: numbers of the arrays in the context.  handles: slots that tell which array an
    attribute is.  fixed: (number of the object, name) of attributes that have to stay what they are.
    """

    def __init__(self, shape: Shape, write: Writer):
        """write: returns head and body in C of a function for arguments under a name; calls back for others."""
        self._write = write
        self.shape = shape
        self.slots: list[tuple[int, str]] = []
        self.changed: set[int] = set()
        self.handles: set[int] = set()
        self.rooms: list[int] = []
        self.fixed: set[tuple[int, str]] = set()
        self._names: dict[tuple, str] = {}
        self._kept: list[list[Value]] = []
        self._bodies: list[str] = []
        self._heads: list[str] = []
        self._tables: dict[tuple[int, int], tuple[str, str, object]] = {}
        detector = shape.objects[0]
        feed = self.called(type(detector).feed, [Fixed(detector), *[Num("")] * _FEED])
        self._bodies.append(_RUN.format(feed=feed))

    def text(self) -> str:
        """Return the C file."""
        context = (
            f"typedef struct {{ int64_t fault; int64_t s[{len(self.slots)}]; void *a[{len(self.rooms)}]; }} ctx;"
        )
        tables = [text for _, text, _ in self._tables.values()]
        parts = ["#include <stdint.h>", context, PRELUDE.read_text(encoding="utf-8")]
        return "\n".join([*parts, *tables, *self._heads, *self._bodies])

    def called(self, function: FunctionType, arguments: list[Value]) -> str:
        """Return the name in C of a function for these arguments, written down if it is not yet."""
        if not function.__module__.startswith(OURS) or function.__closure__:
            raise Untranslatable(f"{function.__qualname__}: not of {OURS}, or not without its surroundings")
        if any(isinstance(value, Row) for value in arguments):
            raise Untranslatable(f"{function.__qualname__}: is given a row of a table")
        fixed = tuple(id(value.value) if isinstance(value, Fixed) else None for value in arguments)
        key = (function, fixed)
        if key not in self._names:
            self._kept.append(arguments)  # so that no other object has the place in memory that the key tells
            name = self._names[key] = f"f{len(self._names)}_{function.__name__}"
            head, body = self._write(self, function, arguments, name)
            self._heads.append(f"{head};")
            self._bodies.append(f"{head}\n{{\n{body}\n}}")
        return self._names[key]

    def slot(self, owner, name: str) -> str:
        """Return where a number of an object is."""
        place = (self.shape.object_at(owner), name)
        if place not in self.slots:
            self.slots.append(place)
        return f"c->s[{self.slots.index(place)}]"

    def change(self, owner, name: str, value: Value) -> str:
        """Return an assignment to an attribute: a number, or another array than before."""
        now = owner.__dict__.get(name)
        place = (self.shape.object_at(owner), name)
        where = self.slot(owner, name)
        at = self.slots.index(place)
        self.changed.add(at)
        if isinstance(value, Num) and isinstance(now, int):
            return f"{where} = {value.text};"
        if isinstance(value, Fixed) and place not in self.fixed and not isinstance(now, int):
            self.handles.add(at)
            return f"{where} = {self.shape.room_at(value.value)};"
        raise Untranslatable(f"{name} becomes something else")

    def read(self, owner, name: str) -> Fixed:
        """Return an attribute that is no number, and stays what it is."""
        place = (self.shape.object_at(owner), name)
        if place in self.slots:
            raise Untranslatable(f"{name} is not always the same")
        self.fixed.add(place)
        return Fixed(owner.__dict__[name])

    def room(self, value) -> tuple[str, int]:
        """Return the pointer to an array, and how many elements it has."""
        number = self.shape.room_at(value)
        if number not in self.rooms:
            self.rooms.append(number)
        return f"(({element(value)} *)c->a[{self.rooms.index(number)}])", len(value)

    def table(self, value: tuple | bytes, column: int = -1) -> str:
        """Return the name of a constant table of numbers.

        value: numbers, or rows of equal length: one column of them, else all, row by row; what is none is 0.
        """
        key = (id(value), column)
        if key not in self._tables:
            rows = [row if isinstance(row, tuple) else (row,) for row in value]
            if len({len(row) for row in rows}) != 1:
                raise Untranslatable("a table of unequal rows")
            cells = [cell for row in rows for cell in (row[column : column + 1] if column >= 0 else row)]
            numbers = [str(cell) if isinstance(cell, int) else "0" for cell in cells]
            name = f"k{len(self._tables)}"
            text = f"static const int64_t {name}[] = {{{', '.join(numbers)}}};"
            self._tables[key] = (name, text, value)
        return self._tables[key][0]


@cache
def _functions(file: str) -> dict[int, ast.FunctionDef]:
    """Return a file's functions by the line they begin in."""
    found = {}
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            found[min([node.lineno, *(one.lineno for one in node.decorator_list)])] = node
    return found


def source_of(function: FunctionType) -> ast.FunctionDef:
    """Return the source of a function."""
    found = _functions(inspect.getfile(function)).get(function.__code__.co_firstlineno)
    if found is None:
        raise Untranslatable(f"{function.__qualname__}: no source")
    return found
