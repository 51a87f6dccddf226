"""Recorder: raw samples of chosen minutes go to flash; what cannot be written in time is a stated gap."""

import json
import os
from array import array
from binascii import crc32

from ...core.compat import const
from ...core.log.recording import Writer
from ...core.rows import AXES as _AXES
from ...core.rows import copy
from ..faults import reason
from ..kept.folders import FREE_MIN, free_bytes, make, names_by_name

PASSING = True  # see passing.py: whoever records holds what it needs

CHOSEN = ".rec"
_OLD = ".bsr", ".raw"  # beside them, where a pod of before kept raw seconds so
_FILES_MAX = const(10)
_ENOSPC = const(28)
_SHELF = const(32)  # rows
_BLOCK_MAX = const(448)  # bytes, more than one of the writer's takes
_HELD_MS = const(1500)  # longer than two strides, in each of which there is a calm moment
_PIECE = const(1024)  # bytes written at once
_SPARE = const(32768)  # bytes left to the log


class Recorder:
    """Takes samples, holds some, writes them to a recording of its own whenever that disturbs nobody.

    path: of the recording.  left: samples to come.  lost: those in gaps.
    """

    def __init__(self, running, minutes: int, names: list):
        """Take the parts.

        running: Running.  minutes: how long.  names: of the recordings that there are.
        OSError: no room on the flash.  MemoryError: none in the pod.
        """
        pod, rate_hz = running.pod, running.pod.rate_hz
        self.left = 60 * rate_hz * minutes
        self.lost = 0
        self._sensing = running.sensing
        self._say = running.writer.say
        self._buffer = bytearray(_PIECE + _BLOCK_MAX)  # before all else: a heap in use may have one such place
        self._capacity = rate_hz * _HELD_MS // 1000
        shelves = (self._capacity + _SHELF - 1) // _SHELF  # a heap in use has no room for all of them in one
        blank = bytes(2 * _AXES * _SHELF)  # one for all, or its copies leave a hole behind each shelf
        self._rows = [array("h", blank) for _ in range(shelves)]
        self._row = array("h", bytearray(2 * _AXES))
        self._first = self._count = 0
        self._missing = 0  # samples, after those that are held
        self._filled = 0
        self._kept = running.kept
        folder = running.kept.root + "marks"
        stem = "%s/%04d" % (folder, _free_number(running.kept, folder, names))
        self.path = stem + CHOSEN
        with open(stem + ".json", "w") as file:
            about = {"event": "recording", "sample": running.sensing.detecting.samples, "minutes": minutes}
            file.write(json.dumps(about) + "\n")
        self._writer = Writer(self._keep, crc32, 1000 * rate_hz, pod.placement, pod.frame)
        self.path, path = folder + "/next", self.path
        self._append("wb")
        os.rename(self.path, path)  # or a power cut might leave one without its header
        self.path = path

    def put(self, rows, at: int) -> None:
        """Take one sample, the six of rows[at:]; it is lost while there is no room, or a gap waits to be told."""
        if not self.left:
            return
        self.left -= 1
        if self._missing or self._count == self._capacity:
            self._missing += 1
            return
        index = (self._first + self._count) % self._capacity
        copy(rows, at, self._rows[index // _SHELF], index % _SHELF * _AXES)
        self._count += 1

    def gap(self, missing: int) -> None:
        """Take note that samples were lost."""
        missing = min(missing, self.left)
        self.left -= missing
        self._missing += missing

    def rest(self) -> None:
        """Do a small part of what is to be done, when that disturbs nobody; called just after a drain.

        In a hurry a write may come between, but never where sways are warned of.
        """
        hurry = self._count > 3 * self._capacity // 4 and not self._sensing.detecting.raw
        if not hurry and not self._sensing.quiet():
            return
        try:
            if self._filled >= _PIECE or not (self.left or self._count):
                self._append()
                self._look()
            else:
                self._encode()
        except OSError as error:
            self._end(reason(error))

    def close(self, why: str) -> None:
        """Write what is held and end.  why: in words."""
        try:
            while self._count:
                self._encode()
                self._append()
            self._writer.flush()
            self._append()
        except OSError as error:
            why = reason(error)
        self._end(why)

    def _look(self):
        if self._kept.free < FREE_MIN + _SPARE:
            self.close("the flash is nearly full")
        elif not (self.left or self._count):
            self.close("its time is over")

    def _end(self, why):
        detecting = self._sensing.detecting
        self._sensing.keeper.recorder = detecting.recorder = None
        detecting.rested = tuple([rested for rested in detecting.rested if rested != self.rest])
        self._say("record: %s: %s; %d samples missing in it" % (self.path, why, self.lost))

    def _encode(self):
        """Hand rows to the writer until that has a block, or there are none."""
        filled, row = self._filled, self._row
        while self._count and self._filled == filled:
            shelf, at = self._rows[self._first // _SHELF], self._first % _SHELF * _AXES
            copy(shelf, at, row, 0)
            self._first = (self._first + 1) % self._capacity
            self._count -= 1
            self._writer.put(row)
        if not self._count and self._missing:
            self._writer.gap(self._missing)
            self.lost += self._missing
            self._missing = 0

    def _keep(self, data):
        size = len(data)
        self._buffer[self._filled : self._filled + size] = data
        self._filled += size

    def _append(self, mode="r+b"):  # "ab" would bring back what was removed
        if not self._filled:
            return
        with open(self.path, mode) as file:
            size = file.seek(0, 2)
            file.write(memoryview(self._buffer)[: self._filled])
        self._kept.grew(size, size + self._filled)
        self._filled = 0


def recordings(folder: str):
    """Yield the names of the recordings in a folder, and "" as names_by_name does; makes it when it is missing."""
    make(folder)
    for name in names_by_name(folder):
        if not name or (name.endswith(_OLD + (CHOSEN,)) and name[:-4].isdigit()):
            yield name


def _free_number(kept, folder, names):
    """Return a number for a new recording beside those of these names; OSError when there is no room for one."""
    count = len([name for name in names if name.endswith(CHOSEN)])
    if count >= _FILES_MAX:
        raise OSError(_ENOSPC, "%s holds %d recordings, and no more: fetch and remove them" % (folder, count))
    free = free_bytes(kept)
    if free < FREE_MIN:
        raise OSError(_ENOSPC, "%d bytes are free on the flash, and %d stay so" % (free, FREE_MIN))
    return max([int(name[:-4]) for name in names] + [0]) + 1
