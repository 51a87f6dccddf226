"""A phone at a pod whose program offers a service."""

from bumble.core import UUID
from bumble.device import Peer
from bumble.hci import Address

POD = Address("24:0A:C4:00:00:01", Address.PUBLIC_DEVICE_ADDRESS)
PHONE = "F0:F1:F2:F3:F4:F5"
OUT, IN, SECRET = UUID(0x2A53), UUID("0b57e901-1a3c-4a5b-8c6d-7e8f90a1b2c3"), UUID(0x2A58)

SERVICE = """
UUID = bluetooth.UUID
ble.active(True)
ble.config(gap_name="shoe", mtu=200)
((out, into, secret),) = ble.gatts_register_services(((UUID(0x1814), (
    (UUID(0x2A53), bluetooth.FLAG_READ | bluetooth.FLAG_NOTIFY | bluetooth.FLAG_INDICATE),
    (UUID("0b57e901-1a3c-4a5b-8c6d-7e8f90a1b2c3"), bluetooth.FLAG_WRITE | bluetooth.FLAG_WRITE_NO_RESPONSE),
    (UUID(0x2A58), bluetooth.FLAG_READ | 0x0200),
)),))
ble.gatts_write(out, b"value")
ble.gap_advertise(100_000, adv_data=b"\\x02\\x01\\x06", resp_data=b"\\x05\\x09shoe")
"""
IDLE = """
while True:
    time.sleep_ms(1000)
"""


def run(scene, main, coroutine, until_us=30_000_000):
    """Return what the pod said and what the phone's coroutine returned; the run ends with the coroutine."""
    task = scene.ether.start(coroutine, stops=scene.hardware)
    lines = scene.said(SERVICE + main + IDLE, until_us)
    return lines, task.result()


async def peer_of(phone):
    connection = await phone.connect(POD, timeout=5)
    peer = Peer(connection)
    await peer.discover_all()
    return connection, peer


def characteristic(peer, uuid):
    (found,) = peer.get_characteristics_by_uuid(uuid)
    return found
