"""What an expression comes to, as far as it is known before anything runs."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from host_tools.compiled.shape import Untranslatable


@dataclass(frozen=True)
class Num:
    """A whole number, known when it runs.

    text: C without side effects: a literal, the name of a variable.  truth: whether it is not 0, if that is known.
    """

    text: str
    truth: bool | None = None


@dataclass(frozen=True, eq=False)
class Fixed:
    """An object of Python's that is the same whenever this runs: of core, an array, a function, a table, None."""

    value: object


@dataclass(frozen=True)
class Row:
    """A row of a tuple of tuples.  index: a C number in its bounds."""

    table: tuple
    index: str


Value = Num | Fixed | Row


def literal(number: int) -> Num:
    """Return a number of Python's as one of C's."""
    number = int(number)
    if not -(1 << 62) < number < 1 << 62:
        raise Untranslatable(f"{number}: too large")
    return Num(f"({number}LL)" if number < 0 else f"{number}LL")


def of(value: object) -> Value:
    """Return a value of Python's that stays what it is."""
    return literal(value) if isinstance(value, int) else Fixed(value)


def as_number(value: Value) -> str:
    """Return a value as C's number: what is None is 0, an object that is only asked whether it is there, 1."""
    if isinstance(value, Num):
        return value.text
    if isinstance(value, Fixed):
        return "1LL" if truth(value) else "0LL"
    raise Untranslatable("a row used as a number")


def truth(value: Fixed) -> bool:
    """Return whether something known counts as true."""
    if value.value is None or isinstance(value.value, bool | str | bytes | tuple | array | bytearray):
        return bool(value.value)
    if hasattr(type(value.value), "__len__") or hasattr(type(value.value), "__bool__"):
        raise Untranslatable("an object with a truth of its own")
    return True
