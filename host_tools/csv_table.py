"""Tables of samples (.csv), read line by line: hours of them take no more memory than one."""

import io
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from host_tools.errors import UserError
from host_tools.many_rows import AT_ONCE, Rows
from host_tools.recording_units import Units, in_own_units

COLUMNS = ("ax_mg", "ay_mg", "az_mg", "gx_ddps", "gy_ddps", "gz_ddps")
_FACTS = ("rate_hz", "placement", "frame")
_COUNTED = 8  # rows whose names rise by one: they are counted


def load(path: Path, key, units: Units, on_share: Callable[[float], object]) -> dict:
    """Return what a table holds and says of itself: samples, and of rate_hz, placement, frame what stands there.

    key: nothing of a table.  units: of its numbers; in a pod's own they are whole.
    on_share: told now and then how much of the file is read, 0..1.
    Cells may be quoted, and rows named in a first column, as R and pandas write them: numbers there do not fall,
    and where they count rows, one that is left out is a gap.  UserError, with the line's number.
    """
    known: dict = {}
    made = Rows(6)
    chunk: list[tuple[int, str]] = []  # rows by their lines
    unnamed = None  # cells before the first column, once the header is known
    names = _Names()
    size = path.stat().st_size
    with path.open("rb") as file, io.TextIOWrapper(file, encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if text.startswith("#"):
                _take_facts(known, number, text)
            elif text and unnamed is None:
                unnamed = _unnamed(text)
            elif text and unnamed is not None:
                chunk.append((number, text))
                if unnamed:
                    names.take(number, text)
            if len(chunk) == AT_ONCE:
                made.add(_samples(chunk, unnamed or 0, units))
                chunk = []
                if size:  # a pipe has none
                    on_share(file.tell() / size)
    if unnamed is None:
        _unnamed("")
    if chunk:
        made.add(_samples(chunk, unnamed or 0, units))
    samples = made.array()
    if not len(samples):
        raise UserError("there is no row of samples below its header")
    return {"samples": samples, "gaps": tuple(names.gaps), **known}


class _Names:
    """What the names of rows tell: gaps as in Recording; UserError where they fall."""

    def __init__(self) -> None:
        self.gaps: list[tuple[int, int]] = []
        self._rows = 0
        self._first = self._last = math.nan

    def take(self, number: int, text: str) -> None:
        """Take the name of the next row.  number, text: its line."""
        try:
            name = float(_cells(text)[0])
        except ValueError:
            name = math.nan
        if name < self._last:
            raise UserError(
                f"line {number}: row {name:g} after row {self._last:g}; sorted, or two recordings in one?"
            )
        missing = name - self._last - 1
        if self._counts() and missing >= 1 and missing.is_integer():
            self.gaps.append((self._rows, int(missing)))
        if self._rows == 0:
            self._first = name
        self._rows, self._last = self._rows + 1, name

    def _counts(self) -> bool:
        """Tell whether names have gone up by one for a while, but for gaps; times do not."""
        told = self._rows + sum(missing for _, missing in self.gaps)
        return self._rows >= _COUNTED and self._last - self._first == told - 1


def _take_facts(known: dict, number: int, text: str) -> None:
    for word in text.replace("#", " ").split():
        name, _, value = word.partition("=")
        if name in _FACTS:
            if name in known:
                raise UserError(f"line {number}: {word}: {name} is said before already; two recordings in one?")
            known[name] = value


def _cells(text: str) -> list[str]:
    return [cell.strip().strip('"') for cell in text.split(",")]


def _unnamed(header: str) -> int:
    names = _cells(header)
    if tuple(names[-6:]) != COLUMNS or len(names) > 7 or (len(names) == 7 and names[0] not in ("", "row.names")):
        raise UserError(f"its columns are {header[:80]!r}, want {','.join(COLUMNS)}")
    return len(names) - 6


def _row(number: int, text: str, unnamed: int, units: Units) -> list:
    cells = _cells(text)
    try:
        row = [int(cell) for cell in cells[unnamed:]] if units.own else [float(cell) for cell in cells[unnamed:]]
    except ValueError:
        row = []
    if len(row) != 6 or units.own and not all(-32768 <= value <= 32767 for value in row):
        want = "6 whole numbers of 16 bits (other units: --acc-unit, --gyro-unit)" if units.own else "6 numbers"
        raise UserError(f"line {number}: {text[:80]!r}, want {want}")
    return row


def _samples(chunk: list[tuple[int, str]], unnamed: int, units: Units) -> np.ndarray:
    rows = None if unnamed else _plain([text for _, text in chunk], units)
    if rows is None:
        rows = np.array([_row(number, text, unnamed, units) for number, text in chunk])
    return rows.astype(np.int16) if units.own else in_own_units(rows, units, [number for number, _ in chunk])


def _plain(texts: list[str], units: Units) -> np.ndarray | None:
    """Return rows of six bare numbers in less than half the time, None where one has to be looked at."""
    if any(text.count(",") != 5 for text in texts):
        return None
    try:
        cells = list(map(int if units.own else float, ",".join(texts).split(",")))
    except ValueError:
        return None
    if units.own and not (min(cells) >= -32768 and max(cells) <= 32767):
        return None
    return np.array(cells).reshape(-1, 6)
