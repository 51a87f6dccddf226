"""The heart strap: found, understood, logged, lost and found again."""

import pytest
from backstep.core import events
from radio import published
from radio.pods import Pod


@pytest.fixture
def pod(clock):
    return Pod(radio="pods")


def connect(pod):
    pod.strap.look()
    pod.ble.advert(pod.strap_address, b"\x02\x01\x06\x03\x03\x0d\x18")
    pod.air.turn()
    conn = pod.ble.answer()
    pod.air.turn()
    for _ in pod.ble.found_heart(conn):
        pod.air.turn()
    return conn


def beat(pod, clock, conn, bpm, ms=1000, **how):
    clock.now_ms += ms
    pod.detecting.samples += 208 * ms // 1000
    pod.ble.hear(18, conn, 0x12, published.heart_rate_bytes(bpm, **how))
    pod.air.turn()


def test_a_strap_is_logged_every_5_s_and_when_it_changes(pod, clock):
    conn = connect(pod)
    for bpm in [120] * 12 + [124, 124]:
        beat(pod, clock, conn, bpm, rr_1024=(512,))
    assert [(code, sample, fields) for code, sample, fields in pod.keeper.taken] == [
        (events.HEART, 208, (120, 500)), (events.HEART, 6 * 208, (120, 500)), (events.HEART, 11 * 208, (120, 500)),
        (events.HEART, 13 * 208, (124, 500)),
    ]  # fmt: skip
    assert pod.strap.figures() == {"heart_bpm": 120, "heart_most_bpm": 124}
    assert pod.said == ["heart strap: here"] and pod.ble.scanning is None


def test_another_session_has_its_own_heart_rate(pod, clock):
    conn = connect(pod)
    beat(pod, clock, conn, 150)
    pod.keeper.counts = type(pod.keeper.counts)(208)
    assert pod.strap.figures() == {}
    beat(pod, clock, conn, 90)
    assert pod.strap.figures() == {"heart_bpm": 90, "heart_most_bpm": 90}


def test_without_a_session_and_without_skin_nothing_is_logged(pod, clock):
    conn = connect(pod)
    beat(pod, clock, conn, 150, contact=2)
    pod.keeper.running = False
    beat(pod, clock, conn, 150)
    assert pod.keeper.taken == []


def test_a_lost_strap_is_found_again(pod, clock):
    conn = connect(pod)
    pod.ble.hang_up(conn)
    pod.air.turn()
    assert pod.ble.scanning == (400_000, 60_000)
    clock.now_ms += 70_000
    pod.strap.look()
    assert pod.ble.scanning == (2_000_000, 60_000)
    beat(pod, clock, connect(pod), 101)
    assert pod.keeper.taken[-1][2][0] == 101


def test_a_strap_that_falls_silent_is_let_go(pod, clock):
    connect(pod)
    clock.now_ms += 11_000
    pod.strap.look()
    pod.air.turn()
    assert not pod.ble.conns and pod.ble.scanning


def test_another_s_strap_is_none_of_ours(pod):
    pod.strap.look()
    pod.ble.advert(bytes(6), b"\x02\x01\x06\x03\x03\x0d\x18")
    pod.air.turn()
    assert pod.ble.calling is None


def mistaken(pod):
    """Have what has the strap's address be called and hung up on, for it has no heart rate."""
    pod.ble.advert(pod.strap_address, b"\x02\x01\x06")
    pod.air.turn()
    conn = pod.ble.answer()
    pod.air.turn()
    pod.ble.hear(10, conn, 0)
    pod.air.turn()


def test_what_has_its_address_and_no_heart_rate_is_let_be_for_a_while(pod, clock):
    pod.strap.look()
    mistaken(pod)
    assert pod.said == [] and not pod.ble.conns and pod.ble.scanning is None
    for second in range(12):
        pod.ble.advert(pod.strap_address, b"\x02\x01\x06")
        pod.air.turn()
        assert pod.ble.calling is None or second > 9
        clock.now_ms += 1000
        pod.strap.look()
    beat(pod, clock, connect(pod), 101)
    assert pod.keeper.taken[-1][2][0] == 101 and pod.said == ["heart strap: here"]


def test_one_that_tells_a_hundred_times_a_second_fills_no_log(pod, clock):
    conn = connect(pod)
    for turn in range(40):
        beat(pod, clock, conn, 60 + 60 * (turn & 1), ms=25)
    assert len(pod.keeper.taken) == 1


def test_one_whose_end_was_lost_is_looked_for_anew(pod, clock):
    conn = connect(pod)
    pod.ble.conns.pop(conn)
    clock.now_ms += 11_000
    pod.strap.look()
    assert pod.ble.scanning and pod.said[-1] == "heart strap: out of reach"


def test_who_goes_off_hangs_up_on_strap_and_phone_and_lets_nobody_else_in(pod):
    connect(pod)
    pod.connect()
    pod.phone.tick()  # a watch may come too
    assert sorted(pod.ble.conns.values()) == ["central", "peripheral"] and pod.ble.advertising
    pod.air.hang_up()
    assert pod.ble.conns == {} and not pod.ble.advertising
