"""Detecting: a sway goes first, nothing starves, garbage is collected only where it does not hurt."""

from array import array

import pytest
from app.fake_chips import REST
from app.fakes import MARK
from backstep.app.detecting import Detecting
from backstep.app.faults import TASK_RESTARTS, no_faults
from backstep.app.signals import EventQueue
from backstep.core import detectors, event_names, events, settings

from host_tools.sim.sim import SCENARIOS, walked

SWAY = (MARK + events.SWAY, 0, 0, 0, 0, 0)
CAUTION = (MARK + events.CAUTION, 0, 0, 0, 0, 0)
STRIDE = (MARK + events.STRIDE, events.BACKWARD, 0, 0, 0, 0)
STEP = (MARK + events.STEP, 0, 0, 0, 0, 0)


def first_full_level(pod, after_ms):
    return next(at_ms for at_ms, level in pod.haptic.writes if level == 127 and at_ms >= after_ms)


@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
@pytest.mark.parametrize("offset", range(4))
def test_a_sway_drives_the_motor_in_the_same_drain(pod, placement, offset):
    pod.settings(placement=placement, console_events=1)
    pod.imu.rows = [REST] * (100 + offset) + [SWAY] + [REST] * 3000
    pod.run(5000)
    crossed_ms = pod.imu.started[0] + (101 + offset) * 1000 / pod.detector.rate_hz
    latency_ms = first_full_level(pod, crossed_ms - 1) - crossed_ms
    assert -1 <= latency_ms <= (20 if placement == "belt" else 50)
    summary = [event for event in pod.events if event["event"] == "summary"][-1]
    assert summary["cue_worst_ms"] == pytest.approx(latency_ms, abs=6)


def test_the_motor_is_driven_before_a_line_is_written(pod):
    pod.settings(console_events=1)
    pod.imu.rows = [REST] * 200 + [STRIDE, STRIDE, SWAY, STRIDE]
    order = []
    drive, write = pod.haptic.drive, pod.stdout.write
    pod.haptic.drive = lambda level: (order.append(level), drive(level))
    pod.stdout.write = lambda text: (order.append(text[:20]), write(text))
    pod.world.at(900, order.clear)
    pod.run(1300)
    assert order[0] == 127


def test_a_sway_cuts_into_any_pattern_and_restarts_its_own(pod):
    pod.settings(cue_every_steps=2, console_events=1)
    pod.imu.rows = [REST] * 300 + [STRIDE] + [REST] * 12 + [SWAY] + [REST] * 30 + [SWAY]
    pod.run(6000)
    played = [event["pattern"] for event in pod.events if event["event"] == "buzz"]
    assert played == ["start", "milestone", "sway", "sway", "stop"]
    assert len(pod.events[-1]["cues_by_5ms"]) == 12 and sum(pod.events[-1]["cues_by_5ms"]) == 2


def test_a_caution_ticks_at_once_and_neither_cuts_into_a_sway_nor_follows_it(pod):
    pod.settings(console_events=1, placement="belt")
    pod.imu.rows = [REST] * 300 + [CAUTION] + [REST] * 60 + [SWAY] + [REST] * 10 + [CAUTION] + [REST] * 500
    pod.run(6000)
    played = [event["pattern"] for event in pod.events if event["event"] == "buzz"]
    assert played == ["start", "caution", "sway", "stop"]
    crossed_ms = pod.imu.started[0] + 301 * 1000 / 104
    driven_ms = next(at_ms for at_ms, level in pod.haptic.writes if level == 90 and at_ms >= crossed_ms - 1)
    assert driven_ms - crossed_ms <= 20


def test_a_cue_of_the_foot_is_felt_and_told(pod):
    pod.imu.rows = [REST] * 300 + [(MARK + events.SLIDE, 0, 1000, 0, 0, 0)] + [REST] * 200
    pod.settings(console_events=1)
    pod.run(4000)
    told = [event.get("pattern", event["event"]) for event in pod.events if event["event"] in ("slide", "buzz")]
    assert told == ["start", "slide", "foot", "stop"]
    assert pod.events[-1]["foot_cues"] == 1


