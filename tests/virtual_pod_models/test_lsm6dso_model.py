"""The LSM6DSO/LSM6DSOX models, register by register; in brackets what DS12814 (LSM6DSOX) or AN5272 says it in."""

import pytest
from chip_bench import Bench, Counting, words
from lsm6dso_bench import PERIOD_US, bench, fifo_count, started

from host_tools.virtual_pod.chips.lsm6dso import Lsm6dso, Lsm6dsox
from host_tools.virtual_pod.link import UnknownAccess


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


@pytest.mark.parametrize("fine", [-20, 13])
def test_a_trimmed_oscillator_says_how_fast_it_goes_and_goes_so(fine):  # [INTERNAL_FREQ_FINE]
    b = bench()
    b.chip.freq_fine = fine
    b.write(0x09, 0x55)
    b.write(0x0A, 0x06)
    b.write(0x19, 0x20)
    b.write(0x10, 0x54, 0x5C)
    b.wait(1_000_000)
    said = int.from_bytes(b.read(0x63, 1), "little", signed=True)
    assert said == fine
    true_hz = (6667 + 0.0015 * said * 6667) / 32
    assert abs(fifo_count(b) / 2 - true_hz) <= 1
    counted = int.from_bytes(b.read(0x40, 4), "little")
    assert counted == pytest.approx(40_000 * (1 + 0.0015 * said), abs=1)
