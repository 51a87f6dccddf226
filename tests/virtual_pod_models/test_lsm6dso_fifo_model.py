"""FIFO and interrupts of the LSM6DSO/LSM6DSOX models; in brackets what DS12814 (LSM6DSOX) or AN5272 says it in."""

import pytest
from chip_bench import words
from lsm6dso_bench import PERIOD_US, bench, fifo_count, started

from host_tools.virtual_pod.chips.lsm6dso import tag_byte
from host_tools.virtual_pod.link import UnknownAccess


def test_fifo_words_carry_tag_slot_and_parity_gyroscope_first():  # [FIFO_DATA_OUT_TAG]
    b = started()
    b.wait(5 * PERIOD_US + 5)
    assert fifo_count(b) == 10
    data = b.read(0x78, 70)
    tags = [data[i] for i in range(0, 70, 7)]
    assert [tag >> 3 for tag in tags] == [1, 2] * 5
    assert [tag >> 1 & 3 for tag in tags] == [0, 0, 1, 1, 2, 2, 3, 3, 0, 0]
    assert all(tag.bit_count() % 2 == 0 for tag in tags)
    assert words(data[1:7]) == [0, 29, -43]
    assert words(data[8:14]) == [0, round(-500 / 0.488), round(1000 / 0.488)]
    assert words(data[15:17]) == [round(10 / 0.7)]
    assert fifo_count(b) == 0


def test_tag_parity_covers_every_tag():
    assert all(tag_byte(sensor, slot).bit_count() % 2 == 0 for sensor in range(32) for slot in range(4))


def test_a_word_may_be_read_in_two_transactions():  # as ST's own driver does: tag, then data
    b = started()
    b.wait(PERIOD_US + 5)
    assert b.byte(0x78) >> 3 == 1
    assert fifo_count(b) == 2
    b.read(0x79, 6)
    assert fifo_count(b) == 1
    assert b.byte(0x78) >> 3 == 2


def test_reading_an_empty_fifo_is_refused():  # [AN5272, retrieving data from the FIFO]
    b = started()
    b.wait(PERIOD_US + 5)
    with pytest.raises(UnknownAccess, match="while the FIFO is empty"):
        b.read(0x78, 21)


def test_watermark_raises_int1_until_read_below():  # [FIFO_CTRL1, FIFO_STATUS2]
    b = started(watermark=8)
    b.wait(4 * PERIOD_US - 20)
    assert b.pin == []
    assert not b.read(0x3B)[0] & 0x80
    b.wait(40)
    assert [level for _, level in b.pin] == [1]
    assert b.pin[0][0] == 1_000 + 4 * PERIOD_US
    assert b.read(0x3B)[0] & 0x80
    b.read(0x78, 7)
    assert [level for _, level in b.pin] == [1, 0]


def test_interrupt_may_be_active_low():  # [CTRL3_C, H_LACTIVE]
    b = started()
    b.write(0x12, 0x24)
    b.wait(4 * PERIOD_US + 5)
    assert [level for _, level in b.pin] == [1, 0]


def test_data_ready_on_int1_falls_when_read():  # [INT1_CTRL]
    b = bench()
    b.write(0x0D, 0x01)
    b.write(0x10, 0x54)
    b.wait(PERIOD_US + 5)
    b.read(0x28, 6)
    b.wait(PERIOD_US)
    assert [level for _, level in b.pin] == [1, 0, 1]


def test_continuous_mode_overwrites_the_oldest_and_latches_overrun():  # [FIFO_STATUS2] [AN5272, continuous mode]
    b = started(int1=0x10)
    b.wait(256 * PERIOD_US + 300)
    assert fifo_count(b) == 512
    assert b.read(0x3B)[0] & 0x68 == 0x20
    assert b.pin == []
    b.wait(10 * PERIOD_US)
    assert [level for _, level in b.pin] == [1]
    assert b.chip.overruns == 1
    low, status = b.read(0x3A, 2)
    assert (low | (status & 3) << 8, status & 0x48) == (512, 0x48)
    assert b.read(0x3B)[0] & 0x48 == 0x40
    b.wait(PERIOD_US)
    first = b.read(0x78, 14)
    assert words(first[8:10]) == [round(11 / 0.488)]
    assert b.read(0x3B)[0] & 0x48 == 0x08
    assert b.read(0x3B)[0] & 0x48 == 0x00


def test_fifo_mode_stops_when_full():  # [FIFO mode]
    b = started(mode=1)
    b.wait(300 * PERIOD_US)
    assert fifo_count(b) == 512
    data = b.read(0x78, 14)
    assert words(data[8:10]) == [0]
    assert not b.read(0x3B)[0] & 0x48


def test_stop_on_watermark_limits_the_depth():  # [FIFO_CTRL2]
    b = started(watermark=20)
    b.write(0x08, 0x80)
    b.wait(100 * PERIOD_US)
    assert fifo_count(b) == 20


def test_bypass_empties_the_fifo_and_world_time_goes_on():  # [bypass mode]
    b = started()
    b.wait(10 * PERIOD_US + 20)
    b.write(0x0A, 0x00)
    assert fifo_count(b) == 0
    b.wait(10 * PERIOD_US)
    b.write(0x0A, 0x06)
    b.wait(PERIOD_US)
    data = b.read(0x78, 14)
    assert words(data[8:10]) == [round(20 / 0.488)]


def test_sample_k_of_the_fifo_is_row_k():
    b = started(watermark=8)
    seen = []
    for _ in range(300):
        b.wait(3 * PERIOD_US)
        data = b.read(0x78, 7 * fifo_count(b))
        seen += [round(words(data[i + 1 : i + 3])[0] * 0.488) for i in range(0, len(data), 7) if data[i] >> 3 == 2]
    assert seen == list(range(len(seen)))
    assert len(seen) > 890


def test_batch_rate_may_be_lower_than_the_output_rate():  # [FIFO_CTRL3]
    b = bench()
    b.write(0x09, 0x35)
    b.write(0x0A, 0x06)
    b.write(0x10, 0x54, 0x5C)
    b.wait(8 * PERIOD_US + 20)
    data = b.read(0x78, 7 * fifo_count(b))
    assert [data[i] >> 3 for i in range(0, len(data), 7)] == [2, 2, 2, 1, 2, 2, 2, 2, 1, 2]


def test_sample_time_is_when_the_word_was_there():
    b = started(watermark=2)
    b.wait(3 * PERIOD_US)
    seen_us = b.pin[0][0]
    assert b.chip.sample_time_us(0) == seen_us and b.chip.sample_time_us(3) == seen_us + 3 * PERIOD_US
    b.write(0x10, 0x00, 0x00)
    assert b.chip.sample_time_us(3) == seen_us + 3 * PERIOD_US  # when all is over, too


def test_same_script_gives_the_same_bytes():
    def script():
        b = started()
        out = b""
        for us in (3_000, 20_000, 7_000, 90_000):
            b.wait(us)
            out += b.read(0x3A, 2) + b.read(0x20, 14) + b.read(0x78, 7 * (fifo_count(b) // 2))
        return out, b.pin

    assert script() == script()


def test_a_stuck_sensor_repeats_its_outputs():
    b = started()
    b.chip.stuck = True
    b.wait(5 * PERIOD_US)
    data = b.read(0x78, 7 * fifo_count(b))
    assert {data[i + 1 : i + 7] for i in range(0, len(data), 7)} == {bytes(6)}
