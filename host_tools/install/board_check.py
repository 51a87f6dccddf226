"""Finds every fault of a board file, each with its place; pure functions over JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any

from backstep.core.axes import parse_axes

_HEX = re.compile(r"0x[0-9a-f]{1,8}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")

# (key, kind, required whenever the object around it is there)
KEYS = (
    ("name", "text", True),
    ("about", "text", True),
    ("mcu", "mcu", True),
    ("psram", "psram", True),
    ("i2c", "object", True),
    ("i2c.scl", "gpio", True),
    ("i2c.sda", "gpio", True),
    ("i2c.freq_hz", "whole", True),
    ("pins", "object", True),
    ("pins.imu_int1", "gpio", True),
    ("pins.button", "gpio", False),
    ("pins.haptic_pwm", "gpio", False),
    ("pins.battery_adc", "gpio", False),
    ("strapping_ok", "reasons", False),
    ("parts", "object", True),
    ("parts.imu", "object", True),
    ("parts.imu.part", "text", True),
    ("parts.imu.address", "hex", True),
    ("parts.haptic", "object", True),
    ("parts.haptic.part", "text", True),
    ("parts.haptic.address", "hex", False),
    ("parts.haptic.actuator", "text", False),
    ("battery", "object", False),
    ("battery.divider_num", "whole", True),
    ("battery.divider_den", "whole", True),
    ("battery.offset_mv", "mv", False),
    ("idle_ua", "whole", False),
    ("printed", "words", False),
    ("buy", "words", False),
    ("axes", "axes", True),
    ("image", "object", False),
    ("image.board", "text", True),
    ("image.url", "url", True),
    ("image.min_version", "version", True),
    ("image.vfs_offset", "hex", True),
    ("image.vfs_size", "hex", True),
)
_OUTPUTS = ("i2c.scl", "i2c.sda", "pins.haptic_pwm")


class _Object(dict[str, Any]):
    """A JSON object that remembers the keys it was given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]):
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.doubled = sorted({name for name in names if names.count(name) > 1})


