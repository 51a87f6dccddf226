"""The hub's clock as another pod knows it, from the hub's beats alone.

A beat waits for the next connection event, then takes its way: it comes late, never early. So the least of (own
clock at its arrival - hub's clock in it) is nearest to the truth. Both clocks drift, so a minute of beats counts,
in buckets: the least of each, the oldest dropped. What a beat takes at least is taken off.
"""

import time
from array import array

from ...core.compat import const

_BUCKETS = const(6)
_BUCKET_MS = const(10000)
MASK = const(0x3FFFFFFF)  # what time.ticks_ms counts up to
_SETTLED = const(24)  # beats: one at least has not waited long
_LEAST_MS = const(1)  # a beat on its way: its bytes on air, and the interrupt


class BandClock:
    """Knows the hub's clock [ms, as time.ticks_ms counts there]; the hub's own is exact, unless it started anew.

    known: whether a beat has come since it was last forgotten.  settled: whether enough of them for 5 ms.
    """

    def __init__(self, is_hub: bool):
        self._is_hub = is_hub
        self._leasts = array("i", [0] * _BUCKETS)
        self.forget()

    def forget(self) -> None:
        """Begin anew: the hub, too, may have."""
        self.known = self._is_hub
        self._beats = 0
        self._ahead = 0  # of own clock
        self._count = 0  # of buckets with beats
        self._newest = 0
        self._began_ms = 0
        self._told = (0, 0)  # a hub: by whom, and how far its own clock is ahead of what that takes it for

    def go_on(self, who: int) -> None:
        """Have the clock of the hub that this pod was before it started anew, as the last beat has told it.

        who: whose beat.
        """
        if self._told[0] == who:
            self._ahead = self._told[1]

    def beat(self, hub_ms: int, own_ms, who: int = 0) -> None:
        """Take a beat: the hub's clock in it, and the own as it arrived, both as of time.ticks_ms.

        who: whose it is.
        """
        ahead = time.ticks_diff(own_ms, hub_ms)
        if self._is_hub:
            self._told = who, ahead
            return
        self._beats += 1
        if not self.known or time.ticks_diff(own_ms, self._began_ms) >= _BUCKET_MS:
            self._turn(ahead, own_ms)
        elif time.ticks_diff(ahead, self._leasts[self._newest]) < 0:
            self._leasts[self._newest] = ahead
        self._choose()

    @property
    def settled(self) -> bool:
        """Whether it is good to 5 ms."""
        return self._is_hub or self._beats >= _SETTLED

    def hub_ms(self, own_ms) -> int:
        """Return the hub's clock at a time of the own."""
        return (own_ms - self._ahead) & MASK

    def own_ms(self, hub_ms) -> int:
        """Return the own clock at a time of the hub's."""
        return (hub_ms + self._ahead) & MASK

    @property
    def spread_ms(self) -> int:
        """How far the buckets of the minute are apart [ms]: drift, and beats that all came late."""
        least = most = self._ahead + _LEAST_MS
        for i in range(self._count):
            most = max(most, self._leasts[i])
            least = min(least, self._leasts[i])
        return most - least

    def _turn(self, ahead, own_ms):
        """Begin a bucket; after a minute without a beat all of them anew."""
        if not self.known or time.ticks_diff(own_ms, self._began_ms) >= _BUCKETS * _BUCKET_MS:
            self._count = 0
            self._newest = -1
        self.known = True
        self._began_ms = own_ms
        self._newest = (self._newest + 1) % _BUCKETS
        self._count = min(_BUCKETS, self._count + 1)
        self._leasts[self._newest] = ahead

    def _choose(self):
        least = self._leasts[self._newest]
        for i in range(self._count):
            if time.ticks_diff(self._leasts[i], least) < 0:
                least = self._leasts[i]
        self._ahead = least - _LEAST_MS