def test_a_cue_of_posture_is_felt_told_and_counted(pod):
    pod.imu.rows = [REST] * 300 + [(MARK + events.POSTURE, 0, 1000, 0, 0, 0)] + [REST] * 300
    pod.settings(console_events=1, placement="belt")
    pod.run(6000)
    told = [event.get("pattern", event["event"]) for event in pod.events if event["event"] in ("posture", "buzz")]
    assert told == ["start", "posture", "posture", "stop"]
    assert pod.events[-1]["postures"] == 1


def test_a_sway_cue_comes_in_time_while_the_console_is_slow_and_busy(pod):
    pod.settings(console_events=1, placement="belt")
    pod.stdout.takes_us = 6_000
    pod.imu.rows = ([REST] * 20 + [STRIDE] + [STEP]) * 20 + [SWAY] + [REST] * 1000
    for at_ms in range(500, 4000, 150):
        pod.type_at(at_ms, b"help\nstatus\nnonsense\n")
    pod.run(6000)
    crossed_ms = pod.imu.started[0] + 441 * 1000 / 104
    assert first_full_level(pod, crossed_ms) - crossed_ms < 40


def test_a_burst_of_events_after_a_stall_is_counted_in_full(pod):
    pod.settings(console_events=1)
    pod.imu.rows = [REST] * 200 + [STEP] * 60

    def stall():
        for _ in range(250):
            pod.world.wait(1000)

    pod.world.at(950, stall)
    pod.run(2500)
    told = len([event for event in pod.events if event["event"] == "step"])
    assert pod.events[-1]["other"] == 60 and "events lost" not in pod.events[-1]["faults"]
    assert told + pod.events[-1]["faults"]["console lines lost"] >= 60


def rested(*followers):
    """Let followers have their turn twice; return who had one, and how often memory was lacking."""
    had, faults = [], no_faults()
    detecting = Detecting(detectors.make("shoe", settings.defaults(), "body"), None, None, None, faults, 208)

    def turn(name, follower):
        had.append(name)
        return follower()

    detecting.rested = tuple(lambda one=one: turn(*one) for one in enumerate(followers))
    detecting.rest()
    detecting.rest()
    return had, faults[TASK_RESTARTS]


@pytest.mark.usefixtures("world")
def test_who_took_long_is_the_last_of_its_round():
    assert rested(lambda: None, lambda: True, lambda: None) == ([0, 1, 0, 1], 0)
    assert rested(lambda: None, lambda: False, lambda: None) == ([0, 1, 2, 0, 1, 2], 0)


@pytest.mark.usefixtures("world")
def test_who_lacks_memory_is_counted_and_has_another_turn():
    def lacks():
        raise MemoryError

    assert rested(lambda: None, lacks, lambda: None) == ([0, 1, 0, 1], 2)


def test_a_full_queue_refuses_and_keeps_the_order():
    queue = EventQueue(3)
    fields = array("i", range(13))
    assert [queue.put(events.STEP, sample, fields) for sample in range(4)] == [True, True, True, False]
    assert (queue.take(), queue.sample, list(queue.fields)) == (events.STEP, 0, list(range(13)))
    assert queue.put(events.SWAY, 9, fields)
    assert [(queue.take(), queue.sample) for _ in range(4)] == [(2, 1), (2, 2), (3, 9), (0, 9)]


def test_everybody_gets_their_turn_when_samples_come_without_end(pod):
    drain = pod.imu.drain_into

    def endless(ring):
        count = drain(ring)
        while count < 60:
            ring.extend(array("h", REST), 1)
            count += 1
        pod.world.wait(20_000)  # which reading so many takes
        return count

    pod.imu.drain_into = endless
    lines = pod.run(5000)
    assert len([line for line in lines if "KB free" in line]) == 4
    assert pod.parts.watchdogs[0].fed_us > 4_500_000


