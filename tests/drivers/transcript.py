"""A bus that plays one expected conversation: every transfer and wait in order, anything else is a failure."""


def read(register, *data):
    """Expect a read of len(data) bytes at register, and answer it."""
    return ("read", register, bytes(data))


def write(register, *data):
    """Expect exactly these bytes written at register."""
    return ("write", register, bytes(data))


def wait(ms):
    """Expect a wait [ms]."""
    return ("wait", ms, b"")


def fails(kind, register):
    """Expect a "read" or "write" at register and do not acknowledge it."""
    return ("fails " + kind, register, b"")


class Transcript:
    """machine.I2C's transfers and a sleep_ms, held to a list of expectations."""

    def __init__(self, address, *expected):
        self.address = address
        self.expected = list(expected)
        self.at = 0

    def expect(self, *expected):
        """Append expectations."""
        self.expected += expected

    def _next(self, kind, where, address=None):
        said = f"{kind} 0x{where:02x}" if kind != "wait" else f"wait {where} ms"
        assert address in (None, self.address), f"{said}: address 0x{address:02x}, want 0x{self.address:02x}"
        assert self.at < len(self.expected), f"{said}: nothing more was expected"
        step = self.expected[self.at]
        assert step[0] in (kind, "fails " + kind) and step[1] == where, f"step {self.at}: {said}, want {step}"
        self.at += 1
        if step[0] != kind:
            raise OSError(19, "ENODEV")
        return step[2]

    def readfrom_mem_into(self, address, register, buffer):
        data = self._next("read", register, address)
        assert len(buffer) == len(data), f"read 0x{register:02x}: {len(buffer)} bytes, want {len(data)}"
        buffer[:] = data

    def writeto(self, address, data):
        register, values = data[0], bytes(data[1:])
        want = self._next("write", register, address)
        assert values == want, f"write 0x{register:02x}: {values.hex()}, want {want.hex()}"

    def sleep_ms(self, ms):
        self._next("wait", ms)

    def done(self):
        """Fail unless everything expected has happened."""
        assert self.at == len(self.expected), f"never happened: {self.expected[self.at:]}"
