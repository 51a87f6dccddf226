"""Which slot's firmware starts: the one that /fw/slot names, or the other one where that does not start.

/fw/slot holds "a" or "b", and behind it, while that firmware has not yet lasted a minute, how many starts it has
had: "b 2".  After the third the other slot has its turn.  app/kept/slot.py notes that one has lasted.
"""

import gc
import sys

import machine
import vfs

from .core.compat import const

PASSING = True  # see app/passing.py

_AT = "/f"  # where the archive is mounted; short, since every module keeps its path in memory
_POINTER = "/fw/slot"
_TRIES = const(3)
# Bytes between two collections while the pod starts: what modules leave behind makes no holes in what is to last,
# and there are 30 collections instead of nearly 300.  Twice as much takes a fifth off the largest free piece.
_STARTING = const(8192)
_FAST_HZ = 240000000
_START_MS = const(60000)
_REPL_MS = const(86400000)


def start() -> str:
    """Mount the archive of the slot that is to start; return why it is the other one, else "".

    OSError when there is none.
    """
    gc.threshold(_STARTING)
    try:
        machine.freq(_FAST_HZ)
    except ValueError:
        pass  # an MCU that has no such clock
    _remount()
    archive, fell = _chosen()
    type(archive).__init__ = None  # type: ignore[misc]  # no other is opened before the next start
    machine.WDT(timeout=_START_MS)
    vfs.mount(archive, _AT)
    # Nothing of the flash: every import of MicroPython's own time, os, json ... asks each place here before it is
    # taken from the image, and a name that is missing in a folder takes longest to look for.
    sys.path[:] = [_AT, ".frozen"]
    return fell


def ended(error) -> None:
    """Note what ended a start before the app could: an error counts against the slot, Ctrl-C wants the REPL.

    error: any exception.
    """
    if isinstance(error, KeyboardInterrupt):
        machine.WDT(timeout=_REPL_MS)
    elif isinstance(error, Exception):
        slot, tries = _read()
        if tries < 0:
            _write(slot, 1)


def _remount():
    """Read flash in pieces of 128 bytes, which take no longer than 32; look for free blocks in one go.

    No file keeps the time of its last change, which nobody asks for: LittleFS has a third less to compare.
    """
    try:
        from flashbdev import bdev

        larger = vfs.VfsLfs2(bdev, readsize=128, progsize=32, lookahead=64, mtime=False)  # type: ignore[abstract]
        vfs.umount("/")
        vfs.mount(larger, "/")
    except (ImportError, OSError, MemoryError):
        pass  # slow, and sound


def _read():
    """Return the slot to start, and how many starts it has had: -1 for one that has lasted."""
    try:
        with open(_POINTER) as file:
            words = file.read(8).split()
        if words[0] in ("a", "b"):
            return words[0], int(words[1]) if len(words) > 1 else -1
    except (OSError, ValueError, IndexError):
        pass
    return "a", -1


def _write(slot, tries):
    try:
        with open(_POINTER, "w") as file:
            file.write(slot if tries < 0 else "%s %d" % (slot, tries))
    except OSError:
        pass  # a flash that refuses is no reason not to start


def _opened(slot):
    from .archive import Archive

    try:
        return Archive("/fw/%s.pod" % slot)
    except (OSError, IndexError):
        return None


def _chosen():
    """Return the archive, and why it is not that of the slot that was to start, else ""."""
    slot, tries = _read()
    other = "b" if slot == "a" else "a"
    archive = None if tries >= _TRIES else _opened(slot)
    if archive:
        # Power that was taken away says nothing about the firmware.
        if tries >= 0 and machine.reset_cause() not in (machine.PWRON_RESET, machine.DEEPSLEEP_RESET):
            _write(slot, tries + 1)
        return archive, ""
    archive = _opened(other)
    if archive:
        _write(other, -1)
        why = "did not last a minute" if tries >= _TRIES else "is not whole"
        return archive, "slot %s, since slot %s %s" % (other, slot, why)
    archive = _opened(slot)  # there is no other
    if archive:
        return archive, ""
    raise OSError("no firmware on this pod: run `backstep deploy`")
