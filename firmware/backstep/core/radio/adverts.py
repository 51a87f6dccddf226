"""What an advertisement holds: AD structures, each a length, a type and its bytes."""

from ..compat import const

_ROOM = const(31)  # bytes of an advertisement, and as many of a scan response [Bluetooth core 5.4, vol 6 B 2.3]
BASE = "0b57e9%02x-4c1e-4b6f-9d2a-7a1c5e8f3d60"  # the UUIDs of our own services, by number
_FLAGS = b"\x02\x01\x06"  # generally discoverable, no classic Bluetooth


def packed(parts, name_type: int, name: str) -> tuple:
    """Return (advertisement, scan response): all parts that find room, and the name where it does.

    parts: AD structures, each whole.  name_type: of the name's AD structure.  name: of ASCII.
    """
    rooms = [_FLAGS, b""]
    named = bytes((len(name) + 1, name_type)) + name.encode()
    for part in list(parts) + [named]:
        for k in range(2):
            if len(rooms[k]) + len(part) <= _ROOM:
                rooms[k] += part
                break
    return rooms[0], rooms[1]


def structure(kind: int, data: bytes) -> bytes:
    """Return one AD structure.  kind: its type."""
    return bytes((len(data) + 1, kind)) + data


def holds(advert: bytes, kind: int, wanted: bytes, size: int) -> bool:
    """Return whether an advertisement has a structure of a kind which lists something among others of its size.

    size: of each [bytes], 2 for UUIDs of 16 bits.
    """
    at = 0
    while at + 1 < len(advert):
        end = at + 1 + advert[at]
        if advert[at + 1] == kind:
            for k in range(at + 2, min(end, len(advert)) - size + 1, size):
                if advert[k : k + size] == wanted:
                    return True
        if end == at + 1:
            return False
        at = end
    return False
