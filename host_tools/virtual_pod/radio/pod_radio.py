"""The pod's side of the air: does what the VM's `bluetooth` asks for, on a bumble device of its own."""

from __future__ import annotations

import asyncio
import errno
import struct
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from bumble import att
from bumble.device import Connection, Device

from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.radio import verbs
from host_tools.virtual_pod.radio.client import Client
from host_tools.virtual_pod.radio.controller import AirController
from host_tools.virtual_pod.radio.gap import Gap
from host_tools.virtual_pod.radio.memory import Needs
from host_tools.virtual_pod.radio.pairing import Pairing
from host_tools.virtual_pod.radio.parts import Shared
from host_tools.virtual_pod.radio.server import Server

Answer = int | bytes


class PodRadio:
    """One pod's radio; hardware.radio.

    device: the bumble device while it is active, else None.  settings: what BLE.config() said, by verbs.BOND, ...
    on_value: observers, called with (is_heard, the air's time [us]): the VM sends a value, or has one to fetch.
    """

    def __init__(self, ether: Shared, hardware: Hardware, address: str, needs: Needs) -> None:
        self.ether, self.hardware, self.address, self.needs = ether, hardware, address, needs
        self.device: Device | None = None
        self.controller: AirController | None = None
        self.gap, self.server, self.client = Gap(self), Server(self), Client(self)
        self.pairing = Pairing(self)
        self.settings: dict[int, int] = {}
        self._events: deque[tuple[bytes, asyncio.Future[tuple[int, bytes]] | None]] = deque()
        self.on_value: list[Callable[[bool, int], None]] = []
        self._asked: asyncio.Future[tuple[int, bytes]] | None = None
        self._slept = False
        self._verbs: dict[int, Callable[[int, int, int, bytes], Answer]] = {
            verbs.ADDRESS: lambda b, c, d, data: self.gap.own_address(),
            verbs.ADDRESS_MODE: lambda b, c, d, data: self.gap.set_address_mode(c),
            verbs.CONFIG: lambda b, c, d, data: self._configure(b, c),
            verbs.NAME: lambda b, c, d, data: self._set_name(data),
            verbs.ADVERTISE: self.gap.advertise,
            verbs.ADVERTISE_STOP: lambda b, c, d, data: self.gap.stop_advertising(),
            verbs.SCAN: self.gap.scan,
            verbs.SCAN_STOP: lambda b, c, d, data: self.gap.stop_scan(),
            verbs.CONNECT: self.gap.connect,
            verbs.CONNECT_CANCEL: lambda b, c, d, data: self.gap.cancel_connect(),
            verbs.DISCONNECT: lambda b, c, d, data: self.gap.disconnect(b),
            verbs.PAIR: lambda b, c, d, data: self.pairing.pair(b),
            verbs.PASSKEY: lambda b, c, d, data: self.pairing.passkey(b, c, d),
            verbs.SERVICES: lambda b, c, d, data: self.server.register(data),
            verbs.NOTIFY: self.server.notify,
            verbs.UPDATED: lambda b, c, d, data: self.server.update(c, data),
            verbs.ANSWER: lambda b, c, d, data: self._answer(c, data),
            verbs.FIND_SERVICES: self.client.find_services,
            verbs.FIND_CHARACTERISTICS: self.client.find_characteristics,
            verbs.FIND_DESCRIPTORS: self.client.find_descriptors,
            verbs.READ: self.client.read,
            verbs.WRITE: self.client.write,
            verbs.EXCHANGE_MTU: self.client.exchange_mtu,
        }

    @property
    def now_us(self) -> int:
        """The air's time that its pod has come to [us]."""
        return self.hardware.clock.world_us()

    # ---- what the hardware asks for

    def advance(self, now_us: int) -> None:
        """Let the air go on to the pod's time [us]."""
        asleep = bool(self.hardware.sleep.asleep)
        if asleep != self._slept:
            self._slept = asleep
            self.ether.wake()
        self.ether.advance()

    def next_event_us(self) -> int | None:
        """Return when something happens in the air after the pod's time; None for nothing."""
        due_us = self.ether.next_due_us()
        return self.hardware.clock.own_us(due_us) if due_us is not None and due_us > self.now_us else None

    def has_news(self) -> bool:
        """Return whether the VM has an event to fetch."""
        return bool(self._events)

    def reset(self) -> None:
        """Fall silent, as at a reset of the MCU."""
        self._events.clear()
        self._asked = None
        self.gap.forget()
        self.client.forget()
        if self.controller is not None:
            self.ether.remove(self.controller)
            self.controller.host = None
        self.device = self.controller = None

    def command(self, a: int, b: int, c: int, d: int, data: bytes) -> Answer:
        """Do one verb of the VM's; returns a payload, 0 or more, or minus an errno."""
        if a == verbs.EVENT:
            return self._next_event()
        if a == verbs.ACTIVE:
            return self._activate() if c else self._deactivate()
        if self.device is None and (a != verbs.CONFIG or b == verbs.MTU):
            return -errno.ENODEV
        answer = self._verbs[a](b, c, d, data)
        if a in (verbs.WRITE, verbs.NOTIFY):
            self._observe(False, self.now_us)
        self.ether.advance()
        return answer

    # ---- for the parts

    def push(self, *event: Any, answer: asyncio.Future[tuple[int, bytes]] | None = None, **fields: Any) -> None:
        """Queue an event for the VM: the arguments of verbs.pack_event(); answer: gets what the VM says of it."""
        self._events.append((verbs.pack_event(*event, **fields), answer))
        if event[0] in (verbs.GATTS_WRITE, verbs.GATTC_NOTIFY):
            self._observe(True, self.ether.loop.now_us)

    def _observe(self, is_heard: bool, now_us: int) -> None:
        for observer in self.on_value:
            observer(is_heard, now_us)

    async def ask(self, irq: int, words: tuple[int, ...], data: bytes = b"") -> bytes:
        """Tell the VM of an access and return what it answers; att.ATT_Error when it refuses."""
        answer = self.ether.loop.create_future()
        self.push(irq, words, (1, 0), data=data, answer=answer)
        error, value = await answer
        if error:
            raise att.ATT_Error(error_code=att.ErrorCode(error))
        return value

    def do(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Start a coroutine at the pod's time."""
        loop = self.ether.loop
        loop.call_at_us(self.now_us, loop.create_task, coroutine)

    def connection(self, conn: int) -> Connection | None:
        """Return the connection that the VM knows by a handle."""
        return self.device.connections.get(conn + 1) if self.device else None

    @property
    def mtu(self) -> int:
        """The MTU to ask for and to agree to."""
        return self.server.mtu

    def watch(self, connection: Connection) -> None:
        """Tell the VM of what the other side of a connection sends by itself."""
        self.client.watch(connection)

    # ---- verbs

    def _next_event(self) -> Answer:
        if not self._events:
            return 0
        event, self._asked = self._events.popleft()
        return event

    def _answer(self, error: int, data: bytes) -> int:
        if self._asked is not None and not self._asked.done():
            self._asked.set_result((error, data))
        self._asked = None
        return 0

    def _activate(self) -> Answer:
        self.reset()  # the VM is new, or has it on already
        self.hardware.advance_to(self.hardware.now_us + self.needs.start_us)
        self.device, self.controller = self.ether.new_pod_device(self.address)
        self.controller.deaf = lambda: bool(self.hardware.sleep.asleep)
        self.device.pairing_config_factory = self.pairing.config
        self.gap.watch(self.device)
        self.server.clear()
        return struct.pack("<I", self.needs.bytes)

    def _deactivate(self) -> int:
        if self.controller is not None:
            self.controller.take_leave()
        self.reset()
        return 0

    def _set_name(self, data: bytes) -> int:
        assert self.device
        self.device.name = data.decode("utf-8", "replace")
        self.server.set_name(data)
        return 0

    def _configure(self, what: int, value: int) -> int:
        self.settings[what] = value
        if what == verbs.MTU:
            self.server.set_mtu(value)
        return 0
