"""The other side of the fake radio: phones that connect, peripherals that answer, and what they send."""

_CONNECTIONS_MAX = 4
READ, WRITE_NO_RESPONSE, WRITE, NOTIFY, INDICATE = 0x02, 0x04, 0x08, 0x10, 0x20
SCRATCH = 0xA5
PHONE = bytes.fromhex("c0ffee000001")


class UUID:
    """Of 16 bits as a number, or of 128 as text; compares by value only."""

    def __init__(self, value):
        if isinstance(value, int):
            if not 0 <= value <= 0xFFFF:
                raise ValueError("invalid UUID")
            self.value = value.to_bytes(2, "little")
        elif isinstance(value, str):
            digits = value.replace("-", "")
            if len(digits) != 32:
                raise ValueError("invalid UUID")
            self.value = bytes.fromhex(digits)[::-1]
        else:
            self.value = bytes(value)
            if len(self.value) not in (2, 4, 16):
                raise ValueError("invalid UUID")

    def __eq__(self, other):
        return isinstance(other, UUID) and self.value == other.value

    def __hash__(self):
        return hash(self.value)

    def __repr__(self):
        return f"UUID({self.value[::-1].hex()})"


class FarSide:
    """What a test does as the other side; Ble has the rest."""

    handler = None
    advertising: tuple | None
    scanning: tuple | None
    calling: tuple | None
    conns: dict[int, str]
    subscribed: set[tuple[int, int]]
    values: dict

    def hear(self, event, *payload):
        """Call the handler as modbluetooth.c does: bytes come as memoryviews, worth nothing afterwards."""
        if self.handler is None:
            return None
        rooms = [bytearray(part) if isinstance(part, bytes) else part for part in payload]
        data = tuple(memoryview(part) if isinstance(part, bytearray) else part for part in rooms)
        result = self.handler(event, data)
        for room in rooms:
            if isinstance(room, bytearray):
                room[:] = bytes([SCRATCH]) * len(room)
        return result

    def phone(self, address=PHONE, conn=None):
        """Have a phone connect to what is advertised; return the connection."""
        assert self.advertising and self.advertising[3], "nobody can connect"
        return self._connect("central", 1, 1, address, conn)

    def answer(self):
        """Have the peripheral that is called answer; return the connection."""
        kind, address, _ = self.calling
        self.calling = None
        return self._connect("peripheral", 7, kind, address, None)

    def no_answer(self):
        """Have nobody answer the call until its time is over."""
        self.calling = None
        self.hear(8, 0xFFFF, 0xFF, bytes(6))

    def hang_up(self, conn):
        """Have a connection end, by whichever side or by loss."""
        role = self.conns.pop(conn)
        self.subscribed = {(one, handle) for one, handle in self.subscribed if one != conn}
        self.hear(2 if role == "central" else 8, conn, 1, PHONE)

    def advert(self, address, data, kind=0, address_type=1, rssi=-60):
        """Have an advertisement be heard, if the pod listens."""
        if self.scanning:
            self.hear(5, address_type, address, kind, rssi, data)

    def subscribe(self, conn, handle):
        """Switch a characteristic's notifications or indications on, as a phone does."""
        assert self._value(handle).flags & (NOTIFY | INDICATE), "there is no such switch"
        self.subscribed.add((conn, handle))

    def remote_write(self, conn, handle, data):
        """Have a phone write; False where the characteristic takes no writes."""
        value = self._value(handle)
        if not value.flags & (WRITE | WRITE_NO_RESPONSE):
            return False
        start = value.data if value.appends else b""
        value.data = (start + data)[: value.room]
        self.hear(3, conn, handle)
        return True

    def remote_read(self, conn, handle):
        """Return what a phone reads, None where it may not."""
        value = self._value(handle)
        if not value.flags & READ or self.hear(4, conn, handle):
            return None
        return value.data

    def handle_of(self, uuid):
        """Return the value handle of a characteristic by its UUID."""
        return next(handle for handle, value in self.values.items() if value.uuid == UUID(uuid))

    def found_heart(self, conn, value=0x12, switch=0x13):
        """Answer the questions of discovery as a heart strap does, one characteristic and its switch."""
        self.hear(9, conn, 0x10, 0x16, UUID(0x180D))
        self.hear(10, conn, 0)
        yield
        self.hear(11, conn, switch, value, NOTIFY, UUID(0x2A37))
        self.hear(11, conn, 0x16, 0x15, READ, UUID(0x2A38))
        self.hear(12, conn, 0)
        yield
        self.hear(13, conn, switch, UUID(0x2902))
        self.hear(14, conn, 0)
        yield
        self.hear(17, conn, switch, 0)
        yield

    def _connect(self, role, event, kind, address, conn):
        conn = min(set(range(_CONNECTIONS_MAX)) - set(self.conns)) if conn is None else conn
        self.conns[conn] = role
        if role == "central":
            self.advertising = None
        self.hear(event, conn, kind, address)
        return conn
