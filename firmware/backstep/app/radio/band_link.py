"""A link to another pod of the band: opened by nonces, proven by the key, then sealed words either way."""

import os
import time

from ...core.compat import const
from ...core.log.little_endian import get_int
from ...core.radio import band_words as words
from .seal import NONCE_BYTES, opened

HELLO_BYTES = const(13)  # version, band, nonce: from the hub
NONCED_BYTES = const(9)  # version, nonce: the other's answer; a sealed word is longer than either
UNKNOWN = const(255)
PROOF_MS = const(3000)
_BAD_MAX = const(3)
SILENT_MS = const(5000)  # no beat for so long: it only seems to be there
_ROOM = const(8)  # words that wait for the radio
_LATE_MS = const(1000)  # a pattern that has waited longer would only mislead


class Link:
    """One connection to a pod of the band, or to whoever says that he is one.

    index: of the pod at its other end.  conn: of the radio, -1 = none.  handle: what is written to there.
    is_proven: the other has the key.  battery: its own [%].  heard_ms: when it last said something.
    rests: whether it has gone off by itself, and is not back.
    """

    def __init__(self, index: int, carry):
        """carry: called with (conn, handle, frame); returns whether the radio took it."""
        self.index = index
        self.conn = self.handle = -1
        self.is_proven = self.rests = False
        self.battery = UNKNOWN
        self.address = b""
        self.heard_ms = time.ticks_ms()
        self._carry = carry
        self._since_ms = self.heard_ms
        self._bad = 0
        self._nonce = self._frame = b""  # the latter sealed, and not yet taken by the radio
        self._seals: tuple = ()
        self.word = bytearray(words.LONGEST)
        self._waiting = bytearray(_ROOM * words.LONGEST)
        self._lengths = bytearray(_ROOM)
        self._first = self._count = 0

    def begin(self, conn: int) -> None:
        """Take a new connection: nothing is proven of it."""
        self.conn = conn
        self.is_proven = False
        self._seals, self._nonce, self._frame = (), b"", b""
        self._bad = self._count = 0
        self._since_ms = time.ticks_ms()

    def end(self) -> None:
        """Take note that the connection is gone."""
        self.conn = -1
        self._seals = ()
        self._count = 0
        self.is_proven = False

    def hello(self, band: bytes) -> bytes:
        """Return what the hub says first.  band: its 4 bytes."""
        self._nonce = os.urandom(NONCE_BYTES)
        return bytes([words.BAND_VERSION]) + band + self._nonce

    def answer(self, data, band: bytes, key: bytes, me: int) -> bytes:
        """Return what a pod says to a hello, b"" to what is none or comes twice."""
        if self._seals or len(data) != HELLO_BYTES or data[0] != words.BAND_VERSION or data[1:5] != band:
            return b""
        nonce = os.urandom(NONCE_BYTES)
        self._seals = opened(key, data[5:], nonce, me, False)
        return bytes([words.BAND_VERSION]) + nonce

    def answered(self, data, key: bytes) -> bool:
        """Take a pod's answer; False for what is none.  From here on words are said."""
        if self._seals or not self._nonce or len(data) != NONCED_BYTES or data[0] != words.BAND_VERSION:
            return False
        self._seals = opened(key, self._nonce, data[1:], self.index, True)
        return True

    def hear(self, frame, values) -> int:
        """Return the kind of the word in a frame, its values in `values`; 0: it is none of this link's."""
        length = self._seals[1].open(frame, self.word) if self._seals else 0
        kind = words.read_word(self.word, length, values)
        if kind:
            self.rests = self.rests and self.is_proven  # until it is back
            self.is_proven = True
            self.heard_ms = time.ticks_ms()
        return kind

    def bad(self) -> bool:
        """Count something that is not of this band; True once it is enough to hang up."""
        self._bad += 1
        return self._bad >= _BAD_MAX and not self.is_proven

    def is_over(self, now_ms) -> bool:
        """Return whether to hang up: the key was not proven in time, or nothing was heard for long."""
        if self.conn < 0:
            return False
        since_ms, longest_ms = (self.heard_ms, SILENT_MS) if self.is_proven else (self._since_ms, PROOF_MS)
        return time.ticks_diff(now_ms, since_ms) > longest_ms

    def post(self, word, length: int) -> bool:
        """Have a word said; False where it drops the oldest of too many.  word: buffer, copied."""
        room = self._count < _ROOM
        if not room:
            self._drop()
        at = (self._first + self._count) % _ROOM
        self._lengths[at] = length
        at *= words.LONGEST
        self._waiting[at : at + length] = word[:length]
        self._count += 1
        return room

    def flush(self, now_ms: int) -> bool:
        """Say all that waits; False while the radio takes no more.  now_ms: by the hub's clock."""
        while self._count and self._seals:
            at = self._first * words.LONGEST
            word = memoryview(self._waiting)[at : at + words.LONGEST]
            began_ms = get_int(word, 2, 4) if word[0] == words.PATTERN else now_ms
            if not is_late(began_ms, now_ms):
                self._frame = self._frame or self._seals[0].seal(word, self._lengths[self._first])
                if not self._carry(self.conn, self.handle, self._frame):
                    return False
            self._drop()
        return True

    def _drop(self):
        self._frame = b""
        self._first = (self._first + 1) % _ROOM
        self._count -= 1


def is_late(began_ms: int, now_ms: int) -> bool:
    """Return whether a pattern began too long ago to be played.  Both by the hub's clock."""
    return time.ticks_diff(now_ms, began_ms) > _LATE_MS
