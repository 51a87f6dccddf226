"""What things cost in virtual time on a pod: what an ESP32 takes, or next to nothing. README.md cites."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar


@dataclass(frozen=True)
class Costs:
    """Times of what a pod does; ESP32_160 and ESP32_240 are an ESP32's, FREE those of a pod that computes at once.

    mhz: of the CPU at power-on, 0 = computing costs nothing.  tick_ms: waits with a time limit end on multiples
    of it, 0 = at any time.
    flash_read_us: a read call of up to flash_read_bytes.  erase_us: a block of 4 KiB.
    program_us: a page of 256 bytes.
    i2c_cycles: of the CPU around a transfer, whatever its length.  i2c_gap_ns: between two bytes on the wire.
    uart_byte_us: a byte on the serial line of a board with a USB bridge, 0 = no time.
    """

    mhz: int = 160
    tick_ms: int = 10
    flash_read_us: int = 95
    flash_read_bytes: int = 128
    erase_us: int = 80_000
    program_us: int = 700
    i2c_cycles: int = 42_000
    i2c_gap_ns: int = 1700
    uart_byte_us: int = 87

    ESP32_160: ClassVar[Costs]
    ESP32_240: ClassVar[Costs]
    FREE: ClassVar[Costs]

    @classmethod
    def at(cls, mhz: int) -> Costs:
        """Return an ESP32's costs at a frequency of its CPU [MHz]."""
        return replace(cls.ESP32_160, mhz=mhz)

    def read_us(self, count: int) -> int:
        """Return how long a read call of `count` bytes of flash takes [us]."""
        return self.flash_read_us * max(1, -(-count // self.flash_read_bytes))

    def i2c_call_us(self, mhz: int) -> int:
        """Return how long an I2C transfer takes beside its bytes at a frequency of the CPU [us]."""
        return self.i2c_cycles // mhz if mhz else 0


Costs.ESP32_160 = Costs()
Costs.ESP32_240 = Costs(mhz=240)
# A flash and a bus of typical speed, and no time for anything else.
Costs.FREE = Costs(
    mhz=0, tick_ms=0, flash_read_us=1, erase_us=45_000, program_us=400, i2c_cycles=0, i2c_gap_ns=0, uart_byte_us=0
)
DEFAULT = Costs.FREE  # of a pod for which nothing else is said
