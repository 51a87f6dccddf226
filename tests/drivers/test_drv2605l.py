"""The DRV2605L driver's register traffic; values typed or computed from SLOS854D."""

import errno

import pytest
from backstep.core.haptic import ERM_RISE_MS
from backstep.drivers.drv2605l import Drv2605l
from backstep.drivers.drv2605l_bench import auto_calibrate, effect
from drivers.transcript import Transcript, fails, read, wait, write

ID_7 = 0xE0
READY = (write(0x02, 0), write(0x01, 5))  # RTP input 0, real-time playback


def haptic_on(i2c, actuator="erm"):
    return Drv2605l(i2c, 0x5A, i2c.sleep_ms, actuator)


ERM = (
    write(0x01, 0x00),  # out of standby
    write(0x16, 142),  # 3.0 V / 21.18 mV
    write(0x17, 153),  # 3.3 V / 21.59 mV: full scale of the open loop
    write(0x1A, 0x2A),  # ERM, brake 3x, loop gain high
    write(0x1B, 0x93),  # boost, 4.8 ms
    write(0x1C, 0xF5),
    write(0x1D, 0xA0),  # ERM open loop, signed RTP
    write(0x1E, 0x30),  # calibration 1000..1200 ms
    write(0x03, 3),  # library C
)
LRA = (
    write(0x01, 0x00),
    write(0x16, 83),  # 2.0 V RMS / 20.58 mV * sqrt(1 - 1.5 ms * 175 Hz)
    write(0x17, 141),  # 3.0 V / 21.22 mV
    write(0x1A, 0xAA),
    write(0x1B, 0x80 | 23),  # half a period is 2.86 ms = 0.5 ms + 23 * 0.1 ms
    write(0x1C, 0xF5),
    write(0x1D, 0x80),  # closed loop, signed RTP
    write(0x1E, 0x30),
    write(0x03, 6),
)


@pytest.mark.parametrize("actuator, configuration", [("erm", ERM), ("lra", LRA)])
def test_start_configures_for_the_actuator_and_leaves_the_motor_off(actuator, configuration):
    i2c = Transcript(0x5A, read(0x00, ID_7), *configuration, *READY)
    haptic_on(i2c, actuator).start()
    i2c.done()


def test_start_brings_back_a_calibration():
    i2c = Transcript(0x5A, read(0x00, ID_7), *ERM, write(0x18, 9), write(0x19, 100), write(0x1A, 0x2B), *READY)
    haptic_on(i2c).start(b"\x09\x64\x2b")
    i2c.done()


@pytest.mark.parametrize(
    "level, written", [(0, 0), (1, 1), (127, 127), (128, 127), (-1, 0xFF), (-127, 0x81), (-999, 0x81)]
)
def test_drive_is_one_write_of_the_level(level, written):
    i2c = Transcript(0x5A, write(0x02, written))
    haptic_on(i2c).drive(level)
    i2c.done()


def test_stop_is_one_write_of_zero():
    i2c = Transcript(0x5A, write(0x02, 0))
    haptic_on(i2c).stop()
    i2c.done()


@pytest.mark.parametrize("actuator, rise_ms", [("erm", ERM_RISE_MS), ("lra", 0)])
def test_an_erm_wants_kick_and_brake_an_lra_has_them_from_the_chip(actuator, rise_ms):
    assert Drv2605l(None, 0x5A, None, actuator).rise_ms == rise_ms


def test_building_touches_no_bus():
    Drv2605l(None, 0x5A, None)


@pytest.mark.parametrize("status, seen", [(0x60, "03"), (0x00, "00"), (0xC0, "06")])
def test_another_chip_is_named(status, seen):
    with pytest.raises(OSError) as raised:
        haptic_on(Transcript(0x5A, read(0x00, status))).start()
    assert raised.value.args == (errno.ENODEV, f"drv2605l at 0x5a: device id is 0x{seen}, want 0x07")


def test_an_absent_chip_is_named():
    with pytest.raises(OSError) as raised:
        haptic_on(Transcript(0x5A, fails("read", 0x00))).start()
    assert raised.value.args == (errno.ENODEV, "drv2605l at 0x5a: no answer")


def test_an_unknown_actuator_lists_what_there_is():
    with pytest.raises(ValueError, match="piezo is unknown, want one of erm, lra"):
        Drv2605l(None, 0x5A, None, "piezo")


EFFECT_47 = (write(0x04, 47), write(0x05, 0), write(0x01, 0x00), write(0x0C, 1))
EFFECT_OVER = (write(0x0C, 0), *READY)


def test_an_effect_plays_to_its_end_and_leaves_the_driver_ready():
    i2c = Transcript(0x5A, *EFFECT_47, read(0x0C, 1), wait(20), read(0x0C, 0), *EFFECT_OVER)
    effect(haptic_on(i2c), 47)
    i2c.done()


def test_an_endless_effect_is_stopped():
    i2c = Transcript(0x5A, *EFFECT_47, *[read(0x0C, 1), wait(20)] * 100, *EFFECT_OVER)
    with pytest.raises(OSError, match="effect 47 not over after 2000 ms"):
        effect(haptic_on(i2c), 47)
    i2c.done()


@pytest.mark.parametrize("number", [0, 124])
def test_an_unknown_effect_is_refused_and_leaves_the_driver_ready(number):
    i2c = Transcript(0x5A, *READY)
    with pytest.raises(ValueError, match=f"{number} is outside 1..123"):
        effect(haptic_on(i2c), number)
    i2c.done()


CALIBRATING = (write(0x01, 7), write(0x0C, 1))
OVER = write(0x0C, 0)


def test_calibration_returns_what_start_takes():
    i2c = Transcript(0x5A, *CALIBRATING, *[read(0x0C, 1), wait(20)] * 55, read(0x0C, 0), OVER)
    i2c.expect(read(0x00, ID_7), read(0x18, 0x0D), read(0x19, 0x7E), read(0x1A, 0x2A), *READY)
    assert auto_calibrate(haptic_on(i2c)) == b"\x0d\x7e\x2a"
    i2c.done()


@pytest.mark.parametrize(
    "status, diagnosis",
    [(0x08, "is the motor connected"), (0x02, "too hot"), (0x01, "over-current"), (0x09, "over-current")],
)
def test_a_failed_calibration_says_why(status, diagnosis):
    i2c = Transcript(0x5A, *CALIBRATING, read(0x0C, 0), OVER, read(0x00, ID_7 | status), *READY)
    with pytest.raises(OSError, match=f"drv2605l at 0x5a: auto-calibration failed: .*{diagnosis}"):
        auto_calibrate(haptic_on(i2c))
    i2c.done()


def test_a_calibration_that_does_not_end_is_given_up_with_the_motor_off():
    i2c = Transcript(0x5A, *CALIBRATING, *[read(0x0C, 1), wait(20)] * 75, OVER, *READY)
    with pytest.raises(OSError, match="auto-calibration not over after 1500 ms"):
        auto_calibrate(haptic_on(i2c))
    i2c.done()
