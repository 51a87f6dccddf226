"""Builds the parts that a board file names; the only module that imports machine and bluetooth."""

import json
import time

import esp32
import machine
from machine import ADC, I2C, PWM, Pin, Timer

try:
    import bluetooth
except ImportError:  # an image without one
    bluetooth = None  # type: ignore[assignment]

from .core.axes import parse_axes
from .drivers.bus import Bus
from .drivers.one_shot import OneShot
from .drivers.parts import Parts

PASSING = True

_MCUS = ("esp32", "esp32s3", "esp32c3")
_HAPTICS = ("drv2605l", "erm_pwm")
_ERM_PWM_HZ = 20000  # above hearing
_TIMER = 0  # of two on an ESP32-C3, of four on others
_RESET_CAUSES = (
    ("PWRON_RESET", "power on"),
    ("HARD_RESET", "hard reset"),
    ("WDT_RESET", "watchdog"),
    ("DEEPSLEEP_RESET", "deep sleep"),
    ("SOFT_RESET", "soft reset"),
)


def load(path: str, instead: str = ""):
    """Return the parts of the board described by a JSON file; a bus that a chip holds is freed, no chip is asked.

    path: of the board file on the pod.  instead: what to tell as the reset's cause, where main.py knows better.
    OSError when it cannot be read; ValueError naming file and key when it is no board file.
    """
    board = _Description(path)
    whose = board.need("name"), board.one_of("mcu", _MCUS), machine.unique_id().hex()
    pwm = _pwm(board)  # first of all: until then the motor's gate floats
    bus = _bus(board)
    i2c = bus.open()
    imu, haptic = _imu(board, i2c, bus.free), _haptic(board, i2c, pwm)
    data_ready = board.pin("pins.imu_int1", Pin.IN)
    button, battery = _button(board), _battery(board)
    motor = haptic, OneShot(Timer(_TIMER))
    mcu = machine, esp32, bluetooth
    return Parts(whose, imu, motor, data_ready, button, battery, mcu, instead or _reset_cause())


class _Description:
    """The board file: values by dotted key, every fault named with file and key."""

    def __init__(self, path: str):
        self.path = path
        try:
            with open(path) as file:
                self.tree = json.loads(file.read())
        except ValueError as error:
            raise ValueError("%s: no JSON: %s" % (path, error))

    def get(self, key: str, default=None):
        value = self.tree
        for name in key.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return default if value is None else value

    def need(self, key: str):
        value = self.get(key)
        if value is None:
            raise ValueError("%s: %s: missing" % (self.path, key))
        return value

    def one_of(self, key: str, choices):
        value = self.need(key)
        if value not in choices:
            raise ValueError("%s: %s: %r is none of %s" % (self.path, key, value, ", ".join(choices)))
        return value

    def number(self, key: str, default=None) -> int:
        value = self.need(key) if default is None else self.get(key, default)
        try:
            return int(value, 16) if isinstance(value, str) else int(value)
        except (TypeError, ValueError):
            raise ValueError("%s: %s: %r is no number" % (self.path, key, value))

    def pin(self, key: str, *mode):
        try:
            return Pin(self.number(key), *mode)
        except ValueError as error:
            raise ValueError("%s: %s: %s" % (self.path, key, error))


def _button(board):
    return None if board.get("pins.button") is None else board.pin("pins.button", Pin.IN, Pin.PULL_UP)


def _battery(board):
    if board.get("pins.battery_adc") is None:
        return None
    adc = ADC(board.pin("pins.battery_adc"))  # widest range by default
    numerator, denominator = board.number("battery.divider_num"), board.number("battery.divider_den")
    return adc, numerator, denominator, board.number("battery.offset_mv", 0)


def _reset_cause():
    cause = machine.reset_cause()
    if not cause:  # none of those that MicroPython knows: on boards with native USB the host's
        return "USB reset"
    for name, words in _RESET_CAUSES:
        if getattr(machine, name, None) == cause:
            return words
    return "unknown (%r)" % (cause,)


def _bus(board):
    return Bus(I2C, board.pin("i2c.scl"), board.pin("i2c.sda"), board.number("i2c.freq_hz"), time.sleep_us)


def _imu(board, i2c, free_bus):
    from .drivers.lsm6ds import Lsm6ds

    part, address = board.need("parts.imu.part"), board.number("parts.imu.address")
    try:
        axes = parse_axes(board.need("axes"))
    except (TypeError, ValueError) as error:
        raise ValueError("%s: %s" % (board.path, error))
    try:
        return Lsm6ds(i2c, address, part, axes, time.sleep_ms, free_bus)
    except ValueError as error:
        raise ValueError("%s: parts.%s" % (board.path, error))


def _pwm(board):
    if board.get("parts.haptic.part") == "erm_pwm":
        return PWM(board.pin("pins.haptic_pwm"), freq=_ERM_PWM_HZ, duty_u16=0)
    return None


def _haptic(board, i2c, pwm):
    if board.one_of("parts.haptic.part", _HAPTICS) == "erm_pwm":
        from .drivers.erm import ErmPwm

        return ErmPwm(pwm)
    from .drivers.drv2605l import Drv2605l

    address, actuator = board.number("parts.haptic.address"), board.need("parts.haptic.actuator")
    try:
        return Drv2605l(i2c, address, time.sleep_ms, actuator)
    except ValueError as error:
        raise ValueError("%s: parts.%s" % (board.path, error))
