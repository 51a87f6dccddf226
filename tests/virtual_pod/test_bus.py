"""machine.I2C in front of a strict target: bytes, times, errors."""

import errno

import pytest
from strict_chip import StrictChip

from host_tools.virtual_pod.link import Hardware, UnknownAccess

BUS = "from machine import I2C, Pin\ni2c = I2C(0, scl=Pin(9), sda=Pin(8), freq=400_000)\n"


@pytest.fixture
def chip():
    return StrictChip()


@pytest.fixture
def hardware(chip):
    hardware = Hardware()
    hardware.add_bus(0, scl_gpio=9, sda_gpio=8)
    hardware.add_chip(0, chip)
    return hardware


def test_scan_finds_the_chip(said, hardware):
    assert said(BUS + "print(i2c.scan())", hardware) == ["[66]"]


def test_every_way_of_talking_reaches_the_registers(said, hardware, chip):
    main = """
i2c.writeto_mem(0x42, 1, b'\\xaa\\xbb')
print(i2c.readfrom_mem(0x42, 0, 4))
into = bytearray(2)
i2c.readfrom_mem_into(0x42, 1, into)
print(into)
print(i2c.writeto(0x42, b'\\x00'), i2c.readfrom(0x42, 2))
i2c.readfrom_into(0x42, into)
print(into)
print(i2c.writevto(0x42, (b'\\x02', b'\\xcc')))
"""
    assert said(BUS + main, hardware) == [
        r"b'\x10\xaa\xbb\x13'",
        r"bytearray(b'\xaa\xbb')",
        r"1 b'\x10\xaa'",
        r"bytearray(b'\x10\xaa')",
        "2",
    ]
    assert chip.registers == b"\x10\xaa\xcc\x13"


def test_a_byte_takes_nine_clocks(said, hardware, chip):
    said(BUS + "i2c.readfrom_mem(0x42, 0, 1)\ni2c.readfrom_mem(0x42, 0, 21)", hardware)
    first, second = [now_us for verb, _, now_us in chip.accesses if verb == "write"]
    written, read_one = 9 * 2 + 2, 9 * 2 + 2  # address and register; address and one byte; start and stop
    assert second - first == pytest.approx((written + read_one) / 0.4, abs=10)


@pytest.mark.parametrize("talk", ["readfrom(0x43, 1)", "writeto(0x43, b'')", "readfrom_mem(0x43, 0, 1)"])
def test_an_absent_chip_is_enodev(said, hardware, talk):
    main = BUS + f"try:\n    i2c.{talk}\nexcept OSError as error:\n    print(error.errno)"
    assert said(main, hardware) == [str(errno.ENODEV)]


def test_a_byte_not_acknowledged_is_enodev(said, hardware):
    main = BUS + "try:\n    i2c.writeto_mem(0x42, 3, b'x')\nexcept OSError as error:\n    print(error.errno)"
    assert said(main, hardware) == [str(errno.ENODEV)]


def test_other_pins_than_the_board_s_meet_nobody(said, hardware):
    assert said("from machine import I2C, Pin\nprint(I2C(0, scl=Pin(8), sda=Pin(9)).scan())", hardware) == ["[]"]


def test_an_injected_fault_is_the_error_it_names(said, hardware):
    hardware.i2c_fault = lambda bus, address, now_us: errno.ETIMEDOUT
    main = BUS + "try:\n    i2c.readfrom(0x42, 1)\nexcept OSError as error:\n    print(error.errno)"
    assert said(main, hardware) == [str(errno.ETIMEDOUT)]


def test_an_unknown_access_ends_the_run_with_its_message(said, hardware):
    with pytest.raises(UnknownAccess, match="strict chip: register 0x07 accessed"):
        said(BUS + "i2c.readfrom_mem(0x42, 7, 1)", hardware)


def test_observers_hear_of_each_transfer(said, hardware):
    seen = []
    hardware.on_transfer.append(lambda *transfer: seen.append(transfer[1:4]))
    said(BUS + "i2c.writeto_mem(0x42, 1, b'z')\ni2c.readfrom_mem(0x42, 0, 3)\n", hardware)
    assert seen == [(0x42, b"\x01z", 0), (0x42, b"\x00", 3)]


def test_hot_calls_allocate_nothing(said, hardware):
    hardware.input_pin(5, 1)
    main = """
import time, micropython
from machine import PWM, ADC, WDT
into, out, pin, pwm, adc, watchdog = bytearray(4), b'\\x01\\x02', Pin(5, Pin.IN), PWM(Pin(6)), ADC(Pin(4)), WDT()
def hot():
    for _ in range(50):
        i2c.readfrom_mem_into(0x42, 0, into)
        i2c.writeto_mem(0x42, 1, out)
        time.ticks_us(); time.ticks_ms(); time.ticks_diff(5, 3)
        pin.value(); pin(); pwm.duty_u16(300); adc.read_u16(); watchdog.feed(); time.sleep_ms(1)
hot()
micropython.heap_lock()
hot()
micropython.heap_unlock()
print('none', into[1])
"""
    assert said(BUS + main, hardware) == ["none 1"]


def test_two_chips_cannot_share_an_address(hardware):
    with pytest.raises(ValueError, match="0x42 is taken"):
        hardware.add_chip(0, StrictChip())
