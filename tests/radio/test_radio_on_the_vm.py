"""On the real MicroPython: what runs in the radio's interrupt, and at a sample, takes no memory."""

from vm import run_on_vm

SCRIPT = """
import micropython, asyncio
class UUID:
    def __init__(self, value): self.value = value
    def __eq__(self, other): return self.value == other.value
class Ble:
    written = b"12345"
    def gatts_read(self, handle): return self.written
class Bluetooth:
    UUID = UUID
    BLE = Ble
from array import array
from backstep.app.radio.air import Air
from backstep.app.radio.phone import Phone
from backstep.app.faults import no_faults
from backstep.core import events
from backstep.core.settings import defaults
class Parts:
    name = uid = "x"
    def battery_mv(self): return 3900
faults = no_faults()
air = Air(Bluetooth, "pod", faults, print)
phone = Phone(air, Parts(), defaults(), "%02d", None)
class Client:
    characteristics = (UUID(1), UUID(2))
    subscribes = ()
    sought = b"def"
    places = 1
from backstep.app.radio.finding import _Link
air._finding._links[1] = _Link(1, Client, True)
air.clients.append(Client)
air.centrals[0] = 5
address, data = memoryview(b"abcdef"), memoryview(b"hello")
hits = (
    (1, (0, 1, address)), (3, (0, 12)), (5, (0, address, 0, -60, data)), (6, ()),
    (4, (0, 12)), (9, (1, 2, 3, UUID(1))), (10, (1, 0)),
    (11, (1, 9, 7, 16, UUID(2))), (12, (1, 0)), (13, (1, 8, UUID(0x2902))), (14, (1, 0)), (15, (1, 9, data)),
    (17, (1, 9, 0)), (18, (1, 9, data)), (20, (1, 9, 0)), (2, (0, 1, address)), (27, (0, 40, 0, 400, 0)),
)
heard = air._heard
fields = array("i", range(13))
def all_of(hits):
    for event, payload in hits:
        heard(event, payload)
    phone.hear(events.STRIDE, fields)
    phone.hear(events.SWAY, fields)
    phone.hear(events.GAP, fields)
rows = air._rows
for half in (hits[:8], hits[8:]):
    micropython.heap_lock()
    all_of(half)
    micropython.heap_unlock()
    while rows.take():
        print(rows.kind, rows.conn, rows.one, rows.two, rows.three, bytes(rows.data).decode())
print(air.centrals[0], faults[9], phone._strides, phone._alerts.take(), phone._alerts.code)
"""


def test_the_interrupt_and_a_sample_take_no_memory():
    said = run_on_vm(SCRIPT).splitlines()
    assert said[:-1] == [
        "1 0 1 0 0 abcdef", "3 0 12 0 0 12345", "5 0 0 0 -60 abcdefhello", "6 0 0 0 0 ",
        "9 1 2 3 0 ", "10 1 0 0 0 ", "11 1 9 7 1 ", "12 1 0 0 0 ", "13 1 8 1 0 ", "14 1 0 0 0 ",
        "15 1 9 0 0 hello", "17 1 9 0 0 ", "18 1 9 0 0 hello", "20 1 9 0 0 ", "2 0 1 0 0 abcdef",
    ]  # fmt: skip
    assert said[-1] == "-1 0 2 True 3"
