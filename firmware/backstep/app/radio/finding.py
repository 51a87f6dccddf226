"""Finding: the pod as central. It listens for what clients want, connects, looks for its service, subscribes."""

import time

from ...core.compat import const
from ...core.radio.byte_copy import holds_bytes
from . import irq

_CONNECT_MS = const(3000)
_UNHEARD_MS = const(5000)  # a call that has not ended by then has ended unheard
_SWITCH = const(0x2902)  # the client characteristic configuration descriptor
_NOTIFY_ON = b"\x01\x00"
_WITH_RESPONSE = const(1)
_USUAL_MS = const(100)  # between two connection events, where a client has no wish
_NOBODY = const(0xFF)
_US_PER_MS = const(1000)
_CONNECTABLE = const(2)  # types of advertisement below it
_ALL = (100, 90)  # how a survey listens [ms]
# What a link waits for next.
_SERVICE = const(0)
_CHARACTERISTICS = const(1)
_DESCRIPTORS = const(2)
_SUBSCRIBED = const(3)
_READY = const(4)


class _Link:
    """A connection on which something is looked for, and how far it is understood.

    span: first and last handle of the service.  handles, ends: of the client's characteristics, 0 = not there.
    """

    def __init__(self, conn: int, client, is_ours: bool):
        self.conn = conn
        self.client = client
        self.is_ours = is_ours  # the pod has opened it, and may close it
        self.waits_for = _SERVICE
        self.span = (0, 0)
        self.handles = [0] * len(client.characteristics)
        self.ends = [0] * len(client.characteristics)
        self.switch = 0
        self.todo: list[int] = []


