"""What the radio's interrupt leaves for the task: rows in buffers made once."""

import time
from array import array

from ...core.compat import const
from ...core.radio.byte_copy import copy_bytes
from . import irq

ROWS = const(16)
_HEARD_ROWS = const(6)  # so many of them may be advertisements, which come again
_SENT_ROWS = const(12)  # so many hold what others send: who floods the pod hides no end of a connection
# Of what a peer answers with as many rows as it likes.
_FOUND = (irq.SERVICE_RESULT, irq.CHARACTERISTIC_RESULT, irq.DESCRIPTOR_RESULT)
_SENT = (irq.GATTS_WRITE, irq.NOTIFY, irq.INDICATE) + _FOUND
WIDTH = const(64)  # bytes of a row's data; what is longer is cut
_HEAD = const(7)
_AT_MOST = const(50)  # sent by one connection within a second
_SECOND_MS = const(1000)


class Rows:
    """A ring of rows: one interrupt puts, one task takes, and neither writes what the other does.

    kind, conn, one, two, three, stamp_ms, data: of the row that was taken last.
    """

    def __init__(self):
        self.kind = self.conn = self.one = self.two = self.three = self.stamp_ms = 0
        self.data = b""
        self._heads = array("i", [0] * (ROWS * _HEAD))
        self._bytes = bytearray(ROWS * WIDTH)
        self._put = 0  # both of 0 .. 2 * ROWS - 1: what they differ by is what waits
        self._taken = 0

    def put_heard(self, kind: int, address_type: int, advert_type: int, rssi: int, address, data) -> None:
        """Append an advertisement, its six bytes of address before its data; it is dropped where many wait."""
        if (self._put - self._taken) & (2 * ROWS - 1) >= _HEARD_ROWS:
            return
        at = self._put & (ROWS - 1)
        copy_bytes(address, 6, self._bytes, at * WIDTH)
        count = min(len(data), WIDTH - 6)
        copy_bytes(data, count, self._bytes, at * WIDTH + 6)
        self._close(at, kind, 0, address_type, advert_type, rssi, count + 6)

    def put(self, kind: int, conn: int, one: int, two: int, three: int, data) -> bool:
        """Append a row; False where there is no room.  data: bytes of some kind, b"" for none."""
        if (self._put - self._taken) & (2 * ROWS - 1) >= (_SENT_ROWS if kind in _SENT else ROWS):
            return False
        at = self._put & (ROWS - 1)
        count = min(len(data), WIDTH)
        copy_bytes(data, count, self._bytes, at * WIDTH)
        self._close(at, kind, conn, one, two, three, count)
        return True

    def _close(self, at, kind, conn, one, two, three, count):
        heads = self._heads
        at *= _HEAD
        heads[at] = kind
        heads[at + 1] = conn
        heads[at + 2] = one
        heads[at + 3] = two
        heads[at + 4] = three
        heads[at + 5] = time.ticks_ms()  # type: ignore[call-overload]  # ints, for all the stubs say
        heads[at + 6] = count
        self._put = (self._put + 1) & (2 * ROWS - 1)

    def take(self) -> bool:
        """Take the oldest row; False when there is none."""
        if self._put == self._taken:
            return False
        at = self._taken & (ROWS - 1)
        heads = self._heads
        head = at * _HEAD
        self.kind = heads[head]
        self.conn = heads[head + 1]
        self.one = heads[head + 2]
        self.two = heads[head + 3]
        self.three = heads[head + 4]
        self.stamp_ms = heads[head + 5]
        at *= WIDTH
        self.data = bytes(self._bytes[at : at + heads[head + 6]])
        self._taken = (self._taken + 1) & (2 * ROWS - 1)
        return True


class Floods:
    """Counts what each connection sends."""

    def __init__(self):
        self._sent: dict = {}  # connection -> how often it has sent since
        self._second_ms: int = time.ticks_ms()  # type: ignore[assignment]  # ints, for all the stubs say

    def is_one(self, conn: int, stamp_ms: int) -> bool:
        """Count one more by a connection; return whether that is more than anybody has a reason for."""
        if not 0 <= time.ticks_diff(stamp_ms, self._second_ms) <= _SECOND_MS:
            self._second_ms = stamp_ms
            self._sent = {}
        count = self._sent[conn] = self._sent.get(conn, 0) + 1
        return count > _AT_MOST
