"""PhoneClock: asks a phone for the time where nobody has told the pod since its start."""

from ...core.compat import const
from ...core.log import log
from ...core.radio.day_time import current, offset_min

_DAY_S = const(86400)


class PhoneClock:
    """The client of Current Time, 0x1805, on a phone that has connected; it never sets a clock that was told.

    Current Time is the wearer's own; without Local Time Information nobody knows how far that is from UTC, and the
    clock stays unknown.
    """

    subscribes = ()
    interval_ms = 0

    def __init__(self, air, say):
        """air: Air.  say: takes a line for the console."""
        self.service = air.uuid(0x1805)
        self.characteristics = (air.uuid(0x2A0F), air.uuid(0x2A2B))
        self._air = air
        self._say = say
        self._handles = [0, 0]
        self._offset_min = 0

    def wire(self, running) -> None:
        """running: Running."""
        self._running = running

    def ask(self, conn: int) -> None:
        """Ask the phone of a connection, if the clock is not known."""
        if not self._running.clock.start_unix_ms:
            self._air.look(conn, self)

    def wants(self, address_type: int, address: bytes, advert: bytes) -> bool:
        """Return False: nobody is called for the time."""
        return False

    def opened(self, conn: int) -> None:
        """Nothing yet."""

    def closed(self, conn: int) -> None:
        """Nothing more."""

    def ready(self, conn: int, handles) -> None:
        """Read the zone, and then the time, where both are there."""
        self._handles = handles
        if all(handles):
            self._air.read(conn, handles[0])

    def notified(self, conn: int, handle: int, data: bytes) -> None:
        """Take what was read."""
        if handle == self._handles[0]:
            ahead_min = offset_min(data)
            if ahead_min is not None:
                self._offset_min = ahead_min
                self._air.read(conn, self._handles[1])
        elif handle == self._handles[1]:
            self._set(*current(data))

    def _set(self, day, second, ms):
        clock = self._running.clock
        if not day or clock.start_unix_ms:  # somebody told it meanwhile
            return
        unix_ms = (day * _DAY_S + second - 60 * self._offset_min) * 1000 + ms
        clock.set(unix_ms, self._offset_min)
        book = self._running.sensing.keeper.log
        if book:
            book.note(log.CLOCK, unix_ms // 1000, unix_ms % 1000, 0, 0, self._offset_min)
        self._say("clock: told by a phone")
