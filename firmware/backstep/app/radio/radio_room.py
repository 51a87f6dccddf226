"""Whether a pod has the memory for its radio, asked before anything of it is loaded."""

import gc

from ...core.compat import const

PASSING = True  # see app/passing.py

_KB = const(1024)
# Bytes of the heap that a session was seen to run in without a radio, by whole KB: least_heap_kb of
# host_tools/bench/reality.py. 2026-11-29
_SESSION = (("shoe", 114688), ("belt", 114688), ("wrist", 99328))
# That the radio's modules and objects take of it: by what is left of 252 KB. 2026-11-29
_RADIO = (("phone", 24900), ("pods", 32300), ("both", 46000))
# That ESP-IDF's Bluetooth takes of the memory which the heap could have grown into [MicroPython issue 18859].
_CHIP = (("esp32", 34000), ("esp32s3", 45000), ("esp32c3", 45000))


def lack(parts, placement: str, radio: str) -> str:
    """Return why there is no room for the radio, "" where there is.

    parts: of the pod.  placement, radio: the settings.
    """
    gc.collect()
    chip = _of(_CHIP, parts.mcu)
    needs = _of(_SESSION, placement) + _of(_RADIO, radio) + chip
    has = gc.mem_alloc() + gc.mem_free()  # with what it may grow by, as MicroPython counts
    if parts.radio:
        has += chip
    if has >= needs:
        return ""
    told = radio, placement, parts.mcu, -(-needs // _KB), has // _KB
    return "radio: %s with a %s on an %s needs %d KB of heap, this pod has %d KB; it stays off" % told


def _of(table, wanted):
    for name, size in table:
        if name == wanted:
            return size
    return 0
