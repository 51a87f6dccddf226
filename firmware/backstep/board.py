"""Builds the parts that a board file names; the only module that imports machine."""

import json
import time

import esp32
import machine
from machine import ADC, I2C, PWM, WDT, Pin

from .core.axes import parse_axes
from .drivers.mcu import Mcu
from .drivers.parts import Parts

PASSING = True

_MCUS = ("esp32", "esp32s3", "esp32c3")
_HAPTICS = ("drv2605l", "erm_pwm")
_ERM_PWM_HZ = 20000  # above hearing
_RESET_CAUSES = (
    ("PWRON_RESET", "power on"),
    ("HARD_RESET", "hard reset"),
    ("WDT_RESET", "watchdog"),
    ("DEEPSLEEP_RESET", "deep sleep"),
    ("SOFT_RESET", "soft reset"),
)


def load(path: str):
    """Return the parts of the board described by a JSON file; no bus is touched.

    path: of the board file on the pod.
    OSError when it cannot be read; ValueError naming file and key when it is no board file.
    """
    board = _Description(path)
    whose = board.need("name"), board.one_of("mcu", _MCUS), machine.unique_id().hex()
    i2c = _bus(board)
    imu, haptic = _imu(board, i2c), _haptic(board, i2c)
    data_ready = board.pin("pins.imu_int1", Pin.IN)
    button, battery = _button(board), _battery(board)
    parts = Parts(whose, imu, haptic, data_ready, button, battery, WDT, machine.reset, _reset_cause())
    parts.sleep_by(Mcu(machine, esp32, parts.mcu, data_ready, button))
    return parts


class _Description:
    """The board file: values by dotted key, every fault named with file and key."""

    def __init__(self, path: str):
        self.path = path
        try:
            with open(path) as file:
                self.tree = json.load(file)
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
    for name, words in _RESET_CAUSES:
        if getattr(machine, name, None) == cause:
            return words
    return "unknown (%r)" % (cause,)


def _bus(board):
    return I2C(0, scl=board.pin("i2c.scl"), sda=board.pin("i2c.sda"), freq=board.number("i2c.freq_hz"))


def _imu(board, i2c):
    from .drivers.lsm6ds import Lsm6ds

    part, address = board.need("parts.imu.part"), board.number("parts.imu.address")
    try:
        axes = parse_axes(board.need("axes"))
    except (TypeError, ValueError) as error:
        raise ValueError("%s: %s" % (board.path, error))
    try:
        return Lsm6ds(i2c, address, part, axes, time.sleep_ms)
    except ValueError as error:
        raise ValueError("%s: parts.%s" % (board.path, error))


def _haptic(board, i2c):
    if board.one_of("parts.haptic.part", _HAPTICS) == "erm_pwm":
        from .drivers.erm import ErmPwm

        return ErmPwm(PWM(board.pin("pins.haptic_pwm"), freq=_ERM_PWM_HZ, duty_u16=0))
    from .drivers.drv2605l import Drv2605l

    address, actuator = board.number("parts.haptic.address"), board.need("parts.haptic.actuator")
    try:
        return Drv2605l(i2c, address, time.sleep_ms, actuator)
    except ValueError as error:
        raise ValueError("%s: parts.%s" % (board.path, error))
