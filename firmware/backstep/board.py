"""Builds the parts that a board file names; the only module that imports machine."""

import json
import time

import machine
from machine import ADC, I2C, PWM, WDT, Pin

from .core.axes import parse_axes

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
    return Parts(_Description(path))


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

    def number(self, key: str) -> int:
        value = self.need(key)
        try:
            return int(value, 16) if isinstance(value, str) else int(value)
        except (TypeError, ValueError):
            raise ValueError("%s: %s: %r is no number" % (self.path, key, value))

    def pin(self, key: str, *mode):
        try:
            return Pin(self.number(key), *mode)
        except ValueError as error:
            raise ValueError("%s: %s: %s" % (self.path, key, error))


class Parts:
    """What the app is handed: drivers, and the pins and clocks that only machine can give.

    name, mcu: from the board file.  imu, haptic: drivers, not yet started.
    """

    def __init__(self, board):
        self.name = board.need("name")
        self.mcu = board.one_of("mcu", _MCUS)
        i2c = _bus(board)
        self.imu = _imu(board, i2c)
        self.haptic = _haptic(board, i2c)
        self._data_ready = board.pin("pins.imu_int1", Pin.IN)
        self._button = None
        self._battery = None
        if board.get("pins.button") is not None:
            self._button = board.pin("pins.button", Pin.IN, Pin.PULL_UP)
        if board.get("pins.battery_adc") is not None:
            self._battery = ADC(board.pin("pins.battery_adc"))  # widest range by default
            self._divider_num = board.number("battery.divider_num")
            self._divider_den = board.number("battery.divider_den")

    def on_data_ready(self, callback) -> None:
        """Call callback(pin) at each rising edge of the IMU's INT1; None detaches it."""
        self._data_ready.irq(handler=callback, trigger=Pin.IRQ_RISING)

    def on_button(self, callback) -> None:
        """Call callback(pin) when the button is pressed (it pulls its pin low); nothing without a button."""
        if self._button is not None:
            self._button.irq(handler=callback, trigger=Pin.IRQ_FALLING)

    def battery_mv(self) -> int:
        """Return the battery's voltage [mV], -1 when the board cannot measure it."""
        if self._battery is None:
            return -1
        return self._battery.read_uv() // 1000 * self._divider_num // self._divider_den

    def watchdog(self, timeout_ms: int):
        """Start the watchdog: an object with feed(); the pod resets `timeout_ms` after the last feed."""
        return WDT(timeout=timeout_ms)

    def reset_cause(self) -> str:
        """Return why the pod started, in words."""
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
