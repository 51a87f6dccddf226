"""What `bluetooth` refuses, as extmod/modbluetooth.c and NimBLE's port do, and what it costs to switch on."""

import pytest

from host_tools.virtual_pod.radio import verbs
from host_tools.virtual_pod.radio.memory import NEEDS, Needs

MADE = "UUID = bluetooth.UUID\nble.active(True)\n"


def test_without_an_ether_there_is_no_radio(lone):
    assert lone.said("print(ble.active(), tried(lambda: ble.active(True)), ble.active())") == [
        "False OSError(19,) False"
    ]


def test_while_it_is_off_everything_is_refused(scene):
    lines = scene.said("""
for work in (
    lambda: ble.gap_advertise(100_000), lambda: ble.gap_scan(10), lambda: ble.gap_connect(0, b"123456"),
    lambda: ble.gatts_register_services(()), lambda: ble.gatts_write(1, b""), lambda: ble.gatts_notify(0, 1, b""),
    lambda: ble.gattc_read(0, 1), lambda: ble.gap_disconnect(0), lambda: ble.config("mac"),
    lambda: ble.config(mtu=99), lambda: ble.config(addr_mode=0),
):
    print(tried(work))
print(ble.config("gap_name"), ble.gatts_read(1), ble.active())
""")
    assert lines == ["OSError(19,)"] * 11 + ["b'MPY ESP32' b'' False"]


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("UUID('0b57e9')", "ValueError('UUID too short',)"),
        ("UUID('0b57e9zz-1a3c-4a5b-8c6d-7e8f90a1b2c3')", "ValueError('invalid char in UUID',)"),
        ("UUID(70000)", "ValueError('invalid UUID',)"),
    ],
)
def test_uuids(scene, call, answer):
    assert scene.said(f"UUID = bluetooth.UUID\nprint(tried(lambda: {call}))") == [answer]


def test_arguments(scene):
    cases = {
        "ble.gap_advertise(100_000, b'x' * 32)": "OSError(-18,)",
        "ble.gap_advertise(100_000, resp_data=b'x' * 32)": "OSError(-18,)",
        "ble.gap_advertise(10_000)": "OSError(-530,)",
        "ble.gap_scan(100, 30_000, 60_000)": "OSError(-530,)",
        "ble.gap_connect(0, b'12345')": "ValueError('invalid addr',)",
        "ble.gap_connect(0)": "TypeError('invalid addr',)",
        "ble.gap_connect(0, b'123456', 100, 1000, 1000)": "OSError(-530,)",
        "ble.gap_disconnect(3)": "False",
        "ble.gatts_register_services(((0x180D, ()),))": "ValueError('invalid service UUID',)",
        "ble.gatts_register_services(((UUID(1), ((UUID(2),),)),))": "ValueError('invalid characteristic tuple',)",
        "ble.gatts_register_services(((UUID(1), ((2, 2),)),))": "ValueError('invalid characteristic UUID',)",
        "ble.gatts_register_services([(UUID(n), ()) for n in range(9)])": "OSError(7,)",
        "ble.gatts_notify(0, 1, b'x')": "OSError(107,)",
        "ble.gatts_notify(0, 999)": "OSError(2,)",
        "ble.gatts_set_buffer(999, 10)": "OSError(22,)",
        "ble.gattc_write(0, 1, b'x', 2)": "OSError(22,)",
        "ble.gattc_discover_services(0)": "OSError(107,)",
        "ble.gattc_discover_services(0, 1)": "TypeError('UUID',)",
        "ble.gap_pair(0)": "OSError(107,)",
        "ble.gap_passkey(0, 2, 1)": "OSError(2,)",
        "ble.gap_passkey(0, 1, 1)": "OSError(22,)",
        "ble.config('what')": "ValueError('unknown config param',)",
        "ble.config(mtu=20)": "OSError(22,)",
        "ble.config(gap_name='x' * 32)": "OSError(22,)",
        "ble.irq(5)": "ValueError('invalid handler',)",
        "ble.config('mac')": "(0, b'$\\n\\xc4\\x00\\x00\\x01')",
        "ble.config('mtu')": "256",
    }
    assert dict(
        zip(cases, scene.said(MADE + "\n".join(f"print(tried(lambda: {c}))" for c in cases)), strict=True)
    ) == (cases)


def test_a_handler_that_fails_is_told_and_taken_away(scene):
    scene.ether.device("far", "F0:F1:F2:F3:F4:F5")
    lines = scene.said(
        MADE
        + """
def answer(event, data):
    raise ValueError(event)
ble.gap_scan(100)
time.sleep_ms(300)
ble.gap_scan(100)
time.sleep_ms(300)
print(len(got))
"""
    )
    assert lines[0] == "Unhandled exception in IRQ callback handler"
    assert lines[-2:] == ["ValueError: 6", "1"]


def test_services_are_numbered_as_they_are_given(scene):
    lines = scene.said(
        MADE
        + """
one = (UUID(0x1814), ((UUID(0x2A53), 0x10), (UUID(0x2A54), 0x02, ((UUID(0x2901), 2), (UUID(0x2902), 2)))))
two = (UUID(0x180D), ((UUID(0x2A37), 0x02),))
((a, b, b1, b2), (c,)) = ble.gatts_register_services((one, two))
print(b - a, b1 - b, b2 - b1, c - b2)
ble.gatts_write(b1, b"told")
print(ble.gatts_read(b1), ble.gatts_register_services((two,)))
"""
    )
    assert lines[0] == "3 1 1 3"  # a CCCD and a declaration, then declarations
    assert lines[1].startswith("b'told' ((")


def test_switching_on_takes_memory_and_time_and_gives_the_memory_back(lone):
    lone.join(needs=Needs(40_000, 123_000))
    before, on, off = (
        int(line)
        for line in lone.said("""
import esp32
left = lambda: sum(region[1] for region in esp32.idf_heap_info(esp32.HEAP_DATA))
print(left())
t = time.ticks_ms()
ble.active(True)
took = time.ticks_diff(time.ticks_ms(), t)
print(left())
ble.active(False)
print(left())
print(took)
""")[:3]
    )
    assert (before - on, off) == (40_000, before)
    assert lone.hardware.now_us >= 123_000


def test_a_heap_that_has_grown_leaves_no_room(lone):
    lone.join()
    lines = lone.said(
        """
full = []
try:
    while True:
        full.append(bytes(4000))
except MemoryError:
    pass
print(tried(lambda: ble.active(True)), ble.active())
""",
        heap="120wK",
    )
    assert lines == ["OSError(12,) False"]


def test_every_mcu_has_its_needs():
    assert set(NEEDS) == {"esp32", "esp32s3", "esp32c3"}


def test_definitions_are_read_as_they_are_written():
    data = bytes([2, 0x14, 0x18, 0, 0, 2]) + bytes([2, 0x53, 0x2A, 0x10, 0, 1]) + bytes([2, 1, 0x29, 2, 0, 0])
    data += bytes([16, *range(16), 8, 0x10, 0]) + bytes([2, 0x0D, 0x18, 0, 0, 0])
    first, second = verbs.unpack_services(data)
    assert (first.uuid, second.uuid) == (b"\x14\x18", b"\x0d\x18")
    notified, written = first.parts
    assert (notified.flags, notified.parts[0].uuid) == (0x10, b"\x01\x29")
    assert (written.uuid, written.flags, written.parts) == (bytes(range(16)), 0x1008, [])
