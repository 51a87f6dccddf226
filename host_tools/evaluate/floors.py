"""What figures on recorded sets must reach: floors and aims, and which of them hold.

Each subject has rows of its own; simulated and time-reversed gait has no place in them.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from host_tools.errors import UserError

from . import sets

AIM, FLOOR, MISSED, NOT_MEASURED = "aim", "floor", "missed", "not measured"
WIDTH = 100  # a narrower table would lose its last columns, "met" among them


@dataclass(frozen=True)
class Floor:
    """One figure of one set in one case: the floor it must reach and the aim it should.

    case: what of the set: where the pod was worn, how it was armed, how the recording was played.
    measure: takes that case's figures; gives None or nan where they say nothing.
    """

    set: str
    case: str
    figure: str
    unit: str
    at_least: bool
    floor: float
    aim: float
    measure: Callable[[Any], float | None]

    def met(self, measured: float | None) -> str:
        """Return AIM, FLOOR or MISSED; NOT_MEASURED for None."""
        if measured is None:
            return NOT_MEASURED
        for bound, name in ((self.aim, AIM), (self.floor, FLOOR)):
            if measured >= bound if self.at_least else measured <= bound:
                return name
        return MISSED


def at(*names: str) -> Callable[[Mapping], float | None]:
    """Return what reads a figure from nested figures, None where it is not there.  names: from the outside in."""

    def read(figures: Mapping) -> float | None:
        found: Any = figures
        for name in names:
            found = found.get(name) if found else None
        return found

    return read


def judged(floors: Iterable[Floor], found: Mapping[tuple[str, str], Any]) -> list[dict]:
    """Return every row with what was measured (None: nothing) and whether it holds; found: by (set, case)."""
    rows = []
    for row in floors:
        figures = found.get((row.set, row.case))
        measured = None if figures is None else row.measure(figures)
        if measured is not None and math.isnan(measured):
            measured = None
        rows.append({
            "set": row.set, "case": row.case, "figure": row.figure, "unit": row.unit, "at_least": row.at_least,
            "measured": measured, "floor": row.floor, "aim": row.aim, "met": row.met(measured),
        })  # fmt: skip
    return rows


def by_case(found: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Any]:
    """Return figures by (set, case) of figures by set, then by case."""
    return {(name, case): figures for name, cases in found.items() for case, figures in cases.items()}


def report(args, found, show: Callable, rows: Sequence[dict], **more) -> int:
    """Print what an evaluation found, and its floors where they are asked for; return 0, or 1 where one is missed.

    args: of the command line.  found: of the evaluation.  show: prints its tables.  rows: of judged().
    more: what JSON tells beside the floors.
    """
    if args.json:
        print(json.dumps({"sets": found, **more, "floors": rows} if args.floors else found, indent=2))
    else:
        show(found)
        if args.floors:
            print_rows(rows)
    return verdict(rows) if args.floors else 0


def print_rows(rows: Sequence[dict]) -> None:
    """Print the rows of judged()."""
    table: list[tuple] = [("set", "case", "figure", "measured", "floor", "aim", "met")]
    for row in rows:
        unit = f" {row['unit']}".rstrip()
        sign = ">=" if row["at_least"] else "<="
        measured = "-" if row["measured"] is None else f"{row['measured']:.{2 if unit else 0}f}{unit}"
        bounds = (f"{sign} {row[name]:g}" for name in ("floor", "aim"))
        table.append((row["set"], row["case"], row["figure"], measured, *bounds, row["met"]))
    sets.print_rows(Console(width=max(WIDTH, Console().width)), "Floors and aims on recorded sets", table)


def verdict(rows: Sequence[dict]) -> int:
    """Name the floors that are missed on stderr; return 1 where there are any, else 0.

    UserError where nothing was measured that has a floor.
    """
    if all(row["met"] == NOT_MEASURED for row in rows):
        raise UserError("--floors: none of the sets that have floors was measured")
    missed = [row for row in rows if row["met"] == MISSED]
    for row in missed:
        bound = f"{'>=' if row['at_least'] else '<='} {row['floor']:g} {row['unit']}".strip()
        where = f"{row['set']}, {row['case']}: {row['figure']}"
        print(f"floor missed: {where}: {row['measured']:.2f}, want {bound}", file=sys.stderr)
    return 1 if missed else 0
