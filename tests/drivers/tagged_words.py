"""Words of the tagged FIFO as a bus transcript, and who takes the samples."""

from backstep.drivers.lsm6ds_tagged import TaggedFifo
from backstep.drivers.registers import Registers
from drivers.transcript import Transcript, read, write

UPRIGHT = ((0, 1), (1, 1), (2, 1))
GYRO, ACCEL = 1, 2
OVERRUN = 0x08
PERIOD_TICKS = 192  # 208 Hz: 40000 Hz * 32 / 6667 Hz


class Rows:
    """Samples and gaps in the order in which they came; `room` for so many samples at once."""

    def __init__(self, room=1000):
        self.rows = []
        self.room = room

    def extend(self, rows, count):
        assert count <= self.room
        self.rows += [tuple(rows[6 * i : 6 * i + 6]) for i in range(count)]

    def gap(self, missing):
        self.rows.append(missing)


def word(sensor, count, *axes):
    return bytes([sensor << 3 | (count & 3) << 1]) + b"".join((v & 0xFFFF).to_bytes(2, "little") for v in axes)


def sample(n, value=None):
    """The two words of sample n; its values tell n."""
    value = n if value is None else value
    return [word(GYRO, n, 10 * value, 0, 0), word(ACCEL, n, 125 * value, 0, 0)]


def row(n):
    return (61 * n, 0, 0, 7 * n, 0, 0)


def level(words, flags=0):
    return read(0x3A, words & 0xFF, flags | words >> 8)


def chunks(words):
    steps = []
    for i in range(0, len(words), 24):
        steps.append(read(0x78, *b"".join(words[i : i + 24])))
    return steps


def holds(words, flags=0):
    """A FIFO that holds these words, and then none."""
    return [level(len(words), flags), *chunks(words), level(0)]


def samples(numbers):
    return [w for n in numbers for w in sample(n)]


def after(samples_, ahead=0):
    """The timestamp's answer that many sample times after its restart."""
    return read(0x40, *(samples_ * PERIOD_TICKS + ahead).to_bytes(3, "little"))


def fifo_on(*steps, axes=UPRIGHT):
    i2c = Transcript(0x6A, write(0x0A, 6), write(0x42, 0xAA))
    fifo = TaggedFifo(Registers(i2c, 0x6A, "lsm6dsox"), axes)
    fifo._set_rate(5)
    fifo.start()
    i2c.expect(*steps)
    return i2c, fifo


def drained(*drains, axes=UPRIGHT):
    """What comes out of these conversations, one drain each, and the FIFO reader."""
    i2c, fifo = fifo_on(axes=axes)
    ring = Rows()
    for steps in drains:
        i2c.expect(*steps)
        before = sum(isinstance(r, tuple) for r in ring.rows)
        assert fifo.drain_into(ring) == sum(isinstance(r, tuple) for r in ring.rows) - before
        i2c.done()
    return ring.rows, fifo
