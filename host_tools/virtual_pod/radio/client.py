"""The pod's GATT client: discovery, reads, writes and notifications of a remote server."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Coroutine
from typing import Any

from bumble import att, core
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt_client import ServiceProxy

from host_tools.virtual_pod.radio import verbs
from host_tools.virtual_pod.radio.parts import Whole
from host_tools.virtual_pod.radio.server import is_full

# [NimBLE, ble_hs.h] statuses: what the other side refused, BLE_HS_ENOTCONN, BLE_HS_ETIMEOUT
ATT_ERROR, NOT_CONNECTED, TIMED_OUT = 0x100, 7, 13


class Client:
    """Verbs and events of the GATT client; see PodRadio."""

    def __init__(self, radio: Whole) -> None:
        self._radio = radio
        self.forget()

    def forget(self) -> None:
        """Return to the state after a reset."""
        self._finds_characteristics = False

    def watch(self, connection: Connection) -> None:
        """Tell the VM of every notification and indication, subscribed to or not, as NimBLE does."""
        client, conn = connection.gatt_client, connection.handle - 1

        def tell(irq: int, pdu: Any) -> None:
            self._radio.push(irq, (conn, pdu.attribute_handle), data=pdu.attribute_value)

        def indicated(pdu: att.ATT_Handle_Value_Indication) -> None:
            tell(verbs.GATTC_INDICATE, pdu)
            client.send_confirmation(att.ATT_Handle_Value_Confirmation())

        setattr(client, "on_att_handle_value_notification", lambda pdu: tell(verbs.GATTC_NOTIFY, pdu))  # noqa: B010
        setattr(client, "on_att_handle_value_indication", indicated)  # noqa: B010

    def _begin(self, conn: int, work: Callable[[Connection], Coroutine[Any, Any, Any]]) -> int:
        """Start what is to be done on a connection; ENOTCONN without one."""
        connection = self._radio.connection(conn)
        if connection is None:
            return -errno.ENOTCONN
        self._radio.do(work(connection))
        return 0

    async def _status_of(self, work: Coroutine[Any, Any, Any]) -> int:
        """Return the status that NimBLE gives a procedure at its end."""
        try:
            await work
        except att.ATT_Error as error:
            return ATT_ERROR + int(error.error_code)
        except TimeoutError:
            return TIMED_OUT
        except (asyncio.CancelledError, core.BaseBumbleError):
            return NOT_CONNECTED
        return 0

    async def _tell_end(self, work: Coroutine[Any, Any, Any], irq: int, *words: int) -> None:
        status = await self._status_of(work)
        self._radio.push(irq, (*words, status))

    # ---- discovery

    def find_services(self, conn: int, c: int, d: int, data: bytes) -> int:
        """Find the primary services, or those of one UUID."""

        async def find(connection: Connection) -> None:
            client = connection.gatt_client
            found = await (client.discover_service(UUID.from_bytes(data)) if data else client.discover_services())
            for service in found:
                words = (conn, service.handle, service.end_group_handle)
                self._radio.push(verbs.SERVICE_RESULT, words, uuid=service.uuid.to_bytes())

        return self._begin(conn, lambda connection: self._tell_end(find(connection), verbs.SERVICE_DONE, conn))

    def find_characteristics(self, conn: int, first: int, last: int, data: bytes) -> int:
        """Find the characteristics among handles, or those of one UUID; EBUSY while another search goes on."""
        if self._finds_characteristics:
            return -errno.EBUSY

        async def find(connection: Connection) -> None:
            service = ServiceProxy(
                connection.gatt_client, first, last, UUID.from_16_bits(0)
            )  # any: only its handles
            uuids = [UUID.from_bytes(data)] if data else []
            for found in await connection.gatt_client.discover_characteristics(uuids, service):
                words, properties = (conn, found.handle, found.end_group_handle), int(found.properties)
                self._radio.push(verbs.CHARACTERISTIC_RESULT, words, (properties, 0), uuid=found.uuid.to_bytes())

        async def search(connection: Connection) -> None:
            await self._tell_end(find(connection), verbs.CHARACTERISTIC_DONE, conn)
            self._finds_characteristics = False

        status = self._begin(conn, search)
        self._finds_characteristics = status == 0
        return status

    def find_descriptors(self, conn: int, first: int, last: int, data: bytes) -> int:
        """Find the descriptors after a characteristic's value, up to a handle."""

        async def find(connection: Connection) -> None:
            found = await connection.gatt_client.discover_descriptors(None, first + 1, last)
            for descriptor in found:
                words = (conn, descriptor.handle)
                self._radio.push(verbs.DESCRIPTOR_RESULT, words, uuid=descriptor.type.to_bytes())

        return self._begin(conn, lambda connection: self._tell_end(find(connection), verbs.DESCRIPTOR_DONE, conn))

    # ---- values

    def read(self, conn: int, handle: int, d: int, data: bytes) -> int:
        """Read a value; no more than fits into one packet."""

        async def read(connection: Connection) -> None:
            value = await connection.gatt_client.read_value(handle, no_long_read=True)
            self._radio.push(verbs.READ_RESULT, (conn, handle), data=value)

        return self._begin(
            conn, lambda connection: self._tell_end(read(connection), verbs.READ_DONE, conn, handle)
        )

    def write(self, conn: int, handle: int, with_response: int, data: bytes) -> int:
        """Write a value; ENOMEM for a command when too much waits already."""
        if with_response:
            return self._begin(
                conn,
                lambda connection: self._tell_end(
                    connection.gatt_client.write_value(handle, data, with_response=True),
                    verbs.WRITE_DONE, conn, handle,
                ),
            )  # fmt: skip
        connection = self._radio.connection(conn)
        if connection is not None and is_full(connection):
            return -errno.ENOMEM
        return self._begin(conn, lambda c: c.gatt_client.write_value(handle, data[: c.att_mtu - 3]))

    def exchange_mtu(self, conn: int, c: int, d: int, data: bytes) -> int:
        """Ask for the MTU that was set; EALREADY when it was agreed on before."""
        connection = self._radio.connection(conn)
        if connection is not None and connection.gatt_client.mtu_exchange_done:
            return -errno.EALREADY
        mtu = self._radio.mtu
        return self._begin(conn, lambda c: self._status_of(c.gatt_client.request_mtu(mtu)))
