"""A chip on an I2C bus as a table of registers; what its datasheet does not allow is refused."""

from collections.abc import Callable
from dataclasses import dataclass

from host_tools.virtual_pod.link import UnknownAccess


@dataclass(frozen=True)
class Register:
    """One register: its name, its value after reset, which bits may be written, which of these the model knows.

    writable 0 = read-only. A writable bit outside `modelled` has a meaning on the chip that this model
    lacks, so it must keep its reset value.
    """

    name: str
    reset: int = 0
    writable: int = 0xFF
    modelled: int = 0xFF


def register_table(rows) -> dict[int, Register]:
    """Return registers by address from rows (address, name[, reset[, writable[, modelled]]])."""
    return {row[0]: Register(*row[1:]) for row in rows}


class RegisterChip:
    """An I2C target: the first byte written is a register address, reads go on from there."""

    part = "chip"
    registers: dict[int, Register] = {}

    def __init__(self, address: int):
        self.address = address
        self.on_pin: Callable[[int], None] | None = None
        self.values = self.reset_values()
        self._pointer = 0

    def reset_values(self) -> dict[int, int]:
        """Return every register's value after reset."""
        return {address: register.reset for address, register in self.registers.items()}

    def write(self, data: bytes, now_us: int) -> None:
        """Take one write transaction ending at now_us [us]; no bytes = the address was only probed."""
        self.advance(now_us)
        if not data:
            return
        self._pointer = data[0]
        for value in data[1:]:
            self._check_write(self._pointer, value)
            self.store(self._pointer, value, now_us)
            self._pointer = self.following(self._pointer)
        self.settle(now_us)

    def read(self, count: int, now_us: int) -> bytes:
        """Return `count` bytes from the register last addressed, as they stand at now_us [us]."""
        self.advance(now_us)
        out = bytearray(count)
        for i in range(count):
            if self._pointer not in self.registers:
                self.refuse(f"read of reserved register 0x{self._pointer:02x}")
            out[i] = self.load(self._pointer, now_us)
            self._pointer = self.following(self._pointer)
        self.settle(now_us)
        return bytes(out)

    def advance(self, now_us: int) -> None:
        """Do what the chip does by itself up to now_us [us]."""

    def next_event_us(self) -> int | None:
        """Return when the chip will next do something that may change a pin [us]."""
        return None

    def store(self, address: int, value: int, now_us: int) -> None:
        """Take a checked value into a register."""
        self.values[address] = value

    def load(self, address: int, now_us: int) -> int:
        """Return what a register reads as."""
        return self.values[address]

    def following(self, address: int) -> int:
        """Return the address after this one in a multi-byte access."""
        return address + 1

    def settle(self, now_us: int) -> None:
        """Bring pins in line after an access."""

    def named(self, address: int) -> str:
        """Return a register's name and address for a message."""
        return f"{self.registers[address].name} (0x{address:02x})"

    def refuse(self, what: str) -> None:
        """Stop the run: the firmware did what the datasheet does not allow or the model does not know."""
        raise UnknownAccess(f"{self.part} at 0x{self.address:02x}: {what}")

    def _check_write(self, address: int, value: int) -> None:
        if address not in self.registers:
            self.refuse(f"write of 0x{value:02x} to reserved register 0x{address:02x}")
        register = self.registers[address]
        if not register.writable:
            self.refuse(f"write of 0x{value:02x} to read-only {self.named(address)}")
        changed = value ^ register.reset
        if changed & ~register.writable & 0xFF:
            fixed = ~register.writable & 0xFF
            self.refuse(
                f"write of 0x{value:02x} to {self.named(address)}: bits 0x{fixed:02x} must stay"
                f" 0x{register.reset & fixed:02x}"
            )
        if changed & ~register.modelled & 0xFF:
            self.refuse(
                f"write of 0x{value:02x} to {self.named(address)}: bits"
                f" 0x{changed & ~register.modelled & 0xFF:02x} are not modelled"
            )
