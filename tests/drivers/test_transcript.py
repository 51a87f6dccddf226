"""The transcript must fail whenever a driver strays from it."""

import pytest
from drivers.transcript import Transcript, fails, read, wait, write


def bus(*expected):
    return Transcript(0x6A, *expected)


@pytest.mark.parametrize(
    "act",
    [
        lambda i2c: i2c.readfrom_mem_into(0x6A, 0x10, bytearray(1)),
        lambda i2c: i2c.readfrom_mem_into(0x6B, 0x0F, bytearray(1)),
        lambda i2c: i2c.readfrom_mem_into(0x6A, 0x0F, bytearray(2)),
        lambda i2c: i2c.writeto(0x6A, b"\x0f\x01"),
        lambda i2c: i2c.sleep_ms(1),
        lambda i2c: i2c.done(),
    ],
)
def test_anything_but_the_next_step_fails(act):
    with pytest.raises(AssertionError):
        act(bus(read(0x0F, 0x6C)))


def test_another_value_written_fails():
    with pytest.raises(AssertionError, match="02, want 01"):
        bus(write(0x10, 1)).writeto(0x6A, b"\x10\x02")


def test_a_transfer_after_the_end_fails():
    with pytest.raises(AssertionError, match="nothing more"):
        bus().writeto(0x6A, b"\x10\x02")


def test_the_expected_conversation_passes():
    i2c = bus(read(0x0F, 0x6C), write(0x10, 1, 2), wait(5), fails("read", 0x0F))
    buffer = bytearray(1)
    i2c.readfrom_mem_into(0x6A, 0x0F, buffer)
    i2c.writeto(0x6A, b"\x10\x01\x02")
    i2c.sleep_ms(5)
    with pytest.raises(OSError):
        i2c.readfrom_mem_into(0x6A, 0x0F, buffer)
    i2c.done()
    assert buffer[0] == 0x6C
