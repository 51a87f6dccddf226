"""Parameters that know their range and where their default comes from."""

import math
from dataclasses import dataclass, field, fields
from typing import Any


def number(default: float, low: float, high: float, source: str) -> Any:
    """Return a dataclass field for a number.

    default, low, high: in the unit the field's name ends with.  source: where the default comes from.
    """
    return field(default=default, metadata={"low": low, "high": high, "source": source})


def choice(default: str, choices: tuple[str, ...], source: str) -> Any:
    """Return a dataclass field for one of a few words."""
    return field(default=default, metadata={"choices": choices, "source": source})


def _fault(name: str, value: Any, rule: Any) -> str:
    if "choices" in rule:
        return "" if value in rule["choices"] else f"{name}: {value!r} is none of {', '.join(rule['choices'])}"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return f"{name}: {value!r} is no number (want {rule['low']:g}..{rule['high']:g})"
    if rule["low"] <= value <= rule["high"]:
        return ""
    return f"{name}: {value:g} is outside {rule['low']:g}..{rule['high']:g}"


@dataclass(frozen=True)
class Checked:
    """Base of all parameter sets: every number is held against its range when the set is made."""

    def __post_init__(self) -> None:
        ruled = [f for f in fields(self) if f.metadata]
        faults = [_fault(f"{type(self).__name__}.{f.name}", getattr(self, f.name), f.metadata) for f in ruled]
        if any(faults):
            raise ValueError("\n".join(fault for fault in faults if fault))


def sources(kind: type[Checked]) -> list[tuple[str, Any, str]]:
    """Return (name, default, source of the default) for every parameter of a set."""
    return [(f.name, f.default, f.metadata["source"]) for f in fields(kind) if f.metadata]