@pytest.mark.slow
@pytest.mark.parametrize("chunks", [(1,), (40,), (7, 1, 23)])
def test_it_finds_the_same_however_many_samples_come_at_once(world, chunks):
    samples = walked(SCENARIOS["forward"], "shoe", 1).samples
    queue = EventQueue(40)
    shoe = detectors.make("shoe", settings.defaults(), "body")
    detecting = Detecting(shoe, queue, None, None, no_faults(), 208)
    at = turn = 0
    while at < len(samples):
        some = samples[at : at + chunks[turn % len(chunks)]]
        detecting.extend(array("h", some.flatten().tolist()), len(some))
        at += len(some)
        turn += 1
    assert list(detecting.last) == samples[-1].tolist()
    found = []
    while code := queue.take():
        found.append(event_names.decode(code, queue.sample, queue.fields))
    alone, expected = detectors.make("shoe", settings.defaults(), "body"), []
    for row in samples.tolist():
        code = alone.feed(*row)
        if code:
            expected.append(event_names.decode(code, alone.n - 1, alone.fields))
    assert found == expected != []


def test_garbage_is_collected_every_two_seconds_just_after_a_drain(pod):
    pod.run(20_000)
    assert 9 <= len([at_ms for at_ms in pod.collected_ms if at_ms > 1]) <= 12


def test_garbage_is_not_collected_while_the_wearer_sways(pod):
    swaying = (0, 0, 1000, 0, 350, 0)
    pod.imu.rows = [REST] * 400 + [swaying] * 800 + [REST] * 2000
    pod.run(12_000)
    sway_from, sway_to = 400 / 0.208, 1200 / 0.208
    assert not [at_ms for at_ms in pod.collected_ms if sway_from + 25 < at_ms < sway_to]
    assert [at_ms for at_ms in pod.collected_ms if sway_to <= at_ms < sway_to + 200]


def test_garbage_is_collected_at_last_when_the_wearer_never_rests(pod):
    pod.imu.rows = [(0, 0, 1000, 0, 350, 0)] * 10_000
    pod.run(25_000)
    assert len([at_ms for at_ms in pod.collected_ms if at_ms > 1]) == 2


@pytest.mark.parametrize("placement", ["shoe", "belt"])
def test_garbage_is_never_collected_between_the_sample_that_crosses_and_the_motor(pod, placement):
    pod.settings(placement=placement)
    rate_hz = detectors.rate_hz(placement)
    turning = (0, 0, 1000, 0, 350, 0)
    sway = (MARK + events.SWAY, 0, 0, 0, 350, 0)
    # Collected at rest after 2.73 s and overdue 10 s later, in the second in which every sample crosses.
    busy, rest, first, count = 273 * rate_hz // 100, rate_hz // 10, 12 * rate_hz, rate_hz
    rows = [turning] * busy + [REST] * rest + [turning] * (first - busy - rest) + [sway] * count
    pod.imu.rows = rows + [turning] * 3 * rate_hz
    pod.run(15_000)
    crossed_ms = [pod.imu.started[0] + 1000 * (first + 1 + k) / rate_hz for k in range(count)]
    waits = [(at_ms, first_full_level(pod, at_ms - 0.1)) for at_ms in crossed_ms]
    waiting_ms = {"shoe": 55, "belt": 25}[placement]  # in the FIFO, and judged
    assert all(driven_ms - at_ms < waiting_ms for at_ms, driven_ms in waits)
    assert [at_ms for at_ms in pod.collected_ms if crossed_ms[0] < at_ms < crossed_ms[-1]]
    assert not [at_ms for at_ms in pod.collected_ms if any(since < at_ms < to for since, to in waits)]
