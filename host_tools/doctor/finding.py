"""What a check comes to, and the way through a list of checks of which some stand on others."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from host_tools.doctor.facts import Facts

WELL, NOTE, WRONG, UNSEEN = "well", "note", "wrong", "not looked at"


class Finding(NamedTuple):
    """What one check came to.

    state: WELL; NOTE, worth doing and nothing wrong; WRONG; UNSEEN, `said` tells why.
    remedy: what to do, a command or a sentence a line.
    """

    state: str
    said: str
    remedy: tuple[str, ...] = ()


class Row(NamedTuple):
    """A finding and whose it is."""

    check: str
    found: Finding


class Check(NamedTuple):
    """One check.

    needs: names of the checks before it without which it is not looked at.
    look: what it comes to, by the facts.
    """

    name: str
    needs: tuple[str, ...]
    look: Callable[[Facts], Finding]


def well(said: str) -> Finding:
    return Finding(WELL, said)


def note(said: str, *remedy: str) -> Finding:
    return Finding(NOTE, said, remedy)


def wrong(said: str, *remedy: str) -> Finding:
    return Finding(WRONG, said, remedy)


def unseen(why: str) -> Finding:
    return Finding(UNSEEN, why)


def judged(checks: Iterable[Check], facts: Facts) -> list[Row]:
    """Return what every check comes to, in their order; one that stands on a wrong one is not looked at."""
    found: list[Row] = []
    roots: dict[str, str] = {}  # of those that are out: the check that is wrong
    for check in checks:
        root = next((roots[name] for name in check.needs if name in roots), "")
        finding = unseen(f"{root} comes first") if root else check.look(facts)
        if root or finding.state == WRONG:
            roots[check.name] = root or check.name
        found.append(Row(check.name, finding))
    return found
