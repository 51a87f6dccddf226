"""What the VM asks the radio for, and the layouts of its events: host_tools/micropython/variant/pod_ble.h."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

(
    EVENT, ACTIVE, ADDRESS, ADDRESS_MODE, CONFIG, NAME, ADVERTISE, ADVERTISE_STOP, SERVICES, NOTIFY, UPDATED,
    ANSWER, DISCONNECT, SCAN, SCAN_STOP, CONNECT, CONNECT_CANCEL, FIND_SERVICES, FIND_CHARACTERISTICS,
    FIND_DESCRIPTORS, READ, WRITE, EXCHANGE_MTU, PAIR, PASSKEY,
) = range(1, 26)  # fmt: skip
MTU, BOND, MITM, IO, LE_SECURE = range(1, 6)
NONE_GIVEN = 255  # for the size of advertising data
INDICATE = 2
STACK_ERROR = -0x10000  # an answer less by one of NimBLE's own errors

# [extmod/modbluetooth.h] MP_BLUETOOTH_IRQ_...
(
    CENTRAL_CONNECT, CENTRAL_DISCONNECT, GATTS_WRITE, GATTS_READ_REQUEST, SCAN_RESULT, SCAN_DONE,
    PERIPHERAL_CONNECT, PERIPHERAL_DISCONNECT, SERVICE_RESULT, SERVICE_DONE, CHARACTERISTIC_RESULT,
    CHARACTERISTIC_DONE, DESCRIPTOR_RESULT, DESCRIPTOR_DONE, READ_RESULT, READ_DONE, WRITE_DONE,
    GATTC_NOTIFY, GATTC_INDICATE, INDICATE_DONE, MTU_EXCHANGED,
) = range(1, 22)  # fmt: skip
CONNECTION_UPDATE, ENCRYPTION_UPDATE = 27, 28
PASSKEY_ACTION = 31

# [the same] flags of characteristics beyond the properties of the specification
READ_FLAG, WRITE_NO_RESPONSE_FLAG, WRITE_FLAG = 0x02, 0x04, 0x08
READ_ENCRYPTED, READ_AUTHENTICATED, READ_AUTHORIZED = 0x0200, 0x0400, 0x0800
WRITE_ENCRYPTED, WRITE_AUTHENTICATED, WRITE_AUTHORIZED = 0x1000, 0x2000, 0x4000

_EVENT = struct.Struct("<BBBb5H6sB16sxH")
DATA_MAX = 512


def pack_event(
    irq: int,
    words: tuple[int, ...] = (),
    small: tuple[int, int] = (0, 0),
    rssi: int = 0,
    addr: bytes = bytes(6),
    uuid: bytes = b"",
    data: bytes = b"",
) -> bytes:
    """Return an event as the VM reads it; addr is big-endian, uuid little-endian."""
    data = data[:DATA_MAX]
    five = (*words, 0, 0, 0, 0, 0)[:5]
    return _EVENT.pack(irq, *small, rssi, *five, addr, len(uuid), uuid, len(data)) + data


@dataclass
class Defined:
    """A service, characteristic or descriptor of the pod's: UUID (little-endian), flags, what is in it."""

    uuid: bytes
    flags: int
    parts: list[Defined] = field(default_factory=list)


def unpack_services(data: bytes) -> list[Defined]:
    """Return the services in a request of verb SERVICES."""
    at, found = 0, []
    while at < len(data):
        service, at = _unpack(data, at, depth=2)
        found.append(service)
    return found


def _unpack(data: bytes, at: int, depth: int) -> tuple[Defined, int]:
    """Return what is defined at an offset and where the next one begins; what lies in it follows it."""
    size = data[at]
    uuid = data[at + 1 : at + 1 + size]
    flags, count = struct.unpack_from("<HB", data, at + 1 + size)
    defined, at = Defined(uuid, flags), at + size + 4
    for _ in range(count if depth else 0):
        part, at = _unpack(data, at, depth - 1)
        defined.parts.append(part)
    return defined, at
