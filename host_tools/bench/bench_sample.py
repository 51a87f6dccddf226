"""What one sample costs a detector on MicroPython: time, instructions, memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from host_tools.install import native
from host_tools.micropython.script import FIRMWARE, run_script

_SCRIPT = """
import gc, micropython
gc.collect()
before = gc.mem_alloc()
{make}
gc.collect()
heap = gc.mem_alloc() - before
import binascii
from array import array
{meter}
rows = array("h", binascii.unhexlify({rows!r}))
found = array("I", [0] * (len(rows) // 6))
def run(feed, read, less, count, collect):
    left = 0
    for i in range(count):
        k = 6 * i
        if collect:
            collect()
            left -= gc.mem_alloc()
        start = read()
        feed(rows[k], rows[k + 1], rows[k + 2], rows[k + 3], rows[k + 4], rows[k + 5])
        found[i] = less(read(), start)
        if collect:
            left += gc.mem_alloc()
    return left
def nothing(ax, ay, az, gx, gy, gz):
    return 0
feed = detector.feed
gc.collect()
run(nothing, read, less, 1, None)
empty = found[0]
{lock}
left = run(feed, read, less, len(found), {collect})
{unlock}
print(heap, left, empty, *found)
"""
_CLOCK = "from time import ticks_us as read, ticks_diff as less"
_COUNTER = """
from _pod import instructions as read
def less(now, start):
    return (now - start) & 0x3fffffff
"""
_OF_NOTHING = 2  # instructions that `nothing` itself runs: load the zero, return it


@dataclass(frozen=True)
class Subject:
    """What is measured: a name, MicroPython that makes `detector`, whether its heap can be locked, whence."""

    name: str
    make: str
    locked: bool = True
    path: tuple[Path, ...] = (FIRMWARE,)


@dataclass(frozen=True)
class Cost:
    """Of a detector: its heap [bytes], what a sample leaves to the collector [bytes], each sample's time [us]."""

    heap: int
    left: float
    times_us: np.ndarray


def detector(placement: str) -> Subject:
    """Return a placement's detector with default settings, its axes known, its kernels as on a pod."""
    make = f"from backstep.core import detectors, settings\ndetector = detectors.make({placement!r}, "
    return Subject(placement, make + 'settings.defaults(), "body")', path=(native.firmware(native.host_arch()),))


def beside(file: Path, rate_hz: int) -> Subject:
    """Return what a file's make(rate_hz) gives, to compare with; it may allocate."""
    make = f"import {file.stem} as beside\ndetector = beside.make({rate_hz})"
    return Subject(file.stem, make, locked=False, path=(FIRMWARE, file.parent))


def measure(subject: Subject, rows: np.ndarray) -> Cost:
    """Feed int16 rows (n, 6), as the pod senses them, to a new detector.

    Where its heap is not locked garbage is collected before every sample, which is not in its time.
    """
    heap, left, _, *times_us = _run(subject, rows, _CLOCK)
    return Cost(heap, left / len(rows), np.array(times_us, dtype=int))


def instructions(subject: Subject, rows: np.ndarray) -> np.ndarray:
    """Return how many instructions of the virtual machine each sample takes, from feed's first to its return.

    An instruction that calls a built-in function or makes an object is one.
    """
    _, _, empty, *found = _run(subject, rows, _COUNTER)
    return np.array(found, dtype=int) - (empty - _OF_NOTHING)


def _run(subject: Subject, rows: np.ndarray, meter: str) -> list[int]:
    lock, unlock = ("micropython.heap_lock()", "micropython.heap_unlock()") if subject.locked else ("", "")
    script = _SCRIPT.format(
        make=subject.make, meter=meter, rows=rows.astype("<i2").tobytes().hex(), lock=lock, unlock=unlock,
        collect=None if subject.locked else "gc.collect",
    )  # fmt: skip
    said = run_script(script, heapsize="8M", path=subject.path)
    return [int(word) for word in said.split()]
