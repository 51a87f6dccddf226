"""What a phone or watch sees of the pod, read by the published tables."""

import struct
from datetime import datetime, timedelta

import pytest
from backstep.core import events
from backstep.core.log import log
from backstep.core.radio import pod_words
from radio import published
from radio.band_base import uuid
from radio.far_side import UUID
from radio.pods import Pod

COUNTS, STRIDE, ALERT, DOSE = (uuid(number) for number in (2, 3, 4, 5))
BACK = events.BACKWARD


@pytest.fixture
def pod():
    return Pod()


def walk(pod, strides, stride_mm=820, every=208):
    for number in range(strides):
        at = (number + 1) * every
        pod.sense(events.STRIDE, at - 90, at, BACK, stride_mm, 60, -12, 2, 96, 600, 1, -84, 2100)


def test_a_watch_reads_who_the_pod_is(pod):
    conn = pod.connect()
    texts = [pod.read(conn, kind).decode() for kind in (0x2A29, 0x2A24, 0x2A25)]
    assert texts == ["Backstep", "qtpy_s3", "020000000001"]
    assert published.battery_level(pod.read(conn, 0x2A19)) == 70
    features = published.rsc_features(pod.read(conn, 0x2A54))
    assert features == {"stride length", "total distance", "multiple locations"}
    assert published.sensor_location(pod.read(conn, 0x2A5D)) == "top of shoe"


def test_it_is_told_once_a_second_how_the_walk_goes(pod):
    pod.connect()
    walk(pod, 4)
    before = len(pod.told(0x2A53))
    for _ in range(3):
        pod.phone.tick()
    told = [published.rsc_measurement(data) for data in pod.told(0x2A53)[before:]]
    assert len(told) == 3 and told[-1] == {
        "speed_m_s": pytest.approx(0.82, abs=0.01), "cadence_per_min": 120, "stride_m": pytest.approx(0.82),
        "distance_m": pytest.approx(3.2), "running": False,
    }  # fmt: skip


def test_who_stands_is_told_of_seldom_and_as_standing(pod):
    pod.connect()
    walk(pod, 2)
    pod.keeper.counts.pause(10_000)
    before = len(pod.told(0x2A53))
    for _ in range(20):
        pod.phone.tick()
    told = [published.rsc_measurement(data) for data in pod.told(0x2A53)[before:]]
    assert len(told) == 4 and {one["speed_m_s"] + one["cadence_per_min"] for one in told} == {0}


def test_the_control_point_is_answered_to_who_asked(pod):
    conn, point = pod.connect(), pod.ble.handle_of(0x2A55)
    pod.ble.remote_write(conn, point, b"\x01" + struct.pack("<I", 12_345))
    pod.ble.remote_write(conn, point, b"\x03\x02")
    pod.ble.remote_write(conn, point, b"\x07")
    pod.air.turn()
    sent = [(to, data, sure) for to, at, data, sure in pod.ble.sent if at == point]
    answers = [(to, published.control_response(data)[:2], sure) for to, data, sure in sent]
    assert answers == [
        (conn, (1, "success"), True), (conn, (3, "success"), True), (conn, (7, "op code not supported"), True)
    ]  # fmt: skip
    assert published.sensor_location(pod.read(conn, 0x2A5D)) == "in shoe"
    walk(pod, 2)
    pod.phone.tick()
    assert published.rsc_measurement(pod.told(0x2A53)[-1])["distance_m"] == pytest.approx(1234.5 + 1.6)


def test_nothing_else_takes_a_write(pod):
    conn = pod.connect()
    writable = [handle for handle in pod.ble.values if pod.ble.remote_write(conn, handle, b"\x01" * 20)]
    assert writable == [pod.ble.handle_of(0x2A55)]


def test_a_belt_has_no_control_point(pod):
    belt = Pod(placement="belt", rsc_cadence="strides")
    belt.connect()
    assert all(value.uuid != UUID(0x2A55) for value in belt.ble.values.values())


def test_counts_and_the_last_stride(pod):
    conn = pod.connect()
    walk(pod, 5)
    pod.phone.tick()
    pod.phone.tick()
    back, ahead, other, way, cadence, grade, flags = struct.unpack("<IIIBBhB", pod.told(COUNTS)[-1])
    assert (back, ahead, other, way, cadence) == (10, 0, 0, BACK, 120)
    assert grade == 73 and flags == pod_words.RUNNING | pod_words.LEVEL
    stride = struct.unpack("<HBHhhBBhH", pod.read(conn, STRIDE))
    assert stride == (5, BACK, 820, 60, -12, 96, 1, -84, 2100)
    assert struct.unpack("<HHII", pod.read(conn, DOSE)) == (400, 10, 10, 0)


def test_a_sway_is_told_at_once_but_not_in_its_own_sample(pod):
    pod.connect()
    pod.sense(events.SWAY, 113, 640)
    assert pod.told(ALERT) == []
    pod.phone.warn_waiting()
    assert struct.unpack("<BBhhH", pod.told(ALERT)[-1]) == (1, events.SWAY, 113, 640, 0)


