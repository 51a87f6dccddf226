"""The air between virtual pods and foreign Bluetooth stacks: who hears whom, and when.

    ether = Ether(seed=1)
    ether.join(hardware, "24:0A:C4:00:00:01")            # the pod's `bluetooth` works from now on
    phone = ether.device("phone", "F0:F1:F2:F3:F4:F5")   # a bumble.device.Device
    task = ether.start(phone.connect("24:0A:C4:00:00:01/P", timeout=5))
    pod.run(until_us=...)                                # or Crew.run()
    connection = task.result()

Its time is the world's, as the joined pod has it that is least far; what each pod's clock is, its hardware says.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

from bumble.device import Device
from bumble.hci import Address
from bumble.transport.common import AsyncPipeSink

from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.radio.connection import AirConnection
from host_tools.virtual_pod.radio.controller import AirController
from host_tools.virtual_pod.radio.loop import VirtualLoop
from host_tools.virtual_pod.radio.memory import NEEDS, Needs
from host_tools.virtual_pod.radio.pod_radio import PodRadio
from host_tools.virtual_pod.radio.quiet import QuietHost

NO_ADDRESS = "00:00:00:00:00:00"
LOOKAHEAD_US = 1000  # a pod's doing reaches no other one sooner; at most by so much it is late there
RSSI_DBM, RSSI_SPREAD_DB = -55, 6  # on one body


class Ether:
    """What all radios share.  seed: of loss, advertising delays and signal strengths.

    loop: its virtual time, for call_at_us().  random: its random numbers.
    """

    lookahead_us = LOOKAHEAD_US

    def __init__(self, seed: int = 0) -> None:
        self.loop = VirtualLoop()  # type: ignore[abstract]  # what it lacks nobody asks for
        self.random = random.Random(seed)
        self.pods: list[PodRadio] = []
        self._controllers: list[AirController] = []
        self._losses: dict[tuple[str | None, str | None], float] = {}

    # ---- who is there

    def join(self, hardware: Hardware, address: str, chip: str = "esp32", needs: Needs | None = None) -> PodRadio:
        """Give a pod a radio with a public address ("24:0A:C4:00:00:01").

        chip: whose memory and time it takes, see memory.py; needs: others than that chip's.
        """
        radio = PodRadio(self, hardware, address, needs or NEEDS[chip])
        self.pods.append(radio)
        hardware.fit_radio(radio)
        hardware.on_reset.append(lambda cause, now_us: radio.reset())
        return radio

    def leave(self, radio: PodRadio) -> None:
        """Take a pod away, so that the time of the others does not wait for it."""
        radio.reset()
        self.pods.remove(radio)
        self.advance()

    def device(self, name: str, address: str) -> Device:
        """Return a foreign Bluetooth device, powered on; address: a random static one ("F0:F1:F2:F3:F4:F5")."""
        return self.loop.complete(self._new_device(name, NO_ADDRESS, address))[0]

    def new_pod_device(self, address: str) -> tuple[Device, AirController]:
        """Return bumble's host on a controller with a public address that is in the air from now on."""
        return self.loop.complete(self._new_device("MPY ESP32", address, None))

    async def _new_device(self, name: str, public: str, random: str | None) -> tuple[Device, AirController]:
        controller = AirController(name, self, public)
        self._controllers.append(controller)
        own = Address(random, Address.RANDOM_DEVICE_ADDRESS) if random else None
        host = QuietHost(controller, AsyncPipeSink(controller))
        device = Device(name=name, address=own, host=host)
        await device.power_on()
        return device, controller

    def remove(self, controller: AirController) -> None:
        """Take a radio out of the air at once."""
        controller.vanish()
        self._controllers.remove(controller)

    def silence(self, device: Device) -> None:
        """Take a foreign device away without a word, as if it had gone."""
        self.remove(self.controller_of(device))

    def controller_of(self, device: Device) -> AirController:
        """Return a device's radio, which loss() and rssi_dbm() know it by."""
        return next(controller for controller in self._controllers if controller.host is device.host)

    # ---- time

    def start(self, coroutine: Coroutine[Any, Any, Any], stops: Hardware | None = None) -> asyncio.Task[Any]:
        """Have a coroutine run in virtual time; stops: the pod whose run() ends with it."""
        task = self.loop.create_task(coroutine)
        if stops is not None:
            task.add_done_callback(lambda _: stops.stop("the radio's task has ended"))
        self.advance()
        return task

    def at(self, time_us: int, action: Callable[[], Any]) -> None:
        """Do action() at a virtual time [us]."""
        self.loop.call_at_us(time_us, action)

    def advance(self) -> None:
        """Let everything happen up to the time of the pod that is least far."""
        self.loop.advance(min([radio.now_us for radio in self.pods], default=self.loop.now_us))

    def advance_to(self, world_us: int) -> None:
        """Let everything happen up to a time that all pods have come to that are switched on [us]."""
        self.loop.advance(world_us)

    def next_due_us(self) -> int | None:
        """Return when something happens by itself next [us]; None for never."""
        return self.loop.next_due_us()

    # ---- what gets through

    def set_loss(self, loss: float, sender: str | None = None, receiver: str | None = None) -> None:
        """From now on lose a share 0..1 of the packets from one address to another; None: any.

        What is said of both addresses goes before what is said of the sender, that before the receiver.
        """
        if not 0 <= loss <= 1:
            raise ValueError(f"loss {loss}: want 0 to 1")
        self._losses[sender, receiver] = loss
        self.wake()

    def wake(self) -> None:
        """Have every connection look at what gets through now."""
        for controller in self._controllers:
            for connection in controller.le_connections.values():
                assert isinstance(connection, AirConnection)
                connection.tie.wake()

    def loss(self, sender: AirController, receiver: AirController) -> float:
        """Return the share of packets lost on the way from one radio to another."""
        if sender.deaf() or receiver.deaf():
            return 1.0
        if not self._losses:
            return 0.0
        senders, receivers = (*sender.own_addresses,), (*receiver.own_addresses,)
        for one in (*senders, None):
            for other in (*receivers, None):
                if (one, other) in self._losses:
                    return self._losses[one, other]
        return 0.0

    def passes(self, sender: AirController, receiver: AirController) -> bool:
        """Return whether a packet sent now gets through."""
        loss = self.loss(sender, receiver)
        return loss < 1 and (loss <= 0 or self.random.random() >= loss)

    def spread(self, sender: AirController) -> None:
        """Have all others hear an advertising event."""
        for controller in list(self._controllers):
            if controller is not sender and self.passes(sender, controller):
                controller.hear(sender, sender.le_legacy_advertiser)

    def rssi_dbm(self, sender: AirController, receiver: AirController) -> int:
        """Return how strong one radio hears another [dBm]."""
        return RSSI_DBM + self.random.randint(-RSSI_SPREAD_DB, RSSI_SPREAD_DB)
