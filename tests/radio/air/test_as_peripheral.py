"""A phone connects to a program on the pod: MicroPython's events with their payloads, and what the phone sees."""

import ast
import asyncio
from dataclasses import replace

import pytest
from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.device import Peer
from bumble.gatt import GATT_DEVICE_NAME_CHARACTERISTIC
from bumble.hci import Address

from host_tools.virtual_pod.costs import Costs

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


@pytest.fixture
def phone(scene):
    return scene.ether.device("phone", PHONE)


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


def test_a_lost_phone_is_missed_after_its_timeout_and_found_again(scene, phone):
    main = """
wait(1)
t = time.ticks_ms()
print(wait(2, 10_000) is not None, time.ticks_diff(time.ticks_ms(), t))
ble.gap_advertise(100_000)
print(wait(1) is not None)
"""

    async def use():
        connection = await phone.connect(POD, timeout=5)
        await asyncio.sleep(1)
        gone = scene.ether.loop.create_future()
        connection.on("disconnection", gone.set_result)
        scene.ether.set_loss(1)
        reason = await gone
        scene.ether.set_loss(0)
        await phone.connect(POD, timeout=5)
        await asyncio.sleep(0.5)
        return int(reason)

    lines, reason = run(scene, main, use())
    assert reason == 0x08
    missed, again = (line.split() for line in lines)
    assert missed[0] == again[0] == "True"
    assert 1_720 <= int(missed[1]) <= 1_800  # a second of peace, then the phone's 720 ms


def test_loss_delays_notifications_and_loses_none(scene, phone):
    main = """
wait(1)
time.sleep_ms(1000)
for n in range(20):
    ble.gatts_notify(0, out, bytes([n]))
    time.sleep_ms(50)
time.sleep_ms(3000)
"""

    async def use():
        _, peer = await peer_of(phone)
        heard = []
        await characteristic(peer, OUT).subscribe(lambda value: heard.append((scene.ether.loop.now_us, value[0])))
        scene.ether.set_loss(0.3)
        await asyncio.sleep(4)
        return heard

    _, heard = run(scene, main, use())
    assert [n for _, n in heard] == list(range(20))
    late = [us - heard[0][0] - 50_000 * n for n, (us, _) in enumerate(heard)]
    assert 30_000 < max(late) < 500_000


def test_too_many_notifications_at_once_find_no_buffer(scene, phone):
    main = """
wait(1)
time.sleep_ms(1000)
told = [tried(lambda: ble.gatts_notify(0, out, b"x" * 20)) for _ in range(30)]
print(told.count(None), told[-1])
time.sleep_ms(1000)
print(tried(lambda: ble.gatts_notify(0, out, b"y")))
"""

    async def use():
        await phone.connect(POD, timeout=5)
        await asyncio.sleep(4)

    lines, _ = run(scene, main, use())
    assert lines == ["12 OSError(12,)", "None"]


def test_an_interrupt_waits_for_the_tick_as_on_an_esp32(scene, phone):
    """The handler runs at once, a task that it wakes at the next tick of 10 ms."""
    main = """
import asyncio
flag = asyncio.ThreadSafeFlag()
at = []
def answer(event, data):
    if event == 3:
        at.append(time.ticks_us())
        flag.set()
async def main():
    for _ in range(5):
        await flag.wait()
        at.append(time.ticks_us())
asyncio.run(main())
print([at[i + 1] - at[i] for i in range(0, 10, 2)], [at[i + 1] % 10000 for i in range(0, 10, 2)])
"""

    async def use():
        _, peer = await peer_of(phone)
        for n in range(5):
            await characteristic(peer, IN).write_value(bytes([n]))
            await asyncio.sleep(0.133)
        await asyncio.sleep(0.5)

    task = scene.ether.start(use(), stops=scene.hardware)
    (line,) = scene.said(SERVICE + main + IDLE, costs=replace(Costs.FREE, tick_ms=10))
    task.result()
    waited, after_tick = ast.literal_eval(f"[{line[: line.index(']') + 1]}, {line[line.index(']') + 2 :]}]")
    assert all(0 <= us < 10_100 for us in waited)
    assert max(waited) > 1_000
    assert max(after_tick) < 200


def test_a_reset_silences_the_radio(scene, phone):
    main = """
wait(1)
time.sleep_ms(500)
import machine
machine.reset()
"""

    async def use():
        connection = await phone.connect(POD, timeout=5)
        gone = scene.ether.loop.create_future()
        connection.on("disconnection", gone.set_result)
        reason = await gone
        await phone.connect(POD, timeout=5)  # main.py advertises anew
        return int(reason)

    assert run(scene, main, use())[1] == 0x08
    assert scene.pod.resets[0] == 2