def test_a_fall_counts_down_to_its_end(pod):
    pod.connect()
    pod.sense(events.FALL, 6100, 880)
    pod.phone.warn_waiting()
    pod.phone.tick()
    pod.sense(events.CAUTION, 70, 300)
    pod.phone.warn_waiting()
    assert struct.unpack("<BBhhH", pod.ble.sent.pop()[2])[1] == events.CAUTION
    for _ in range(2):
        pod.phone.tick()
    assert {data[1:6] for data in pod.told(ALERT)} == {struct.pack("<Bhh", events.FALL, 6100, 880)}
    assert [struct.unpack("<BBhhH", data)[-1] for data in pod.told(ALERT)] == [15, 14, 13, 12]
    pod.sense(events.FALL_OVER, 7, 7)
    pod.phone.warn_waiting()
    pod.phone.tick()
    assert struct.unpack("<BBhhH", pod.told(ALERT)[-1]) == (3, events.FALL_OVER, 0, 0, 0)


def test_a_caution_and_its_sway_are_both_told(pod):
    pod.connect()
    pod.sense(events.CAUTION, 70, 300)
    pod.sense(events.SWAY, 113, 640)
    pod.phone.warn_waiting()
    assert [data[1] for data in pod.told(ALERT)] == [events.SWAY, events.CAUTION]


def test_it_is_advertised_by_what_the_wearer_does(pod):
    seen = []
    for second in range(400):
        pod.keeper.steps = 60 <= second < 80
        pod.phone.tick()
        seen.append(pod.ble.advertising[0] // 1000)
    assert [seen[0], seen[70], seen[90], seen[399]] == [152, 546, 1022, 1285]
    advert = pod.ble.advertising[1]
    assert b"\x03\x03\x14\x18" in advert and b"left shoe" in advert + pod.ble.advertising[2]


def test_a_lost_phone_finds_the_pod_soon(pod):
    conn = pod.connect()
    for _ in range(100):
        pod.phone.tick()
    assert pod.ble.advertising[0] == 2_000_000
    pod.ble.hang_up(conn)
    pod.air.turn()
    pod.phone.tick()
    assert pod.ble.advertising[0] == 152_000
    assert pod.ble.phone() == conn


def test_on_usb_the_battery_stays_what_it_was(pod):
    pod.connect()
    pod.battery_mv = 5000
    for _ in range(60):
        pod.phone.tick()
    pod.battery_mv = 3690
    for _ in range(30):
        pod.phone.tick()
    assert [published.battery_level(data) for data in pod.told(0x2A19)] == [70, 10]


class Book:
    def __init__(self):
        self.notes = []

    def note(self, *fields):
        self.notes.append(fields)


def ask_phone(pod, conn, when, zone):
    """Answer the pod's questions for the time as an iPhone does."""
    pod.ble.hear(9, conn, 0x40, 0x48, UUID(0x1805))
    pod.ble.hear(10, conn, 0)
    pod.air.turn()
    pod.ble.hear(11, conn, 0x44, 0x42, 0x12, UUID(0x2A2B))
    pod.ble.hear(11, conn, 0x48, 0x46, 0x02, UUID(0x2A0F))
    pod.ble.hear(12, conn, 0)
    pod.air.turn()
    assert pod.ble.asked[-1] == ("read", conn, 0x46)
    pod.ble.hear(15, conn, 0x46, zone)
    pod.ble.hear(16, conn, 0x46, 0)
    pod.air.turn()
    if pod.ble.asked[-1] == ("read", conn, 0x42):
        pod.ble.hear(15, conn, 0x42, published.current_time_bytes(when))
        pod.air.turn()


def test_a_clock_that_nobody_has_told_is_told_by_the_phone(pod, clock):
    pod.keeper.log = Book()
    conn = pod.connect()
    assert pod.ble.asked == [("services", conn, UUID(0x1805))]
    ask_phone(pod, conn, datetime(2026, 7, 1, 14, 30, 5), published.local_time_bytes(timedelta(hours=1), True))
    unix_ms = pod.running.clock.unix_ms
    assert unix_ms == 1_782_909_005_000 and pod.running.clock.utc_offset_min == 120
    assert pod.keeper.log.notes == [(log.CLOCK, 1_782_909_005, 0, 0, 0, 120)]


def test_a_clock_that_was_told_is_let_be(pod):
    pod.running.clock.set(1_782_900_000_000, 60)
    pod.connect()
    assert pod.ble.asked == []


def test_a_phone_that_knows_no_zone_tells_nothing(pod):
    conn = pod.connect()
    ask_phone(pod, conn, datetime(2026, 7, 1, 14, 30, 5), b"\x80\xff")
    assert not pod.running.clock.unix_ms


def test_a_phone_without_a_clock_stays_connected(pod):
    conn = pod.connect()
    pod.ble.hear(10, conn, 0)
    pod.air.turn()
    assert conn in pod.ble.conns
    pod.ble.hang_up(conn)
    pod.air.turn()
    assert not pod.air.centrals
