"""The LSM6DS driver's register traffic outside the FIFO; values typed from DS12140 and DocID030071."""

import errno

import pytest
from backstep.drivers.lsm6ds import Lsm6ds
from backstep.drivers.lsm6ds_self_test import self_test
from drivers.transcript import Transcript, fails, read, wait, write

UPRIGHT = ((0, 1), (1, 1), (2, 1))
WHO_AM_I = {"lsm6dso": 0x6C, "lsm6dsox": 0x6C, "lsm6ds3trc": 0x6A}
DSO, TRC = ("lsm6dso", "lsm6dsox"), ("lsm6ds3trc",)


def imu_on(i2c, part="lsm6dsox"):
    return Lsm6ds(i2c, 0x6A, part, UPRIGHT, i2c.sleep_ms)


def reset_of(part):
    steps = [read(0x0F, WHO_AM_I[part]), write(0x11, 0), write(0x12, 0x01), read(0x12, 0x04), write(0x12, 0x44)]
    return steps + ([write(0x18, 0xE2)] if part in DSO else [])


def started(part="lsm6dsox", rate_hz=208, watermark=4):
    i2c = Transcript(0x6A)
    accept_anything(i2c)
    imu = imu_on(i2c, part)
    imu.start(rate_hz, watermark)
    return i2c.seen


def accept_anything(i2c, fine=0x00):
    """Let the IMU answer to its name, and note what is written."""
    i2c.seen = []
    values = {0x0F: None, 0x12: 0x04, 0x63: fine}

    def readfrom_mem_into(address, register, buffer):
        part_id = 0x6A if i2c.part == "lsm6ds3trc" else 0x6C
        buffer[0] = part_id if register == 0x0F else values[register]

    i2c.part = "lsm6dsox"
    i2c.readfrom_mem_into = readfrom_mem_into
    i2c.writeto = lambda address, data: i2c.seen.append((data[0], data[1]))
    i2c.sleep_ms = lambda ms: i2c.seen.append(("wait", ms))


@pytest.mark.parametrize(("fine", "permille"), [(0, 1000), (0x14, 1030), (0xEC, 970), (0x7F, 1190), (0x80, 808)])
def test_the_true_rate_is_read_as_trimmed_in_the_factory(fine, permille):
    """[9.52] 0.15 % a step, two's complement."""
    i2c = Transcript(0x6A)
    accept_anything(i2c, fine)
    imu = imu_on(i2c)
    imu.start(208, 4)
    assert imu.rate_permille == permille


def test_a_part_without_that_register_is_not_asked_for_it():
    i2c = Transcript(0x6A)
    accept_anything(i2c, None)
    i2c.part = "lsm6ds3trc"
    imu = imu_on(i2c, "lsm6ds3trc")
    imu.start(104, 4)
    assert imu.rate_permille == 0


@pytest.mark.parametrize("part", DSO)
def test_a_tagged_part_starts_in_this_order_and_the_fifo_last(part):
    i2c = Transcript(0x6A, *reset_of(part))
    i2c.expect(
        write(0x19, 0x20),  # CTRL10_C: timestamp on
        write(0x10, 0x54),  # CTRL1_XL: 208 Hz, 16 g
        write(0x11, 0x5C),  # CTRL2_G: 208 Hz, 2000 dps
        wait(70 + 33 + 1),
        write(0x07, 8),  # FIFO_CTRL1: four samples are eight words
        write(0x08, 0),
        write(0x09, 0x55),  # FIFO_CTRL3: both batched at 208 Hz
        write(0x0D, 0x08),  # INT1_CTRL: FIFO threshold
        read(0x63, 0x00),  # INTERNAL_FREQ_FINE
        write(0x0A, 0x06),  # FIFO_CTRL4: continuous
        write(0x42, 0xAA),  # timestamp from zero
    )
    imu_on(i2c, part).start(208, 4)
    i2c.done()


