"""A tiny I2C target for the virtual pod's own tests: four registers, a pin, and no patience."""

from host_tools.virtual_pod.link import Nack, UnknownAccess


class StrictChip:
    """Registers 0..3; a write starts at a register; register 3 holds no writes.

    pulse_us: times at which its pin goes high for 100 us.
    """

    def __init__(self, address: int = 0x42, pulse_us: tuple[int, ...] = ()):
        self.address = address
        self.on_pin = None
        self.registers = bytearray([0x10, 0x11, 0x12, 0x13])
        self.accesses: list[tuple] = []
        self._pointer = 0
        self._edges = [(t, 1) for t in pulse_us] + [(t + 100, 0) for t in pulse_us]
        self._edges.sort()

    def write(self, data: bytes, now_us: int) -> None:
        self.accesses.append(("write", data, now_us))
        self._pointer = data[0]
        if self._pointer > 3:
            raise UnknownAccess(f"strict chip: register {self._pointer:#04x} accessed")
        if self._pointer == 3 and len(data) > 1:
            raise Nack
        for value in data[1:]:
            self.registers[self._pointer] = value
            self._pointer += 1

    def read(self, count: int, now_us: int) -> bytes:
        self.accesses.append(("read", count, now_us))
        return bytes(self.registers[(self._pointer + i) % 4] for i in range(count))

    def advance(self, now_us: int) -> None:
        while self._edges and self._edges[0][0] <= now_us:
            self.on_pin(self._edges.pop(0)[1])

    def next_event_us(self) -> int | None:
        return self._edges[0][0] if self._edges else None
