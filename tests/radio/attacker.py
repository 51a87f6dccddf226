"""A stranger with a foreign Bluetooth stack: connects, writes, asks to pair, and sends packets that are none."""

import asyncio
import contextlib
import random
from collections import Counter

from bumble import core
from bumble.hci import Address

ATT, SIGNALLING, SECURITY = 4, 5, 6  # channels of L2CAP that every device has
PATIENCE_S = 5.0
A_MOMENT_S = 0.03
_HANDLES = range(1, 60)
_OPCODES = (0x01, 0x02, 0x04, 0x06, 0x08, 0x0A, 0x0C, 0x0E, 0x10, 0x12, 0x16, 0x18, 0x1D, 0x1E, 0x20, 0x52, 0xD2)
_REFUSED = (core.ProtocolError, core.TimeoutError, TimeoutError)
_UUIDS = (0x2800, 0x2801, 0x2803, 0x2902, 0x2A00, 0x2A05, 0x2A53, 0x2A55)
HELLO_BYTES, TAG_BYTES = 13, 8


class Attacker:
    """bumble's device and what it does; `done` counts its attempts by kind."""

    def __init__(self, device, seed=0):
        self.device = device
        self.random = random.Random(seed)
        self.done: Counter = Counter()
        self.connections = 0

    async def attack(self, addresses, count):
        """Attack pods in turn until there were so many attempts.  addresses: public ones."""
        targets = [Address(address, Address.PUBLIC_DEVICE_ADDRESS) for address in addresses]
        while self.done.total() < count:
            self.done["connect"] += 1
            try:
                connection = await self.device.connect(self.random.choice(targets), timeout=PATIENCE_S)
            except _REFUSED:
                continue
            self.connections += 1
            await self._at(connection, min(count, self.done.total() + 40))
        return self.done

    async def _at(self, connection, until):
        while self.done.total() < until and connection.handle in self.device.connections:
            what = self.random.choice((self._write, self._write, self._word, self._att, self._noise, self._pair))
            self.done[what.__name__.strip("_")] += 1
            await what(connection)
        if connection.handle in self.device.connections:
            with contextlib.suppress(*_REFUSED):
                await asyncio.wait_for(connection.disconnect(), PATIENCE_S)

    def _send(self, connection, channel, data):
        self.device.send_l2cap_pdu(connection.handle, channel, data)
        return asyncio.sleep(A_MOMENT_S if self.random.random() < 0.3 else 0)

    def _bytes(self, most):
        return self.random.randbytes(self.random.randrange(most + 1))

    def _handle(self):
        return self.random.choice(_HANDLES).to_bytes(2, "little")

    async def _write(self, connection):
        """Anything into any value, with and without response."""
        opcode = self.random.choice((0x12, 0x52))
        await self._send(connection, ATT, bytes((opcode,)) + self._handle() + self._bytes(40))

    async def _word(self, connection):
        """What looks like a hello, or like a sealed word of a band."""
        size = self.random.choice((HELLO_BYTES, 4 + 1 + TAG_BYTES, 4 + 8 + TAG_BYTES))
        data = bytes((1,)) + self.random.randbytes(size - 1)
        await self._send(connection, ATT, b"\x52" + self._handle() + data)

    async def _att(self, connection):
        """Requests with the wrong length or handle, prepared writes, answers that nobody asked for."""
        opcode = bytes((self.random.choice(_OPCODES),))
        uuid = self.random.choice(_UUIDS).to_bytes(2, "little")
        body = self.random.choice((self._bytes(30), self._handle() + self._handle() + uuid, self._handle()))
        await self._send(connection, ATT, opcode + body)

    async def _noise(self, connection):
        """Bytes that are no packet, on a channel that is there or not."""
        channel = self.random.choice((ATT, SIGNALLING, SECURITY, 0x40, 0x3F))
        await self._send(connection, channel, self._bytes(60))

    async def _pair(self, connection):
        """Ask to pair; refused, or not answered."""
        if self.random.random() > 0.1:
            return
        with contextlib.suppress(*_REFUSED, asyncio.CancelledError):
            await asyncio.wait_for(connection.pair(), 1.0)
