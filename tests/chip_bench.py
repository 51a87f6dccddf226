"""A bench for register-level scripts: a chip, a clock, and a source of samples that numbers them."""

from dataclasses import dataclass, field


@dataclass
class Counting:
    """A source whose sample k reads k mg and 10 k * 0.1 deg/s on x, with fixed other axes."""

    temperature_c: float = 24.0
    still: tuple[int, ...] = (0, 0, 1000, 0, 0, 0)
    counting: bool = True

    def row(self, index: int, rate_hz: int) -> tuple[int, ...]:
        return (index, -500, 1000, 10 * index, 20, -30) if self.counting else self.still


@dataclass
class Bench:
    """A chip and the time; pin: the level changes it made, as (time us, level)."""

    chip: object
    now_us: int = 1_000
    pin: list = field(default_factory=list)

    def __post_init__(self):
        self.chip.on_pin = lambda level: self.pin.append((self.now_us, level))

    def write(self, register: int, *values: int) -> None:
        self.chip.write(bytes((register, *values)), self.now_us)

    def read(self, register: int, count: int = 1) -> bytes:
        self.chip.write(bytes((register,)), self.now_us)
        return self.chip.read(count, self.now_us)

    def byte(self, register: int) -> int:
        return self.read(register)[0]

    def wait(self, us: int) -> None:
        """Let time pass, stopping at every event the chip announces, as the pod's hardware does."""
        until = self.now_us + us
        while True:
            due = self.chip.next_event_us()
            self.now_us = until if due is None else min(due, until)
            self.chip.advance(self.now_us)
            if self.now_us >= until:
                return


def words(data: bytes) -> list[int]:
    """Return little-endian signed 16-bit numbers."""
    return [int.from_bytes(data[i : i + 2], "little", signed=True) for i in range(0, len(data), 2)]