def test_the_pattern_part_starts_in_this_order_and_the_fifo_last():
    i2c = Transcript(0x6A, *reset_of("lsm6ds3trc"))
    i2c.expect(
        write(0x5C, 0x10),  # WAKE_UP_DUR: 25 us
        write(0x19, 0x20),  # CTRL10_C: timer on
        write(0x10, 0x44),
        write(0x11, 0x4C),
        wait(70 + 67 + 1),
        write(0x06, 0x58),  # FIFO_CTRL1: 100 samples are 600 = 0x258 words
        write(0x07, 0x02),
        write(0x08, 0x09),  # FIFO_CTRL3: neither decimated
        write(0x0D, 0x08),
        write(0x0A, 0x26),  # FIFO_CTRL5: 104 Hz, continuous
        write(0x42, 0xAA),
    )
    imu_on(i2c, "lsm6ds3trc").start(104, 100)
    i2c.done()


@pytest.mark.parametrize(
    "rate_hz, accel, gyro, batch, wait_ms",
    [
        (26, 0x24, 0x2C, 0x22, 340),
        (52, 0x34, 0x3C, 0x33, 205),
        (104, 0x44, 0x4C, 0x44, 138),
        (208, 0x54, 0x5C, 0x55, 104),
        (416, 0x64, 0x6C, 0x66, 87),
        (833, 0x74, 0x7C, 0x77, 79),
    ],
)
def test_each_rate_is_written_as_the_datasheet_has_it(rate_hz, accel, gyro, batch, wait_ms):
    seen = started(rate_hz=rate_hz)
    assert {0x10: accel, 0x11: gyro, 0x09: batch, "wait": wait_ms}.items() <= dict(seen).items()


@pytest.mark.parametrize(
    "rate_hz, fifo_ctrl5", [(26, 0x16), (52, 0x1E), (104, 0x26), (208, 0x2E), (416, 0x36), (833, 0x3E)]
)
def test_each_rate_of_the_pattern_fifo(rate_hz, fifo_ctrl5):
    i2c = Transcript(0x6A)
    accept_anything(i2c)
    i2c.part = "lsm6ds3trc"
    imu_on(i2c, "lsm6ds3trc").start(rate_hz, 1)
    assert dict(i2c.seen)[0x0A] == fifo_ctrl5


@pytest.mark.parametrize("full_scale_g, code", [(2, 0x00), (4, 0x08), (8, 0x0C), (16, 0x04)])
def test_accelerometer_full_scales(full_scale_g, code):
    from backstep.drivers import lsm6ds_start

    assert lsm6ds_start._ACCEL_FS_BY_G[full_scale_g] == code


@pytest.mark.parametrize("full_scale_dps, code", [(1000, 0x08), (2000, 0x0C)])
def test_gyroscope_full_scales(full_scale_dps, code):
    from backstep.drivers import lsm6ds_start

    assert lsm6ds_start._GYRO_FS_BY_DPS[full_scale_dps] == code


@pytest.mark.parametrize("watermark, low, high", [(1, 2, 0), (127, 0xFE, 0), (128, 0, 1), (255, 0xFE, 1)])
def test_the_watermark_counts_two_words_to_a_sample(watermark, low, high):
    assert {0x07: low, 0x08: high}.items() <= dict(started(watermark=watermark)).items()


@pytest.mark.parametrize("part, part_id", WHO_AM_I.items())
def test_each_part_is_known_by_its_identity(part, part_id):
    i2c = Transcript(0x6A, read(0x0F, part_id))
    imu_on(i2c, part).probe()
    i2c.done()


def test_another_chip_is_named():
    with pytest.raises(OSError) as raised:
        imu_on(Transcript(0x6A, read(0x0F, 0x00))).probe()
    assert raised.value.args == (errno.ENODEV, "lsm6dsox at 0x6a: who_am_i is 0x00, want 0x6c")


def test_an_absent_chip_is_named():
    with pytest.raises(OSError) as raised:
        imu_on(Transcript(0x6A, fails("read", 0x0F)), "lsm6ds3trc").start(104, 4)
    assert raised.value.args == (errno.ENODEV, "lsm6ds3trc at 0x6a: no answer")


def test_a_reset_that_does_not_end_is_given_up():
    i2c = Transcript(0x6A, read(0x0F, 0x6C), write(0x11, 0), write(0x12, 0x01))
    i2c.expect(*[read(0x12, 0x05), wait(1)] * 10)
    with pytest.raises(OSError, match="lsm6dsox at 0x6a: software reset not over after 10 ms") as raised:
        imu_on(i2c).start(208, 4)
    assert raised.value.errno == errno.EIO
    i2c.done()


