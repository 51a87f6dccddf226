"""What the radio takes of a chip's memory and time when it is switched on; README.md cites."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Needs:
    """bytes: of what MicroPython's heap could have grown into.  start_us: until active(True) returns."""

    bytes: int
    start_us: int = 250_000


NEEDS = {
    "esp32": Needs(34_000),
    "esp32s3": Needs(45_000),
    "esp32c3": Needs(45_000),
}
