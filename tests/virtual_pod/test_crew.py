"""Lockstep: no pod runs past what another could yet do to it, and the order is the same every time."""

import pytest

from host_tools.virtual_pod import wire
from host_tools.virtual_pod.clock import Clock
from host_tools.virtual_pod.crew import Crew
from host_tools.virtual_pod.link import Hardware, UnknownAccess
from host_tools.virtual_pod.vm import VirtualPod

AWAKE_EVERY_US = 7_000


class FakeServer:
    restart = None
    horizon_us = 10_000

    def __init__(self, hardware):
        self.pending = None
        self._hardware = hardware

    def is_ready(self):
        return self._hardware.now_us >= self.pending[1]


class FakePod:
    """Wakes every few milliseconds of its own clock, does something, and sleeps again."""

    def __init__(self, told, name, begins_us=0, ppm=0):
        self.hardware = Hardware()
        self.hardware.clock.begins_us, self.hardware.clock.ppm = begins_us, ppm
        self.server = FakeServer(self.hardware)
        self.is_on = True
        self.crash_at_us = None
        self._told, self._name = told, name
        self._sleep()

    def _sleep(self):
        self.server.pending = (wire.WAIT, self.hardware.now_us + AWAKE_EVERY_US)

    def run(self, hear, until_us):
        while self.hardware.now_us < until_us:
            if self.crash_at_us is not None and self.hardware.now_us >= self.crash_at_us:
                raise UnknownAccess("did what no model knows")
            self.hardware.advance_to(min(until_us, self.server.pending[1]))
            if self.server.is_ready():
                self._told.append((self.hardware.clock.world_us(), self._name))
                self._sleep()
        if self.hardware.stopped:
            return self.hardware.stopped
        return "the time is up"

    def power_on(self):
        self.is_on = True
        self._sleep()


class FakeEther:
    """Has an event every `every_us`; notes how far each pod was then."""

    lookahead_us = 1000

    def __init__(self, every_us):
        self.now_us, self.every_us = 0, every_us
        self.seen = []
        self.pods = []

    def next_due_us(self):
        return (self.now_us // self.every_us + 1) * self.every_us

    def advance_to(self, world_us):
        self.now_us = world_us
        self.seen.append((world_us, [pod.hardware.clock.world_us() for pod in self.pods if pod.is_on]))


def crew_of(*clocks, every_us=30_000):
    told, ether = [], FakeEther(every_us)
    ether.pods = [FakePod(told, name, *clock) for name, clock in zip("abc", clocks, strict=False)]
    return Crew(ether.pods, ether), ether, told


def test_at_each_event_of_the_ether_all_have_come_to_its_time_and_none_past_it():
    crew, ether, _ = crew_of((0, 20), (500, -20), (1_234, 0))
    crew.run(1_000_000)
    assert [at for at, _ in ether.seen][:-1] == list(range(30_000, 1_000_000, 30_000))
    for at_us, reached in ether.seen:
        assert all(0 <= us - at_us <= 1 for us in reached)  # the first microsecond of its own clock


def test_what_they_do_comes_in_the_order_of_the_world_as_far_as_they_can_reach_each_other():
    crew, ether, told = crew_of((0, 20), (3_100, -20), every_us=1_000_000)
    crew.run(900_000)
    worst = max(before - after for (before, _), (after, _) in zip(told, told[1:], strict=False))
    assert worst < ether.lookahead_us
    assert len(told) > 200


def test_pods_that_wait_are_moved_from_wait_to_wait():
    crew, _, told = crew_of((0, 0), (0, 0), every_us=1_000_000)
    runs = []
    for member in crew.members:
        whole = member.run
        member.run = lambda until_us, whole=whole: (runs.append(until_us), whole(until_us))
    crew.run(700_000)
    assert len(told) == 200 and len(runs) <= 2 * 200


def test_the_same_crew_does_the_same():
    def found():
        crew, ether, told = crew_of((0, 20), (500, -20), (1_234, 7))
        crew.run(300_000)
        return told, ether.seen

    assert found() == found()


def test_one_that_is_switched_on_later_holds_nobody_up_and_starts_in_time():
    crew, _, told = crew_of((0, 0), (100_000, 0))
    crew.run(200_000)
    assert min(at for at, name in told if name == "b") == 107_000
    assert max(at for at, name in told if name == "a") == 196_000


def test_one_without_power_stands_still_and_comes_back_at_the_time_it_is_then():
    crew, ether, told = crew_of((0, 0), (0, 50))
    off = ether.pods[1]
    crew.at(50_000, lambda: setattr(off, "is_on", False))
    crew.at(80_000, lambda: crew.power_on(off))
    crew.run(120_000)
    times = [at for at, name in told if name == "b"]
    assert not [at for at in times if 50_000 < at < 86_000] and [at for at in times if at > 86_000]


def test_one_that_crashes_is_over_and_the_others_go_on():
    crew, ether, told = crew_of((0, 0), (0, 0))
    ether.pods[0].crash_at_us = 20_000
    crew.run(100_000)
    assert crew.members[0].crash == "did what no model knows" and not crew.members[1].over
    assert max(at for at, name in told if name == "b") == 98_000


def test_actions_come_in_the_order_of_their_time_and_of_being_asked_for():
    crew, _, _ = crew_of((0, 0))
    said = []
    for at_us, word in ((40_000, "second"), (10_000, "first"), (40_000, "third")):
        crew.at(at_us, lambda word=word: said.append((crew.now_us, word)))
    crew.run(50_000)
    assert said == [(10_000, "first"), (40_000, "second"), (40_000, "third")]


@pytest.mark.parametrize("ppm", [-30_000, -20, 0, 20, 30_000])
def test_a_clock_turns_its_time_into_the_worlds_and_back(ppm):
    clock = Clock()
    clock.begins_us, clock.ppm = 123, ppm
    for own_us in (0, 1, 999_983, 86_400_000_000):
        world_us = clock.world_us(own_us)
        assert clock.own_us(world_us) <= own_us < clock.own_us(world_us + 1)
        assert clock.world_us(clock.own_us(world_us)) >= world_us > clock.world_us(clock.own_us(world_us) - 1)
        assert abs((world_us - 123) * (1 + ppm / 1e6) - own_us) < 2


_TICKS = b"""
import time
while True:
    time.sleep_ms(%d)
    print(time.ticks_ms())
"""


def test_two_real_pods_share_the_time():
    heard = []
    with (
        VirtualPod(Hardware(), {"/main.py": _TICKS % 30}) as one,
        VirtualPod(Hardware(), {"/main.py": _TICKS % 45}) as other,
    ):
        other.hardware.clock.begins_us = 200_000
        crew = Crew(
            [one, other],
            FakeEther(10_000),
            [
                lambda data: heard.append(("one", one.hardware.clock.world_us())),
                lambda data: heard.append(("other", other.hardware.clock.world_us())),
            ],
        )
        crew.run(2_000_000)
        assert [member.crash for member in crew.members] == ["", ""]
    both = [at for _, at in heard]
    assert max(a - b for a, b in zip(both, both[1:], strict=False)) <= 1000
    assert {name for name, _ in heard} == {"one", "other"}
    assert min(at for name, at in heard if name == "other") > 200_000
