"""Two pods in one air, each with a clock of its own: one finds the other, and they speak both ways."""

import ast

import pytest

from host_tools.virtual_pod.crew import Crew
from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.radio.ether import Ether
from host_tools.virtual_pod.vm import VirtualPod

WRIST = """
import bluetooth, time
ble = bluetooth.BLE()
def irq(event, data):
    if event == 3:
        ble.gatts_notify(data[0], out, ble.gatts_read(data[1]))
ble.irq(irq)
ble.active(True)
U, F = bluetooth.UUID, bluetooth
((out, into),) = ble.gatts_register_services(((U(0x181C), ((U(0x2A01), F.FLAG_NOTIFY),
    (U(0x2A02), F.FLAG_WRITE_NO_RESPONSE))),))
print((out, into))
ble.gap_advertise(50_000, adv_data=b"\\x02\\x01\\x06")
while True:
    time.sleep_ms(1000)
"""
BELT = """
import bluetooth, time
ble = bluetooth.BLE()
found, conn, at = [], [], []
def irq(event, data):
    if event == 5 and not found:
        found.append((data[0], bytes(data[1])))
    elif event == 7:
        conn.append(data[0])
    elif event == 8:
        conn.clear()
    elif event == 18:
        at.append((data[2][0], time.ticks_us()))
ble.irq(irq)
ble.active(True)
ble.gap_scan(0, 60_000, 60_000)
while not found:
    time.sleep_ms(10)
ble.gap_connect(*found[0], 3000, 30_000, 30_000)
while not conn:
    time.sleep_ms(10)
time.sleep_ms(500)
sent = []
for n in range(8):
    sent.append(time.ticks_us())
    ble.gattc_write(conn[0], HANDLE, bytes([n]))
    time.sleep_ms(77)
print([(n, us - sent[n]) for n, us in at])
while conn:
    time.sleep_ms(10)
print(time.ticks_ms())
"""
ADDRESSES = ("24:0A:C4:00:00:01", "24:0A:C4:00:00:02")


@pytest.fixture
def pair():
    """Return an ether, and how to run a belt and a wrist in it until a time; the wrist is on a second sooner."""
    ether, made = Ether(seed=2), []

    def run(until_us, handle=0):
        said = {}
        for program, address, begins_us, ppm in (
            (WRIST, *ADDRESSES[:1], 0, 20),
            (BELT, *ADDRESSES[1:], 1_000_000, -20),
        ):
            hardware = Hardware()
            hardware.clock.begins_us, hardware.clock.ppm = begins_us, ppm
            ether.join(hardware, address)
            made.append(VirtualPod(hardware, {"/main.py": program.replace("HANDLE", str(handle)).encode()}))
            said[address] = bytearray()
        heard = [said[address].extend for address in ADDRESSES]
        Crew(made, ether, heard).run(until_us)
        return [bytes(said[address]).decode().splitlines() for address in ADDRESSES]

    yield ether, run
    for pod in made:
        pod.close()


def test_there_and_back_takes_two_events_or_less(pair):
    ether, run = pair
    wrist, belt = run(3_300_000, handle=19)
    assert wrist == ["(16, 19)"]
    (line,) = belt
    took = ast.literal_eval(line)
    assert [n for n, _ in took] == list(range(8))
    assert all(30_000 <= us <= 64_000 for _, us in took)


def test_a_wrist_out_of_reach_is_missed(pair):
    ether, run = pair
    ether.at(3_500_000, lambda: ether.set_loss(1, *ADDRESSES))
    _, belt = run(6_500_000, handle=19)
    assert 3_500 - 1_000 + 2_560 <= int(belt[1]) <= 3_500 - 1_000 + 2_650
