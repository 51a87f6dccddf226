"""Networks that have not seen the people they are measured on: the pod's was learnt from recordings of some.

`backstep train sway` learns one anew without each group of people, and keeps it here beside who was left out.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from backstep.core import detectors
from backstep.core.belt import sway_table
from backstep.core.belt.belt import Belt

from host_tools.errors import UserError

FILE = Path(__file__).with_name("sway_folds.json")
ANEW = "backstep train sway DIR --set kfall --set sisfall --folds 5 --out sway_table.py --out-folds " + FILE.name


@dataclass(frozen=True)
class Folds:
    """The network of each group of people, learnt without it.

    of: digest() of the table learnt beside them from everybody.  tables: in the form of core's sway_table.
    group: number of the group of each (set, subject).
    """

    of: str
    tables: tuple[SimpleNamespace, ...]
    group: dict[tuple[str, str], int]

    def group_of(self, name: str, entry: dict) -> int | None:
        """Return the group of who wore a recording of a set; None for strangers to the pod's own network."""
        return self.group.get((name, entry.get("subject", "")))

    def table(self, number: int | None) -> SimpleNamespace | None:
        """Return what has not seen a group; None, which stands for the pod's own, for None."""
        return None if number is None else self.tables[number]

    def checked(self) -> Folds:
        """Return the same; UserError where they were learnt beside another network than the pod's."""
        if self.of != digest(sway_table):
            raise UserError(f"{FILE.name}: of another network than the pod's, want both anew: {ANEW}")
        return self


def write(file: str, pods, tables: Sequence[SimpleNamespace], group: dict[tuple[str, str], int]) -> None:
    """Write the networks of the groups; UserError when that is not possible.

    pods: the table learnt from everybody.  tables, group: as of Folds.
    """
    folds = []
    for number, table in enumerate(tables):
        people: dict[str, list[str]] = {}
        for name, subject in sorted(one for one, its in group.items() if its == number):
            people.setdefault(name, []).append(subject)
        network = [base64.b64encode(part).decode() for part in table.NETWORK]
        folds.append(json.dumps({"people": people, **vars(table), "NETWORK": network}))
    text = f'{{"of": "{digest(pods)}", "folds": [\n' + ",\n".join(folds) + "\n]}\n"
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}") from error


def read(file: Path = FILE) -> Folds:
    """Return what write() wrote."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    group: dict[tuple[str, str], int] = {}
    for number, fold in enumerate(kept["folds"]):
        people = fold.pop("people")
        group |= {(name, subject): number for name, subjects in people.items() for subject in subjects}
        fold["NETWORK"] = tuple(map(base64.b64decode, fold["NETWORK"]))
    return Folds(kept["of"], tuple(SimpleNamespace(**fold) for fold in kept["folds"]), group)


def digest(table) -> str:
    """Return what tells one table's network from another; its thresholds are no part of it."""
    return hashlib.sha256(b"".join(table.NETWORK)).hexdigest()[:16]


def belt(table, placement: str, settings: dict, frame: str) -> Belt:
    """Make a belt as detectors.make does.  table: in the form of core's sway_table; None: the pod's own."""
    return Belt(detectors.rate_hz(placement), settings, frame, table)
