"""A chest: recordings one behind the other in a file that only grows, each sealed by what it is about.

    recording  as of recording.py
    about      JSON, a table; {} where the recording was given up
    seal       "SEAL", bytes of the recording u32, bytes of about u16, 0 u16, CRC32 of about and the seal so far

All little-endian. It is read from its end: each seal says where the one before ends.
"""

from ..compat import const
from .little_endian import get_int, put_int

PASSING = True  # see app/passing.py

SEAL_BYTES = const(16)
_MAGIC = b"SEAL"


def sealed(length: int, about: bytes, crc32) -> bytearray:
    """Return what follows a recording.  length: its own [bytes].  about: JSON.  crc32: binascii.crc32."""
    size = len(about)
    data = bytearray(size + SEAL_BYTES)
    data[:size] = about
    data[size : size + 4] = _MAGIC
    put_int(data, size + 4, 4, length)
    put_int(data, size + 8, 2, size)
    put_int(data, size + 12, 4, crc32(memoryview(data)[: size + 12]))
    return data


def last(data, end: int, crc32):
    """Return (bytes of the recording, about) of what is sealed at `end`, None where no sound seal ends there.

    data: bytes of a chest, or those of its last ones that hold the seal and what it is about.
    """
    at = end - SEAL_BYTES
    if at < 0 or bytes(data[at : at + 4]) != _MAGIC:
        return None
    size = get_int(data, at + 8, 2)
    if size > at or get_int(data, at + 12, 4) != crc32(bytes(data[at - size : at + 12])):
        return None
    return get_int(data, at + 4, 4), bytes(data[at - size : at])


def cut(data: bytes, crc32) -> list:
    """Return (recording, about) in bytes of all that are sealed in a chest, the oldest first, past any damage."""
    found, end = [], len(data)
    while end > 0:
        sealed_here = last(data, end, crc32)
        start = end - SEAL_BYTES - len(sealed_here[1]) - sealed_here[0] if sealed_here else -1
        if start < 0:
            at = data.rfind(_MAGIC, 0, end + 3 - SEAL_BYTES)  # the next seal that ends before
            end = at + SEAL_BYTES if at >= 0 else 0
        else:
            found.append((data[start : start + sealed_here[0]], sealed_here[1]))
            end = start
    return found[::-1]
