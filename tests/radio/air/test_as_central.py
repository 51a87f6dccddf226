"""A program on the pod finds a heart rate strap, connects and is notified: MicroPython's events as documented."""

import ast
import asyncio

import pytest
from bumble.gatt import Characteristic, Descriptor, Service

STRAP = "F0:F1:F2:F3:F4:F5"
WHO = bytes.fromhex(STRAP.replace(":", ""))
PULSES = [bytes([0x10, 60 + n, 0, 4]) for n in range(3)]  # flags: R-R intervals; 60 + n bpm; one second

CONNECT = """
ble.active(True)
ble.gap_scan(10_000, 60_000, 60_000)
kind, addr, *_ = wait(5)
ble.gap_scan(None)
ble.gap_connect(kind, addr, 2000, 30_000, 50_000)
conn = wait(7)[0]
got.clear()
"""


class Strap:
    """A foreign heart rate strap that sends PULSES, one a second, to who has subscribed."""

    def __init__(self, ether) -> None:
        self.ether = ether
        self.device = ether.device("strap", STRAP)
        properties = Characteristic.Properties
        self.pulse = Characteristic("2A37", properties.NOTIFY, Characteristic.READABLE, b"")
        self.place = Characteristic(
            "2A38", properties.READ, Characteristic.READABLE, b"\x01",
            [Descriptor("2901", Descriptor.READABLE, b"where")],
        )  # fmt: skip
        self.control = Characteristic("2A39", properties.WRITE, Characteristic.WRITEABLE, b"")
        self.device.add_service(Service("180D", [self.pulse, self.place, self.control]))
        self.subscribed = []
        self.pulse.on("subscription", lambda bearer, notify, indicate: self.subscribed.append(notify))
        ether.start(self.live())

    async def live(self):
        await self.device.start_advertising(
            advertising_data=b"\x03\x03\x0d\x18", scan_response_data=b"\x06\x09strap", auto_restart=True,
            advertising_interval_min=100, advertising_interval_max=100,
        )  # fmt: skip
        while not self.subscribed:
            await asyncio.sleep(0.1)
        for pulse in PULSES:
            await asyncio.sleep(1)
            await self.device.notify_subscribers(self.pulse, pulse)


@pytest.fixture
def strap(scene):
    return Strap(scene.ether)


def handles(strap):
    return [each.handle for each in (strap.pulse, strap.place, strap.control)]


def told(lines):
    return [ast.literal_eval(line) for line in lines]


def test_a_scan_tells_of_advertisements_and_of_its_end(scene, strap):
    lines = scene.said("""
ble.active(True)
ble.gap_scan(250, 50_000, 50_000, True)
print(tried(lambda: ble.gap_scan(250)))
wait(6)
for one in got[:2]:
    print(one)
t = time.ticks_ms()
ble.gap_scan(0, 50_000, 50_000)
time.sleep_ms(300)
ble.gap_scan(None)
print(len(got) > 2, got[-1])
ble.gap_scan(None)
print(got[-1] is got[-2])
""")
    assert lines[0] == "OSError(114,)"
    first, second = told(lines[1:3])
    for (event, (kind, addr, adv_type, rssi, data)), wanted in zip(
        (first, second), ((0, b"\x03\x03\x0d\x18"), (4, b"\x06\x09strap")), strict=True
    ):
        assert (event, kind, addr, (adv_type, data)) == (5, 1, WHO, wanted)
        assert -70 < rssi < -40
    assert lines[3:] == ["True (6, ())", "False"]


