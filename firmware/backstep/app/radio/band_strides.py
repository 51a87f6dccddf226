"""The shoe's last strides, as another pod of the band heard of them."""

import time
from array import array

from ...core import events
from ...core.compat import const

_KEPT = const(4)
_NEAR_MS = const(1500)  # a stride ago, or until its end
_SAME_MS = const(150)  # two pods feel the same contact so far apart
_FRESH_MS = const(10000)


class Strides:
    """A ring of them: when each ended, by the hub's clock, and which way it went."""

    def __init__(self):
        self._ends_ms = array("i", [0] * _KEPT)
        self._ways = bytearray(_KEPT)
        self._count = 0

    def put(self, end_ms: int, way: int) -> None:
        """Take one.  end_ms: of its contact.  way: the direction, of events."""
        at = self._count % _KEPT
        self._ends_ms[at] = end_ms
        self._ways[at] = way
        self._count += 1

    def way(self, contact_ms: int) -> int:
        """Return which way a step went: as the stride that it is part of, or where that is not told yet, the last.

        UNKNOWN where the shoe does not know it, or tells of no stride near.
        """
        found, found_ms = events.UNKNOWN, _NEAR_MS + 1
        for i in range(min(self._count, _KEPT)):
            after_ms = time.ticks_diff(self._ends_ms[i], contact_ms)
            if -_SAME_MS <= after_ms < found_ms:
                found, found_ms = self._ways[i], after_ms
        if found_ms <= _NEAR_MS:
            return found
        found_ms = -_NEAR_MS - 1
        for i in range(min(self._count, _KEPT)):
            after_ms = time.ticks_diff(self._ends_ms[i], contact_ms)
            if found_ms < after_ms < 0:
                found, found_ms = self._ways[i], after_ms
        return found

    def fresh(self, now_ms: int) -> bool:
        """Return whether the shoe tells of its strides.  now_ms: by the hub's clock."""
        if not self._count:
            return False
        return time.ticks_diff(now_ms, self._ends_ms[(self._count - 1) % _KEPT]) < _FRESH_MS
