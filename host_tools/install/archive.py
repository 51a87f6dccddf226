"""All that a firmware slot holds in one file, so that the pod finds a module without searching folders.

    0   "BSA1"
    4   SHA-256 of all that follows
    36  how many files there are, and bytes of the names: two numbers of 16 bits, little endian
    40  where each file begins, and where the last one ends, in units of 8 bytes: numbers of 16 bits
    ..  the names, "/alarm/angle/.../", in the order of the files; "alarm" is alarm.mpy, any other has its ending
    ..  the files, each followed by blanks up to the next unit

firmware/main.py reads it through a filesystem of its own. ROMFS, which MicroPython knows, is not used: the
stock images for an ESP32 are built without it, and it finds a name by walking over all that come before.
"""

import hashlib
import struct
from collections.abc import Mapping

from host_tools.errors import UserError

MAGIC = b"BSA1"
_MODULE = ".mpy"
_HASHED = 36
_UNIT = 8
_UNITS_MAX = 0xFFFF


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of files: name -> content.

    UserError where they are more than its numbers can tell: 512 KiB.
    """
    names = "".join(f"/{name.removesuffix(_MODULE)}" for name in files).encode("ascii") + b"/"
    at = _padded(_HASHED + 4 + 2 * (len(files) + 1) + len(names))
    first, starts = at, []
    for data in files.values():
        starts.append(at // _UNIT)
        at += _padded(len(data))
    starts.append(at // _UNIT)
    if starts[-1] > _UNITS_MAX:
        raise UserError(f"firmware: {at} bytes, want at most {_UNITS_MAX * _UNIT}")
    index = struct.pack(f"<HH{len(starts)}H", len(files), len(names), *starts) + names
    rest = index.ljust(first - _HASHED) + b"".join(_filled(data) for data in files.values())
    return MAGIC + hashlib.sha256(rest).digest() + rest


def unpacked(beginning: bytes) -> dict[str, bytes]:
    """Return name -> content, with the blanks that fill its last unit, of the files that are whole in it.

    beginning: of an archive, with the names at least.  UserError when it is none.
    """
    try:
        count, size = struct.unpack_from("<HH", beginning, _HASHED)
        starts = struct.unpack_from(f"<{count + 1}H", beginning, _HASHED + 4)
    except struct.error:
        raise UserError(f"archive: {len(beginning)} bytes are too few") from None
    at = _HASHED + 4 + 2 * (count + 1)
    names = beginning[at : at + size].decode("ascii", "replace").strip("/").split("/")
    if beginning[:4] != MAGIC or len(names) != count:
        raise UserError(f"archive: begins with {beginning[:4].hex()}, want {MAGIC.hex()} and its names")
    return {
        name if "." in name else name + _MODULE: beginning[begin * _UNIT : end * _UNIT]
        for name, begin, end in zip(names, starts[:-1], starts[1:], strict=True)
        if end * _UNIT <= len(beginning)
    }


def _padded(size: int) -> int:
    return -(-size // _UNIT) * _UNIT


def _filled(data: bytes) -> bytes:
    return data.ljust(_padded(len(data)))
