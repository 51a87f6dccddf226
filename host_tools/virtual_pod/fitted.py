"""What a Hardware is fitted with: chips on its buses, and the radio in its MCU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Chip(Protocol):
    """An I2C target; see link.py's page for the order of calls."""

    address: int
    on_pin: Callable[[int], None] | None

    def write(self, data: bytes, now_us: int) -> None: ...

    def read(self, count: int, now_us: int) -> bytes: ...

    def advance(self, now_us: int) -> None: ...

    def next_event_us(self) -> int | None: ...


class Radio(Protocol):
    """What is in the MCU for `bluetooth`: radio/pod_radio.py.  Its events come as a chip's do."""

    def advance(self, now_us: int) -> None: ...

    def next_event_us(self) -> int | None: ...

    def has_news(self) -> bool: ...

    def command(self, a: int, b: int, c: int, d: int, data: bytes) -> int | bytes: ...
