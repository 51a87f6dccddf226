"""The hub of a band: looks for the other pods, holds a link to each, passes on what one says to the others."""

import time

from ...core.compat import const
from ...core.radio import band_words as words
from .band_link import Link
from .band_uuids import FROM_POD, SERVICE, TO_POD, advert
from .seal import EXTRA

INTERVAL_MS = const(29)  # of 1.25 ms it makes 23, a prime: beats at ticks of 10 ms find every wait there is
_BEAT_TURNS = const(2)  # half a second
_EAGER_MS = const(60000)  # so long after a loss the radio listens more
_EAGER = 120, 30  # [ms]: of each interval so long
_PATIENT = 480, 60
_FOR_RESTING = 1440, 120  # of who rests, and advertises every 100 ms once it is back: found within 1.5 s
_SHUN_MS = const(5000)
_SHUNNED = const(4)  # addresses


class Hub:
    """A client of Air's.  links: one for every other pod, with or without a connection."""

    subscribes = (1,)
    interval_ms = INTERVAL_MS

    def __init__(self, band, air):
        """band: Band, which is told what is said.  air: Air, not yet started."""
        self.service = air.uuid(SERVICE)
        self.characteristics = air.uuid(TO_POD), air.uuid(FROM_POD)
        self._band = band
        self._air = air
        self._links = [Link(index, air.write) for index in range(band.count) if index != band.me]
        self.places = len(self._links)
        self._tag = self.sought = advert(band.band_id, 0)[:-1]
        self._wanted = self._links[0]  # whose connection comes next
        self._called = b""
        self._shunned: list = []  # addresses, and when: who could not prove the key
        self._turns = 0
        self._beats = bytearray(words.LONGEST)
        self._eager_ms = time.ticks_ms()
        air.clients.append(self)

    @property
    def stamp_ms(self) -> int:
        """When what is being told of came, by time.ticks_ms."""
        return self._air.stamp_ms

    def links(self) -> list:
        """Return the links."""
        return self._links

    # As a client of Air's.

    def wants(self, address_type: int, address: bytes, data: bytes) -> bool:
        """Return whether who advertises says to be a pod of the band that there is no link to."""
        at = data.find(self._tag) + len(self._tag)
        if at < len(self._tag) or at >= len(data):
            return False
        now_ms = time.ticks_ms()
        for shunned, since_ms in self._shunned:
            if shunned == address and time.ticks_diff(now_ms, since_ms) < _SHUN_MS:
                return False
        for link in self._links:
            if link.index == data[at] and link.conn < 0:
                self._wanted, self._called = link, bytes(address)
                return True
        return False

    def opened(self, conn: int) -> None:
        """Take a new connection, to the pod that was wanted last."""
        self._wanted.begin(conn)
        self._wanted.address = self._called

    def ready(self, conn: int, handles) -> None:
        """Say hello: all is found there, and subscribed to."""
        link = self._of(conn)
        if link:
            link.handle = handles[0]
            if not all(handles) or not self._air.write(conn, link.handle, link.hello(self._band.band_id)):
                self._air.disconnect(conn)

    def notified(self, conn: int, handle: int, data: bytes) -> None:
        """Take what a pod says."""
        link, band = self._of(conn), self._band
        if not link:
            return
        if link.answered(data, band.key):
            self._beat(link)
            return
        was = link.is_proven
        kind = link.hear(data, band.values)
        if not kind:
            band.dropped += 1
            if link.bad():
                self._hang_up(link)
            return
        if not was:
            band.linked(link)
        band.take(link, kind, link.word, len(data) - EXTRA)

    def closed(self, conn: int) -> None:
        """Take note that a connection is gone."""
        link = self._of(conn)
        if link:
            link.end()
            if not link.rests:
                self._eager_ms = time.ticks_ms()
            self._band.unlinked(link)

    # As what carries the band's words.

    def post(self, word, length: int, whom: int) -> None:
        """Have a word said to pods.  whom: a bit for each."""
        for link in self._links:
            if link.is_proven and whom >> link.index & 1 and not link.post(word, length):
                self._band.dropped += 1

    def flush(self, now_ms: int) -> bool:
        """Say all that waits; False while the radio takes no more."""
        is_said = True
        for link in self._links:
            is_said = link.flush(now_ms) and is_said
        return is_said

    def turn(self, now_ms) -> None:
        """Say the clock, hang up where nobody is, look for who is missing."""
        self._turns += 1
        missing = lost = False
        for link in self._links:
            if link.is_over(now_ms):
                self._hang_up(link)
            elif link.is_proven and not self._turns % _BEAT_TURNS:
                self._beat(link)
            missing = missing or link.conn < 0
            lost = lost or link.conn < 0 and not link.rests
        if not missing:
            self._air.seek(0, 0, self)
        elif not lost:
            self._air.seek(*_FOR_RESTING, self)
        elif time.ticks_diff(now_ms, self._eager_ms) < _EAGER_MS:
            self._air.seek(*_EAGER, self)
        else:
            self._air.seek(*_PATIENT, self)

    def _beat(self, link):
        now_ms, word = self._band.now_ms, self._beats
        link.post(word, words.write_word(word, words.BEAT, now_ms, 0, self._band.battery))
        link.flush(now_ms)

    def _hang_up(self, link):
        """End a connection, and have nothing to do for a while with who could not prove the key."""
        if not link.is_proven:
            self._shunned = self._shunned[1 - _SHUNNED :] + [(link.address, time.ticks_ms())]
        if not self._air.disconnect(link.conn):  # it is gone, and that was lost
            self.closed(link.conn)

    def _of(self, conn):
        for link in self._links:
            if link.conn == conn:
                return link
        return None
