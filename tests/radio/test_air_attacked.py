"""The one radio among strangers and bad luck: floods, silence, lost ends, connections that never leave."""

import errno
import time

import pytest
from backstep.app.faults import RADIO_LOST
from backstep.app.radio.band_hub import Hub
from backstep.app.radio.band_member import Member
from radio.far_side import NOTIFY, UUID
from radio.pods import Pod
from radio.test_air import ONE, Made, Service, Strap

PROVEN_BY_MS = 3000


class Band:
    """What a Hub or Member asks of a Band."""

    band_id, key, me, hub, count, dropped = b"band", bytes(16), 1, 0, 3, 0
    values = [0] * 4  # noqa: RUF012 - one test at a time
    heard: tuple = ()

    def unlinked(self, index):
        self.heard += (index,)


@pytest.fixture
def service():
    return Service(ONE)


@pytest.fixture
def made(service):
    made = Made(service)
    assert made.air.start()
    made.air.advertise(100)
    return made


def peripheral(made):
    """Have a peripheral be called and answer; return the connection."""
    made.air.seek(1000, 100)
    made.ble.advert(Strap.address, b"")
    made.air.turn()
    conn = made.ble.answer()
    made.air.turn()
    return conn


@pytest.mark.parametrize("found", [
    (9, 0x10, 0x16, UUID(0x180D)), (11, 0x13, 0x12, NOTIFY, UUID(0x2A37)), (13, 0x13, UUID(0x2902)),
])  # fmt: skip
def test_a_peer_that_answers_without_end_hides_no_end_of_a_connection(made, service, found):
    event, *rest = found
    conn = made.ble.phone()
    made.air.turn()
    for _ in range(40):
        made.ble.hear(event, conn, *rest)
    made.ble.hang_up(conn)
    made.air.turn()
    assert service.heard[-1] == ("closed", conn) and not made.air.centrals and made.ble.advertising


def test_two_that_are_looked_through_at_once_are_not_mixed_up(service):
    strap = Strap()
    made = Made(service, client=strap)
    assert made.air.start()
    made.air.advertise(100)
    conn, phone = peripheral(made), made.ble.phone()
    made.air.turn()
    other = Strap()
    other.characteristics = (UUID(0x2A0F), UUID(0x2A2B), UUID(0x2A37))
    made.air.look(phone, other)
    steps = made.ble.found_heart(conn)
    next(steps)
    made.ble.hear(9, phone, 0x10, 0x16, UUID(0x1805))
    made.ble.hear(10, phone, 0)
    made.air.turn()
    for _ in steps:
        made.air.turn()
    assert strap.heard[-1] == (0x12, 0)


def test_a_flood_lets_others_have_a_turn_and_is_hung_up_on(made, service):
    conn = made.ble.phone()
    written = []

    def again(conn, handle, data):
        written.append(data)
        if len(written) < 1000:
            made.ble.remote_write(conn, handle, data)

    service.written = again
    made.ble.remote_write(conn, service.handles[0], b"x")
    made.air.turn()
    assert len(written) < 20
    for _ in range(10):
        made.air.turn()
    assert len(written) == 50 and conn not in made.ble.conns


def test_who_writes_now_and_then_stays(made, service, clock):
    conn = made.ble.phone()
    for _ in range(500):
        clock.now_ms += 30
        made.ble.remote_write(conn, service.handles[0], b"x")
        made.air.turn()
    assert conn in made.ble.conns and len(service.heard) == 501


def test_who_comes_after_a_week_of_silence_floods_nobody(made, service, clock, monkeypatch):
    half = 1 << 29  # so far away, ticks_diff takes what is to come for the past
    monkeypatch.setattr(time, "ticks_diff", lambda a, b: (a - b + half) % (2 * half) - half)
    conn = made.ble.phone()
    clock.now_ms += half + 5000
    for _ in range(60):
        clock.now_ms += 500
        made.ble.remote_write(conn, service.handles[0], b"x")
        made.air.turn()
    assert conn in made.ble.conns


def test_a_radio_that_refuses_every_call_stops_nothing(clock):
    pod = Pod()
    conn = pod.connect()
    pod.ble._need_on = lambda: pod.ble._refuse(errno.EIO)
    point, address = pod.ble.handle_of(0x2A55), pod.strap_address
    happens = (
        (3, conn, point), (1, 2, 1, address), (2, conn, 1, address), (5, 1, address, 0, -60, b""),
        (7, 1, 1, address), (10, 1, 0), (18, 1, 12, b"x"), (8, 1, 1, address), (6,),
    )  # fmt: skip
    for event in happens:
        pod.ble.hear(*event)
        pod.air.turn()
        pod.phone.tick()
        pod.strap.look()
        clock.now_ms += 5000
    pod.air.stop()


