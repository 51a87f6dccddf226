"""Pairing between the pod and a foreign stack: asked for, encrypted, refused."""

import ast
import asyncio

import pytest
from bumble.core import UUID
from bumble.device import Peer
from bumble.hci import Address
from bumble.pairing import PairingConfig, PairingDelegate

POD = Address("24:0A:C4:00:00:01", Address.PUBLIC_DEVICE_ADDRESS)

MAIN = """
ble.active(True)
ble.config(bond=True, mitm={mitm}, le_secure=True, io={io})
((secret,),) = ble.gatts_register_services(((bluetooth.UUID(0x1814), ((bluetooth.UUID(0x2A58), 0x0202),)),))
ble.gatts_write(secret, b"secret")
ble.gap_advertise(100_000)
def answer(event, data):
    if event == 31:
        ble.gap_passkey(data[0], data[1], {passkey})
wait(1)
{begin}
event = wait(28, 20_000)
print(event)
for one in got:
    if one[0] == 31:
        print(one[1])
while True:
    time.sleep_ms(1000)
"""


def run(scene, phone_does, **options):
    told = {"mitm": False, "io": 3, "passkey": 0, "begin": "", **options}
    task = scene.ether.start(phone_does, stops=scene.hardware)
    lines = scene.said(MAIN.format(**told))
    return [ast.literal_eval(line) for line in lines], task.result()


async def secret_of(connection):
    peer = Peer(connection)
    await peer.discover_all()
    (secret,) = peer.get_characteristics_by_uuid(UUID(0x2A58))
    return await secret.read_value()


def test_just_works_encrypts_and_opens_what_wants_it(scene):
    phone = scene.ether.device("phone", "F0:F1:F2:F3:F4:F5")

    async def use():
        connection = await phone.connect(POD, timeout=5)
        await connection.pair()
        return await secret_of(connection)

    lines, secret = run(scene, use())
    assert secret == b"secret"
    ((conn, encrypted, _, bonded, key_size),) = lines
    assert (conn, encrypted, bonded, key_size) == (0, 1, 1, 16)


def test_the_pod_may_ask_for_it(scene):
    phone = scene.ether.device("phone", "F0:F1:F2:F3:F4:F5")

    async def use():
        connection = await phone.connect(POD, timeout=5)
        done = scene.ether.loop.create_future()
        connection.on("pairing", lambda keys: done.set_result(None))
        connection.on("security_request", lambda *_: scene.ether.loop.create_task(connection.pair()))
        await done
        await asyncio.sleep(1)

    lines, _ = run(scene, use(), begin="ble.gap_pair(0)")
    assert lines[0][:2] == (0, 1)


class Typed(PairingDelegate):
    """Types a passkey."""

    def __init__(self, number):
        super().__init__(PairingDelegate.IoCapability.KEYBOARD_INPUT_ONLY)
        self.number = number

    async def get_number(self):
        return self.number


@pytest.mark.parametrize(("typed", "encrypted"), [(123456, True), (654321, False)])
def test_a_passkey_is_shown_and_has_to_be_right(scene, typed, encrypted):
    phone = scene.ether.device("phone", "F0:F1:F2:F3:F4:F5")
    phone.pairing_config_factory = lambda connection: PairingConfig(mitm=True, delegate=Typed(typed))

    async def use():
        connection = await phone.connect(POD, timeout=5)
        try:
            await connection.pair()
        except Exception:
            await asyncio.sleep(0.5)
            return connection.is_encrypted
        await asyncio.sleep(0.5)
        return connection.is_encrypted

    lines, result = run(scene, use(), mitm=True, io=0, passkey=123456)
    assert result == encrypted
    if encrypted:
        event, asked = lines
        assert event[:3] == (0, 1, 1)
        assert asked[:2] == (0, 3)
