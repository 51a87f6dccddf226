"""USB's serial ports: which of them a pod is on, what its chip's manners are, and where it went."""

import contextlib
import os
import re
import time
from typing import Any, NamedTuple

import serial
from serial.tools import list_ports

from host_tools.errors import UserError

_NATIVE_VID = 0x303A  # Espressif's own: USB is in the MCU
_BRIDGE_VIDS = (0x10C4, 0x1A86, 0x0403)  # CP210x, CH340/CH9102, FT232: chips on dev kits, before the MCU's UART
_FACTORY_VID = 0x239A  # Adafruit's: TinyUF2, CircuitPython or the demonstration that a board is sold with
_POD_VIDS = (_NATIVE_VID, *_BRIDGE_VIDS)
PIECE = 128  # bytes: a UART board's stdin keeps 260 and drops the rest
PIECE_S = 0.2  # a pod takes a byte in 1 ms and may be held up for 60 ms
_MAC = re.compile("[0-9A-F]{12}")
_LOOKS = 20
_LOOK_S = 0.25


class Device(NamedTuple):
    """One device on USB, whatever its port is called.

    mac: twelve hexadecimal digits, "" when it tells none.  location: of the socket it is in, "" unknown.
    """

    mac: str
    location: str


def find_port() -> str:
    """Return the port of the one pod on USB; UserError when there is none or more than one."""
    found = _with_vid(*_POD_VIDS)
    if len(found) > 1:
        names = ", ".join(f"{port.device} ({port.description})" for port in found)
        raise UserError(f"port: {names}: which one? Name it with --port or --pod")
    if found:
        return found[0].device
    for port in _with_vid(_FACTORY_VID):
        raise factory_firmware(port.device)
    raise UserError(
        "port: no pod on USB; plug one in (with a data cable; it may sleep: press its button), or name its port "
        "with --port"
    )


def ports() -> list[str]:
    """Return the ports of all pods on USB."""
    return [port.device for port in _with_vid(*_POD_VIDS)]


def refuse_factory_firmware(port: str) -> None:
    """UserError when what the board was sold with is at a port: it hears neither esptool nor us."""
    if _vid(port) == _FACTORY_VID:
        raise factory_firmware(port)


def factory_firmware(port: str) -> UserError:
    """Return what to say of a board that runs what it was sold with."""
    return UserError(
        f"{port}: runs what the board was sold with (TinyUF2, CircuitPython); hold BOOT, press and release RESET, "
        "release BOOT, then backstep flash"
    )


def device_at(port: str) -> Device | None:
    """Return which device a port belongs to, None when it is not on USB."""
    found = _at(port)
    return _device(found) if found and found.vid is not None else None


def found_again(device: Device, port: str) -> str:
    """Return the port of a device now: one with native USB leaves and may come back under another name.

    device: as it was before.  port: its old name, returned where it has no other one; waits for 5 s at most.
    """
    for _ in range(_LOOKS):
        present = [(other.device, _device(other)) for other in _with_vid(*_POD_VIDS)]
        same = [name for name, it in present if it.mac and it.mac == device.mac]
        same = same or [name for name, it in present if it.location and it.location == device.location]
        if same:
            return port if port in same else same[0]
        time.sleep(_LOOK_S)
    return port


def keep_lines(line: serial.Serial) -> None:
    """Have DTR and RTS stay as they are when a bridge's port is closed: one after the other off resets a dev kit.

    Native USB is left alone: with DTR kept on, the pod believes somebody reads and waits for nobody.
    """
    if os.name != "posix" or not is_bridge(str(line.port)):
        return
    import termios

    with contextlib.suppress(termios.error):
        settings = termios.tcgetattr(line.fd)
        settings[2] &= ~termios.HUPCL
        termios.tcsetattr(line.fd, termios.TCSANOW, settings)


def is_there(port: str) -> bool:
    """Return whether a port is there, on USB or as a pseudo-terminal."""
    return os.path.exists(port) if os.name == "posix" else _at(port) is not None


def described(port: str) -> dict:
    """Return who is at a port: vid, pid, product, `kind`: native, bridge, factory or other; {} without USB."""
    found = _at(port)
    if not found or found.vid is None:
        return {}
    kinds = {_NATIVE_VID: "native", _FACTORY_VID: "factory"} | dict.fromkeys(_BRIDGE_VIDS, "bridge")
    about = {"vid": found.vid, "pid": found.pid, "product": found.product or found.description}
    return about | {"kind": kinds.get(found.vid, "other")}


def is_bridge(port: str) -> bool:
    """Return whether a port is a USB bridge in front of the MCU's UART."""
    return _vid(port) in _BRIDGE_VIDS


def write(line: Any, data: bytes, in_pieces: bool) -> None:
    """Write to an open serial port; OSError when it breaks.

    in_pieces: as is_bridge(): PIECE bytes at a time, with pauses in which the pod reads them.
    """
    if not in_pieces:
        line.write(data)
        return
    for at in range(0, len(data), PIECE):
        if at:
            time.sleep(PIECE_S)
        line.write(data[at : at + PIECE])


def _with_vid(*vids: int) -> list:
    return [port for port in list_ports.comports() if port.vid in vids]


def _at(port: str) -> Any:
    real = os.path.realpath(port) if os.name == "posix" else port
    return next((found for found in list_ports.comports() if found.device in (port, real)), None)


def _vid(port: str) -> int | None:
    found = _at(port)
    return found.vid if found else None


def _device(found: Any) -> Device:
    """The ROM spells the MAC with colons, MicroPython without and with digits after it; bridges tell no MAC.

    A location may end with the interface after a colon.
    """
    mac = _MAC.match((found.serial_number or "").replace(":", "").upper())
    return Device(mac[0] if mac else "", (found.location or "").partition(":")[0])
