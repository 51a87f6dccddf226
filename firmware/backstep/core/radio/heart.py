"""What a heart strap tells [Bluetooth HRS 1.0, 3.1]."""

from ..compat import const

_WIDE = const(0x01)  # the rate has 16 bits
_CONTACT = const(0x06)  # both bits: it knows, and lies on the skin; the upper alone: it knows, and does not
_LOOSE = const(0x04)
_ENERGY = const(0x08)
_BEATS = const(0x10)
_LEAST_BPM = const(20)
_MOST_BPM = const(255)


def parsed(data: bytes) -> tuple:
    """Return (heart rate [1/min], last beat to beat [ms]); 0 for what is not told or cannot be."""
    if len(data) < 2:
        return 0, 0
    flags, at = data[0], 2
    bpm = data[1]
    if flags & _WIDE:
        if len(data) < 3:
            return 0, 0
        bpm |= data[2] << 8
        at = 3
    if flags & _CONTACT == _LOOSE or not _LEAST_BPM <= bpm <= _MOST_BPM:
        return 0, 0
    if flags & _ENERGY:
        at += 2
    left = (len(data) - at) // 2 if flags & _BEATS else 0
    if left <= 0:
        return bpm, 0
    at += 2 * (left - 1)
    return bpm, (data[at] | data[at + 1] << 8) * 1000 >> 10  # told in 1/1024 s
