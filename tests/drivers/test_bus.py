"""A bus that a chip holds: nine clocks and a STOP, on pins alone and in the virtual pod."""

import pytest
from backstep.drivers.bus import Bus
from backstep.drivers.lsm6ds import Lsm6ds


class Wires:
    """Two open-drain wires with pull-ups; a chip holds SDA low until SCL has risen `clocks` times."""

    def __init__(self, clocks):
        self.clocks = clocks
        self.scl, self.sda = Pin(self, "scl"), Pin(self, "sda")
        self.said = []  # levels as they change

    def change(self, pin, level):
        before, pin.out = (self.scl.level(), self.sda.level()), level
        if (self.scl.level(), self.sda.level()) == before:
            return
        self.said.append((pin.name, level))
        if pin is self.scl and level and self.clocks:
            self.clocks -= 1


class Pin:
    OPEN_DRAIN, PULL_UP = 7, 2

    def __init__(self, wires, name):
        self.wires, self.name, self.out, self.mode = wires, name, 1, None

    def init(self, mode, pull, value):
        assert (mode, pull, value) == (self.OPEN_DRAIN, self.PULL_UP, 1)
        self.mode = mode
        self.wires.change(self, value)

    def level(self):
        return 0 if self.name == "sda" and self.wires.clocks else self.out

    def value(self, level=None):
        if level is None:
            return self.level()
        assert self.mode == self.OPEN_DRAIN, f"{self.name} driven without having been taken"
        self.wires.change(self, level)
        return None


@pytest.fixture
def held():
    """Make a bus that is held for so many clocks, and the list of peripherals made on it."""

    def make(clocks):
        wires, made = Wires(clocks), []

        def i2c(number, scl, sda, freq):
            made.append((number, scl, sda, freq))
            return made

        return wires, made, Bus(i2c, wires.scl, wires.sda, 400_000, lambda us: None)

    return make


STOP = [("scl", 0), ("sda", 0), ("scl", 1), ("sda", 1)]


@pytest.mark.parametrize("clocks", [1, 4, 9])
def test_a_held_bus_is_clocked_free_and_stopped(held, clocks):
    wires, made, bus = held(clocks)
    assert bus.open() is made and made == [(0, wires.scl, wires.sda, 400_000)]
    assert wires.said == [("scl", 0), ("scl", 1)] * clocks + STOP
    assert wires.sda.level() == wires.scl.level() == 1


def test_a_free_bus_hears_nothing(held):
    wires, made, bus = held(0)
    bus.open()
    assert not bus.free() and wires.said == [] and len(made) == 1


def test_nine_clocks_are_all_that_is_tried(held):
    wires, made, bus = held(50)
    assert bus.free() and len(made) == 1
    assert wires.said == [("scl", 0), ("scl", 1)] * 9


def test_an_imu_behind_a_held_bus_is_asked_again():
    asked, freed = [], []

    class I2c:
        def readfrom_mem_into(self, address, register, buffer):
            asked.append(register)
            if not freed:
                raise OSError(116)
            buffer[0] = 0x6C

    def free():
        freed.append(True)
        return True

    Lsm6ds(I2c(), 0x6A, "lsm6dsox", ((0, 1), (1, 1), (2, 1)), None, free).probe()
    assert asked == [0x0F, 0x0F]


def test_an_absent_imu_is_asked_once():
    class I2c:
        def readfrom_mem_into(self, address, register, buffer):
            raise OSError(19)

    with pytest.raises(OSError, match="no answer"):
        Lsm6ds(I2c(), 0x6A, "lsm6dsox", ((0, 1), (1, 1), (2, 1)), None, lambda: False).probe()
