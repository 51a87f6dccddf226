"""A phone that is lost, packets that are, a pod that resets, handlers that wait for the tick."""

import ast
import asyncio
from dataclasses import replace

import pytest
from radio.air.phone_at_pod import IDLE, IN, OUT, PHONE, POD, SERVICE, characteristic, peer_of, run

from host_tools.virtual_pod.costs import Costs


@pytest.fixture
def phone(scene):
    return scene.ether.device("phone", PHONE)


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


def test_switching_the_radio_off_ends_its_connections(scene, phone):
    main = """
wait(1)
time.sleep_ms(500)
print(ble.active(False), ble.active())
time.sleep_ms(500)
ble.active(True)
ble.gap_advertise(100_000)
print(wait(1))
"""

    async def use():
        connection = await phone.connect(POD, timeout=5)
        gone = scene.ether.loop.create_future()
        connection.on("disconnection", gone.set_result)
        reason = await gone
        await phone.connect(POD, timeout=5)
        await asyncio.sleep(0.5)
        return int(reason)

    lines, reason = run(scene, main, use())
    assert reason == 0x13
    assert lines[0] == "False False"
    assert lines[1].startswith("(0, 1, ")


def test_asleep_it_is_not_heard_and_awake_it_learns_so(scene, phone):
    main = """
import machine
wait(1)
time.sleep_ms(500)
machine.lightsleep(3000)
print(wait(2) is not None, time.ticks_ms() > 3000)
"""

    async def use():
        connection = await phone.connect(POD, timeout=5)
        gone = scene.ether.loop.create_future()
        connection.on("disconnection", gone.set_result)
        reason, gone_us = await gone, scene.ether.loop.now_us
        await asyncio.sleep(4)
        return int(reason), gone_us

    lines, (reason, gone_us) = run(scene, main, use())
    assert lines == ["True True"]
    assert (reason, gone_us < 2_000_000) == (0x08, True)


def test_another_address_is_told_and_advertised(scene, phone):
    main = """
ble.config(addr_mode=1)
print(ble.config("mac"))
ble.gap_advertise(100_000)
"""

    async def use():
        seen = scene.ether.loop.create_future()
        phone.on("advertisement", lambda one: seen.done() or (one.address != POD and seen.set_result(one.address)))
        await phone.start_scanning(active=False)
        return await seen

    lines, address = run(scene, main, use())
    kind, addr = ast.literal_eval(lines[0])
    assert (kind, addr[0] >> 6) == (1, 3)
    assert bytes(address)[::-1] == addr
    assert address.is_random
