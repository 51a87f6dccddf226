"""Nonsense by the thousand at the radio, as the interrupt hears it: nothing breaks, nothing of the pod changes."""

import os
import random

import pytest
from backstep.app.radio import seal
from backstep.core import events
from radio import published
from radio.far_side import UUID
from radio.pods import Pod
from radio.test_strap import connect

ATTEMPTS = int(os.environ.get("BACKSTEP_FUZZ", "3000"))
KEY, NONCES = bytes(range(16)), (b"12345678", b"abcdefgh")
# [MicroPython docs, library/bluetooth.html, BLE.irq] what comes with each: connection, handle, address, byte,
# status, bytes, UUID
SHAPES = {
    1: "cba", 2: "cba", 3: "ch", 4: "ch", 5: "babbd", 6: "", 7: "cba", 8: "cba", 9: "chhu", 10: "cs", 11: "chhbu",
    12: "cs", 13: "chu", 14: "cs", 15: "chd", 16: "chs", 17: "chs", 18: "chd", 19: "chd", 20: "chs", 21: "cs",
    27: "csssb", 28: "cbbbb",
}  # fmt: skip


class Nonsense:
    """Events with payloads of the right kinds and any content; seed: the same comes again."""

    def __init__(self, pod, seed):
        self.chance = chance = random.Random(seed)
        handles = [*pod.ble.values, 0, 0x12, 0x13, 0xFFFF]
        uuids = [UUID(number) for number in (0x180D, 0x2A37, 0x2902, 0x1805, 0x2A2B, 0x1234)]
        addresses = pod.strap_address, b"\xff" * 6
        self._kinds = {
            "c": lambda: chance.randrange(6),
            "h": lambda: chance.choice(handles),
            "a": lambda: chance.choice(addresses),
            "b": lambda: chance.randrange(256),
            "s": lambda: chance.choice((0, 1, 15, 0xFFFF)),
            "d": lambda: chance.randbytes(chance.choice((0, 1, 2, 7, 20, 31, 244, 514))),
            "u": lambda: chance.choice(uuids),
        }

    def event(self):
        """Return an event's number and its payload."""
        number = self.chance.choice(list(SHAPES))
        return number, [self._kinds[kind]() for kind in SHAPES[number]]


@pytest.mark.slow
def test_whatever_the_interrupt_hears_nothing_breaks_and_a_phone_is_served_afterwards():
    pod = Pod()
    nonsense = Nonsense(pod, 1)
    before = pod.keeper.running, pod.keeper.counts.backward, pod.keeper.counts.forward
    for number in range(ATTEMPTS):
        event, payload = nonsense.event()
        if event == 3:
            handle = nonsense.chance.choice(list(pod.ble.values))
            pod.ble.remote_write(payload[0], handle, nonsense.chance.randbytes(nonsense.chance.randrange(40)))
        else:
            pod.ble.hear(event, *payload)
        if number % 5 == 0:
            pod.air.turn()
        if number % 200 == 0:
            pod.phone.tick()
    assert (pod.keeper.running, pod.keeper.counts.backward, pod.keeper.counts.forward) == before
    assert {code for code, *_ in pod.keeper.taken} <= {events.HEART}
    for conn in range(6):
        pod.ble.hear(2, conn, 0, bytes(6))
        pod.ble.hear(8, conn, 0, bytes(6))
        pod.air.turn()
    pod.air.turn()
    conn = pod.connect()
    assert published.battery_level(pod.read(conn, 0x2A19)) == 70


@pytest.mark.slow
def test_no_frame_but_the_true_one_in_its_turn_is_opened():
    chance = random.Random(2)
    hub, pod = seal.opened(KEY, *NONCES, 1, True), seal.opened(KEY, *NONCES, 1, False)
    word, room = bytearray(b"\x01 a word"), bytearray(16)
    old = [bytes(hub[0].seal(word, len(word))) for _ in range(3)]
    for frame in old:
        assert pod[1].open(frame, room) == len(word)
    for _ in range(ATTEMPTS):
        true = bytes(hub[0].seal(word, len(word)))
        at = chance.randrange(len(true))
        damaged = bytearray(true)
        damaged[at] ^= 1 << chance.randrange(8)
        others = chance.choice(old), bytes(damaged), true[:at], true + b"\0", chance.randbytes(len(true))
        assert not pod[1].open(chance.choice(others), room)
    assert pod[1].open(hub[0].seal(word, len(word)), room) == len(word)


@pytest.mark.slow
def test_a_strap_may_say_anything(clock):
    pod, chance = Pod(radio="pods"), random.Random(3)
    conn = connect(pod)
    for _ in range(ATTEMPTS):
        clock.now_ms += 1000
        pod.detecting.samples += 208
        pod.ble.hear(18, conn, 0x12, chance.randbytes(chance.randrange(12)))
        pod.air.turn()
    assert pod.said == ["heart strap: here"]
    assert {code for code, *_ in pod.keeper.taken} == {events.HEART}
    assert all(0 < bpm < 0x10000 and 0 <= rr_ms <= 64_000 for _, _, (bpm, rr_ms, *_) in pod.keeper.taken)
