"""The pod's GATT client: discovery, reads, writes and notifications of a remote server."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from bumble import att, core
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt_client import ServiceProxy

from host_tools.virtual_pod.radio import verbs

if TYPE_CHECKING:
    from host_tools.virtual_pod.radio.pod_radio import PodRadio

# [NimBLE, ble_hs.h] statuses: what the other side refused, BLE_HS_ENOTCONN, BLE_HS_ETIMEOUT
ATT_ERROR, NOT_CONNECTED, TIMED_OUT = 0x100, 7, 13


def _little_endian(uuid: UUID) -> bytes:
    return uuid.to_bytes()


class Client:
    """Verbs and events of the GATT client; see PodRadio."""

    def __init__(self, radio: PodRadio) -> None:
        self._radio = radio
        self._finds_characteristics = False

    def watch(self, connection: Connection) -> None:
        """Tell the VM of every notification and indication, subscribed to or not, as NimBLE does."""
        client, conn = connection.gatt_client, connection.handle - 1

        def tell(irq: int, pdu: Any) -> None:
            self._radio.push(irq, (conn, pdu.attribute_handle), data=pdu.attribute_value)

        def indicated(pdu: att.ATT_Handle_Value_Indication) -> None:
            tell(verbs.GATTC_INDICATE, pdu)
            client.send_confirmation(att.ATT_Handle_Value_Confirmation())

        client.on_att_handle_value_notification = lambda pdu: tell(verbs.GATTC_NOTIFY, pdu)  # type: ignore[method-assign]
        client.on_att_handle_value_indication = indicated  # type: ignore[method-assign]

    def _begin(self, connection: Connection | None, coroutine: Coroutine[Any, Any, None]) -> int:
        if connection is None:
            coroutine.close()
            return -errno.ENOTCONN
        self._radio.do(coroutine)
        return 0

    async def _status_of(self, work: Coroutine[Any, Any, None]) -> int:
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

    # ---- discovery

    def find_services(self, conn: int, c: int, d: int, data: bytes) -> int:
        """Find the primary services, or those of one UUID."""
        connection = self._radio.connection(conn)

        async def find() -> None:
            assert connection
            client = connection.gatt_client
            uuid = UUID.from_bytes(data) if data else None
            found = await (client.discover_service(uuid) if uuid else client.discover_services())
            for service in found:
                words = (conn, service.handle, service.end_group_handle)
                self._radio.push(verbs.SERVICE_RESULT, words, uuid=_little_endian(service.uuid))

        return self._begin(connection, self._then(find(), verbs.SERVICE_DONE, conn))

    async def _then(self, work: Coroutine[Any, Any, None], irq: int, *words: int) -> None:
        status = await self._status_of(work)
        self._radio.push(irq, (*words, status))

    def find_characteristics(self, conn: int, first: int, last: int, data: bytes) -> int:
        """Find the characteristics among handles, or those of one UUID; EBUSY while another search goes on."""
        connection = self._radio.connection(conn)
        if self._finds_characteristics:
            return -errno.EBUSY

        async def find() -> None:
            assert connection
            service = ServiceProxy(connection.gatt_client, first, last, UUID(0x1801))
            uuids = [UUID.from_bytes(data)] if data else []
            for found in await connection.gatt_client.discover_characteristics(uuids, service):
                words = (conn, found.handle, found.end_group_handle)
                self._radio.push(
                    verbs.CHARACTERISTIC_RESULT, words, (int(found.properties), 0), uuid=_little_endian(found.uuid)
                )

        async def search() -> None:
            await self._then(find(), verbs.CHARACTERISTIC_DONE, conn)
            self._finds_characteristics = False

        self._finds_characteristics = connection is not None
        return self._begin(connection, search())

    def find_descriptors(self, conn: int, first: int, last: int, data: bytes) -> int:
        """Find the descriptors after a characteristic's value, up to a handle."""
        connection = self._radio.connection(conn)

        async def find() -> None:
            assert connection
            found = await connection.gatt_client.discover_descriptors(None, first + 1, last)
            for descriptor in found:
                self._radio.push(
                    verbs.DESCRIPTOR_RESULT, (conn, descriptor.handle), uuid=_little_endian(descriptor.type)
                )

        return self._begin(connection, self._then(find(), verbs.DESCRIPTOR_DONE, conn))

    # ---- values

    def read(self, conn: int, handle: int, d: int, data: bytes) -> int:
        """Read a value; no more than fits into one packet."""
        connection = self._radio.connection(conn)

        async def read() -> None:
            assert connection
            value = await connection.gatt_client.read_value(handle, no_long_read=True)
            self._radio.push(verbs.READ_RESULT, (conn, handle), data=value)

        return self._begin(connection, self._then(read(), verbs.READ_DONE, conn, handle))

    def write(self, conn: int, handle: int, with_response: int, data: bytes) -> int:
        """Write a value; ENOMEM for a command when too much waits already."""
        connection = self._radio.connection(conn)
        if connection is None:
            return -errno.ENOTCONN
        client = connection.gatt_client
        if with_response:
            work = client.write_value(handle, data, with_response=True)
            return self._begin(connection, self._then(work, verbs.WRITE_DONE, conn, handle))
        return self._begin(connection, client.write_value(handle, data[: connection.att_mtu - 3]))

    def exchange_mtu(self, conn: int, c: int, d: int, data: bytes) -> int:
        """Ask for the MTU that was set; EALREADY when it was agreed on before."""
        connection = self._radio.connection(conn)
        if connection is not None and connection.gatt_client.mtu_exchange_done:
            return -errno.EALREADY
        client = connection.gatt_client if connection else None

        async def ask() -> None:
            assert client
            await self._status_of(client.request_mtu(self._radio.server.mtu))  # type: ignore[arg-type]

        return self._begin(connection, ask())
