"""The drivers' sample and haptic paths on the real MicroPython, where the locked heap allows no allocation."""

import pytest
from vm import run_on_vm, word_bits
from vm_events import FORMS

from host_tools.install import native

BUS = '''
import micropython, gc

class Bus:
    """Answers FIFO reads from a table made beforehand; allocates nothing."""

    def __init__(self, status, status_register, words, data_register):
        self.status, self.status_register = status, status_register
        self.words, self.data_register = words, data_register
        self.at = 0
        self.writes = 0
        self.ticks = 0

    def readfrom_mem_into(self, address, register, buffer):
        if register == self.data_register:
            source, start = self.words, self.at
            self.at += len(buffer)
        elif register == 0x40:
            buffer[0], buffer[1], buffer[2] = self.ticks & 255, self.ticks >> 8 & 255, self.ticks >> 16
            return
        else:
            source, start = self.status, 0
            left = len(self.words) - self.at
            self.level(left)
        for i in range(len(buffer)):
            buffer[i] = source[start + i]

    def level(self, left):
        n = left // self.unit
        self.status[0] = n & 255
        self.status[1] = n >> 8 | self.flags
        self.flags = 0

    def writeto_mem(self, address, register, data):
        self.writeto(address, bytes((register,)) + data)  # as the driver over i2c_master does: a new buffer

    def writeto(self, address, data):
        self.writes += 1

def words_of(values):
    out = bytearray()
    for value in values:
        out.append(value & 255)
        out.append(value >> 8 & 255)
    return out
'''

DRAIN = (
    BUS
    + '''
from array import array
from backstep.drivers.registers import Registers

class Taker:
    """Keeps rows and gaps in the order they come."""
    def __init__(self):
        self.room, self.behind, self.count, self.drain_began_us = 64, 0, 0, 0
        self.rows = array('h', bytearray(12 * 64))
    def extend(self, rows, count):
        for i in range(6 * count):
            self.rows[6 * self.count + i] = rows[i]
        self.count += count
        self.room -= count
    def gap(self, missing):
        self.rows[6 * self.count] = 32000
        self.rows[6 * self.count + 1] = missing
        self.count += 1

def tagged():
    from backstep.drivers.lsm6ds_tagged import TaggedFifo
    words = bytearray()
    for n in range(40):
        m = n if n < 20 else n + 1
        words += bytes((1 << 3 | (m & 3) << 1,)) + words_of((10 * n, -10 * n, 32767))
        words += bytes((2 << 3 | (m & 3) << 1,)) + words_of((125 * n, -125 * n, -32768))
    bus = Bus(bytearray(2), 0x3A, words, 0x78)
    bus.unit, bus.flags = 7, 8
    bus.ticks = 41 * 192
    fifo = TaggedFifo(Registers(bus, 0x6A, "lsm6dsox"), ((1, -1), (0, 1), (2, 1)))
    fifo._set_rate(5)
    return bus, fifo

def pattern():
    from backstep.drivers.lsm6ds_pattern import PatternFifo
    words = bytearray()
    for n in range(40):
        words += words_of((10 * n, -10 * n, 32767, 125 * n, -125 * n, -32768))
    bus = Bus(bytearray(4), 0x3A, words, 0x3E)
    bus.unit, bus.flags = 2, 0
    return bus, PatternFifo(Registers(bus, 0x6A, "lsm6ds3trc"), ((1, -1), (0, 1), (2, 1)))

bus, fifo = KIND()
taker = Taker()
fifo._accounted = 300
micropython.heap_lock()
put = fifo.drain_into(taker)
micropython.heap_unlock()
rows = [tuple(taker.rows[6 * i : 6 * i + 6]) for i in range(taker.count)]
print(put, [-row[1] if row[0] == 32000 else row for row in rows])
'''
)


def rows_of(numbers):
    return [(61 * n, 61 * n, -15991, 7 * n, 7 * n, 22937) for n in numbers]


def drained_on_vm(kind, arch):
    if arch and word_bits() != 32:
        pytest.skip("a MicroPython with 64-bit words: its kernels are bytecode")
    return run_on_vm(DRAIN.replace("KIND", kind), path=(native.firmware(arch),)).split(" ", 1)


@pytest.mark.parametrize("arch", FORMS)
def test_the_tagged_fifo_drains_under_a_locked_heap_even_after_an_overrun(arch):
    put, rows = drained_on_vm("tagged", arch)
    assert int(put) == 40
    assert eval(rows) == rows_of(range(20)) + [-1] + rows_of(range(20, 40))


@pytest.mark.parametrize("arch", FORMS)
def test_the_pattern_fifo_drains_under_a_locked_heap(arch):
    put, rows = drained_on_vm("pattern", arch)
    assert int(put) == 40
    assert eval(rows) == rows_of(range(40))


@pytest.mark.parametrize(
    "make",
    [
        "from backstep.drivers.drv2605l import Drv2605l; motor = Drv2605l(bus, 0x5A, None)",
        "from backstep.drivers.erm import ErmPwm; motor = ErmPwm(bus)",
    ],
)
def test_a_motor_is_driven_under_a_locked_heap(make):
    script = (
        BUS
        + f"""
class Motors(Bus):
    def duty_u16(self, value):
        self.writes += 1

bus = Motors(None, 0, None, 0)
{make}
micropython.heap_lock()
motor.drive(127)
motor.drive(-3)
motor.stop()
micropython.heap_unlock()
print(bus.writes)
"""
    )
    assert run_on_vm(script).strip() == "3"


def test_an_absent_imu_is_named_on_the_vm_as_on_cpython():
    script = """
class Bus:
    def readfrom_mem_into(self, address, register, buffer):
        raise OSError(19)

from backstep.drivers.lsm6ds import Lsm6ds
try:
    Lsm6ds(Bus(), 0x6A, "lsm6dsox", ((0, 1), (1, 1), (2, 1)), None).start(208, 4)
except OSError as error:
    print(error.errno, error.args[1])
"""
    assert run_on_vm(script).strip() == "19 lsm6dsox at 0x6a: no answer"


@pytest.mark.usefixtures("pod_words")
def test_the_drivers_keep_to_their_share_of_the_heap():
    """An IMU and a haptic driver, imported and made as the app does, must leave the room that it needs."""
    script = """
import gc
from backstep.app.passing import once
from backstep.core import rows
gc.collect()
before = gc.mem_alloc()
def drivers():
    from backstep.drivers.lsm6ds import Lsm6ds
    from backstep.drivers.drv2605l import Drv2605l
    return Lsm6ds(None, 0x6A, "lsm6dsox", ((0, 1), (1, 1), (2, 1)), None), Drv2605l(None, 0x5A, None)
kept = once(drivers)
gc.collect()
print(gc.mem_alloc() - before)
"""
    assert int(run_on_vm(script, path=(native.firmware(),))) < 15_000
