"""The one radio: what the interrupt hears comes to whom it concerns, whole and once."""

import errno

import pytest
from backstep.app.faults import RADIO_LOST, no_faults
from backstep.app.radio.air import Air
from radio.fake_ble import NOTIFY, UUID, Bluetooth
from radio.far_side import READ, WRITE

ONE, OTHER = 0x1814, 0x180F


class Service:
    advert = b"\x03\x03\x14\x18"
    handles = ()

    def __init__(self, uuid, flags=READ | NOTIFY | WRITE):
        self.definition = UUID(uuid), ((UUID(0x2A53), flags), (UUID(0x2A54), READ))
        self.heard = []

    def opened(self, conn):
        self.heard.append(("opened", conn))

    def closed(self, conn):
        self.heard.append(("closed", conn))

    def written(self, conn, handle, data):
        self.heard.append((conn, self.handles.index(handle), data))


class Strap:
    service = UUID(0x180D)
    characteristics = (UUID(0x2A37), UUID(0x2A39))
    subscribes = (0,)
    interval_ms = 500
    places = 1
    address = sought = bytes(range(6))

    def __init__(self):
        self.heard = []

    def wants(self, address_type, address, advert):
        assert isinstance(address, bytes) and isinstance(advert, bytes)
        return address == self.address

    def opened(self, conn):
        self.heard.append("opened")

    def ready(self, conn, handles):
        self.heard.append(tuple(handles))

    def notified(self, conn, handle, data):
        self.heard.append((handle, data))

    def closed(self, conn):
        self.heard.append("closed")


class Made:
    def __init__(self, *services, client=None):
        self.bluetooth = Bluetooth()
        self.ble = self.bluetooth.ble
        self.faults, self.said = no_faults(), []
        self.air = Air(self.bluetooth, "left shoe", self.faults, self.said.append)
        self.air.services.extend(services)
        if client:
            self.air.clients.append(client)


@pytest.fixture
def service():
    return Service(ONE)


@pytest.fixture
def made(service):
    made = Made(service, Service(OTHER))
    assert made.air.start() and made.air.is_on and not made.said
    return made


def test_it_advertises_services_and_its_name(made):
    made.air.advertise(250)
    interval_us, advert, response, connectable = made.ble.advertising
    assert (interval_us, connectable) == (250_000, True)
    assert advert == b"\x02\x01\x06" + 2 * Service.advert + b"\x0a\x09left shoe" and response == b""
    made.air.advertise(0)
    assert made.ble.advertising is None


def test_the_shortest_interval_that_anybody_asks_for_holds(made):
    made.air.advertise(1000)
    made.air.advertise(100, "band")
    assert made.ble.advertising[0] == 100_000
    made.air.advertise(0, "band")
    assert made.ble.advertising[0] == 1_000_000


def test_what_is_written_reaches_its_service(made, service):
    made.air.advertise(100)
    conn = made.ble.phone()
    made.ble.remote_write(conn, service.handles[0], b"one")
    made.ble.remote_write(conn, service.handles[0], b"two")
    made.air.turn()
    assert service.heard == [("opened", conn), (conn, 0, b"one"), (conn, 0, b"two")]
    made.ble.hang_up(conn)
    made.air.turn()
    assert service.heard[-1] == ("closed", conn)


def test_it_is_found_again_once_somebody_has_connected_or_left(made):
    made.air.advertise(100)
    conns = []
    for _ in range(3):
        conns.append(made.ble.phone())
        made.air.turn()
    assert made.ble.advertising is None  # that is enough
    made.ble.hang_up(conns[1])
    made.air.turn()
    assert made.ble.advertising


def test_the_time_of_the_interrupt_is_told(made, service, clock):
    made.air.advertise(100)
    conn = made.ble.phone()
    clock.now_ms = 4321
    stamps = []
    service.written = lambda *_: stamps.append(made.air.stamp_ms)
    made.ble.remote_write(conn, service.handles[0], b"x")
    clock.now_ms = 5000
    made.air.turn()
    assert stamps == [4321]


def test_rows_that_find_no_room_are_counted(made, service):
    made.air.advertise(100)
    conn = made.ble.phone()
    for number in range(20):
        made.ble.remote_write(conn, service.handles[0], bytes([number]))
    made.air.turn()
    assert [data for *_, data in service.heard[1:]] == [bytes([number]) for number in range(11)]
    assert made.faults[RADIO_LOST] == 9


def test_a_flood_hides_no_end_of_a_connection(made, service):
    made.air.advertise(100)
    conn = made.ble.phone()
    for _ in range(100):
        made.ble.remote_write(conn, service.handles[0], b"flood")
    made.ble.hang_up(conn)
    made.air.turn()
    assert service.heard[-1] == ("closed", conn) and not made.air.centrals


def test_a_write_without_memory_is_lost_and_counted_and_the_radio_goes_on(made, service):
    made.air.advertise(100)
    conn = made.ble.phone()
    made.ble.no_memory = True
    made.ble.remote_write(conn, service.handles[0], b"x")
    made.ble.no_memory = False
    made.ble.remote_write(conn, service.handles[0], b"y")
    made.air.turn()
    assert service.heard[-1] == (conn, 0, b"y") and made.faults[RADIO_LOST] == 1


