"""The LSM6DSO/LSM6DSOX models, register by register; in brackets what DS12814 (LSM6DSOX) or AN5272 says it in."""

import pytest
from chip_bench import Bench, Counting, words

from host_tools.virtual_pod.chips.lsm6dso import Lsm6dso, Lsm6dsox, tag_byte
from host_tools.virtual_pod.link import UnknownAccess

PERIOD_US = 4_800  # 6667 Hz / 32


def bench(**source) -> Bench:
    return Bench(Lsm6dsox(0x6A, Counting(**source)))


def started(watermark=8, mode=6, int1=0x08, rate=0x50) -> Bench:
    """16 g, 2000 dps, both sensors into the FIFO at 208 Hz, threshold on INT1."""
    b = bench()
    b.write(0x07, watermark & 0xFF, watermark >> 8)
    b.write(0x09, rate | rate >> 4)
    b.write(0x0D, int1)
    b.write(0x10, rate | 0x04, rate | 0x0C)
    b.write(0x0A, mode)
    return b


def fifo_count(b: Bench) -> int:
    low, high = b.read(0x3A, 2)
    return low | (high & 3) << 8


def test_identity_and_reset_values():  # [register mapping]
    b = bench()
    assert b.byte(0x0F) == 0x6C
    assert b.byte(0x02) == 0x3F
    assert b.read(0x10, 3) == bytes((0x00, 0x00, 0x04))
    assert b.byte(0x18) == 0xE0


def test_powered_down_at_reset_nothing_is_sampled():
    b = bench()
    b.write(0x0A, 0x06)
    b.write(0x09, 0x55)
    b.wait(1_000_000)
    assert fifo_count(b) == 0
    assert b.byte(0x1E) == 0


@pytest.mark.parametrize(
    ("register", "value", "says"),
    [
        (0x03, 0x00, "reserved register 0x03"),
        (0x1F, 0x00, "reserved register 0x1f"),
        (0x0F, 0x6C, "read-only WHO_AM_I"),
        (0x3A, 0x00, "read-only FIFO_STATUS1"),
        (0x78, 0x00, "read-only FIFO_DATA_OUT_78"),
        (0x11, 0x51, "bits 0x01 must stay 0x00"),
        (0x12, 0x06, "bits 0x02 must stay 0x00"),
        (0x02, 0x00, "bits 0x3f must stay 0x3f"),
        (0x10, 0xB0, "no such output data rate"),
        (0x10, 0xC0, "no such output data rate"),
        (0x0A, 0x02, "FIFO mode 2 is reserved"),
        (0x0A, 0x03, "FIFO mode 3 is not modelled"),
        (0x09, 0x0C, "no such batch rate"),
        (0x14, 0x03, "self-test code not allowed"),
        (0x14, 0x08, "self-test code not allowed"),
        (0x12, 0x85, "SW_RESET and BOOT together"),
        (0x01, 0x80, "not modelled"),
        (0x0E, 0x08, "not modelled"),
        (0x13, 0x04, "not modelled"),
        (0x42, 0x01, "only 0xaa"),
    ],
)
def test_refuses_what_the_datasheet_does_not_allow(register, value, says):
    with pytest.raises(UnknownAccess, match="^lsm6dsox at 0x6a: write of") as refused:
        bench().write(register, value)
    assert says in str(refused.value)
    assert f"0x{register:02x}" in str(refused.value)


def test_refuses_reads_of_reserved_registers():
    with pytest.raises(UnknownAccess, match="read of reserved register 0x00"):
        bench().read(0x00)
    with pytest.raises(UnknownAccess, match="reserved register 0x2e"):
        bench().read(0x2C, 4)


def test_registers_of_the_sox_are_reserved_in_the_so():
    assert Bench(Lsm6dsox(0x6A, Counting())).byte(0x38) == 0
    with pytest.raises(UnknownAccess, match="lsm6dso at 0x6b: read of reserved register 0x38"):
        Bench(Lsm6dso(0x6B, Counting())).byte(0x38)


def test_software_reset_takes_50_us_and_gives_defaults():  # [CTRL3_C] [AN5272, reboot and software reset]
    b = started()
    b.wait(50_000)
    b.write(0x12, 0x05)
    assert b.byte(0x12) == 0x05
    with pytest.raises(UnknownAccess, match="read of WHO_AM_I .* during reset"):
        b.byte(0x0F)
    b.wait(50)
    assert b.byte(0x12) == 0x04
    assert b.byte(0x10) == 0
    assert fifo_count(b) == 0
    b.wait(100_000)
    assert fifo_count(b) == 0


def test_boot_keeps_registers_and_takes_10_ms():
    b = bench()
    b.write(0x10, 0x54)
    b.write(0x12, 0x84)
    b.wait(9_990)
    assert b.byte(0x12) & 0x80
    b.wait(10)
    assert b.byte(0x12) == 0x04
    assert b.byte(0x10) == 0x54


@pytest.mark.parametrize(("fs", "lsb_ug"), [(0, 61), (1, 488), (2, 122), (3, 244)])  # [CTRL1_XL] [table 2]
def test_accelerometer_full_scales(fs, lsb_ug):
    b = bench(counting=False, still=(0, 1000, -1000, 0, 0, 0))
    b.write(0x10, 0x50 | fs << 2)
    b.wait(PERIOD_US + 1)
    x, y, z = words(b.read(0x28, 6))
    assert x == 0
    assert y == round(1_000_000 / lsb_ug) == -z