def check(source: bytes, table: dict) -> list[str]:
    """Return every fault of a board file's content as lines `place: fault`.

    source: the file's bytes.  table: chips.json.
    """
    try:
        tree = json.loads(source, object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        return [f"line {error.lineno} column {error.colno}: {error.msg}"]
    except RecursionError:
        return ["line 1 column 1: nested too deeply"]
    except UnicodeDecodeError as error:
        return [f"byte {error.start}: not UTF-8"]
    except ValueError as error:
        return [f"line 1 column 1: {error}"]
    if not isinstance(tree, dict):
        return [f"line 1 column 1: {_json(tree)} is no object"]
    return list(_tree_faults(tree, table))


def sleepless(tree: dict, table: dict) -> str:
    """Return why a pod of this board never sleeps, "" where it does: a pin that cannot wake its MCU.

    tree: a board file without fault.  table: chips.json.
    """
    mcu = table["mcus"][tree["mcu"]]
    for key in ("imu_int1", "button"):
        gpio = tree["pins"].get(key)
        if gpio is not None and gpio not in mcu["wake"]:
            wanted = f", want one of {', '.join(map(str, mcu['wake']))}" if mcu["wake"] else ""
            return f"pins.{key}: GPIO{gpio} cannot wake an {mcu['about']}{wanted}"
    return ""


def _tree_faults(tree: dict, table: dict) -> Iterator[str]:
    yield from _doubled(tree, "")
    yield from _unknown(tree)
    good = {}
    for key, kind, required in KEYS:
        present, value = _look(tree, key)
        if not present:
            if required and isinstance(_look(tree, key.rpartition(".")[0])[1], dict):
                yield f"{key}: missing"
            continue
        fault = _fault_of_kind(kind, value, table)
        if fault:
            yield f"{key}: {fault}"
        else:
            good[key] = value
    yield from _pin_faults(good, table)
    yield from _part_faults(good, table["parts"])
    yield from _battery_faults(good)
    yield from _shop_faults(good)


def _look(tree: Any, key: str) -> tuple[bool, Any]:
    """Return whether the dotted key is there, and its value; the empty key is the tree itself, always there."""
    for name in key.split(".") if key else ():
        if not isinstance(tree, dict) or name not in tree:
            return False, None
        tree = tree[name]
    return True, tree


def _doubled(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, _Object):
        for name in value.doubled:
            yield f"{_joined(place, name)}: given twice"
        for name, inner in value.items():
            yield from _doubled(inner, _joined(place, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _doubled(inner, f"{place}[{i}]")


def _unknown(tree: dict) -> Iterator[str]:
    kinds = {key: kind for key, kind, _ in KEYS}
    for place in [""] + [key for key, kind in kinds.items() if kind == "object"]:
        _, value = _look(tree, place)
        for name in value if isinstance(value, dict) else ():
            if _joined(place, name) not in kinds or "." in name:
                yield f"{_joined(place, name)}: unknown key, want one of {', '.join(_inside(place))}"


def _inside(place: str) -> list[str]:
    return [key.rpartition(".")[2] for key, _, _ in KEYS if key.rpartition(".")[0] == place]


def _fault_of_kind(kind: str, value: Any, table: dict) -> str:
    """Return what is wrong with a single value, "" when nothing is."""
    if kind == "object":
        return "" if isinstance(value, dict) else f"{_json(value)} is no object"
    if kind in ("reasons", "words"):
        good = isinstance(value, dict) and all(isinstance(why, str) and why for why in value.values())
        return "" if good else f"{_json(value)} is no object of key: {'reason' if kind == 'reasons' else 'text'}"
    if kind in ("gpio", "mv", "whole"):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole and value >= (kind == "whole") else f"{_json(value)} is no {_WANTED[kind]}"
    if kind == "axes":
        return _axes_fault(value)
    if not isinstance(value, str) or not value:
        return f"{_json(value)} is no {_WANTED.get(kind, 'text')}"
    return _text_fault(kind, value, table)


_WANTED = {
    "gpio": "GPIO number",
    "mv": "whole number of millivolts, 0 or more",
    "whole": "whole number of at least 1",
    "hex": 'hexadecimal text like "0x6a"',
    "version": 'version like "1.25.0"',
    "url": "https:// address",
}


def _text_fault(kind: str, value: str, table: dict) -> str:
    if kind == "mcu" and value not in table["mcus"]:
        return f"{_json(value)} is none of {', '.join(table['mcus'])}"
    if kind == "psram" and not any(value in mcu["psram"] for mcu in table["mcus"].values()):
        return f"{_json(value)} is none of none, quad, octal"
    shape = {"hex": _HEX, "version": _VERSION}.get(kind)
    wrong = not shape.fullmatch(value) if shape else kind == "url" and not value.startswith("https://")
    return f"{_json(value)} is no {_WANTED[kind]}" if wrong else ""


def _axes_fault(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(axis, str) for axis in value):
        return f'{_json(value)} is no list like ["+x", "+y", "+z"]'
    try:
        parse_axes(value)
    except ValueError as error:
        return str(error).removeprefix("axes: ")
    return ""


def _pin_faults(good: dict, table: dict) -> Iterator[str]:
    pins = {key: good[key] for key, kind, _ in KEYS if kind == "gpio" and key in good}
    owner: dict[int, str] = {}
    for key, gpio in sorted(pins.items(), key=lambda item: item[0].startswith("i2c")):
        if gpio in owner:
            yield f"{key}: GPIO{gpio} is already {owner[gpio]}"
        owner.setdefault(gpio, key)
    mcu = table["mcus"].get(good.get("mcu"))
    if mcu is None:
        return
    if "psram" in good and good["psram"] not in mcu["psram"]:
        yield f"psram: {good['psram']} is not made for {mcu['about']}, want one of {', '.join(mcu['psram'])}"
    reasons = good.get("strapping_ok", {})
    for key, gpio in pins.items():
        fault = _gpio_fault(key, gpio, mcu, good)
        if fault:
            yield f"{key}: GPIO{gpio} {fault}"
        elif str(gpio) in mcu["strapping"] and key not in reasons:
            use = mcu["strapping"][str(gpio)]
            yield f'{key}: GPIO{gpio} is a strapping pin ({use}); strapping_ok."{key}" must say why it may be used'
    for key in reasons:
        if str(pins.get(key)) not in mcu["strapping"]:
            yield f"strapping_ok.{key}: is no strapping pin of this board"


def _gpio_fault(key: str, gpio: int, mcu: dict, good: dict) -> str:
    if gpio not in mcu["gpios"]:
        return f"does not exist on {mcu['about']}"
    for use, gpios in mcu["taken"].items():
        if gpio in gpios:
            return f"is taken by {use}"
    if gpio in mcu["psram"].get(good.get("psram"), ()):
        return f"is taken by the {good['psram']} PSRAM"
    if gpio in mcu["input_only"] and key in _OUTPUTS:
        return "is an input only"
    if gpio in mcu["input_only"] and key == "pins.button":
        return "has no pull-up"
    if key == "pins.battery_adc" and gpio not in mcu["adc1"]:
        return f"has no ADC1 channel, want one of {', '.join(map(str, mcu['adc1']))}"
    return ""


def _part_faults(good: dict, parts: dict) -> Iterator[str]:
    addresses: dict[int, str] = {}
    for role, known in parts.items():
        place = f"parts.{role}"
        name = good.get(f"{place}.part")
        if name is None:
            continue
        if name not in known:
            yield f"{place}.part: {_json(name)} is none of {', '.join(known)}"
            continue
        yield from _one_part_faults(place, name, known[name], good)
        address = int(good.get(f"{place}.address", "-1"), 16)
        if address in addresses:
            yield f"{place}.address: {address:#04x} is already {addresses[address]}"
        if address >= 0:
            addresses[address] = place
    pwm_used = parts["haptic"].get(good.get("parts.haptic.part"), {}).get("pin")
    if "pins.haptic_pwm" in good and "parts.haptic.part" in good and not pwm_used:
        yield f"pins.haptic_pwm: {good['parts.haptic.part']} does not use it"


def _one_part_faults(place: str, name: str, part: dict, good: dict) -> Iterator[str]:
    pin = part.get("pin")
    if pin and f"pins.{pin}" not in good:
        yield f"pins.{pin}: missing, {name} is driven by it"
    for key in ("address", "actuator"):
        allowed = part.get("addresses" if key == "address" else "actuators", ())
        value = good.get(f"{place}.{key}")
        if value is None and allowed and place == "parts.haptic":
            yield f"{place}.{key}: missing, {name} has one of {', '.join(allowed)}"
        elif value is not None and not allowed:
            yield f"{place}.{key}: {name} has none"
        elif value is not None and value not in allowed:
            yield f"{place}.{key}: {value} is impossible for {name}, want one of {', '.join(allowed)}"
    limit_hz = part.get("max_hz")
    if limit_hz and good.get("i2c.freq_hz", 0) > limit_hz:
        yield f"i2c.freq_hz: {good['i2c.freq_hz']} is over the {limit_hz} Hz of {name}"


def _battery_faults(good: dict) -> Iterator[str]:
    if "battery" in good and "pins.battery_adc" not in good:
        yield "pins.battery_adc: missing, battery is measured by it"
    if "pins.battery_adc" in good and "battery" not in good:
        yield "battery: missing, pins.battery_adc needs its divider"


def _shop_faults(good: dict) -> Iterator[str]:
    pins = [key for key, kind, _ in KEYS if kind == "gpio"]
    for place, known in (("printed", pins), ("buy", ["board", "imu", "haptic", "battery", "wires"])):
        for key in good.get(place, {}).keys() - known:
            yield f"{place}.{key}: unknown key, want one of {', '.join(known)}"


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _json(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