def test_building_touches_no_bus():
    Lsm6ds(None, 0x6A, "lsm6dso", UPRIGHT, None)


def test_an_unknown_part_lists_what_there_is():
    with pytest.raises(ValueError, match="mpu6050 is unknown, want one of lsm6ds3trc, lsm6dso, lsm6dsox"):
        Lsm6ds(None, 0x6A, "mpu6050", UPRIGHT, None)


def test_a_rate_not_offered_lists_what_there_is_and_touches_no_bus():
    with pytest.raises(ValueError, match="100 Hz is not one of 26, 52, 104, 208, 416, 833"):
        imu_on(Transcript(0x6A)).start(100, 4)


@pytest.mark.parametrize("part, most", [("lsm6dsox", 255), ("lsm6ds3trc", 341)])
@pytest.mark.parametrize("beyond", [0, 1])
def test_a_watermark_beyond_the_fifo_is_refused(part, most, beyond):
    with pytest.raises(ValueError, match=f"outside 1..{most} samples"):
        imu_on(Transcript(0x6A), part).start(104, beyond * (most + 1))


@pytest.mark.parametrize("part", DSO + TRC)
def test_stop_empties_the_fifo_and_powers_down(part):
    i2c = Transcript(0x6A, write(0x0A, 0), write(0x11, 0), write(0x10, 0))
    imu_on(i2c, part).stop()
    i2c.done()


def little_endian(*values):
    return b"".join((value & 0xFFFF).to_bytes(2, "little") for value in values)


def averaged(ready, first, values):
    """Six samples, the first one of them wrong."""
    steps = []
    for n in range(6):
        steps += [read(0x1E, 0), wait(1)] if n == 2 else []
        steps += [read(0x1E, ready), read(first, *little_endian(*(values if n else (32767, -32768, 1))))]
    return steps


def self_tested(part, accel_lsb, gyro_lsb):
    i2c = Transcript(0x6A, *reset_of(part))
    i2c.expect(
        write(0x10, 0x38), wait(150), *averaged(1, 0x28, (100, -50, 8000)), write(0x14, 0x01),
        wait(150), *averaged(1, 0x28, (100 + accel_lsb, -50 - accel_lsb, 8000 + accel_lsb)), write(0x14, 0),
        write(0x10, 0),
        write(0x11, 0x5C), wait(150), *averaged(2, 0x22, (3, -4, 0)), write(0x14, 0x04),
        wait(150), *averaged(2, 0x22, (3 - gyro_lsb, -4 + gyro_lsb, gyro_lsb)), write(0x14, 0),
        write(0x11, 0), write(0x10, 0),
    )  # fmt: skip
    result = self_test(imu_on(i2c, part))
    i2c.done()
    return result


def test_self_test_follows_the_procedure_and_reports_each_axis():
    assert self_tested("lsm6dsox", 3000, 5714) == {
        "accel_mg": (366, 366, 366), "accel_limits_mg": (50, 1700),
        "gyro_dps": (399, 399, 399), "gyro_limits_dps": (150, 700), "passed": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "part, accel_lsb, gyro_lsb, passed",
    [
        ("lsm6dso", 410, 2143, True), ("lsm6dso", 409, 2143, False),  # 50 mg, 150 dps
        ("lsm6dso", 13942, 10000, True), ("lsm6dso", 13943, 10000, False),  # 1700 mg
        ("lsm6dso", 3000, 2142, False), ("lsm6dso", 3000, 10015, False),  # 700 dps
        ("lsm6ds3trc", 738, 5714, True), ("lsm6ds3trc", 737, 5714, False),  # 90 mg
    ],
)  # fmt: skip
def test_self_test_limits(part, accel_lsb, gyro_lsb, passed):
    assert self_tested(part, accel_lsb, gyro_lsb)["passed"] is passed


def test_self_test_without_data_is_given_up():
    i2c = Transcript(0x6A, *reset_of("lsm6dsox"), write(0x10, 0x38), wait(150), *[read(0x1E, 0), wait(1)] * 100)
    with pytest.raises(OSError, match="no new data within 100 ms"):
        self_test(imu_on(i2c))
