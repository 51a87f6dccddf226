"""A pod of a band that is not the hub: lets itself be found, and has one link, to the hub."""

import time

from ...core.compat import const
from ...core.radio import band_words as words
from .band_link import HELLO_BYTES, Link
from .band_uuids import FROM_POD, SERVICE, TO_POD, advert
from .irq import NOTIFIES, WRITE_NO_RESPONSE
from .seal import EXTRA

_ADVERTISE_MS = const(100)
_BEAT_TURNS = const(4)  # a second
_RECENT_MS = const(180000)  # a hub that crashed is back by then: it waits a minute for whoever reads why


class Member:
    """A service of Air's.  Whoever connects has a Link until he is gone; who has proven the key is the hub."""

    handles: tuple = (0, 0)

    def __init__(self, band, air, is_alone: bool):
        """band: Band, which is told what is said.  air: Air, not yet started.

        is_alone: whether nobody but the hub has any business with this pod: who keeps silent is sent away.
        """
        both = (air.uuid(TO_POD), WRITE_NO_RESPONSE), (air.uuid(FROM_POD), NOTIFIES)
        self.definition = air.uuid(SERVICE), both
        self.advert = advert(band.band_id, band.me)
        self._band = band
        self._air = air
        self._is_alone = is_alone
        self._others: dict = {}  # connection -> Link, not proven
        self._hub = Link(band.hub, air.notify)
        self._turns = 0
        self._beats = bytearray(words.LONGEST)
        air.services.append(self)

    @property
    def stamp_ms(self) -> int:
        """When what is being told of came, by time.ticks_ms."""
        return self._air.stamp_ms

    def links(self) -> list:
        """Return the link to the hub."""
        return [self._hub]

    # As a service of Air's.

    def opened(self, conn: int) -> None:
        """Take a new connection; the last one that the pod has room for is the hub's, or nobody's."""
        if self._is_alone or self._air.is_full and not self._hub.is_proven:
            self._begin(conn)

    def written(self, conn: int, handle: int, data: bytes) -> None:
        """Take what the hub says, or who says to be it."""
        if handle != self.handles[0]:
            return
        band = self._band
        link = self._hub if conn == self._hub.conn else self._others.get(conn) or self._begin(conn)
        if len(data) == HELLO_BYTES:
            answer = link.answer(data, band.band_id, band.key, band.me)
            if answer:
                self._air.notify(conn, self.handles[1], answer)
                return
        kind = link.hear(data, band.values)
        if not kind:
            band.dropped += 1
            if link.bad():
                self._air.disconnect(conn)
            return
        if link is not self._hub:
            self._take_over(link)
        band.take(link, kind, link.word, len(data) - EXTRA)

    def closed(self, conn: int) -> None:
        """Take note that a connection is gone."""
        self._others.pop(conn, None)
        if conn == self._hub.conn:
            self._hub.end()
            self._band.unlinked(self._hub)

    # As what carries the band's words.

    def post(self, word, length: int, whom: int) -> None:
        """Have a word said to the hub, if it is for anybody but this pod.  whom: a bit for each."""
        if whom & ~(1 << self._band.me) and self._hub.is_proven and not self._hub.post(word, length):
            self._band.dropped += 1

    def flush(self, now_ms: int) -> bool:
        """Say all that waits; False while the radio takes no more."""
        return self._hub.flush(now_ms)

    def turn(self, now_ms) -> None:
        """Say that this pod is there, hang up where nobody is, let itself be found."""
        self._turns += 1
        for link in [self._hub] + list(self._others.values()):
            if link.is_over(now_ms) and not self._air.disconnect(link.conn):  # it is gone, and that was lost
                self.closed(link.conn)
        if self._hub.is_proven and not self._turns % _BEAT_TURNS:
            word = self._beats
            self._hub.post(word, words.write_word(word, words.BEAT, self._band.now_ms, 0, self._band.battery))
            self._hub.flush(self._band.now_ms)
        self._air.advertise(0 if self._hub.is_proven else _ADVERTISE_MS, self)

    def _begin(self, conn):
        link = self._others[conn] = Link(self._band.hub, self._air.notify)
        link.begin(conn)
        link.handle = self.handles[1]
        return link

    def _take_over(self, link):
        """Take a link that has proven the key for the hub's; one from before is only thought to be there."""
        before = self._hub
        del self._others[link.conn]
        self._hub = link
        if before.conn >= 0:
            self._air.disconnect(before.conn)
        band = self._band
        is_recent = band.clock.known and time.ticks_diff(link.heard_ms, before.heard_ms) < _RECENT_MS
        was_ms = band.now_ms
        band.linked(link)
        band.session.meet(link, was_ms if is_recent else -1)
