"""board.load builds exactly what the board file names, and asks no chip while doing so."""

import importlib
import json
import sys
import time
import types

import pytest

from host_tools.install import boards, podfiles


class Pin:
    IN, PULL_UP, IRQ_RISING, IRQ_FALLING, OPEN_DRAIN = range(5)
    taken: list = []

    def __init__(self, gpio, *mode):
        if gpio not in podfiles.chips()["mcus"]["esp32s3"]["gpios"]:
            raise ValueError("invalid pin")
        self.gpio, self.mode = gpio, mode
        self.taken.append(gpio)

    def init(self, *mode, value):
        self.mode = mode

    def value(self):
        return 1  # nobody holds it

    def irq(self, handler, trigger):
        self.handler, self.trigger = handler, trigger


class I2C:
    def __init__(self, number, scl, sda, freq):
        self.made_with = (number, scl.gpio, sda.gpio, freq)

    def __getattr__(self, name):
        raise AssertionError(f"the bus was touched: {name}")


class PWM:
    made: list = []

    def __init__(self, pin, freq, duty_u16):
        self.made.append((pin.gpio, freq, duty_u16))


class ADC:
    def __init__(self, pin):
        self.gpio = pin.gpio

    def read_uv(self):
        return 1_975_400


class Timer:
    def __init__(self, number):
        self.number = number


class WDT:
    def __init__(self, timeout):
        self.timeout = timeout


@pytest.fixture
def board(monkeypatch):
    """The firmware's board module over a machine without hardware."""
    machine = types.ModuleType("machine")
    for part in (Pin, I2C, PWM, ADC, Timer, WDT):
        setattr(machine, part.__name__, part)
    machine.PWRON_RESET, machine.HARD_RESET, machine.WDT_RESET = 1, 2, 3
    machine.reset_cause = lambda: 3
    machine.unique_id = lambda: b"\x02\x00\x00\x00\x00\x01"
    machine.reset = lambda: None
    machine.freq = lambda hz: None
    Pin.taken, PWM.made = [], []
    monkeypatch.setitem(sys.modules, "machine", machine)
    esp32 = types.ModuleType("esp32")
    esp32.WAKEUP_ALL_LOW, esp32.WAKEUP_ANY_HIGH = False, True
    esp32.wakers = machine.wakers = []
    esp32.wake_on_ext0 = lambda pin, level: esp32.wakers.append((pin.gpio, level))
    esp32.wake_on_ext1 = lambda pins, level: esp32.wakers.append(([pin.gpio for pin in pins], level))
    monkeypatch.setitem(sys.modules, "esp32", esp32)
    monkeypatch.setattr(time, "sleep_ms", lambda ms: None, raising=False)
    monkeypatch.setattr(time, "sleep_us", lambda us: None, raising=False)
    monkeypatch.delitem(sys.modules, "backstep.board", raising=False)
    yield importlib.import_module("backstep.board")
    sys.modules.pop("backstep.board", None)


@pytest.mark.parametrize("name", ("qtpy_s3", "virtual"))
def test_the_parts_are_those_of_the_file(board, name):
    description = boards.load(name)
    parts = board.load(str(podfiles.board_path(name)))
    pins = description["pins"]
    assert (parts.name, parts.mcu) == (description["name"], description["mcu"])
    assert set(Pin.taken) == {description["i2c"]["scl"], description["i2c"]["sda"], *pins.values()}
    assert type(parts.imu).__name__ == "Lsm6ds"
    assert type(parts.haptic).__name__ == "Drv2605l"
    assert parts.battery_mv() == 3950 + {"qtpy_s3": 300, "virtual": 0}[name]
    assert parts.watchdog(8000).timeout == 8000
    assert parts.reset_cause() == "watchdog"


class Uncalibrated(ADC):
    def read_uv(self):
        raise OSError(95, "ESP_ERR_NOT_SUPPORTED")


class Floating(ADC):
    def read_uv(self):
        return 150_000


@pytest.mark.parametrize(
    ("adc", "why"),
    [
        (Uncalibrated, "the ADC refuses: [Errno 95] ESP_ERR_NOT_SUPPORTED"),
        (Floating, "300 mV are no battery's, is its divider wired?"),
    ],
)
def test_a_battery_that_cannot_be_measured_says_why(board, monkeypatch, adc, why):
    monkeypatch.setattr(board, "ADC", adc)
    parts = board.load(str(podfiles.board_path("virtual")))
    assert parts.battery_mv() == -1 and parts.battery_why == why


