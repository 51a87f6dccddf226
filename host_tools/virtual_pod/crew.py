"""Several virtual pods at once, in the world's time: none runs past what another could yet do to it.

    crew = Crew([shoe, belt, wrist], ether)     # their clocks say when each was switched on, and how true it goes
    crew.at(20_000_000, lambda: ether.lose(1.0))
    crew.run(until_us=60_000_000)

The pod that is furthest behind runs next, up to the first of three times: the ether's next event, the next action
of at(), the moment at which another pod's doing could reach it. A pod that waits does nothing before what it waits
for, so where all sleep they go on from event to event. Of equals the first given runs first: always the same run.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import Protocol

from host_tools.virtual_pod import wire
from host_tools.virtual_pod.link import UnknownAccess
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.vm_process import VmCrash

APART_US = 100_000  # pods that cannot reach each other
COMPUTES_US = 1000  # a pod that computes looks up at least that often
_TIME_IS_UP, _POWER_IS_OFF = "the time is up", "the power is off"

Heard = Callable[[bytes], None]


class Air(Protocol):
    """What the pods reach each other through; times are the world's [us].

    lookahead_us: the least time from what a pod does to what another can notice of it.
    """

    lookahead_us: int

    def next_due_us(self) -> int | None: ...

    def advance_to(self, world_us: int) -> None: ...


class Member:
    """A pod of a crew.  over: why it lives no longer, "" while it does.  crash: what ended it that should not."""

    def __init__(self, pod: VirtualPod, hear: Heard | None) -> None:
        self.pod = pod
        self.over = self.crash = ""
        self._hear = hear

    @property
    def world_us(self) -> int:
        """The world's time it has come to [us]."""
        return self.pod.hardware.clock.world_us()

    @property
    def lives(self) -> bool:
        return not self.over and self.pod.is_on

    def lags(self, world_us: int) -> bool:
        """Return whether it lives and has not come to a time of the world [us]."""
        clock = self.pod.hardware.clock
        return self.lives and clock.own_us(world_us) > clock.now_us

    def quiet_until_us(self) -> int:
        """Return the time [us] before which it does nothing of its own accord."""
        pod, clock = self.pod, self.pod.hardware.clock
        server, hardware = pod.server, pod.hardware
        if not server.pending or server.restart or hardware.needs_firmware() or server.is_ready():
            return self.world_us
        op, value = server.pending
        due_us = hardware.next_due_us()
        wake_us = min(wire.FOREVER_US if op == wire.CONSOLE_IN else value, due_us or wire.FOREVER_US)
        return clock.world_us(max(clock.now_us, wake_us))

    def run(self, until_us: int) -> None:
        """Let it live up to a time of the world [us]."""
        try:
            reason = self.pod.run(self._hear, until_us=self.pod.hardware.clock.own_us(until_us))
        except (UnknownAccess, VmCrash) as error:
            self.over = self.crash = str(error)
            return
        if reason not in (_TIME_IS_UP, _POWER_IS_OFF):
            self.over = reason


class Crew:
    """Moves pods in lockstep.

    pods: switched on; hardware.clock.begins_us and ppm say when each was and how fast it goes.
    ether: joins them; None = they share the time and nothing else.  hear: told what each says, None for nobody.
    Attributes: members, one a pod, in their order; now_us, the world's time all have come to.
    """

    def __init__(
        self, pods: Sequence[VirtualPod], ether: Air | None = None, hear: Sequence[Heard | None] = ()
    ) -> None:
        self.members = [Member(pod, hear[n] if n < len(hear) else None) for n, pod in enumerate(pods)]
        self.now_us = 0
        self._ether = ether
        self._lookahead_us = ether.lookahead_us if ether else APART_US
        self._timeline: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0
        if ether:
            for pod in pods:
                pod.server.horizon_us = COMPUTES_US

    def at(self, world_us: int, action: Callable[[], None]) -> None:
        """Do action() when all have come to a time of the world [us]; those of one time in the order given."""
        self._order += 1
        heapq.heappush(self._timeline, (world_us, self._order, action))

    def power_on(self, pod: VirtualPod) -> None:
        """Switch on a pod that was off, at the time all have come to."""
        hardware = pod.hardware
        hardware.advance_to(hardware.clock.own_us(self.now_us))
        pod.power_on()

    def run(self, until_us: int) -> None:
        """Let all live up to a time of the world [us], or until each is over."""
        while self._step(until_us):
            pass

    def _step(self, until_us: int) -> bool:
        """Let one pod, or the ether and who acts at its time, go on; False when there is nothing left to do."""
        due_us = min(self._due_us(), until_us)
        behind = [member for member in self.members if member.lags(due_us)]
        if behind:
            first = min(behind, key=lambda member: member.world_us)
            first.run(min(due_us, self._reached_from_us(first)))
            return True
        if due_us == self.now_us == until_us:
            return False
        self._happen(due_us)
        return any(not member.over for member in self.members)

    def _due_us(self) -> int:
        """Return when something next happens that is no pod's doing."""
        ether_us = self._ether.next_due_us() if self._ether else None
        action_us = self._timeline[0][0] if self._timeline else wire.FOREVER_US
        return max(self.now_us, min(action_us, wire.FOREVER_US if ether_us is None else ether_us))

    def _reached_from_us(self, one: Member) -> int:
        """Return the first time [us] at which another's doing could reach one that is furthest behind.

        Its own doing counts too: it may bring on an event of the ether, and that another's answer.
        """
        others = [member for member in self.members if member is not one and member.lives]
        if not others:
            return wire.FOREVER_US
        quiet_us = one.quiet_until_us()
        if quiet_us > one.world_us:  # else no other can be before it
            quiet_us = min(quiet_us, *(member.quiet_until_us() for member in others))
        return quiet_us + self._lookahead_us

    def _happen(self, due_us: int) -> None:
        self.now_us = due_us
        if self._ether:
            self._ether.advance_to(due_us)
        while self._timeline and self._timeline[0][0] <= due_us:
            heapq.heappop(self._timeline)[2]()
