"""An app on a phone, and a strap, as Google's bumble makes them: stacks that know nothing of the pod's."""

import asyncio
import struct

from bumble.core import UUID
from bumble.device import Peer
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address

RSC = UUID.from_16_bits(0x1814)
NOTIFIES = Characteristic.Properties.NOTIFY
READS = Characteristic.Properties.READ


class App:
    """Finds what advertises running speed and cadence, reads and subscribes to all there is.

    told: characteristic's UUID, as short hexadecimal -> [(seconds, bytes)].  steps: what it did, and when [s].
    """

    def __init__(self, device, ether):
        self.device, self.ether = device, ether
        self.told, self.values, self.steps = {}, {}, []
        self.connection = self.peer = None
        self.lost = asyncio.Event()

    @property
    def now_s(self):
        return self.ether.loop.time()

    def note(self, what):
        self.steps.append((round(self.now_s, 2), what))

    async def find(self):
        """Scan until somebody lists the service; return the address and the name."""
        found = self.ether.loop.create_future()

        def heard(advertisement):
            listed = advertisement.data.get_all(0x03)
            if any(RSC in uuids for uuids in listed) and not found.done():
                found.set_result(advertisement)

        self.device.on("advertisement", heard)
        await self.device.start_scanning(filter_duplicates=False)
        advertisement = await found
        await self.device.stop_scanning()
        self.device.remove_listener("advertisement", heard)
        self.note("found")
        return advertisement

    async def connect(self):
        """Find the pod, connect, discover, read what may be read, subscribe to what tells."""
        advertisement = await self.find()
        self.connection = await self.device.connect(advertisement.address, timeout=10)
        self.lost.clear()
        self.connection.on("disconnection", lambda reason: self.lost.set())
        self.note("connected")
        self.peer = Peer(self.connection)
        await self.peer.discover_services()
        for service in self.peer.services:
            for one in await service.discover_characteristics():
                name = one.uuid.to_hex_str().lower()
                if one.properties & READS:
                    self.values[name] = await one.read_value()
                if one.properties & (NOTIFIES | Characteristic.Properties.INDICATE):
                    await one.subscribe(lambda data, name=name: self._hear(name, data))
        self.note("subscribed")

    def _hear(self, name, data):
        self.told.setdefault(name, []).append((self.now_s, bytes(data)))

    def characteristic(self, name):
        found = self.peer.get_characteristics_by_uuid(UUID(name))
        return found[0]

    async def ask(self, data):
        """Write to the control point; return the indication."""
        before = len(self.told.get("2a55", []))
        await self.characteristic("2a55").write_value(data, with_response=True)
        while len(self.told.get("2a55", [])) == before:
            await asyncio.sleep(0.05)
        return self.told["2a55"][-1][1]


def with_clock(device, current_time, local_time):
    """Give a phone the Current Time service.  current_time: called for its bytes.  local_time: bytes."""
    read = Characteristic.Permissions.READABLE
    time = CharacteristicValue(read=lambda connection: current_time())
    device.add_service(
        Service(
            UUID.from_16_bits(0x1805),
            [
                Characteristic(UUID.from_16_bits(0x2A2B), READS | NOTIFIES, read, time),
                Characteristic(UUID.from_16_bits(0x2A0F), READS, read, local_time),
            ],
        )
    )


def with_heart(device):
    """Give a strap the Heart Rate service; return beat(bytes), to be awaited, which notifies."""
    read = Characteristic.Permissions.READABLE
    rate = Characteristic(UUID.from_16_bits(0x2A37), NOTIFIES, read, b"")
    place = Characteristic(UUID.from_16_bits(0x2A38), READS, read, b"\x01")
    device.add_service(Service(UUID.from_16_bits(0x180D), [rate, place]))

    async def beat(data):
        await device.notify_subscribers(rate, data)

    return beat


def advert_of(uuid):
    """Return the advertisement of a service of 16 bits."""
    return b"\x02\x01\x06\x03\x03" + struct.pack("<H", uuid)


__all__ = ["Address", "App", "advert_of", "with_clock", "with_heart"]
