"""The drivers against the virtual pod's register models, which refuse what the datasheets do not allow."""

import random

import pytest
from backstep.drivers.drv2605l import Drv2605l
from backstep.drivers.drv2605l_bench import auto_calibrate, effect
from backstep.drivers.examine import run
from backstep.drivers.lsm6ds import Lsm6ds
from drivers.tagged_words import Rows

from host_tools.virtual_pod.chips import drv2605l as drv2605l_model
from host_tools.virtual_pod.chips.lsm6ds3trc import Lsm6ds3trc
from host_tools.virtual_pod.chips.lsm6dso import Lsm6dso, Lsm6dsox

UPRIGHT = ((0, 1), (1, 1), (2, 1))
MODELS = {"lsm6dso": Lsm6dso, "lsm6dsox": Lsm6dsox, "lsm6ds3trc": Lsm6ds3trc}


class Counting:
    """Each row tells which one it is."""

    temperature_c = 25.0

    def row(self, index, rate_hz):
        return index % 15000, index // 15000, 1000, index % 20000, -5, 7


class Wire:
    """machine.I2C at 400 kHz to one model, with the clock that its transfers and waits move on."""

    def __init__(self, chip):
        self.chip = chip
        self.now_us = 0
        self.break_after = None

    def _carry(self, count):
        self.now_us += (9 * (count + 1) + 2) * 5 // 2

    def readfrom_mem_into(self, address, register, buffer):
        if address != self.chip.address:
            raise OSError(19)
        self._carry(1)
        self.chip.write(bytes([register]), self.now_us)
        if self.break_after is not None and register in (0x78, 0x3E):
            self.chip.read(min(self.break_after, len(buffer)), self.now_us)
            self.break_after = None
            raise OSError(5, "EIO")
        self._carry(len(buffer))
        buffer[:] = self.chip.read(len(buffer), self.now_us)

    def writeto(self, address, data):
        self._carry(len(data))
        self.chip.write(bytes(data), self.now_us)

    def sleep_ms(self, ms):
        self.now_us += 1000 * ms
        self.chip.advance(self.now_us)


def streaming(part, rate_hz):
    wire = Wire(MODELS[part](0x6A, Counting()))
    imu = Lsm6ds(wire, 0x6A, part, UPRIGHT, wire.sleep_ms)
    imu.start(rate_hz, 4)
    return wire, imu


def numbers(ring):
    """Return (sample's place by counting gaps, the number it bears) for each one."""
    place, pairs = 0, []
    for row in ring.rows:
        if isinstance(row, int):
            place += row
            continue
        assert row[3] == (row[0] + 15000 * row[1]) % 20000
        pairs.append((place, row[0] + 15000 * row[1]))
        place += 1
    return pairs


@pytest.mark.parametrize("part", ["lsm6dso", "lsm6dsox"])
@pytest.mark.parametrize("rate_hz", [26, 52, 104, 208, 416, 833])
def test_every_sample_arrives_once_and_in_order_from_the_first_on(part, rate_hz):
    wire, imu = streaming(part, rate_hz)
    ring = Rows()
    for _ in range(100):
        wire.sleep_ms(4000 // rate_hz)
        imu.drain_into(ring)
    pairs = numbers(ring)
    assert len(pairs) == len(ring.rows) > 350
    assert all(place == number for place, number in pairs)


def test_the_pattern_part_too_but_for_the_sample_it_skips():
    wire, imu = streaming("lsm6ds3trc", 104)
    ring = Rows()
    for _ in range(100):
        wire.sleep_ms(38)
        imu.drain_into(ring)
    pairs = numbers(ring)
    assert len(pairs) == len(ring.rows) > 350
    assert all(place == number - 1 for place, number in pairs)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_stalls_and_bus_errors_leave_every_sample_in_its_place(seed):
    chance = random.Random(seed)
    wire, imu = streaming("lsm6dsox", 208)
    ring = Rows()
    wire.sleep_ms(20)
    imu.drain_into(ring)  # before the first tag is seen, a loss is known to one sample only
    for _ in range(150):
        wire.sleep_ms(chance.choice([5, 20, 60, 200] * 5 + [1500, 2500]))
        if chance.random() < 0.2:
            wire.break_after = chance.randrange(113)
        try:
            imu.drain_into(ring)
        except OSError:
            continue
    pairs = numbers(ring)
    assert len(pairs) > 1000 and len(pairs) < len(ring.rows)
    assert all(place == number for place, number in pairs)
    assert imu.overflows


def test_the_pattern_part_counts_losses_to_one_sample_each():
    wire, imu = streaming("lsm6ds3trc", 104)
    ring = Rows()
    for ms in (50, 5000, 50, 50, 6000, 50, 50):
        wire.sleep_ms(ms)
        imu.drain_into(ring)
    gaps = sum(isinstance(row, int) for row in ring.rows)
    assert gaps == imu.overflows == 2
    place, number = numbers(ring)[-1]
    assert abs(place - (number - 1)) <= 1 + gaps


class Parts:
    """As drivers/parts.py has them: an IMU whose INT1 is wired or not, and a motor driver that nobody soldered."""

    battery_why = "no divider"

    def __init__(self, part, wired=True):
        wire = Wire(MODELS[part](0x6A, Counting()))
        wire.chip.source.row = lambda index, rate_hz: (0, 0, 1000, 0, 0, 0)
        self.imu = Lsm6ds(wire, 0x6A, part, UPRIGHT, wire.sleep_ms)
        self.haptic = Drv2605l(wire, 0x5A, wire.sleep_ms)
        self._chip, self._wired = wire.chip, wired

    def on_data_ready(self, callback):
        self._chip.on_pin = (lambda level: level and callback(None)) if callback and self._wired else None

    def battery_mv(self):
        return -1


@pytest.mark.parametrize("part", MODELS)
def test_what_is_examined_on_the_bench(part):
    found = run(Parts(part), "drv2605l")
    assert found["self_test"]["passed"] and all(395 <= mg <= 405 for mg in found["self_test"]["accel_mg"])
    assert (found["imu"], found["edges"], found["battery_why"]) == ("", 1, "no divider")
    assert "drv2605l at 0x5a" in found["motor"]
    assert run(Parts(part, wired=False), "erm_pwm") == found | {"edges": 0, "motor": None}


@pytest.mark.parametrize("actuator", ["erm", "lra"])
def test_the_haptic_driver_starts_drives_plays_and_calibrates(actuator):
    heard = []
    chip = drv2605l_model.Drv2605l(lra=actuator == "lra")
    chip.on_drive = lambda level, source, time_us: heard.append((level, source))
    wire = Wire(chip)
    haptic = Drv2605l(wire, 0x5A, wire.sleep_ms, actuator)
    haptic.start()
    haptic.drive(100)
    haptic.stop()
    effect(haptic, 47)
    haptic.start(auto_calibrate(haptic))
    haptic.drive(5)
    assert heard == [
        (100, "rtp"), (0, "rtp"), (127, "effect 47"), (0, "effect 47"),
        (127, "calibration"), (0, "calibration"), (5, "rtp"),
    ]  # fmt: skip


def test_a_missing_motor_fails_calibration():
    wire = Wire(drv2605l_model.Drv2605l(actuator_present=False))
    haptic = Drv2605l(wire, 0x5A, wire.sleep_ms)
    haptic.start()
    with pytest.raises(OSError, match="is the motor connected"):
        auto_calibrate(haptic)
