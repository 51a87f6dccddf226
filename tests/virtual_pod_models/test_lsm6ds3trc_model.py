"""The LSM6DS3TR-C model, register by register; sections of DocID030071 and AN5130 in brackets."""

import pytest
from chip_bench import Bench, Counting, words

from host_tools.virtual_pod.chips.lsm6ds3trc import Lsm6ds3trc
from host_tools.virtual_pod.link import UnknownAccess

PERIOD_US = 4_800  # 6667 Hz / 32


def bench(**source) -> Bench:
    return Bench(Lsm6ds3trc(0x6A, Counting(**source)))


def started(watermark=24, mode=6, int1=0x08, decimations=0x09) -> Bench:
    b = bench()
    b.write(0x06, watermark & 0xFF, watermark >> 8, decimations)
    b.write(0x0D, int1)
    b.write(0x10, 0x54, 0x5C)
    b.write(0x0A, 5 << 3 | mode)
    return b


def unread(b: Bench) -> int:
    low, high = b.read(0x3A, 2)
    return low | (high & 7) << 8


def test_identity_and_reset_values():  # [8, table 19]
    b = bench()
    assert b.byte(0x0F) == 0x6A
    assert b.byte(0x12) == 0x04
    assert b.byte(0x3B) == 0x10


@pytest.mark.parametrize(
    ("register", "value", "says"),
    [
        (0x02, 0x00, "reserved register 0x02"),
        (0x0C, 0x00, "reserved register 0x0c"),
        (0x78, 0x00, "reserved register 0x78"),
        (0x0F, 0x6A, "read-only WHO_AM_I"),
        (0x0A, 0x80, "bits 0x80 must stay 0x00"),
        (0x0A, 0x2A, "FIFO mode 2 is reserved"),
        (0x0A, 0x2C, "FIFO mode 4 is not modelled"),
        (0x0A, 0x5E, "no such FIFO rate"),
        (0x12, 0x06, "not modelled"),
        (0x16, 0x08, "bits 0x0b must stay 0x00"),  # [9.19]
        (0x09, 0x01, "not modelled"),
        (0x19, 0x04, "not modelled"),
        (0x42, 0x00, "only 0xaa"),
    ],
)
def test_refuses_what_the_datasheet_does_not_allow(register, value, says):
    with pytest.raises(UnknownAccess, match="^lsm6ds3trc at 0x6a: write of") as refused:
        bench().write(register, value)
    assert says in str(refused.value)


def test_words_come_in_the_pattern_gyroscope_then_accelerometer():  # [AN5130 8.5.1]
    b = started()
    b.wait(3 * PERIOD_US + 5)
    assert unread(b) == 18
    assert b.read(0x3C, 2) == b"\x00\x00"
    data = words(b.read(0x3E, 12))
    assert data == [0, 29, -43, 0, round(-500 / 0.488), round(1000 / 0.488)]
    assert b.read(0x3C, 2) == b"\x00\x00"
    b.read(0x3E, 8)
    assert b.read(0x3C, 2) == b"\x04\x00"
    assert unread(b) == 8


def test_pattern_with_a_decimated_accelerometer():  # [AN5130 8.5.2]
    b = started(decimations=0x0A)
    b.wait(4 * PERIOD_US + 5)
    assert unread(b) == 18
    places = []
    for _ in range(18):
        places.append(b.byte(0x3C))
        b.read(0x3E, 2)
    assert places == [0, 1, 2, 3, 4, 5, 6, 7, 8] * 2


def test_watermark_counts_16_bit_words():  # [9.4, 9.54]
    b = started(watermark=24)
    b.wait(4 * PERIOD_US - 20)
    assert b.pin == []
    b.wait(40)
    assert [level for _, level in b.pin] == [1]
    assert b.byte(0x3B) & 0x80
    b.read(0x3E, 2)
    assert [level for _, level in b.pin] == [1, 0]


def test_overrun_drops_whole_data_sets_and_hides_the_count():  # [AN5130 8.1.7, table 64]
    b = started()
    b.wait(341 * PERIOD_US + 300)
    assert (unread(b), b.byte(0x3B) & 0x60) == (2046, 0x20)
    b.wait(PERIOD_US)
    assert (unread(b), b.byte(0x3B) & 0x60) == (0, 0x60)
    assert b.chip.overruns == 1
    data = words(b.read(0x3E, 12))
    assert unread(b) > 0
    assert not b.byte(0x3B) & 0x40
    assert b.byte(0x3C) in (0, 3)
    assert len(data) == 6


def test_reading_an_empty_fifo_is_refused():  # [AN5130 8.4]
    with pytest.raises(UnknownAccess, match="while the FIFO is empty"):
        started().read(0x3E, 2)


def test_fifo_mode_stops_when_full_and_bypass_empties():  # [9.8, table 42]
    b = started(mode=1)
    b.wait(400 * PERIOD_US)
    assert unread(b) == 2046
    b.write(0x0A, 0x28)
    assert (unread(b), b.byte(0x3B)) == (0, 0x10)


def test_sample_k_of_the_fifo_is_row_k():
    b = started()
    seen = []
    for _ in range(200):
        b.wait(3 * PERIOD_US)
        data = words(b.read(0x3E, 2 * unread(b)))
        seen += [round(mg * 0.488) for mg in data[3::6]]
    assert seen == list(range(len(seen)))
    assert len(seen) > 590


@pytest.mark.parametrize(("code", "sign"), [(0x1, 1), (0x2, -1)])
def test_accelerometer_self_test_shifts_within_the_limits(code, sign):  # [4.1] 90..1700 mg
    b = bench(counting=False)
    b.write(0x10, 0x58)
    b.wait(PERIOD_US + 1)
    before = words(b.read(0x28, 6))
    b.write(0x14, code)
    b.wait(PERIOD_US + 1)
    shifts = [sign * (after - was) * 0.122 for after, was in zip(words(b.read(0x28, 6)), before, strict=True)]
    assert all(90 <= shift <= 1700 for shift in shifts)


@pytest.mark.parametrize(("resolution", "step_us"), [(0x00, 6400), (0x10, 25)])
def test_timestamp_resolution(resolution, step_us):  # [9.79, TIMER_HR]
    b = bench()
    b.write(0x10, 0x50)
    b.write(0x5C, resolution)
    b.write(0x19, 0x20)
    b.wait(640_000)
    assert int.from_bytes(b.read(0x40, 3), "little") == 640_000 // step_us


def test_boot_takes_15_ms():  # [AN5130 5.7]
    b = bench()
    b.write(0x12, 0x84)
    b.wait(14_990)
    assert b.byte(0x12) & 0x80
    b.wait(10)
    assert b.byte(0x12) == 0x04
