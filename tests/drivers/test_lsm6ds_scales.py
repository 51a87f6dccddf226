"""From raw words to mg and 0.1 deg/s: the exact inverse of what a model does, and no value leaves int16."""

from array import array

import pytest
from backstep.drivers.lsm6ds_fifo import Fifo, sense

UPRIGHT = ((0, 1), (1, 1), (2, 1))
MG_PER_LSB, DDPS_PER_LSB = 0.488, 0.7  # [table 2] at 16 g and 2000 dps


def converted(raw, axes=UPRIGHT):
    """Return (mg, ddps) of one raw value on the chip's x axis."""
    fifo = Fifo(None, axes, 6, 1, 1)
    fifo._buffer[:2] = (raw & 0xFFFF).to_bytes(2, "little")
    sense(fifo._axes, fifo._buffer, 0, fifo._rows, 0, 0)
    sense(fifo._axes, fifo._buffer, 0, fifo._rows, 0, 1)
    return fifo._rows[0], fifo._rows[3]


@pytest.fixture(scope="module")
def table():
    return {raw: converted(raw) for raw in range(-32768, 32768)}


@pytest.mark.slow
def test_every_acceleration_inside_full_scale_comes_back_exactly(table):
    for mg in range(-15990, 15991):
        assert table[round(mg / MG_PER_LSB)][0] == mg


def test_every_rate_inside_full_scale_comes_back_exactly(table):
    for ddps in range(-22936, 22937):
        assert table[round(ddps / DDPS_PER_LSB)][1] == ddps


def test_every_raw_value_is_within_half_a_unit(table):
    for raw, (mg, ddps) in table.items():
        assert abs(mg - raw * MG_PER_LSB) <= 0.5
        assert abs(ddps - raw * DDPS_PER_LSB) <= 0.5 + 1e-9


@pytest.mark.parametrize("raw, mg, ddps", [(32767, 15990, 22937), (-32768, -15991, -22938)])
def test_the_chip_saturates_inside_int16_even_when_an_axis_is_turned(raw, mg, ddps):
    assert converted(raw) == (mg, ddps)
    assert converted(raw, ((0, -1), (1, -1), (2, 1))) == (-mg, -ddps)
    array("h", converted(raw, ((0, -1), (1, -1), (2, 1))))


def test_products_stay_inside_a_small_int():
    assert 32768 * 488 + 500 < 1 << 30
    assert 32768 * 70 + 50 < 1 << 30
