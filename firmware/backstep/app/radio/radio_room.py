"""Whether a pod has the memory for its radio, asked before anything of it is loaded."""

import gc

from ...core.compat import const

PASSING = True  # see app/passing.py

_KB = const(1024)
# What a session needs of the heap without a radio: backstep bench, least_heap_kb. 2026-11-29
_SESSION_KB = (("shoe", 112), ("belt", 112), ("wrist", 96))
# What the radio's modules and objects take of it, a heart strap with them: the heap left of 252 KB by `radio`,
# 2026-11-29.
_RADIO_KB = (("phone", 22), ("pods", 29), ("both", 43))
# What ESP-IDF's Bluetooth takes of the memory that the heap could have grown into [MicroPython issue 18859].
_CHIP_KB = (("esp32", 34), ("esp32s3", 44), ("esp32c3", 44))


def lack(parts, placement: str, radio: str) -> str:
    """Return why there is no room for the radio, "" where there is.

    parts: of the pod.  placement, radio: the settings.
    """
    gc.collect()
    chip_kb = _of(_CHIP_KB, parts.mcu)
    needs_kb = _of(_SESSION_KB, placement) + _of(_RADIO_KB, radio) + chip_kb
    has_kb = (gc.mem_alloc() + gc.mem_free()) // _KB  # with what it may grow by, as MicroPython counts
    if parts.radio:
        has_kb += chip_kb
    if has_kb >= needs_kb:
        return ""
    told = radio, placement, parts.mcu, needs_kb, has_kb
    return "radio: %s with a %s on an %s needs %d KB of heap, this pod has %d KB; it stays off" % told


def _of(table, wanted):
    for name, size_kb in table:
        if name == wanted:
            return size_kb
    return 0