@pytest.mark.parametrize("event", range(1, 40))
def test_no_event_with_nothing_to_it_is_an_error(made, event):
    from_address = (0, 1, bytes(6))
    payloads = {
        1: from_address, 2: (9, 1, bytes(6)), 3: (0, 12), 5: (0, bytes(6), 3, -9, b""), 7: from_address,
        8: (7, 1, bytes(6)), 9: (7, 1, 2, UUID(ONE)), 10: (7, 1), 11: (7, 1, 2, 3, UUID(ONE)), 12: (7, 0),
        13: (7, 1, UUID(ONE)), 14: (7, 0), 15: (7, 1, b"x"), 18: (7, 1, b"x"), 19: (7, 1, b"x"),
    }  # fmt: skip
    made.ble.values.setdefault(12, next(iter(made.ble.values.values())))
    made.ble.hear(event, *payloads.get(event, (0, 0, 0)))
    made.air.turn()


@pytest.mark.parametrize("error", [OSError(errno.ENODEV), OSError(-519), MemoryError()])
def test_a_radio_that_will_not_start_is_told_of_and_stays_off(error):
    made = Made(Service(ONE))
    made.ble.refuses = error
    assert not made.air.start() and not made.air.is_on and not made.ble.on
    assert len(made.said) == 1 and made.said[0].startswith("radio: ") and made.said[0].endswith("it stays off")


def test_values_are_kept_told_and_sent(made, service):
    made.air.advertise(100)
    conn, handle = made.ble.phone(), service.handles[0]
    made.ble.subscribe(conn, handle)
    assert made.air.publish(handle, b"a") and made.air.keep(handle, b"b") and made.air.notify(conn, handle, b"c")
    assert made.air.indicate(conn, handle, b"d") and not made.air.notify(3, handle, b"e")
    assert made.ble.sent == [(conn, handle, b"a", False), (conn, handle, b"c", False), (conn, handle, b"d", True)]
    assert made.ble.remote_read(conn, handle) == b"b"
    made.air.room(handle, 40)
    made.ble.remote_write(conn, handle, bytes(50))
    made.air.turn()
    assert service.heard[-1] == (conn, 0, bytes(40))


def test_what_a_client_wants_is_called_understood_and_heard():
    strap = Strap()
    made = Made(client=strap)
    made.air.start()
    made.air.seek(1000, 100)
    assert made.ble.scanning == (1_000_000, 100_000)
    made.ble.advert(bytes(6), b"\x02\x01\x06")
    made.ble.advert(strap.address, b"\x02\x01\x06", kind=3)  # cannot be connected to
    made.air.turn()
    assert made.ble.calling is None
    made.ble.advert(strap.address, b"\x02\x01\x06")
    made.air.turn()
    assert made.ble.calling == (1, strap.address, 500_000) and made.ble.scanning is None
    conn = made.ble.answer()
    made.air.turn()
    for _ in made.ble.found_heart(conn):
        made.air.turn()
    made.ble.hear(18, conn, 0x12, b"\x00\x48")
    made.air.turn()
    assert strap.heard == ["opened", (0x12, 0), (0x12, b"\x00\x48")]
    assert made.ble.asked[-1] == ("write", conn, 0x13, b"\x01\x00", 1)
    assert made.ble.scanning  # it goes on looking; who has enough says so
    made.ble.hang_up(conn)
    made.air.turn()
    assert strap.heard[-1] == "closed"


def test_a_call_that_nobody_answers_is_followed_by_listening():
    made = Made(client=Strap())
    made.air.start()
    made.air.seek(1000, 100)
    made.ble.advert(Strap.address, b"")
    made.air.turn()
    made.ble.no_answer()
    made.air.turn()
    assert made.ble.scanning and not made.ble.calling


def test_who_lacks_the_service_is_left():
    made = Made(client=Strap())
    made.air.start()
    made.air.seek(1000, 100)
    made.ble.advert(Strap.address, b"")
    made.air.turn()
    conn = made.ble.answer()
    made.air.turn()
    made.ble.hear(10, conn, 0)
    made.air.turn()
    assert made.ble.conns == {} and made.ble.scanning


def test_who_listens_most_is_served():
    made = Made()
    made.air.start()
    made.air.seek(1000, 50, "strap")
    made.air.seek(120, 30, "band")
    assert made.ble.scanning == (120_000, 30_000)
    made.air.seek(0, 0, "band")
    assert made.ble.scanning == (1_000_000, 50_000)
    made.air.seek(0, 0, "strap")
    made.air.turn()
    assert made.ble.scanning is None


@pytest.mark.parametrize("address", [bytes(6), Strap.address])
def test_a_crowd_of_advertisements_leaves_room_for_what_counts(service, address):
    made = Made(service, client=Strap())
    assert made.air.start()
    made.air.seek(100, 100)
    made.air.advertise(100)
    conn = made.ble.phone()
    for _ in range(100):
        made.ble.advert(address, bytes(31))
    made.ble.remote_write(conn, service.handles[0], b"x")
    made.air.turn()
    assert service.heard[-1] == (conn, 0, b"x") and not made.faults[RADIO_LOST]


@pytest.mark.parametrize(("address", "advert", "rows"), [
    (bytes(6), bytes(31), 0),
    (Strap.address, b"", 1),
    (bytes(6), b"\x02\x01\x06" + Strap.address, 1),
    (bytes(6), Strap.address[:-1], 0),
])  # fmt: skip
def test_strangers_are_passed_over_in_the_interrupt(service, address, advert, rows):
    made = Made(service, client=Strap())
    assert made.air.start()
    made.air.seek(100, 100)
    made.ble.advert(address, advert)
    assert made.air._rows.take() == bool(rows)
