"""A phone connects to a program on the pod: MicroPython's events with their payloads, and what the phone sees."""

import ast
import asyncio

import pytest
from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.gatt import GATT_DEVICE_NAME_CHARACTERISTIC
from radio.air.phone_at_pod import IN, OUT, PHONE, SECRET, characteristic, peer_of, run


@pytest.fixture
def phone(scene):
    return scene.ether.device("phone", PHONE)


ECHO = """
def answer(event, data):
    if event == 3:
        ble.gatts_notify(data[0], out, ble.gatts_read(data[1]) + b"!")
while True:
    if got:
        print(got.pop(0))
    time.sleep_ms(2)
"""


def test_connect_discover_write_notify_disconnect(scene, phone):
    async def use():
        connection, peer = await peer_of(phone)
        heard = []
        await characteristic(peer, OUT).subscribe(heard.append)
        await characteristic(peer, IN).write_value(b"hello", with_response=True)
        await characteristic(peer, IN).write_value(b"again")
        await asyncio.sleep(0.5)
        name = await characteristic(peer, GATT_DEVICE_NAME_CHARACTERISTIC).read_value()
        value = await characteristic(peer, OUT).read_value()
        await peer.request_mtu(100)
        await connection.update_parameters(50, 50, 0, 2000)
        await connection.disconnect()
        await asyncio.sleep(0.5)
        services = [service.uuid for service in peer.services]
        return services, heard, name, value, characteristic(peer, OUT).handle, characteristic(peer, IN).handle

    lines, (services, heard, name, value, out, into) = run(scene, ECHO, use())
    assert services == [UUID(0x1800), UUID(0x1801), UUID(0x1814)]
    assert heard == [b"hello!", b"again!"]
    assert (name, value) == (b"shoe", b"value")
    who = (0, 1, bytes.fromhex(PHONE.replace(":", "")))
    assert [ast.literal_eval(line) for line in lines] == [
        (1, who),
        (3, (0, into)),
        (3, (0, into)),
        (4, (0, out)),
        (21, (0, 100)),
        (27, (0, 40, 0, 200, 0)),
        (2, who),
    ]


def test_reads_may_be_answered_and_refused(scene, phone):
    main = """
def answer(event, data):
    if event == 4 and len(answers) > 1:
        ble.gatts_write(out, answers.pop(0))
    elif event == 4:
        return 0x80
answers = [b"first", b"second", None]
while True:
    time.sleep_ms(1000)
"""

    async def use():
        _, peer = await peer_of(phone)
        read = [await characteristic(peer, OUT).read_value() for _ in range(2)]
        with pytest.raises(ATT_Error) as refused:
            await characteristic(peer, OUT).read_value()
        return read, int(refused.value.error_code)

    assert run(scene, main, use())[1] == ([b"first", b"second"], 0x80)


def test_what_a_characteristic_does_not_allow_is_refused(scene, phone):
    async def use():
        connection, peer = await peer_of(phone)
        out, into, secret = (characteristic(peer, uuid).handle for uuid in (OUT, IN, SECRET))
        codes = []
        for work in (
            lambda: peer.gatt_client.write_value(out, b"x", with_response=True),
            lambda: peer.gatt_client.read_value(into),
            lambda: peer.gatt_client.read_value(secret),
            lambda: peer.gatt_client.read_value(999),
        ):
            with pytest.raises(ATT_Error) as refused:
                await work()
            codes.append(int(refused.value.error_code))
        return codes

    lines, codes = run(scene, ECHO, use())
    assert codes == [0x03, 0x02, 0x0F, 0x01]
    assert [line for line in lines if line.startswith(("(3", "(4"))] == []


def test_values_are_cut_to_their_buffer_and_appended_where_told(scene, phone):
    main = """
wait(1)
wait(3)
print(ble.gatts_read(into))
ble.gatts_set_buffer(into, 40, True)
wait(3), wait(3)
print(ble.gatts_read(into), ble.gatts_read(into))
print(tried(lambda: ble.gatts_read(99)), tried(lambda: ble.gatts_write(99, b"x")))
"""

    async def use():
        _, peer = await peer_of(phone)
        for size in (30, 5, 6):
            await peer.request_mtu(100)
            await characteristic(peer, IN).write_value(bytes(range(size)), with_response=True)
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)

    lines, _ = run(scene, main, use())
    whole = bytes(range(30))
    assert lines == [repr(whole[:20]), f"{whole[:5] + whole[:6]!r} b''", "b'' OSError(22,)"]


def test_indications_are_confirmed_and_updates_go_to_subscribers(scene, phone):
    main = """
wait(1)
time.sleep_ms(1500)
ble.gatts_write(out, b"update", True)
ble.gatts_indicate(0, out, b"sure?")
print(tried(lambda: ble.gatts_indicate(0, out, b"more")))
print(wait(20))
ble.gatts_write(out, b"kept")
ble.gatts_notify(0, out)
print(wait(4))
print(tried(lambda: ble.gatts_notify(7, out, b"x")))
time.sleep_ms(500)
"""

    async def use():
        _, peer = await peer_of(phone)
        heard = []
        await characteristic(peer, OUT).subscribe(heard.append, prefer_notify=True)
        peer.gatt_client.indication_subscribers[characteristic(peer, OUT).handle] = {heard.append}
        await asyncio.sleep(3)
        return heard, characteristic(peer, OUT).handle

    lines, (heard, out) = run(scene, main, use())
    assert heard == [b"update", b"sure?", b"kept"]
    assert lines == ["OSError(16,)", f"(0, {out}, 0)", f"(65535, {out})", "OSError(107,)"]
