"""A connection's events: when packets pass, what is lost, when it ends."""

import random
from dataclasses import dataclass, field

import pytest

from host_tools.virtual_pod.radio.loop import VirtualLoop
from host_tools.virtual_pod.radio.tie import NOT_ESTABLISHED, TIMED_OUT, Tie

INTERVAL = 24  # 30 ms
TIMEOUT = 200  # 2 s


@dataclass
class Side:
    loop: VirtualLoop
    heard: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    loss: float = 0.0

    def on_packet(self, packet):
        self.heard.append((self.loop.now_us, packet))

    def on_lost(self, reason):
        self.lost.append((self.loop.now_us, reason))


@pytest.fixture
def tied():
    """Return the loop, the tie and both sides with their ends, connected for a second."""
    loop = VirtualLoop()
    tie = Tie(loop, random.Random(3), INTERVAL, 0, TIMEOUT)
    sides = [Side(loop), Side(loop)]
    ends = [tie.join(side, lambda side=side: side.loss) for side in sides]
    loop.advance(1_000_000)
    return loop, tie, sides, ends


def test_packets_pass_at_events_only(tied):
    loop, tie, (central, peripheral), (c_end, p_end) = tied
    done = []
    tie.send(c_end, "ask", lambda: done.append(loop.now_us))
    tie.send(p_end, "tell")
    loop.advance(1_029_999)
    (at_us, packet), *_ = peripheral.heard
    assert packet == "ask"
    assert central.heard == [(at_us, "tell")]
    assert done == [at_us]
    tie.send(c_end, "again")
    loop.advance(2_000_000)
    assert (peripheral.heard[1][0] - at_us) % 30_000 == 0


def test_an_idle_connection_costs_nothing(tied):
    loop, *_ = tied
    assert loop.next_due_us() is None


def test_an_event_takes_a_few_packets_and_the_next_the_rest(tied):
    loop, tie, (_, peripheral), (c_end, _) = tied
    for number in range(6):
        tie.send(c_end, number)
    loop.advance(1_100_000)
    first_us = peripheral.heard[0][0]
    assert [(us - first_us, packet) for us, packet in peripheral.heard] == [
        (0, 0), (0, 1), (0, 2), (0, 3), (30_000, 4), (30_000, 5),
    ]  # fmt: skip


def test_what_is_lost_is_sent_again_in_order(tied):
    loop, tie, (central, peripheral), (c_end, p_end) = tied
    central.loss = 0.5
    tie.wake()
    for number in range(20):
        tie.send(c_end, number)
    loop.advance(10_000_000)
    assert [packet for _, packet in peripheral.heard] == list(range(20))
    assert peripheral.heard[-1][0] - peripheral.heard[0][0] > 4 * 30_000
    assert not (central.lost or peripheral.lost)


def test_one_direction_may_be_lost_alone(tied):
    loop, tie, (central, peripheral), (c_end, p_end) = tied
    peripheral.loss = 1.0
    tie.wake()
    tie.send(c_end, "heard")
    tie.send(p_end, "unheard")
    loop.advance(1_500_000)
    assert [packet for _, packet in peripheral.heard] == ["heard"]
    assert central.heard == []


def test_silence_ends_it_after_the_timeout(tied):
    loop, tie, (central, peripheral), ends = tied
    loop.advance(60_000_000)
    central.loss = peripheral.loss = 1.0
    tie.wake()
    loop.advance(70_000_000)
    for side in (central, peripheral):
        ((at_us, reason),) = side.lost
        assert reason == TIMED_OUT
        assert 62_000_000 <= at_us <= 62_030_000
    assert loop.next_due_us() is None


def test_an_end_that_leaves_is_missed_after_the_timeout(tied):
    loop, tie, (central, peripheral), (c_end, p_end) = tied
    tie.leave(p_end)
    loop.advance(4_000_000)
    assert peripheral.lost == []
    assert [reason for _, reason in central.lost] == [TIMED_OUT]


def test_a_connection_nobody_answers_fails_within_six_events():
    loop = VirtualLoop()
    tie = Tie(loop, random.Random(3), INTERVAL, 0, TIMEOUT)
    central = Side(loop)
    tie.join(central, lambda: 0.0)
    loop.advance(1_000_000)
    ((at_us, reason),) = central.lost
    assert reason == NOT_ESTABLISHED
    assert 180_000 <= at_us <= 240_000


def test_new_parameters_hold_from_six_events_on(tied):
    loop, tie, (_, peripheral), (c_end, _) = tied
    done = []
    tie.update(80, 0, 300, lambda: done.append(loop.now_us))
    loop.advance(1_150_000)
    assert (tie.interval, done) == (INTERVAL, [])
    loop.advance(1_300_000)
    assert (tie.interval, tie.timeout) == (80, 300)
    tie.send(c_end, "late")
    loop.advance(1_500_000)
    assert (peripheral.heard[0][0] - done[0]) % 100_000 == 0
