"""Pairing of the pod's radio: bumble's Security Manager, with the VM as who is asked."""

from __future__ import annotations

import asyncio
import errno

from bumble import hci
from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

from host_tools.virtual_pod.radio import verbs
from host_tools.virtual_pod.radio.parts import Whole

# [modbluetooth.h] MP_BLUETOOTH_PASSKEY_ACTION_..., MP_BLUETOOTH_IO_CAPABILITY_NO_INPUT_OUTPUT
_INPUT, _DISPLAY, _COMPARE = 2, 3, 4
_NO_INPUT_OUTPUT = 3


class Pairing:
    """Verbs and events of pairing; see PodRadio."""

    def __init__(self, radio: Whole) -> None:
        self._radio = radio
        self._passkey: asyncio.Future[int] | None = None

    def config(self, connection: Connection) -> PairingConfig:
        """Return how to pair: as `BLE.config()` was told."""
        told = self._radio.settings
        io = PairingDelegate.IoCapability(hci.IoCapability(told.get(verbs.IO, _NO_INPUT_OUTPUT)))
        return PairingConfig(
            sc=bool(told.get(verbs.LE_SECURE, 0)),
            mitm=bool(told.get(verbs.MITM, 0)),
            bonding=bool(told.get(verbs.BOND, 0)),
            delegate=_Delegate(self, connection, io),
        )

    def pair(self, conn: int) -> int:
        """Begin to pair: the central asks for it, the peripheral asks to be asked."""
        connection = self._radio.connection(conn)
        if connection is None:
            return -errno.ENOTCONN
        if connection.role == hci.Role.PERIPHERAL:
            connection.request_pairing()
        else:
            self._radio.do(connection.pair())
        return 0

    def passkey(self, conn: int, action: int, passkey: int) -> int:
        """Give the answer to PASSKEY_ACTION; ENOENT when nobody asked."""
        if self._passkey is None or self._passkey.done():
            return -errno.ENOENT
        self._passkey.set_result(passkey)
        return 0

    async def ask(self, conn: int, action: int, number: int = 0) -> int:
        """Have the VM say a passkey, or whether a number is right."""
        self._passkey = self._radio.ether.loop.create_future()
        self._radio.push(verbs.PASSKEY_ACTION, (conn, number & 0xFFFF, number >> 16), (action, 0))
        return await self._passkey


class _Delegate(PairingDelegate):
    def __init__(self, pairing: Pairing, connection: Connection, io: PairingDelegate.IoCapability) -> None:
        super().__init__(io)
        self._pairing, self._conn = pairing, connection.handle - 1

    async def get_number(self) -> int | None:
        return await self._pairing.ask(self._conn, _INPUT)

    async def generate_passkey(self) -> int:
        return await self._pairing.ask(self._conn, _DISPLAY)

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return bool(await self._pairing.ask(self._conn, _COMPARE, number))
