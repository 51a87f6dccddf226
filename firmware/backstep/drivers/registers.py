"""Byte registers of one chip on an I2C bus, and the one way to say that it is not the chip wanted."""

from errno import ENODEV


class Registers:
    """Reads and writes one chip's registers without allocating.

    A write is one buffer, register and value: MicroPython's driver over ESP-IDF's i2c_master joins the two of a
    writeto_mem() in a new one. Its readfrom_mem_into() reads into the buffer that it is given.
    """

    def __init__(self, i2c, address: int, part: str):
        """i2c: machine.I2C or its like.  address: 7-bit.  part: name for messages.  Touches no bus."""
        self.i2c = i2c
        self.address = address
        self.part = part
        self._byte = bytearray(1)
        self._pair = bytearray(2)

    def read(self, register: int) -> int:
        """Return one register's value; OSError when the chip does not answer."""
        self.i2c.readfrom_mem_into(self.address, register, self._byte)
        return self._byte[0]

    def read_into(self, register: int, buffer) -> None:
        """Fill buffer from consecutive registers; OSError when the chip does not answer."""
        self.i2c.readfrom_mem_into(self.address, register, buffer)

    def write(self, register: int, value: int) -> None:
        """Set one register; OSError when the chip does not answer."""
        pair = self._pair
        pair[0] = register
        pair[1] = value
        self.i2c.writeto(self.address, pair)

    def expect(self, register: int, shift: int, want: int, what: str) -> None:
        """Raise OSError unless register >> shift reads `want`: ENODEV, or what the bus itself says.

        what: names the field.
        """
        try:
            seen = self.read(register) >> shift
        except OSError as error:
            raise self.failure(error.args[0], "no answer")
        if seen != want:
            raise self.failure(ENODEV, "%s is 0x%02x, want 0x%02x" % (what, seen, want))

    def failure(self, code: int, what: str) -> OSError:
        """Return an OSError that names the part and its address."""
        return OSError(code, "%s at 0x%02x: %s" % (self.part, self.address, what))
