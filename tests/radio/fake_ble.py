"""MicroPython's `bluetooth` for CPython, as strict as extmod/modbluetooth.c over NimBLE, and as fleeting.

What a handler is given is overwritten once it returns. `Bluetooth()` stands for the module; its `ble` is the one
BLE. What a test does as the other side is in far_side.py.
"""

import errno

from radio.far_side import INDICATE, NOTIFY, UUID, FarSide

NAMES = ("gap_name", "mtu", "rxbuf", "addr_mode", "bond", "mitm", "io", "le_secure")
_SERVICES_MAX = 8
_CONNECTIONS_MAX = 4
_DEFAULT_ROOM = 20


class Value:
    """A characteristic's or a descriptor's value on the pod's server."""

    def __init__(self, uuid, flags):
        self.uuid, self.flags = uuid, flags
        self.data, self.room, self.appends = b"", _DEFAULT_ROOM, False


class Bluetooth:
    UUID = UUID

    def __init__(self):
        self.ble = Ble()

    def BLE(self):  # noqa: N802 - as MicroPython has it
        return self.ble


class Ble(FarSide):
    """handler's events so far are lost; `sent` has (conn, handle, bytes, acknowledged) of what went out."""

    def __init__(self):
        self.on = False
        self.refuses: OSError | MemoryError | None = None  # what active(True) raises
        self.no_memory = False  # gatts_read finds none
        self.handler = None
        self.name = b"MPY ESP32"
        self.values: dict[int, Value] = {}
        self.advertising: tuple[int, bytes, bytes, bool] | None = None
        self.scanning: tuple[int, int] | None = None  # interval, window [us]
        self.asks_names = False  # it scans actively
        self.calling: tuple[int, bytes, int | None] | None = None  # kind of address, address, interval [us]
        self.conns: dict[int, str] = {}  # connection -> "central" (it called us) or "peripheral"
        self.subscribed: set[tuple[int, int]] = set()
        self.sent: list[tuple[int, int, bytes, bool]] = []
        self.asked: list[tuple] = []  # what was discovered or written at peripherals
        self.failed = 0  # calls that were refused
        self._adv_data = self._resp_data = b""

    def active(self, on=None):
        if on is not None:
            if on and self.refuses:
                raise self.refuses
            if not on or not self.on:
                self.values, self.conns, self.advertising, self.scanning = {}, {}, None, None
            self.on = bool(on)
        return self.on

    def config(self, *asked, **named):
        if asked:
            assert not named and len(asked) == 1
            return {"gap_name": self.name, "mac": (0, bytes(6)), "mtu": 256}[asked[0]]
        for key, value in named.items():
            if key not in NAMES:
                raise ValueError("unknown config param")
            if key == "gap_name":
                self._need_on()
                self.name = value.encode() if isinstance(value, str) else bytes(value)
        return None

    def irq(self, handler):
        if handler is not None and not callable(handler):
            raise ValueError("invalid handler")
        self.handler = handler

    def gap_advertise(self, interval_us, adv_data=None, *, resp_data=None, connectable=True):
        if interval_us is None:
            self._need_on()
            self.advertising = None
            return
        self._need_on()
        self.advertising = None
        self._adv_data = self._adv_data if adv_data is None else bytes(adv_data)
        self._resp_data = self._resp_data if resp_data is None else bytes(resp_data)
        if len(self._adv_data) > 31 or len(self._resp_data) > 31:
            self._refuse(errno.EINVAL)
        if not 20_000 <= interval_us <= 10_240_000:
            self._refuse(errno.EINVAL)
        if connectable and len(self.conns) >= _CONNECTIONS_MAX:
            self._refuse(errno.ENOMEM)
        self.advertising = interval_us, self._adv_data, self._resp_data, bool(connectable)

    def gatts_register_services(self, services):
        self._need_on()
        assert not self.advertising, "advertising must be stopped to register"
        self.values = {}
        if len(services) > _SERVICES_MAX:
            self._refuse(errno.E2BIG)
        handle, found = 10, []
        for uuid, characteristics in services:
            _need_uuid(uuid)
            handle += 1
            row = []
            for one, flags, *descriptors in characteristics:
                _need_uuid(one)
                handle += 2
                self.values[handle] = Value(one, flags)
                row.append(handle)
                handle += flags & (NOTIFY | INDICATE) != 0
                for other, other_flags in descriptors[0] if descriptors else ():
                    handle += 1
                    self.values[handle] = Value(other, other_flags)
                    row.append(handle)
            found.append(tuple(row))
        return tuple(found)

    def gatts_read(self, handle):
        self._need_on()
        if self.no_memory:
            raise MemoryError
        value = self._value(handle)
        data = value.data
        if value.appends:
            value.data = b""
        return data

    def gatts_write(self, handle, data, send_update=False):
        self._need_on()
        value = self._value(handle)
        value.data = bytes(data)
        value.room = max(value.room, len(value.data))
        if send_update:
            for conn, subscribed in sorted(self.subscribed):
                if subscribed == handle:
                    self.sent.append((conn, handle, value.data, value.flags & NOTIFY == 0))
        return len(data)

    def gatts_set_buffer(self, handle, length, append=False):
        self._need_on()
        value = self._value(handle)
        value.data, value.room, value.appends = b"", length, bool(append)

    def gatts_notify(self, conn, handle, data=None):
        self._send(conn, handle, data, False)

    def gatts_indicate(self, conn, handle, data=None):
        self._send(conn, handle, data, True)

    def gap_scan(self, duration_ms=0, interval_us=1_280_000, window_us=11_250, active=False):
        self._need_on()
        if duration_ms is None:
            was, self.scanning = self.scanning, None
            if was:
                self.hear(6)
            return
        if self.scanning or self.calling:
            self._refuse(errno.EALREADY if self.scanning else errno.EBUSY)
        if window_us > interval_us:
            self._refuse(errno.EINVAL)
        self.scanning, self.asks_names = (interval_us, window_us), active

    def gap_connect(self, kind, address, scan_ms=2000, min_us=None, max_us=None):
        self._need_on()
        if len(address) != 6:
            raise ValueError("invalid addr")
        if self.calling:
            self._refuse(errno.EALREADY)
        if self.scanning:
            self.gap_scan(None)
        if len(self.conns) >= _CONNECTIONS_MAX:
            self._refuse(errno.ENOMEM)
        self.calling = kind, bytes(address), min_us

    def gap_disconnect(self, conn):
        self._need_on()
        if conn not in self.conns:
            return False
        self.hang_up(conn)
        return True

    def gattc_discover_services(self, conn, uuid=None):
        self._ask("services", conn, uuid)

    def gattc_discover_characteristics(self, conn, start, end, uuid=None):
        self._ask("characteristics", conn, start, end, uuid)

    def gattc_discover_descriptors(self, conn, start, end):
        self._ask("descriptors", conn, start, end)

    def gattc_write(self, conn, handle, data, mode=0):
        assert mode in (0, 1)
        self._ask("write", conn, handle, bytes(data), mode)

    def gattc_read(self, conn, handle):
        self._ask("read", conn, handle)

    def _send(self, conn, handle, data, acknowledged):
        self._need_on()
        value = self._value(handle)
        if conn not in self.conns:
            self._refuse(errno.ENOTCONN)
        self.sent.append((conn, handle, value.data if data is None else bytes(data), acknowledged))

    def _ask(self, what, conn, *rest):
        self._need_on()
        if conn not in self.conns:
            self._refuse(errno.ENOTCONN)
        self.asked.append((what, conn, *rest))

    def _value(self, handle):
        if handle not in self.values:
            self._refuse(errno.EINVAL)
        return self.values[handle]

    def _need_on(self):
        if not self.on:
            self._refuse(errno.ENODEV)

    def _refuse(self, number):
        self.failed += 1
        raise OSError(number)


def _need_uuid(uuid):
    if not isinstance(uuid, UUID):
        raise ValueError("invalid characteristic UUID")
