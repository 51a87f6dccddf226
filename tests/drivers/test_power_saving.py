"""What the drivers do so that a pod may sleep: watermark, movement, standby, MCU; values from the data sheets."""

import pytest
from backstep.drivers.drv2605l import Drv2605l
from backstep.drivers.mcu import Mcu
from drivers.test_drivers_on_models import MODELS, UPRIGHT, Wire
from drivers.test_lsm6ds import DSO, imu_on, reset_of
from drivers.transcript import Transcript, fails, read, wait, write

from host_tools.virtual_pod.chips import drv2605l as drv2605l_model


class Moving:
    """At rest until `moved_mg` changes."""

    temperature_c = 25.0
    moved_mg = 0

    def row(self, index, rate_hz):
        return self.moved_mg, 0, 1000, 0, 0, 0


@pytest.mark.parametrize(("wanted", "words"), [(8, 16), (191, 382), (250, 382)])
def test_a_watermark_is_set_while_the_fifo_runs_and_leaves_a_quarter_free(wanted, words):
    i2c = Transcript(0x6A, write(0x07, words & 0xFF), write(0x08, words >> 8))
    assert imu_on(i2c).set_watermark(wanted) == words // 2
    i2c.done()


def test_the_untagged_fifo_counts_six_words_a_sample():
    i2c = Transcript(0x6A, write(0x06, 1530 & 0xFF), write(0x07, 1530 >> 8))
    assert imu_on(i2c, "lsm6ds3trc").set_watermark(300) == 255
    i2c.done()


def test_movement_raises_int1_and_no_longer():
    i2c = Transcript(0x6A, write(0x5B, 1), write(0x5C, 0x10), write(0x58, 0x80), write(0x5E, 0x20), write(0x5E, 0))
    imu = imu_on(i2c)
    imu.notice_movement(True)
    imu.notice_movement(False)
    i2c.done()


@pytest.mark.parametrize("part", MODELS)
def test_a_watching_imu_has_its_gyro_off_and_latches(part):
    latched = [write(0x56, 1), write(0x58, 0x80)] if part in DSO else [write(0x58, 0x81)]
    i2c = Transcript(0x6A, *reset_of(part), write(0x15, 0x10), write(0x10, 0x20), write(0x5B, 2), wait(120))
    i2c.expect(*latched, read(0x1B, 0), write(0x5E, 0x20))
    imu_on(i2c, part).watch()
    i2c.done()


def _int1(chip):
    levels = [0]
    chip.on_pin = levels.append
    return levels


@pytest.mark.parametrize("part", MODELS)
@pytest.mark.parametrize(("moved_mg", "level"), [(60, 0), (200, 1)])
def test_on_the_model_a_movement_wakes_and_keeps_int1_up(part, moved_mg, level):
    source = Moving()
    chip = MODELS[part](0x6A, source)
    wire, levels = Wire(chip), _int1(chip)
    imu = imu_on_wire(wire, part)
    imu.watch()
    wire.sleep_ms(3000)
    chip.advance(wire.now_us)
    assert levels[-1] == 0, "lying still"
    source.moved_mg = moved_mg
    wire.sleep_ms(100)
    chip.advance(wire.now_us)
    source.moved_mg = 0
    wire.sleep_ms(1000)
    chip.advance(wire.now_us)
    assert levels[-1] == level


def imu_on_wire(wire, part):
    from backstep.drivers.lsm6ds import Lsm6ds

    return Lsm6ds(wire, 0x6A, part, UPRIGHT, wire.sleep_ms)


def test_on_the_model_a_movement_comes_before_the_watermark():
    source = Moving()
    chip = MODELS["lsm6dsox"](0x6A, source)
    wire, levels = Wire(chip), _int1(chip)
    imu = imu_on_wire(wire, "lsm6dsox")
    imu.start(104, 100)
    imu.notice_movement(True)
    wire.sleep_ms(100)
    chip.advance(wire.now_us)
    assert levels[-1] == 0
    source.moved_mg = 300
    wire.sleep_ms(30)
    chip.advance(wire.now_us)
    assert levels == [0, 1, 0], "for one sample's time"


def test_the_haptic_driver_stands_by_and_wakes_with_the_first_level():
    i2c = Transcript(0x5A, write(0x01, 0x45), write(0x02, 0), write(0x01, 5), write(0x02, 127), write(0x02, 50))
    haptic = Drv2605l(i2c, 0x5A, i2c.sleep_ms, "erm")
    haptic.rest()
    haptic.rest()
    haptic.stop()
    haptic.drive(127)
    haptic.drive(50)
    i2c.done()


def test_a_wake_up_that_failed_is_tried_again():
    i2c = Transcript(0x5A, write(0x01, 0x45), fails("write", 0x01), write(0x01, 5), write(0x02, 127))
    haptic = Drv2605l(i2c, 0x5A, i2c.sleep_ms, "erm")
    haptic.rest()
    with pytest.raises(OSError):
        haptic.drive(127)
    haptic.drive(127)
    i2c.done()


def test_on_the_model_a_motor_turns_out_of_standby():
    chip = drv2605l_model.Drv2605l(0x5A)
    levels = []
    chip.on_drive = lambda level, why, now_us: levels.append(level)
    wire = Wire(chip)
    haptic = Drv2605l(wire, 0x5A, wire.sleep_ms, "erm")
    haptic.start()
    haptic.rest()
    haptic.drive(100)
    assert levels[-1] == 100


class Machine:
    """Modules machine and esp32 in one."""

    WAKEUP_ALL_LOW, WAKEUP_ANY_HIGH, EXT1_WAKE = False, True, 3

    def __init__(self):
        self.told = []
        self.mem32 = {0x60080808: 0, 0x60038024: 0}

    def wake_on_ext0(self, pin, level):
        self.told.append(("ext0", pin, level))

    def wake_on_ext1(self, pins, level):
        self.told.append(("ext1", pins, level))

    def lightsleep(self, longest_ms):
        self.told.append(("light", longest_ms))


class Pin:
    IN, PULL_UP = 1, 2

    def __init__(self, machine, name):
        self.told, self.name = machine.told, name

    def init(self, *how, **more):
        self.told.append((self.name, *how, *more.items()))


def mcu(machine, name="esp32s3"):
    int1, button = Pin(machine, "int1"), Pin(machine, "button")
    made = Mcu(machine, machine, name, int1, button)
    assert machine.told[:2] == [("ext0", int1, True), ("ext1", (button,), False)]
    del machine.told[:]
    return made


def test_after_a_light_sleep_the_pins_are_taken_back_from_the_rtc():
    machine = Machine()
    mcu(machine).light_sleep(23)
    assert machine.told == [("light", 23), ("int1", 1), ("button", 1, 2, ("hold", False))]


def test_usb_is_heard_by_frames_of_either_peripheral():
    machine = Machine()
    one = mcu(machine)
    assert [one.usb_heard(), one.usb_heard()] == [False, False]
    for address in machine.mem32:
        machine.mem32[address] += 256
        assert [one.usb_heard(), one.usb_heard()] == [True, False]


def test_an_mcu_without_such_pins_says_why_it_cannot_sleep():
    machine = Machine()
    del machine.__class__.wake_on_ext0
    try:
        assert "wake_on_ext0" in Mcu(machine, machine, "esp32c3", None, None).why
    finally:
        Machine.wake_on_ext0 = lambda self, pin, level: self.told.append(("ext0", pin, level))