@pytest.mark.parametrize(("fs", "lsb_udps"), [(0x0, 8750), (0x4, 17500), (0x8, 35000), (0xC, 70000), (0x2, 4375)])
def test_gyroscope_full_scales(fs, lsb_udps):  # [CTRL2_G] [table 2]
    b = bench(counting=False, still=(0, 0, 1000, 1000, -1000, 0))
    b.write(0x11, 0x50 | fs)
    b.wait(PERIOD_US + 1)
    assert words(b.read(0x22, 6)) == [round(100_000_000 / lsb_udps), -round(100_000_000 / lsb_udps), 0]


def test_saturates_at_full_scale():
    b = bench(counting=False, still=(20_000, -20_000, 0, 32_000, -32_000, 0))
    b.write(0x10, 0x54, 0x5C)
    b.wait(PERIOD_US + 1)
    assert words(b.read(0x28, 4)) == [32767, -32768]
    assert words(b.read(0x22, 4)) == [32767, -32768]


@pytest.mark.parametrize(
    ("code", "rate_hz"), [(1, 12.5), (2, 26), (3, 52), (4, 104), (5, 208), (6, 416), (7, 833)]
)
def test_output_data_rates_are_a_little_above_their_names(code, rate_hz):  # [CTRL1_XL, CTRL2_G]
    b = bench()
    b.write(0x09, code | code << 4)
    b.write(0x0A, 0x06)
    b.write(0x10, code << 4 | 4, code << 4 | 0xC)
    samples = 200 if rate_hz > 50 else 20
    b.wait(samples * 1_000_000 * (512 >> (code - 1)) // 6667)
    assert fifo_count(b) in (2 * samples, 2 * samples - 2)
    assert 1.0 < 6667 / (512 >> (code - 1)) / rate_hz < 1.05


def test_status_says_which_outputs_are_new():  # [STATUS_REG]
    b = bench()
    b.write(0x10, 0x54, 0x5C)
    b.wait(PERIOD_US + 1)
    assert b.byte(0x1E) == 0x07
    b.read(0x28, 6)
    assert b.byte(0x1E) == 0x06
    b.read(0x20, 8)
    assert b.byte(0x1E) == 0x00


def test_block_data_update_keeps_the_two_bytes_together():  # [CTRL3_C]
    b = started()
    b.write(0x12, 0x44)
    b.wait(255 * PERIOD_US)
    low = b.byte(0x22)
    before = words(b.read(0x22, 2))[0]
    b.byte(0x22)
    b.wait(100 * PERIOD_US)
    assert (b.byte(0x23) << 8 | low) == before
    assert words(b.read(0x22, 2))[0] != before


def test_without_auto_increment_one_register_repeats():  # [CTRL3_C, IF_INC]
    b = bench()
    b.write(0x12, 0x00)
    assert b.read(0x0F, 3) == b"\x6c\x6c\x6c"


def test_temperature_is_256_lsb_per_degree_from_25():  # [table 4]
    b = bench(temperature_c=31.5)
    b.write(0x10, 0x50)
    b.wait(PERIOD_US + 1)
    assert words(b.read(0x20, 2)) == [round(6.5 * 256)]


@pytest.mark.parametrize(("code", "sign"), [(0x1, 1), (0x2, -1)])
def test_accelerometer_self_test_shifts_within_the_limits(code, sign):  # [CTRL5_C] 50..1700 mg
    b = bench(counting=False)
    b.write(0x10, 0x58)
    b.wait(PERIOD_US + 1)
    before = words(b.read(0x28, 6))
    b.write(0x14, code)
    b.wait(PERIOD_US + 1)
    shifts = [sign * (after - was) * 0.122 for after, was in zip(words(b.read(0x28, 6)), before, strict=True)]
    assert all(50 <= shift <= 1700 for shift in shifts)


@pytest.mark.parametrize(("code", "sign"), [(0x4, 1), (0xC, -1)])
@pytest.mark.parametrize(("control", "lsb_dps", "low", "high"), [(0x5C, 0.07, 150, 700), (0x50, 0.00875, 20, 80)])
def test_gyroscope_self_test_shifts_within_the_limits(code, sign, control, lsb_dps, low, high):  # [table 2]
    b = bench(counting=False)
    b.write(0x11, control)
    b.wait(PERIOD_US + 1)
    before = words(b.read(0x22, 6))
    b.write(0x14, code)
    b.wait(PERIOD_US + 1)
    shifts = [sign * (after - was) * lsb_dps for after, was in zip(words(b.read(0x22, 6)), before, strict=True)]
    assert all(low <= shift <= high for shift in shifts)


def test_timestamp_stands_still_while_both_sensors_are_in_power_down():  # [AN5130 6.5]
    b = bench()
    b.write(0x19, 0x20)
    b.wait(1_000)
    b.write(0x11, 0x50)
    b.wait(2_500)
    b.write(0x11, 0x00)
    b.wait(1_000)
    assert int.from_bytes(b.read(0x40, 4), "little") == 100
    b.write(0x10, 0x50)
    b.wait(2_500)
    assert int.from_bytes(b.read(0x40, 4), "little") == 200


def test_timestamp_counts_25_us_and_is_reset_by_aa():  # [TIMESTAMP2]
    b = bench()
    b.write(0x10, 0x50)
    b.write(0x19, 0x20)
    b.wait(1_000_000)
    assert int.from_bytes(b.read(0x40, 4), "little") == 40_000
    b.write(0x42, 0xAA)
    b.wait(2_500)
    assert int.from_bytes(b.read(0x40, 4), "little") == 100


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
