"""Air: the pod's one radio. Its interrupt copies what comes into rows; a task hands them to whom they concern."""

import asyncio

from ...core.compat import const
from ...core.radio.adverts import packed
from ..faults import RADIO_LOST, reason
from . import irq
from .air_rows import ROWS, Floods, Rows
from .finding import Finding

_PLACES = const(4)  # connections that NimBLE on an ESP32 has room for
_CONNECTIONS = const(3)  # that the pod accepts of them, if its clients need no more than one
_SILENT_S = const(25)  # who has asked for nothing for so long makes room where all places are taken
_ASKS = const(-1)
_FULL_NAME = const(0x09)  # [Bluetooth assigned numbers, 2.3]
_US_PER_MS = const(1000)


class Air:
    """Serves its services, looks for the peripherals that its clients want, and tells each what concerns it.

    services: each has `definition`, (UUID, ((UUID, flags), ...)); `handles`, which start() sets to the tuple of
    their value handles; `advert`, bytes of AD structures to be advertised; and opened(conn), closed(conn),
    written(conn, handle, data).
    clients: see Finding.
    survey: see Finding.
    centrals: connections that others opened -> how long each has asked for nothing [s], _ASKS = it does.
    stamp_ms: ticks_ms of the interrupt that what is being told of comes from.
    uuid: makes a UUID.  is_on: whether the radio runs.  why: why start() could not switch it on.
    """

    def __init__(self, bluetooth, name: str, faults, say):
        """Take the parts.

        bluetooth: MicroPython's module.  name: of the pod, up to 24 characters.  faults: counters.
        say: takes a line for the console.
        """
        self.uuid = bluetooth.UUID
        self.services: list = []
        self.stamp_ms = 0
        self.is_on = False
        self.why = ""
        self.centrals: dict[int, int] = {}
        self._ble = bluetooth.BLE()
        self._has_power = False
        self._name = name
        self._faults = faults
        self._say = say
        self._rows = Rows()
        self._posted = asyncio.ThreadSafeFlag()
        self._post = self._posted.set
        self._put, self._put_heard = self._rows.put, self._rows.put_heard
        self._by_handle: dict = {}
        self._adverts: dict = {}  # who wants it -> interval [ms]
        self._advertised_ms = 0
        self._floods = Floods()
        self._finding = Finding(self._ble, self.uuid, say)
        self.clients = self._finding.clients
        self.survey = self._finding.survey
        self._is_sought = self._finding.is_sought

    @property
    def is_full(self) -> bool:
        """Whether nobody else may connect: what is left of the places is its clients'."""
        left = _PLACES - sum([client.places for client in self.clients])
        return len(self.centrals) >= min(_CONNECTIONS, left)

    def power(self) -> bool:
        """Switch the chip's radio on, which takes memory; False where that fails: it is said, and it stays off."""
        try:
            self._ble.active(True)
        except (OSError, MemoryError) as error:
            self._fail(error)
        else:
            self._has_power = True
        return self._has_power

    def _fail(self, error):
        self.why = "radio: Bluetooth does not start: %s; it stays off" % reason(error)
        self._say(self.why)
        self.stop()

    def start(self) -> bool:
        """Register all services, with the radio on; False where that fails: it is said, and it stays off."""
        if not (self._has_power or self.power()):
            return False
        ble = self._ble
        try:
            ble.config(gap_name=self._name)
            ble.irq(self._heard)
            found = ble.gatts_register_services([service.definition for service in self.services])
            for k in range(len(found)):
                service = self.services[k]
                service.handles = found[k]
                for handle in found[k]:
                    self._by_handle[handle] = service
        except (OSError, MemoryError) as error:
            self._fail(error)
            return False
        self.is_on = True
        return True

    def hang_up(self) -> None:
        """End every connection, and let nobody else connect."""
        self._does(self._ble.gap_advertise, None)
        for conn in list(self.centrals) + self._finding.connections():
            self.disconnect(conn)

    def stop(self) -> None:
        """Switch the radio off."""
        self.is_on = self._has_power = False
        try:
            self._ble.irq(None)
            self._ble.active(False)
        except (OSError, MemoryError):
            pass  # it never was on

    async def run(self) -> None:
        """Hand on what comes, for ever."""
        while True:
            await self._posted.wait()
            self.turn()
            await asyncio.sleep_ms(0)  # a flag that is set anew meanwhile lets nobody else have a turn

    def turn(self) -> None:
        """Hand on what has come, a queue full at most: what comes meanwhile waits for the next turn."""
        rows = self._rows
        for _ in range(ROWS):
            if not rows.take():
                return
            self.stamp_ms = rows.stamp_ms
            self._hand_on(rows)
        self._post()

    def publish(self, handle: int, data) -> bool:
        """Keep a value that may be read, and send it to who has subscribed to it; False where that failed."""
        return self._does(self._ble.gatts_write, handle, data, True)

    def keep(self, handle: int, data) -> bool:
        """Keep a value that may be read; False where that failed."""
        return self._does(self._ble.gatts_write, handle, data)

    def room(self, handle: int, length: int) -> bool:
        """Have room for writes of so many bytes, 20 elsewhere; False where memory lacks."""
        return self._does(self._ble.gatts_set_buffer, handle, length)

    def notify(self, conn: int, handle: int, data) -> bool:
        """Send a value to one connection, subscribed or not; False where that failed."""
        return self._does(self._ble.gatts_notify, conn, handle, data)

    def indicate(self, conn: int, handle: int, data) -> bool:
        """Send a value to one connection, to be acknowledged; False where that failed."""
        return self._does(self._ble.gatts_indicate, conn, handle, data)

    def write(self, conn: int, handle: int, data) -> bool:
        """Write to a peripheral, without response; False where that failed."""
        return self._does(self._ble.gattc_write, conn, handle, data, 0)

    def read(self, conn: int, handle: int) -> bool:
        """Ask a peer for a value, which its client is told as if notified; False where that failed."""
        return self._does(self._ble.gattc_read, conn, handle)

    def look(self, conn: int, client) -> None:
        """Look for a client's service on a connection that another has opened; see Finding."""
        self._finding.look(conn, client)

    def disconnect(self, conn: int) -> bool:
        """End a connection; False where there is none."""
        return self._does(self._ble.gap_disconnect, conn)

    def seek(self, interval_ms: int, window_ms: int, who=None) -> None:
        """Listen so long of every interval for what clients want; 0, 0 = no more.

        who: asks; the one that listens most of all who ask is served.
        """
        self._finding.seek(who, interval_ms, window_ms)

    def advertise(self, interval_ms: int, who=None) -> None:
        """Advertise so often [ms]; 0 = no more.  who: asks; the shortest interval of all who ask holds."""
        self._adverts[who] = interval_ms
        wanted = [wanted_ms for wanted_ms in self._adverts.values() if wanted_ms]
        shortest_ms = min(wanted) if wanted and not self.is_full else 0
        if shortest_ms != self._advertised_ms:
            self._advertise(shortest_ms)

    def _advertise(self, interval_ms):
        self._advertised_ms = interval_ms
        if not interval_ms:
            self._does(self._ble.gap_advertise, None)
            return
        first, second = packed([service.advert for service in self.services], _FULL_NAME, self._name)
        try:
            self._ble.gap_advertise(interval_ms * _US_PER_MS, first, resp_data=second)
        except (OSError, MemoryError):
            self._advertised_ms = 0  # whoever asks next tries again

    def sweep(self) -> None:
        """Hang up on who has connected, neither reads nor writes, and keeps others out; called once a second."""
        longest_s, worst = _SILENT_S, -1
        for conn, silent_s in self.centrals.items():
            if silent_s >= longest_s:
                longest_s, worst = silent_s, conn
            if silent_s != _ASKS:
                self.centrals[conn] = silent_s + 1
        if worst >= 0 and self.is_full and not self.disconnect(worst):
            self._central(worst, False)  # it is gone, and that was lost

    def _does(self, call, *args):
        try:
            return call(*args) is not False
        except (OSError, MemoryError):
            return False

    def _heard(self, event, data):
        """Serve the interrupt: copy, and wake the task; what it lets out would silence the radio for good."""
        if event == irq.SCAN_RESULT:
            if self._is_sought(data[2], data[1], data[4]):
                self._put_heard(event, data[0], data[2], data[3], data[1], data[4])
                self._post()
            return
        if irq.NOTIFY <= event <= irq.INDICATE or event == irq.READ_RESULT:
            kept = self._put(event, data[0], data[1], 0, 0, data[2])
        elif event == irq.GATTS_WRITE:
            self._asks(data[0])
            kept = self._keep_written(data[0], data[1])
        elif event == irq.READ_REQUEST:
            self._asks(data[0])
            return
        elif event <= irq.CENTRAL_DISCONNECT or irq.PERIPHERAL_CONNECT <= event <= irq.PERIPHERAL_DISCONNECT:
            kept = self._put(event, data[0], data[1], 0, 0, data[2])
        elif irq.SERVICE_RESULT <= event <= irq.DESCRIPTOR_DONE:
            kept = self._keep_found(event, data)
        elif event == irq.WRITE_DONE or event == irq.INDICATE_DONE:
            kept = self._put(event, data[0], data[1], data[2], 0, b"")
        elif event == irq.SCAN_DONE:
            kept = self._put(event, 0, 0, 0, 0, b"")
        else:
            return
        if not kept:
            self._faults[RADIO_LOST] += 1
        self._post()

    def _asks(self, conn):
        if conn in self.centrals:
            self.centrals[conn] = _ASKS

    def _keep_written(self, conn, handle):
        """Keep what was written; MicroPython makes bytes of it: the one thing the interrupt takes memory for."""
        try:
            return self._put(irq.GATTS_WRITE, conn, handle, 0, 0, self._ble.gatts_read(handle))
        except (OSError, MemoryError):
            return False

    def _keep_found(self, event, data):
        if event == irq.SERVICE_RESULT:
            return self._put(event, data[0], data[1], data[2], 0, b"")
        if event == irq.CHARACTERISTIC_RESULT:
            return self._put(event, data[0], data[1], data[2], self._finding.which(data[0], data[4]), b"")
        if event == irq.DESCRIPTOR_RESULT:
            return self._put(event, data[0], data[1], self._finding.is_switch(data[2]), 0, b"")
        return self._put(event, data[0], data[1], 0, 0, b"")

    def _hand_on(self, rows):
        kind, conn = rows.kind, rows.conn
        is_sent = kind == irq.GATTS_WRITE or irq.NOTIFY <= kind <= irq.INDICATE
        if is_sent and self._floods.is_one(conn, rows.stamp_ms):
            self.disconnect(conn)
        elif kind == irq.GATTS_WRITE:
            service = self._by_handle.get(rows.one)
            if service and conn in self.centrals:
                service.written(conn, rows.one, rows.data)
        elif kind == irq.CENTRAL_CONNECT:
            self._central(conn, True)
        elif kind == irq.CENTRAL_DISCONNECT:
            self._central(conn, False)
        elif kind == irq.INDICATE_DONE:
            pass
        else:
            self._finding.hear(rows)

    def _central(self, conn, opened):
        """Take note of a connection that another opened or that is gone: it stops NimBLE's advertising."""
        if conn in self.centrals:  # of one that opens, too: the end of the last one was lost
            del self.centrals[conn]
            self._finding.forget(conn)
            for service in self.services:
                service.closed(conn)
        if opened:
            self.centrals[conn] = 0
        self._advertised_ms = 0
        self.advertise(self._adverts.get(None, 0))
        if opened:
            for service in self.services:
                service.opened(conn)
