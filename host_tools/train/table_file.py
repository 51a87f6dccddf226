"""Writes a learnt network as a module of core that a person can read and check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from host_tools.errors import UserError
from host_tools.evaluate.held_out import digest

from .examples import COPIES, Examples

NAMES = (
    "soon", "drop", "usual_rate", "lively", "sinking", "lean", "pushed", "rose_slow", "rate_slow", "rose", "sunk",
    "bent", "upright", "since_step", "lift", "aside",
)  # fmt: skip
NUMBERS = ("WARN_SCORE", "CAUTION_SCORE")
_A_LINE = 24  # bytes


def write(file: str, table, known: Sequence[Examples], held_out: dict, folds: int) -> None:
    """Write the table; UserError when that is not possible.

    table: as core's sway_table.  known: what it was learnt from.  held_out: figures of the cross-validation.
    """
    lines = [
        '"""A network that tells how surely the trunk is falling backward; made by `backstep train sway`.',
        "",
        f"Learnt on {datetime.now(UTC):%Y-%m-%d} from:",
        *(f"    {line}" for line in _sources(known)),
        f"    each recording {COPIES} times more as simulated for pods worn otherwise (host_tools/train/worn.py).",
        f"Held out by subject in {folds} groups, the operating point chosen on the others:",
        *(f"    {line}" for line in _figures(held_out)),
        f"SHA-256 of its bytes begins with {digest(table)}. A score of 32 more: odds by e.",
        "NETWORK: weights, shifts, biases; see memory and host_tools/train/network.py.",
        "Inputs: " + ", ".join(f"{k} {name}" for k, name in enumerate(NAMES[:8])) + ",",
        "    " + ", ".join(f"{k} {name}" for k, name in enumerate(NAMES[8:], 8)) + "; see sway_motion.",
        '"""',
        "",
        "PASSING = True  # see app/passing.py",
        "",
        *(f"{name} = {getattr(table, name)}" for name in NUMBERS),
        "NETWORK = (",
        *(line for part in table.NETWORK for line in _literal(part)),
        ")",
    ]
    try:
        Path(file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}") from error


def _literal(part: bytes) -> list[str]:
    """Return the lines of an element of a tuple, all alike: what changed stands out."""
    cut = [part[i : i + _A_LINE] for i in range(0, len(part), _A_LINE)]
    lines = ['    b"' + "".join(f"\\x{byte:02x}" for byte in some) + '"' for some in cut]
    return [*lines[:-1], lines[-1] + ","]


def _sources(known: Sequence[Examples]) -> list[str]:
    found = []
    for name in sorted({one.set_name for one in known}):
        mine = [one for one in known if one.set_name == name]
        people = sorted({one.entry["subject"] for one in mine})
        falls = sum(one.entry["is_fall"] and one.entry["direction"] == "backward" for one in mine)
        found.append(f"{name}: {len(people)} subjects, {len(mine)} recordings, {falls} backward falls")
    return found


def _figures(held_out: dict) -> list[str]:
    found = []
    for name, by in held_out.items():
        f = by["always"]
        back = f["backward"]
        found.append(
            f"{name}, always armed: {back['warned_pct']} % warned, median lead {back['median_lead_ms']} ms, "
            f"{f['daily']['per_hour']} false alarms/h"
        )
    return found
