"""The board checker finds every fault with its place, in one go."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tools.install import board_check, boards, podfiles

CHIPS = podfiles.chips()
QTPY = boards.load("qtpy_s3")
DEVKIT = boards.load("devkit_esp32")
ERM = boards.load("devkit_esp32_erm")


def faults(tree) -> list[str]:
    return board_check.check(json.dumps(tree).encode(), CHIPS)


def changed(board: dict, **values) -> dict:
    """Return the board with values at dotted keys (`__` for a dot); None takes a key away."""
    tree = copy.deepcopy(board)
    for key, value in values.items():
        *folders, name = key.split("__")
        inner = tree
        for folder in folders:
            inner = inner.setdefault(folder, {})
        if value is None:
            del inner[name]
        else:
            inner[name] = value
    return tree


@pytest.mark.parametrize("name", podfiles.board_names())
def test_every_board_that_comes_along_is_faultless(name):
    assert boards.check_file(podfiles.board_path(name)) == []


def test_the_boards_of_the_first_version_are_there():
    assert {"virtual", "qtpy_s3", "devkit_esp32", "devkit_esp32_erm"} <= set(podfiles.board_names())


def test_a_small_flash_and_a_risc_v_are_among_the_boards():
    psram, c3 = boards.load("qtpy_s3_psram"), boards.load("xiao_c3")
    assert (psram["psram"], psram["image"]["vfs_size"]) == ("quad", "0x200000")
    assert c3["mcu"] == "esp32c3"
    assert max(c3["pins"]["imu_int1"], c3["pins"]["button"]) <= 5, "a C3 wakes from deep sleep by these only"


CASES = (
    (changed(QTPY, i2c__scl=9), "i2c.scl: GPIO9 is already pins.battery_adc"),
    (changed(QTPY, i2c__sda=40), "i2c.sda: GPIO40 is already i2c.scl"),
    (changed(QTPY, colour="red"), "colour: unknown key, want one of name, about,"),
    (changed(QTPY, printed={"pins.led": "D1"}), "printed.pins.led: unknown key, want one of i2c.scl, i2c.sda,"),
    (changed(QTPY, buy={"strap": "one"}), "buy.strap: unknown key, want one of board, imu,"),
    (changed(QTPY, buy=["a board"]), 'buy: ["a board"] is no object of key: text'),
    (changed(QTPY, i2c__clock=1), "i2c.clock: unknown key, want one of scl, sda, freq_hz"),
    (changed(QTPY, parts__imu__adress="0x6a"), "parts.imu.adress: unknown key"),
    (changed(QTPY, i2c__scl=None), "i2c.scl: missing"),
    (changed(QTPY, parts=None), "parts: missing"),
    (changed(QTPY, i2c__scl="40"), 'i2c.scl: "40" is no GPIO number'),
    (changed(QTPY, i2c__scl=True), "i2c.scl: true is no GPIO number"),
    (changed(QTPY, name=""), 'name: "" is no text'),
    (changed(QTPY, i2c__scl=22), "i2c.scl: GPIO22 does not exist on ESP32-S3"),
    (changed(QTPY, i2c__scl=30), "i2c.scl: GPIO30 is taken by SPI flash and PSRAM"),
    (changed(QTPY, i2c__scl=20), "i2c.scl: GPIO20 is taken by USB-JTAG"),
    (changed(DEVKIT, i2c__scl=1), "i2c.scl: GPIO1 is taken by UART0 console"),
    (changed(DEVKIT, i2c__scl=6), "i2c.scl: GPIO6 is taken by SPI flash"),
    (changed(DEVKIT, psram="quad", pins__imu_int1=16), "pins.imu_int1: GPIO16 is taken by the quad PSRAM"),
    (changed(QTPY, psram="octal", pins__imu_int1=36), "pins.imu_int1: GPIO36 is taken by the octal PSRAM"),
    (changed(DEVKIT, psram="octal"), "psram: octal is not made for ESP32 (WROOM-32, WROVER), want"),
    (changed(DEVKIT, i2c__scl=34), "i2c.scl: GPIO34 is an input only"),
    (changed(ERM, pins__haptic_pwm=39), "pins.haptic_pwm: GPIO39 is an input only"),
    (changed(DEVKIT, pins__button=34), "pins.button: GPIO34 has no pull-up"),
    (changed(QTPY, pins__battery_adc=17), "pins.battery_adc: GPIO17 has no ADC1 channel"),
    (changed(QTPY, strapping_ok=None), "pins.button: GPIO0 is a strapping pin (boot mode); strapping_ok"),
    (changed(DEVKIT, pins__imu_int1=12), "pins.imu_int1: GPIO12 is a strapping pin (flash voltage)"),
    (changed(DEVKIT, strapping_ok={"pins.button": "why"}), "strapping_ok.pins.button: is no strapping pin"),
    (changed(QTPY, mcu="esp8266"), 'mcu: "esp8266" is none of esp32, esp32s3, esp32c3'),
    (changed(QTPY, parts__imu__part="mpu6050"), 'parts.imu.part: "mpu6050" is none of lsm6dso,'),
    (changed(QTPY, parts__imu__address="0x69"), "parts.imu.address: 0x69 is impossible for lsm6dsox"),
    (changed(QTPY, parts__imu__address="6a"), 'parts.imu.address: "6a" is no hexadecimal text'),
    (changed(QTPY, parts__haptic__actuator="piezo"), "parts.haptic.actuator: piezo is impossible for drv2605l"),
    (changed(QTPY, parts__haptic__address=None), "parts.haptic.address: missing, drv2605l has one of 0x5a"),
    (changed(ERM, parts__haptic__address="0x5a"), "parts.haptic.address: erm_pwm has none"),
    (changed(ERM, pins__haptic_pwm=None), "pins.haptic_pwm: missing, erm_pwm is driven by it"),
    (changed(DEVKIT, pins__haptic_pwm=25), "pins.haptic_pwm: drv2605l does not use it"),
    (changed(QTPY, i2c__freq_hz=1000000), "i2c.freq_hz: 1000000 is over the 400000 Hz of drv2605l"),
    (changed(QTPY, i2c__freq_hz=0), "i2c.freq_hz: 0 is no whole number of at least 1"),
    (changed(QTPY, battery=None), "battery: missing, pins.battery_adc needs its divider"),
    (changed(QTPY, pins__battery_adc=None), "pins.battery_adc: missing, battery is measured by it"),
    (changed(QTPY, battery__offset_mv=-1), "battery.offset_mv: -1 is no whole number of millivolts, 0 or more"),
    (changed(QTPY, battery__offset_mv="300"), 'battery.offset_mv: "300" is no whole number of millivolts'),
    (changed(QTPY, axes=["+x", "+y", "-z"]), "axes: +x +y -z is a mirror image"),
    (changed(QTPY, axes=["+x", "+x", "+z"]), "axes: +x +x +z names an axis twice"),
    (changed(QTPY, axes="+x+y+z"), 'axes: "+x+y+z" is no list'),
    (changed(QTPY, image__min_version="1.25"), 'image.min_version: "1.25" is no version like'),
    (changed(QTPY, image__url="ftp://x"), 'image.url: "ftp://x" is no https:// address'),
)


@pytest.mark.parametrize(("tree", "start"), CASES, ids=[start for _, start in CASES])
def test_a_fault_is_named_with_its_place_and_alone(tree, start):
    found = faults(tree)
    assert [fault for fault in found if fault.startswith(start)], found
    assert len({fault.partition(":")[0] for fault in found}) == 1, found


def test_a_wrong_type_is_said_once_for_the_whole_object():
    found = faults(changed(QTPY, parts=[18]))
    assert found == ["parts: [18] is no object"]


def test_two_parts_cannot_share_an_address():
    table = copy.deepcopy(CHIPS)
    table["parts"]["haptic"]["drv2605l"]["addresses"].append("0x6a")
    tree = changed(QTPY, parts__haptic__address="0x6a")
    assert board_check.check(json.dumps(tree).encode(), table) == [
        "parts.haptic.address: 0x6a is already parts.imu"
    ]


def test_every_fault_comes_in_one_go():
    tree = changed(QTPY, i2c__scl=9, colour="red", parts__imu__part="x", axes=[], name=None, mcu="z80")
    assert len(faults(tree)) == 6


@pytest.mark.parametrize(
    ("source", "fault"),
    (
        (b'{"name": "x",\n "mcu": }', "line 2 column 9: Expecting value"),
        (b"", "line 1 column 1: Expecting value"),
        (b"[]", "line 1 column 1: [] is no object"),
        (b'{"name": "\xff"}', "byte 10: not UTF-8"),
        (b"[" * 100_000, "line 1 column 1: nested too deeply"),
        (b'{"a": ' + b"1" * 5000 + b"}", "line 1 column 1: Exceeds the limit"),
    ),
)
def test_malformed_json_is_placed(source, fault):
    found = board_check.check(source, CHIPS)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_key_given_twice_is_a_fault():
    source = json.dumps(QTPY).replace('"scl": 40', '"scl": 40, "scl": 39').encode()
    assert board_check.check(source, CHIPS) == ["i2c.scl: given twice"]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANY_JSON = st.recursive(
    SCALARS | st.sampled_from(["0x6a", "+x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
KEYS = [key for key, _, _ in board_check.KEYS]


@given(
    st.sampled_from(podfiles.board_names()),
    st.sampled_from(KEYS),
    ANY_JSON,
    st.sampled_from(["set", "take", "add"]),
)
def test_any_mutation_passes_or_is_a_fault_with_a_place(name, key, value, how):
    tree = boards.load(name)
    *folders, last = key.split(".")
    inner = tree
    for folder in folders:
        inner = inner.get(folder, {})
    if how == "take":
        inner.pop(last, None)
    else:
        inner[last if how == "set" else last + "_"] = value
    for fault in faults(tree):
        place, colon, what = fault.partition(": ")
        assert place and colon and what


@given(st.sampled_from(podfiles.board_names()), st.data())
def test_any_change_of_bytes_never_raises(name, data):
    source = bytearray(podfiles.board_path(name).read_bytes())
    at = data.draw(st.integers(0, len(source)))
    source[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    assert all(": " in fault for fault in board_check.check(bytes(source), CHIPS))


def test_chips_json_is_consistent():
    for mcu in CHIPS["mcus"].values():
        known = set(mcu["gpios"])
        uses = [mcu["input_only"], mcu["adc1"], *mcu["taken"].values(), *mcu["psram"].values()]
        assert all(set(gpios) <= known for gpios in uses)
        assert {int(gpio) for gpio in mcu["strapping"]} <= known
        assert "none" in mcu["psram"]


def test_the_command_says_file_and_place(tmp_path, capsys, monkeypatch):
    from host_tools.__main__ import main

    monkeypatch.chdir(tmp_path)
    Path("boards").mkdir()
    tree = changed(QTPY, pins__button=9, strapping_ok=None, pins__battery_adc=None, battery=None, i2c__scl=9)
    Path("boards/wrist_b.json").write_text(json.dumps(tree))
    assert main(["boards", "check", "boards/wrist_b.json"]) == 1
    assert capsys.readouterr().out == "boards/wrist_b.json: i2c.scl: GPIO9 is already pins.button\n"
    assert main(["boards", "check"]) == 0
    assert main(["boards", "list"]) == 0
    listed = capsys.readouterr().out
    assert "qtpy_s3" in listed and max(map(len, listed.splitlines())) < 80


def test_an_unknown_board_is_said_plainly(capsys):
    from host_tools.__main__ import main

    assert main(["boards", "check", "nosuch"]) == 2
    assert "there is no 'nosuch', want a .json file or one of devkit_esp32," in capsys.readouterr().err