@pytest.mark.parametrize(
    ("cause", "words"), [(0, "USB reset"), (1, "power on"), (2, "hard reset"), (9, "unknown (9)")]
)
def test_a_reset_is_told_in_words(board, monkeypatch, cause, words):
    monkeypatch.setattr(board.machine, "reset_cause", lambda: cause)
    assert board.load(str(podfiles.board_path("virtual"))).reset_cause() == words


def test_a_clock_that_the_mcu_lacks_changes_nothing(board, monkeypatch):
    asked = []

    def freq(hz):
        asked.append(hz)
        if hz == 240_000_000:
            raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz or 160MHz")

    monkeypatch.setattr(board.machine, "freq", freq)
    parts = board.load(str(podfiles.board_path("virtual")))
    for mhz in (160, 240):
        parts.set_mhz(mhz)
    assert asked == [160_000_000, 240_000_000]


def test_int1_and_the_button_wake_a_pod_that_sleeps(board):
    parts = board.load(str(podfiles.board_path("virtual")))
    assert board.machine.wakers == []
    assert parts.mcu_sleep is parts.mcu_sleep
    assert board.machine.wakers == [(18, True), ([17], False)] and parts.mcu_sleep.why == ""


def test_callbacks_get_the_right_edges(board):
    parts = board.load(str(podfiles.board_path("virtual")))
    parts.on_data_ready(print)
    parts.on_button(len)
    assert (parts._data_ready.gpio, parts._data_ready.trigger) == (18, Pin.IRQ_RISING)
    assert (parts._button.gpio, parts._button.trigger) == (17, Pin.IRQ_FALLING)
    assert parts._button.mode == (Pin.IN, Pin.PULL_UP)


def written(tmp_path, **changes):
    tree = boards.load("virtual") | changes
    path = tmp_path / "board.json"
    path.write_text(json.dumps({key: value for key, value in tree.items() if value is not None}))
    return str(path)


def test_a_board_may_lack_button_battery_and_haptic_driver(board, tmp_path):
    parts_wanted = {"imu": {"part": "lsm6ds3trc", "address": "0x6b"}, "haptic": {"part": "erm_pwm"}}
    path = written(tmp_path, pins={"imu_int1": 18, "haptic_pwm": 8}, battery=None, parts=parts_wanted)
    parts = board.load(path)
    assert type(parts.haptic).__name__ == "ErmPwm"
    assert Pin.taken[0] == 8 and PWM.made == [(8, 20000, 0)]  # the motor's gate floats until then
    assert parts.battery_mv() == -1
    parts.on_button(print)


@pytest.mark.parametrize(
    ("changes", "fault"),
    (
        ({"mcu": "z80"}, "mcu: 'z80' is none of esp32, esp32s3, esp32c3"),
        ({"mcu": None}, "mcu: missing"),
        ({"pins": {}}, "pins.imu_int1: missing"),
        ({"pins": {"imu_int1": 99}}, "pins.imu_int1: invalid pin"),
        ({"i2c": {"scl": "x", "sda": 41, "freq_hz": 400000}}, "i2c.scl: 'x' is no number"),
        ({"axes": ["+x", "+y", "-z"]}, "axes: +x +y -z is a mirror image"),
        ({"axes": 5}, "board.json: "),
        ({"parts": {"imu": {"part": "mpu", "address": "0x6a"}}}, "parts.imu.part: mpu is unknown"),
        ({"parts": 3}, "parts.imu.part: missing"),
        (
            {"battery": {"divider_num": 2, "divider_den": 1, "offset_mv": "x"}},
            "battery.offset_mv: 'x' is no number",
        ),
        (
            {"parts": {"imu": {"part": "lsm6dsox", "address": "0x6a"}, "haptic": {"part": "bell"}}},
            "parts.haptic.part: 'bell' is none of drv2605l, erm_pwm",
        ),
    ),
)
def test_a_wrong_board_file_is_refused_with_file_and_key(board, tmp_path, changes, fault):
    path = written(tmp_path, **changes)
    with pytest.raises(ValueError) as refused:
        board.load(path)
    assert str(refused.value).startswith(path + ": ")
    assert fault in str(refused.value)


def test_no_json_is_refused_with_the_file(board, tmp_path):
    path = tmp_path / "board.json"
    path.write_text("{")
    with pytest.raises(ValueError, match="board.json: no JSON"):
        board.load(str(path))
    with pytest.raises(OSError):
        board.load(str(tmp_path / "nosuch.json"))
