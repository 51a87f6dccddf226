"""One Bluetooth connection as the air sees it: connection events, retransmission, supervision timeout."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from host_tools.virtual_pod.radio.loop import VirtualLoop

UNIT_US = 1250  # of a connection interval [Core 6.0, Vol 4, Part E, 7.8.18]
TIMEOUT_UNIT_US = 10_000
FIRST_EVENT_US = 1250 + 1250  # transmit window delay and a window [Vol 6, Part B, 4.5.3]
ESTABLISH_EVENTS = 6  # a connection whose first packets are all lost [Vol 6, Part B, 4.5.2]
INSTANT_EVENTS = 6  # new parameters are valid that many events later [Vol 6, Part B, 5.1.1]
PAIRS_AN_EVENT = 4  # of packets; an ESP32 has room for about that many in a short interval
TIMED_OUT, NOT_ESTABLISHED = 0x08, 0x3E


class Owner(Protocol):
    """Whose end it is: hears packets and the end of the connection."""

    def on_packet(self, packet: object) -> None: ...

    def on_lost(self, reason: int) -> None: ...


@dataclass
class End:
    """One of the two ends: what it has to send, and when it last heard the other [us]."""

    owner: Owner
    loss: Callable[[], float]  # of what it sends, 0..1
    heard_us: int
    queue: deque[tuple[object, Callable[[], None] | None]] = field(default_factory=deque)
    gone: bool = False


class Tie:
    """A connection between a central and a peripheral.

    interval, timeout: in the units of HCI, 1.25 ms and 10 ms.  A packet waits for the next event; where it is lost
    it is sent again at the event after. With nothing to send and nothing lost no event is run: it would change
    nothing. An end that is not ready to hear (`loss` 1) loses the other after the timeout.
    """

    def __init__(self, loop: VirtualLoop, rng: random.Random, interval: int, latency: int, timeout: int) -> None:
        self.interval, self.latency, self.timeout = interval, latency, timeout
        self.ends: list[End] = []
        self._loop, self._random = loop, rng
        self._anchor_us = loop.now_us + FIRST_EVENT_US + rng.randrange(interval * UNIT_US)
        self._timer: object | None = None
        self._established = False
        self._began_us = loop.now_us

    def join(self, owner: Owner, loss: Callable[[], float]) -> End:
        """Return a new end; the central's first, then the peripheral's."""
        end = End(owner, loss, self._loop.now_us)
        self.ends.append(end)
        self.wake()
        return end

    def send(self, end: End, packet: object, done: Callable[[], None] | None = None) -> None:
        """Queue a packet; done() is called when the other end has it."""
        if not end.gone:
            end.queue.append((packet, done))
            self.wake()

    def leave(self, end: End) -> None:
        """Take an end away without a word: the other one will find out by its timeout."""
        end.gone = True
        self.wake()

    def update(self, interval: int, latency: int, timeout: int, done: Callable[[], None]) -> None:
        """Change the parameters INSTANT_EVENTS from now, then call done()."""

        def change() -> None:
            self._anchor_us = self._loop.now_us
            self.interval, self.latency, self.timeout = interval, latency, timeout
            done()
            self.wake()

        self._loop.call_at_us(self._next_event_us() + INSTANT_EVENTS * self._interval_us(), change)

    def wake(self) -> None:
        """Have the next event run; to be called too when `loss` has changed."""
        if self._timer is None:
            for end in self.ends:  # the events that were not run would all have been heard
                end.heard_us = self._loop.now_us
            self._run_next()

    def _run_next(self) -> None:
        if not all(end.gone for end in self.ends):
            self._timer = self._loop.call_at_us(self._next_event_us(), self._event)

    def _interval_us(self) -> int:
        return self.interval * UNIT_US

    def _next_event_us(self) -> int:
        now_us, step_us = self._loop.now_us, self._interval_us()
        if now_us < self._anchor_us:
            return self._anchor_us
        return self._anchor_us + ((now_us - self._anchor_us) // step_us + 1) * step_us

    def _event(self) -> None:
        self._timer = None
        if len(self.ends) == 2 and not any(end.gone for end in self.ends):
            self._exchange(*self.ends)
        for end in self.ends:
            self._supervise(end)
        if self._timer is None and self._is_busy():
            self._run_next()

    def _exchange(self, central: End, peripheral: End) -> None:
        for _ in range(PAIRS_AN_EVENT):
            if self._is_lost(central):
                return
            self._hear(peripheral, central)
            if central.gone or peripheral.gone or self._is_lost(peripheral):
                return
            self._hear(central, peripheral)
            self._established = True
            if central.gone or peripheral.gone or not (central.queue or peripheral.queue):
                return

    def _is_lost(self, sender: End) -> bool:
        loss = sender.loss()
        return loss > 0 and self._random.random() < loss

    def _hear(self, end: End, other: End) -> None:
        end.heard_us = self._loop.now_us
        if other.queue:
            packet, done = other.queue.popleft()
            end.owner.on_packet(packet)
            if done:
                done()

    def _supervise(self, end: End) -> None:
        silent_us = self._loop.now_us - end.heard_us
        unmet = not self._established and silent_us >= ESTABLISH_EVENTS * self._interval_us()
        if not end.gone and (unmet or silent_us >= self.timeout * TIMEOUT_UNIT_US):
            end.gone = True
            end.owner.on_lost(NOT_ESTABLISHED if unmet else TIMED_OUT)

    def _is_busy(self) -> bool:
        here = [end for end in self.ends if not end.gone]
        if not here:
            return False
        alone = len(here) != 2
        return alone or not self._established or any(end.queue or end.loss() > 0 for end in here)