def test_discovery(scene, strap):
    lines = scene.said(
        CONNECT
        + """
ble.gattc_discover_services(conn)
wait(10)
print([one[1][1:] for one in got])
got.clear()
ble.gattc_discover_services(conn, bluetooth.UUID(0x180D))
_, first, last, _ = wait(9)
print(wait(10))
ble.gattc_discover_characteristics(conn, first, last)
print(tried(lambda: ble.gattc_discover_characteristics(conn, first, last)))
print(wait(12))
found = [one[1] for one in got if one[0] == 11]
for one in found:
    print(one)
got.clear()
ble.gattc_discover_characteristics(conn, first, last, bluetooth.UUID(0x2A38))
print(wait(12), [one[1] for one in got] == found[1:2])
got.clear()
ble.gattc_discover_descriptors(conn, found[1][2], found[1][1])
print(wait(14), [one[1] for one in got])
"""
    )
    pulse, place, control = handles(strap)
    ends = [pulse + 1, place + 1, control]
    service = strap.device.gatt_server.services[-1]
    uuids = [b"\x37\x2a", b"\x38\x2a", b"\x39\x2a"]
    assert told(lines[:1])[0][-1] == (service.handle, control, b"\x0d\x18")
    assert lines[1:4] == ["(0, 0)", "OSError(16,)", "(0, 0)"]
    assert told(lines[4:7]) == [
        (0, end, handle, properties, uuid)
        for end, handle, properties, uuid in zip(
            ends, (pulse, place, control), (0x10, 0x02, 0x08), uuids, strict=True
        )
    ]
    assert lines[7:] == ["(0, 0) True", f"(0, 0) [(0, {place + 1}, {bytes((1, 0x29))!r})]"]


def test_reads_and_writes(scene, strap):
    pulse, place, control = handles(strap)
    lines = scene.said(
        CONNECT
        + f"""
ble.gattc_exchange_mtu(conn)
print(wait(21))
got.clear()
for handle in ({place}, 99):
    ble.gattc_read(conn, handle)
    print(wait(16), got)
    got.clear()
for handle in ({control}, 99):
    ble.gattc_write(conn, handle, b"\\x01", 1)
    print(wait(17))
"""
    )
    assert told(lines[:1]) == [(0, 256)]
    assert lines[1:3] == [f"(0, {place}, 0) [(15, (0, {place}, {bytes([1])!r}))]", "(0, 99, 257) []"]
    assert lines[3:] == [f"(0, {control}, 0)", "(0, 99, 257)"]
    assert strap.control.value == b"\x01"


def test_notifications_until_it_disconnects(scene, strap):
    pulse, _, _ = handles(strap)
    lines = scene.said(
        CONNECT
        + f"""
ble.gattc_write(conn, {pulse + 1}, b"\\x01\\x00", 1)
wait(17)
for _ in range(3):
    print(wait(18))
print(tried(lambda: ble.gap_disconnect(conn)), wait(8), tried(lambda: ble.gap_disconnect(conn)))
"""
    )
    assert told(lines[:3]) == [(0, pulse, data) for data in PULSES]
    assert lines[3] == f"True (0, 1, {WHO!r}) False"
    assert strap.subscribed == [True]


def test_nobody_there_is_a_disconnection_of_no_connection(scene):
    lines = scene.said("""
ble.active(True)
ble.gap_connect(0, b"abcdef", 700)
t = time.ticks_ms()
print(tried(lambda: ble.gap_connect(0, b"abcdef", 700)), tried(lambda: ble.gap_scan(100)))
print(wait(8), 690 < time.ticks_diff(time.ticks_ms(), t) < 710)
ble.gap_connect(0, b"abcdef", 5000)
ble.gap_connect(None)
print(wait(8), time.ticks_diff(time.ticks_ms(), t) < 1000)
print(tried(lambda: ble.gap_connect(None)))
""")
    never = f"(65535, 255, {bytes(6)!r}) True"
    assert lines == ["OSError(114,) OSError(16,)", never, never, "OSError(114,)"]


def test_a_strap_out_of_reach_is_missed_after_2560_ms(scene, strap):
    scene.ether.at(6_000_000, lambda: scene.ether.set_loss(1))
    lines = scene.said(
        CONNECT
        + """
print(wait(8, 20_000), time.ticks_ms())
print(tried(lambda: ble.gattc_read(conn, 3)))
"""
    )
    who, at_ms = lines[0].rsplit(" ", 1)
    assert who == f"(0, 1, {WHO!r})"
    assert 8_500 < int(at_ms) < 8_650
    assert lines[1] == "OSError(107,)"


def test_what_is_under_way_when_the_connection_ends_is_told_so(scene, strap):
    scene.ether.at(4_000_000, lambda: scene.ether.set_loss(1))
    lines = scene.said(
        CONNECT
        + """
while time.ticks_ms() < 4100:
    time.sleep_ms(10)
ble.gattc_read(conn, 3)
print(wait(16, 20_000))
"""
    )
    assert lines == ["(0, 3, 7)"]