def test_a_value_that_cannot_be_read_does_not_silence_the_radio(made, service):
    conn = made.ble.phone()
    made.ble.hear(3, conn, 0x7777)
    assert made.faults[RADIO_LOST] == 1
    made.ble.remote_write(conn, service.handles[0], b"x")
    made.air.turn()
    assert service.heard[-1] == (conn, 0, b"x")


def test_who_comes_on_a_connection_whose_end_was_lost_is_somebody_new(made, service):
    conn = made.ble.phone()
    made.air.turn()
    made.ble.conns.pop(conn)
    made.ble.hear(1, conn, 1, bytes(6))
    made.air.turn()
    assert service.heard == [("opened", conn), ("closed", conn), ("opened", conn)]


def test_a_peripheral_on_a_connection_whose_end_was_lost_is_somebody_new():
    strap = Strap()
    made = Made(client=strap)
    assert made.air.start()
    made.ble.conns.pop(peripheral(made))
    peripheral(made)
    assert strap.heard == ["opened", "closed", "opened"]


def test_a_call_whose_end_was_lost_is_over_some_time(clock):
    made = Made(client=Strap())
    assert made.air.start()
    made.air.seek(1000, 100)
    made.ble.advert(Strap.address, b"")
    made.air.turn()
    made.ble.calling = None
    for _ in range(6):
        made.air.seek(1000, 100)
        clock.now_ms += 1000
    made.air.seek(1000, 100)
    assert made.ble.scanning


def test_what_listens_otherwise_is_still_stopped_in_the_end(clock):
    made = Made(client=Strap())
    assert made.air.start()
    for interval_ms in (100, 200, 300):
        made.air.seek(interval_ms, 50)
        clock.now_ms += 1000
        made.air.turn()
        assert made.ble.scanning == (1000 * interval_ms, 50_000) and not made.ble.failed
    made.air.seek(0, 0)
    assert made.ble.scanning is None


def test_a_scan_that_ends_by_itself_is_begun_anew(clock):
    made = Made(client=Strap())
    assert made.air.start()
    made.air.seek(100, 50)
    clock.now_ms += 1000
    made.ble.gap_scan(None)
    made.air.turn()
    assert made.ble.scanning == (100_000, 50_000)


def crowd(made, count):
    """Have strangers connect, as far as they are let, and say nothing."""
    conns = []
    for _ in range(count):
        if made.ble.advertising:
            conns.append(made.ble.phone())
            made.air.turn()
    return conns


def sweep(made, seconds):
    for _ in range(seconds):
        made.air.sweep()
        made.air.turn()


def test_who_asks_for_nothing_makes_room_where_all_places_are_taken(service):
    made = Made(service)
    assert made.air.start()
    made.air.advertise(152)
    reads, silent = crowd(made, 2)
    made.ble.remote_read(reads, service.handles[0])
    sweep(made, 60)
    assert len(made.ble.conns) == 2  # there is room
    (third,) = crowd(made, 1)
    made.ble.remote_write(third, service.handles[0], b"x")
    assert not made.ble.advertising
    sweep(made, 1)
    assert sorted(made.ble.conns) == [reads, third] and made.ble.advertising
    made.ble.remote_read(*crowd(made, 1), service.handles[0])
    sweep(made, 60)
    assert len(made.ble.conns) == 3


def test_three_silent_strangers_keep_a_phone_out_for_half_a_minute_at_most(service):
    made = Made(service)
    assert made.air.start()
    made.air.advertise(152)
    crowd(made, 3)
    sweep(made, 25)
    assert len(made.ble.conns) == 3
    sweep(made, 1)
    assert len(made.ble.conns) == 2 and made.ble.advertising
    sweep(made, 60)
    assert len(made.ble.conns) == 2  # who is in nobody's way stays


def test_a_silent_one_whose_end_was_lost_makes_room_too(service):
    made = Made(service)
    assert made.air.start()
    made.air.advertise(152)
    conns = crowd(made, 3)
    made.ble.conns.pop(conns[1])
    sweep(made, 60)
    assert made.ble.advertising and len(made.air.centrals) == 2


def test_a_crowd_that_connects_and_stays_leaves_a_place_for_the_hub(clock):
    made = Made()
    member = Member(Band(), made.air, False)
    assert made.air.start()
    made.air.advertise(152)
    conns = crowd(made, 5)
    assert len(conns) == 3 and made.ble.advertising is None
    for _ in range(2 + PROVEN_BY_MS // 250):
        clock.now_ms += 250
        member.turn(clock.now_ms)
        made.air.turn()
    assert sorted(made.ble.conns) == conns[:2] and made.ble.advertising


def test_a_crowd_at_the_hub_leaves_a_place_for_each_of_its_pods():
    made = Made(Service(ONE), client=Strap())
    hub = Hub(Band(), made.air)
    assert made.air.start() and hub.places == 2
    made.air.advertise(152)
    assert len(crowd(made, 5)) == 1 and made.ble.advertising is None