class Finding:
    """Connects clients to what they want; each to one peripheral at a time unless it wants more.

    clients: each has `sought`, bytes that its peripheral's address or advertisement holds, by which the interrupt
    passes over strangers; wants(address_type, address, advert) -> bool; `service`, a UUID; `characteristics`,
    UUIDs; `subscribes`, the indices of those that notify; `interval_ms` between connection events, 0 = the usual;
    `places`, how many connections are kept free for it;
    opened(conn), ready(conn, handles) with a handle for each characteristic, 0 = not there,
    notified(conn, handle, data), closed(conn).
    """

    def __init__(self, ble, uuid, say):
        """ble: of bluetooth.  uuid: makes a UUID.  say: takes a line for the console."""
        self.clients: list = []
        self._ble = ble
        self._say = say
        self._switch_uuid = uuid(_SWITCH)
        self._links: dict = {}
        self._calling = None  # the client whose peripheral is being called
        self._called_ms = time.ticks_ms()
        self._seeks: dict = {}  # who asks -> (interval, window) [ms]
        self._listens = (0, 0)
        self._listens_ms = time.ticks_ms()  # since when
        self._survey = None

    def is_sought(self, advert_type, address, advert) -> bool:
        """Return whether who advertises may be whom a client wants; in the interrupt, which takes no memory."""
        if self._survey:
            return True
        if advert_type >= _CONNECTABLE:
            return False
        for client in self.clients:
            sought = client.sought
            size = len(sought)
            if holds_bytes(address, 6, sought, size) or holds_bytes(advert, len(advert), sought, size):
                return True
        return False

    def look(self, conn: int, client) -> None:
        """Look for a client's service on a connection that another has opened; without it nothing comes of it."""
        link = self._links[conn] = _Link(conn, client, False)
        self._try(link, self._ble.gattc_discover_services, conn, client.service)

    def forget(self, conn: int) -> None:
        """Forget what was looked for on a connection that is gone."""
        link = self._links.pop(conn, None)
        if link:
            link.client.closed(conn)

    def connections(self) -> list:
        """Return those that the pod has opened."""
        return [conn for conn, link in self._links.items() if link.is_ours]

    def which(self, conn: int, uuid) -> int:
        """Return which of the characteristics that are looked for there this is, -1 = none; in the interrupt."""
        link = self._links.get(conn)
        if link:
            wanted = link.client.characteristics
            for k in range(len(wanted)):
                if uuid == wanted[k]:
                    return k
        return -1

    def is_switch(self, uuid) -> int:
        """Return 1 for the descriptor that switches notifications on, else 0; in the interrupt."""
        return 1 if uuid == self._switch_uuid else 0

    def seek(self, who, interval_ms: int, window_ms: int) -> None:
        """Listen so long of every interval, 0, 0 = no more; see Air.seek."""
        self._seeks[who] = (interval_ms, window_ms)
        self._listen()

    def survey(self, who) -> None:
        """Have somebody hear all that advertises, asked for names too, and nobody else; None: no more.

        who: heard(rows) is called with each.
        """
        self._survey = who
        self._listen()

    def _listen(self):
        """Listen as much as who asks for most, and not while a peripheral is being called."""
        best = (0, 0)
        if self._calling and time.ticks_diff(time.ticks_ms(), self._called_ms) > _UNHEARD_MS:
            self._calling = None
        if not self._calling:
            for interval_ms, window_ms in self._seeks.values():
                if window_ms and (not best[1] or window_ms * best[0] > best[1] * interval_ms):
                    best = interval_ms, window_ms
            if self._survey:
                best = _ALL
        if best == self._listens:
            return
        try:
            if self._listens[1]:
                self._ble.gap_scan(None)
            self._listens = (0, 0)
            if best[1]:
                self._ble.gap_scan(0, best[0] * _US_PER_MS, best[1] * _US_PER_MS, best is _ALL)
                self._listens, self._listens_ms = best, time.ticks_ms()
        except (OSError, MemoryError):
            pass  # whoever asks next tries again

    def hear(self, rows) -> None:
        """Take a row that concerns the pod as central."""
        kind = rows.kind
        if kind == irq.SCAN_RESULT:
            if self._survey:
                self._survey.heard(rows)
            elif rows.two < _CONNECTABLE:  # who advertises this way may be connected to
                self._consider(rows.one, rows.data[:6], rows.data[6:])
        elif kind == irq.SCAN_DONE:
            if time.ticks_diff(rows.stamp_ms, self._listens_ms) > 0:  # else of one that was stopped for this one
                self._listens = (0, 0)
                self._listen()
        elif kind == irq.PERIPHERAL_CONNECT:
            self._connected(rows.conn)
        elif kind == irq.PERIPHERAL_DISCONNECT:
            self._gone(rows.conn, rows.one)
        elif rows.conn in self._links:
            link = self._links[rows.conn]
            if kind == irq.NOTIFY or kind == irq.INDICATE or kind == irq.READ_RESULT:
                if link.waits_for == _READY:
                    link.client.notified(rows.conn, rows.one, rows.data)
            else:
                self._go_on(link, rows)

    def _consider(self, address_type, address, advert):
        if self._calling:
            return
        for client in self.clients:
            if client.wants(address_type, address, advert):
                self._call(client, address_type, address)
                return

    def _call(self, client, address_type, address):
        interval_us = (client.interval_ms or _USUAL_MS) * _US_PER_MS
        self._calling = client
        self._called_ms = time.ticks_ms()
        self._listen()
        try:
            self._ble.gap_connect(address_type, address, _CONNECT_MS, interval_us, interval_us)
        except (OSError, MemoryError):
            self._calling = None
            self._listen()

    def _connected(self, conn):
        client, self._calling = self._calling, None
        self.forget(conn)  # the end of the last one may have been lost
        if client:
            self._links[conn] = link = _Link(conn, client, True)
            client.opened(conn)
            self._try(link, self._ble.gattc_discover_services, conn, client.service)
        else:
            self._disconnect(conn)
        self._listen()

    def _gone(self, conn, address_type):
        if conn in self._links:
            self.forget(conn)
        elif address_type == _NOBODY:  # has answered the call
            self._calling = None
        self._listen()

    def _go_on(self, link, rows):
        """Take one more piece of what a link waits for, and ask for the next when that was all."""
        kind, ble, conn = rows.kind, self._ble, link.conn
        if kind == irq.SERVICE_RESULT:
            link.span = rows.one, rows.two
        elif kind == irq.CHARACTERISTIC_RESULT:
            if rows.three >= 0:
                link.ends[rows.three], link.handles[rows.three] = rows.one, rows.two
        elif kind == irq.DESCRIPTOR_RESULT:
            if rows.two:
                link.switch = rows.one
        elif kind == irq.SERVICE_DONE and link.waits_for == _SERVICE:
            if not link.span[0]:
                self._give_up(link)
                return
            link.waits_for = _CHARACTERISTICS
            self._try(link, ble.gattc_discover_characteristics, conn, *link.span)
        elif kind == irq.CHARACTERISTIC_DONE and link.waits_for == _CHARACTERISTICS:
            link.todo = [k for k in link.client.subscribes if link.handles[k]]
            self._subscribe(link)
        elif kind == irq.DESCRIPTOR_DONE and link.waits_for == _DESCRIPTORS:
            link.waits_for = _SUBSCRIBED
            if link.switch:
                self._try(link, ble.gattc_write, conn, link.switch, _NOTIFY_ON, _WITH_RESPONSE)
            else:
                self._give_up(link)
        elif kind == irq.WRITE_DONE and link.waits_for == _SUBSCRIBED and rows.one == link.switch:
            self._subscribe(link)

    def _subscribe(self, link):
        """Look for the switch of the next characteristic, or be ready."""
        if not link.todo:
            link.waits_for = _READY
            link.client.ready(link.conn, link.handles)
            return
        k = link.todo.pop(0)
        link.waits_for, link.switch = _DESCRIPTORS, 0
        last = max(link.ends[k], link.handles[k])
        self._try(link, self._ble.gattc_discover_descriptors, link.conn, link.handles[k], last)

    def _try(self, link, call, *args):
        try:
            call(*args)
        except (OSError, MemoryError):
            self._give_up(link)

    def _give_up(self, link):
        """Close a link of ours; on another's nothing more is looked for."""
        if link.is_ours:
            self._disconnect(link.conn)
        else:
            self.forget(link.conn)

    def _disconnect(self, conn):
        try:
            self._ble.gap_disconnect(conn)
        except (OSError, MemoryError):
            pass  # it is gone, which comes as a row
