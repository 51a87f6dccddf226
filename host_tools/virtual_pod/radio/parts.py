"""What the parts of a pod's radio know of the radio, and the radio of the air."""

from __future__ import annotations

import random
from collections.abc import Coroutine
from typing import Any, Protocol

from bumble.device import Connection, Device

from host_tools.virtual_pod.radio.controller import AirController
from host_tools.virtual_pod.radio.loop import VirtualLoop


class Shared(Protocol):
    """The air, as a pod's radio needs it; see Ether."""

    loop: VirtualLoop
    random: random.Random

    def advance(self) -> None: ...

    def wake(self) -> None: ...

    def next_due_us(self) -> int | None: ...

    def remove(self, controller: AirController) -> None: ...

    def new_pod_device(self, address: str) -> tuple[Device, AirController]: ...


class Whole(Protocol):
    """A pod's radio, as its parts need it; see PodRadio."""

    ether: Shared
    device: Device | None
    settings: dict[int, int]

    @property
    def now_us(self) -> int: ...

    @property
    def mtu(self) -> int: ...

    def push(self, *event: Any, **fields: Any) -> None: ...

    async def ask(self, irq: int, words: tuple[int, ...], data: bytes = b"") -> bytes: ...

    def do(self, coroutine: Coroutine[Any, Any, Any]) -> None: ...

    def connection(self, conn: int) -> Connection | None: ...

    def watch(self, connection: Connection) -> None: ...
