"""Lines in and lines out of the console, never holding up the samples."""

import asyncio
import json
import time

from ...core.compat import const
from ..faults import CONSOLE_LINES_LOST

LINE_MAX = const(1024)
_USUAL = const(200)
_LF = const(10)
_CR = const(13)
_END_OF_INPUT_MS = const(500)
# They fit the 128 bytes of a UART's transmit FIFO; at 115200 baud they are gone by the next tick of 10 ms. Who is
# late by up to half a tick waits for the FIFO, 5 ms at most, instead of letting the line rest. Boards with native
# USB keep this pace too: their stock image tells its UART all the same.
_PIECE = const(115)
_PIECE_MS = const(5)
_QUEUE_MAX = const(24)
# Where nobody reads the native USB, each write lasts 500 ms: then be quiet for a while, and longer each time.
_STALL_MS = const(100)
_QUIET_MS = const(10000)
_QUIET_MAX_MS = const(320000)


class LineReader:
    """Puts bytes together to lines of at most LINE_MAX bytes."""

    def __init__(self):
        self._line = bytearray(_USUAL)
        self._length = 0

    def take(self, byte: int):
        """Take one byte; return the line it ends, else None.

        ValueError when that line is longer than LINE_MAX or no UTF-8: it is dropped.
        """
        if byte not in (_LF, _CR):
            self._add(byte)
            return None
        line, length = self._line, self._length
        self._length = 0
        if length > _USUAL:
            self._line = bytearray(_USUAL)
        if length > LINE_MAX:
            raise ValueError("line of %d bytes dropped, at most %d are read" % (length, LINE_MAX))
        try:
            return bytes(line[:length]).decode().strip()
        except UnicodeError:
            raise ValueError("line of %d bytes dropped, it is no UTF-8" % length)

    def _add(self, byte):
        if self._length < LINE_MAX:
            if self._length == len(self._line):
                self._line.extend(bytes(min(_USUAL, LINE_MAX - self._length)))
            self._line[self._length] = byte
        self._length += 1


async def each_line(reader, line_of, wrong):
    """Read lines for ever.

    reader: asyncio stream with readinto.  line_of: awaited with each line that is not empty.
    wrong: called with the reason why a line was dropped.
    """
    lines = LineReader()
    one = bytearray(1)
    while True:
        if not await reader.readinto(one):
            await asyncio.sleep_ms(_END_OF_INPUT_MS)
            continue
        try:
            line = lines.take(one[0])
        except ValueError as error:
            wrong(str(error))
            continue
        if line:
            await line_of(line)


class Writer:
    """Lines that wait for the console; more than it can take are dropped, counted and stated.

    buffer: text, or bytes of a file, each with its end.  wake: set when there is one.
    """

    def __init__(self, stdout, faults, as_json: bool):
        """Take a text stream, the counters, and whether every line must be JSON."""
        self._stdout = stdout
        self._faults = faults
        self.as_json = as_json
        self.buffer: list = []
        self.wake = asyncio.Event()
        self._dropped = 0
        self._quiet_from_ms = time.ticks_ms()
        self._quiet_ms = 0  # since then; 0 = not quiet
        self._pause_ms = _QUIET_MS  # the next one
        self._cut = False  # a line that stalled has no end yet

    def say(self, text: str) -> None:
        """Queue a message for a person; among JSON lines it is a note."""
        self.put(json.dumps({"event": "note", "text": text}) if self.as_json else text)

    def put(self, line: str) -> None:
        """Queue one line, without its end."""
        if len(self.buffer) >= _QUEUE_MAX:
            self._drop()
            return
        self.buffer.append(line + "\n")
        self.wake.set()

    async def run(self) -> None:
        """Write the lines, piece by piece."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            while self.buffer:
                await self._write(self.buffer.pop(0))

    def write_rest(self) -> None:
        """Write what still waits, at once: for the way out, when nothing is sampled any more.

        No more than one write that stalls: nobody reads, and the way out is not to take long.
        """
        while self.buffer and not self._quiet_ms:
            self._put(self.buffer.pop(0))

    async def _write(self, line):
        if self._is_quiet():
            self._drop()
            return
        for at in range(0, len(line), _PIECE):
            if not self._put(line[at : at + _PIECE]):
                self._drop()
                return
            await asyncio.sleep_ms(_PIECE_MS)
        self._pause_ms = _QUIET_MS

    def _is_quiet(self):
        if self._quiet_ms:
            if time.ticks_diff(time.ticks_ms(), self._quiet_from_ms) < self._quiet_ms:
                return True
            self._quiet_ms = 0
        if self._cut:
            self._cut = not self._put("\n")
            if self._cut:
                return True
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            self.say("console: %d lines lost" % dropped)
        return False

    def _put(self, text):
        """Write a piece; False when it stalled: from then on it is quiet."""
        began_ms = time.ticks_ms()
        self._stdout.write(text)
        now_ms = time.ticks_ms()
        if time.ticks_diff(now_ms, began_ms) <= _STALL_MS:
            return True
        self._cut = True
        self._quiet_from_ms, self._quiet_ms = now_ms, self._pause_ms
        self._pause_ms = min(2 * self._pause_ms, _QUIET_MAX_MS)
        return False

    def _drop(self):
        self._dropped += 1
        self._faults[CONSOLE_LINES_LOST] += 1
