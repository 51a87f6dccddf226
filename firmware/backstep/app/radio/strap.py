"""Strap: the heart rate from a strap, into the session."""

import asyncio
import time

from ...core import events
from ...core.compat import const
from ...core.radio import intervals
from ...core.radio.heart import parsed

_LOG_MS = const(5000)
_CHANGE_BPM = const(3)  # so far from what was logged last, and it is logged at once
_STALE_MS = const(10000)  # a strap that says nothing for so long is let go, and looked for anew
_LOOK_MS = const(1000)
_SOON_MS = const(60000)  # so long it is looked for with a wide window
_SHUN_MS = const(10000)  # who has its address and tells no heart rate is let be for so long
_TOLD_MS = const(900)  # a strap tells once a second; what comes sooner is not logged


class Strap:
    """The client of the Heart Rate service, 0x180D, of one strap.

    bpm, rr_ms: what it told last, 0 = nothing.  is_here: whether it tells.
    """

    subscribes = (0,)
    interval_ms = intervals.STRAP_MS
    places = 1

    def __init__(self, air, address: bytes, say):
        """air: Air.  address: of the strap, 6 bytes as they are written.  say: takes a line for the console."""
        self.service = air.uuid(0x180D)
        self.characteristics = (air.uuid(0x2A37),)
        self.bpm = self.rr_ms = 0
        self._air = air
        self._address = self.sought = address
        self._say = say
        self._counted: object = None  # the session that the sums are of
        self._sum_bpm = self._seconds = self._most_bpm = 0
        self._conn = -1
        self.is_here = self._is_shunned = False
        self._logged_bpm = 0
        self._logged_ms = self._heard_ms = self._lost_ms = time.ticks_ms()

    def wire(self, running) -> tuple:
        """Log into the session; return the tasks.  running: Running."""
        self._keeper = running.sensing.keeper
        self._detecting = running.sensing.detecting
        return (("heart strap", self.run),)

    async def run(self) -> None:
        """Look for it for ever, wide at first."""
        while True:
            self.look()
            await asyncio.sleep_ms(_LOOK_MS)

    def look(self) -> None:
        """Listen for the strap, or let one go that says nothing."""
        now_ms = time.ticks_ms()
        if self._conn >= 0:
            if time.ticks_diff(now_ms, self._heard_ms) > _STALE_MS:
                self._heard_ms = now_ms
                if not self._air.disconnect(self._conn):  # it is gone, and that was lost
                    self.closed(self._conn)
            return
        since_ms = time.ticks_diff(now_ms, self._lost_ms)
        self._is_shunned = self._is_shunned and since_ms < _SHUN_MS
        if self._is_shunned:
            return
        soon = since_ms < _SOON_MS
        if not soon:
            self._lost_ms = time.ticks_add(now_ms, -_SOON_MS)  # or ticks would come round to soon again
        self._air.seek(*(intervals.SEEK_SOON if soon else intervals.SEEK_LATER), self)

    def wants(self, address_type: int, address: bytes, advert: bytes) -> bool:
        """Return whether this is the strap, and it is not connected."""
        return self._conn < 0 and not self._is_shunned and address == self._address

    def opened(self, conn: int) -> None:
        """Listen no more: it is here."""
        self._conn = conn
        self._heard_ms = time.ticks_ms()
        self._air.seek(0, 0, self)

    def ready(self, conn: int, handles) -> None:
        """It will tell from now on."""
        if not handles[0]:
            self._air.disconnect(conn)
            return
        self.is_here = True
        self._say("heart strap: here")

    def closed(self, conn: int) -> None:
        """Look for it anew, for one that never told a heart rate after a while."""
        if self.is_here:
            self._say("heart strap: out of reach")
        self._is_shunned = not self.is_here
        self.is_here = False
        self._conn = -1
        self.bpm = self.rr_ms = self._logged_bpm = 0
        self._lost_ms = time.ticks_ms()
        self.look()

    def notified(self, conn: int, handle: int, data: bytes) -> None:
        """Take a heart rate; log it every 5 s, and when it has changed."""
        now_ms = self._heard_ms = time.ticks_ms()
        self.bpm, self.rr_ms = parsed(data)
        if not self.bpm or not self._keeper.running:
            return
        self._add()
        changed = abs(self.bpm - self._logged_bpm) >= _CHANGE_BPM
        if time.ticks_diff(now_ms, self._logged_ms) >= (_TOLD_MS if changed else _LOG_MS):
            self._logged_bpm, self._logged_ms = self.bpm, now_ms
            self._keeper.take(events.HEART, self._detecting.samples, (self.bpm, self.rr_ms))

    def figures(self) -> dict:
        """Return what the session's heart rates come to, {} where there were none."""
        if self._keeper.counts is not self._counted:
            return {}
        return {"heart_bpm": self._sum_bpm // self._seconds, "heart_most_bpm": self._most_bpm}

    def _add(self):
        """Add a heart rate to the session's, which a strap tells once a second."""
        if self._keeper.counts is not self._counted:
            self._counted = self._keeper.counts
            self._sum_bpm = self._seconds = self._most_bpm = 0
        self._sum_bpm += self.bpm
        self._seconds += 1
        self._most_bpm = max(self._most_bpm, self.bpm)
