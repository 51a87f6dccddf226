"""The pod's GATT server: handles and permissions here, values in the VM."""

from __future__ import annotations

import errno
import struct

from bumble import att, gatt, gatt_server
from bumble.core import UUID
from bumble.device import Connection, Device

from host_tools.virtual_pod.radio import verbs
from host_tools.virtual_pod.radio.parts import Whole

WAITING_MAX = 12  # packets: buffers of a pool [ESP-IDF, CONFIG_BT_NIMBLE_MSYS_1_BLOCK_COUNT]
DEFAULT_MTU = 256  # [NimBLE, BLE_ATT_PREFERRED_MTU]
TIMED_OUT = 13  # BLE_HS_ETIMEOUT
_PERMISSIONS = {
    verbs.READ_FLAG: att.Attribute.Permissions.READABLE,
    verbs.WRITE_FLAG: att.Attribute.Permissions.WRITEABLE,
    verbs.WRITE_NO_RESPONSE_FLAG: att.Attribute.Permissions.WRITEABLE,
    verbs.READ_ENCRYPTED: att.Attribute.Permissions.READ_REQUIRES_ENCRYPTION,
    verbs.READ_AUTHENTICATED: att.Attribute.Permissions.READ_REQUIRES_AUTHENTICATION,
    verbs.READ_AUTHORIZED: att.Attribute.Permissions.READ_REQUIRES_AUTHORIZATION,
    verbs.WRITE_ENCRYPTED: att.Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION,
    verbs.WRITE_AUTHENTICATED: att.Attribute.Permissions.WRITE_REQUIRES_AUTHENTICATION,
    verbs.WRITE_AUTHORIZED: att.Attribute.Permissions.WRITE_REQUIRES_AUTHORIZATION,
}


def is_full(connection: Connection) -> bool:
    """Return whether so much waits to be sent that NimBLE has no buffer for more."""
    queue = connection.data_packet_queue
    return queue is not None and queue.pending >= WAITING_MAX


def permissions_of(flags: int) -> att.Attribute.Permissions:
    """Return what bumble calls the flags of a characteristic."""
    found = att.Attribute.Permissions(0)
    for flag, permission in _PERMISSIONS.items():
        if flags & flag:
            found |= permission
    return found


class Server:
    """Verbs and events of the GATT server; see PodRadio."""

    def __init__(self, radio: Whole) -> None:
        self._radio = radio
        self._mtu = DEFAULT_MTU
        self._attributes: dict[int, att.Attribute] = {}

    @property
    def _device(self) -> Device:
        assert self._radio.device
        return self._radio.device

    def clear(self) -> None:
        """Have the default services only."""
        device = self._device
        device.gatt_server = gatt_server.Server(device)
        device.gatt_server.max_mtu = self._mtu
        device.add_default_services(True, True)
        self._attributes = {}

    def set_mtu(self, mtu: int) -> None:
        """Agree to at most this MTU from now on."""
        self._mtu = mtu
        self._device.gatt_server.max_mtu = mtu

    @property
    def mtu(self) -> int:
        """The MTU it asks for and agrees to."""
        return self._mtu

    def set_name(self, name: bytes) -> None:
        """Change what GAP's device name reads."""
        for attribute in self._device.gatt_server.attributes:
            if attribute.type == gatt.GATT_DEVICE_NAME_CHARACTERISTIC:
                attribute.value = name

    # ---- registering

    def register(self, data: bytes) -> bytes | int:
        """Take the pod's services in place of those before; returns handles of values and descriptors."""
        if self._device.connections:
            return -errno.EBUSY
        self.clear()
        self.set_name(self._device.name.encode())
        handles: list[int] = []
        for defined in verbs.unpack_services(data):
            characteristics = [self._characteristic(part) for part in defined.parts]
            self._device.add_service(gatt.Service(UUID.from_bytes(defined.uuid), characteristics))
            for characteristic, part in zip(characteristics, defined.parts, strict=True):
                own = (characteristic, *characteristic.descriptors[: len(part.parts)])
                handles += [attribute.handle for attribute in own]
                self._attributes |= {attribute.handle: attribute for attribute in own}
        return struct.pack(f"<{len(handles)}H", *handles)

    def _characteristic(self, defined: verbs.Defined) -> gatt.Characteristic:
        descriptors = [
            gatt.Descriptor(UUID.from_bytes(part.uuid), permissions_of(part.flags & 0xFF))
            for part in defined.parts
        ]
        for descriptor, part in zip(descriptors, defined.parts, strict=True):
            self._give_value(descriptor, part.flags)
        properties = gatt.Characteristic.Properties(defined.flags & 0xFF)
        uuid = UUID.from_bytes(defined.uuid)
        characteristic: gatt.Characteristic = gatt.Characteristic(
            uuid, properties, permissions_of(defined.flags), None, descriptors
        )
        self._give_value(characteristic, defined.flags)
        return characteristic

    def _give_value(self, attribute: att.Attribute, flags: int) -> None:
        """Have the VM give and take the value, as far as the flags allow it."""

        async def read(connection: Connection) -> bytes:
            if not flags & verbs.READ_FLAG:
                raise att.ATT_Error(error_code=att.ErrorCode.READ_NOT_PERMITTED)
            return await self._radio.ask(verbs.GATTS_READ_REQUEST, (connection.handle - 1, attribute.handle))

        async def write(connection: Connection, value: bytes) -> None:
            if not flags & (verbs.WRITE_FLAG | verbs.WRITE_NO_RESPONSE_FLAG):
                raise att.ATT_Error(error_code=att.ErrorCode.WRITE_NOT_PERMITTED)
            await self._radio.ask(verbs.GATTS_WRITE, (connection.handle - 1, attribute.handle), value)

        attribute.value = att.AttributeValue(read=read, write=write)

    # ---- telling

    def notify(self, conn: int, handle: int, kind: int, value: bytes) -> int:
        """Notify or indicate, whether or not the other side has subscribed; ENOMEM when too much waits already."""
        connection = self._radio.connection(conn)
        if connection is None:
            return -errno.ENOTCONN
        if kind == verbs.INDICATE:
            if self._device.gatt_server.pending_confirmations[connection] is not None:
                return -errno.EBUSY
            self._radio.do(self._indicate(connection, handle, value))
            return 0
        if is_full(connection):
            return -errno.ENOMEM
        self._radio.do(self._notify(connection, handle, value))
        return 0

    async def _notify(self, connection: Connection, handle: int, value: bytes) -> None:
        pdu = att.ATT_Handle_Value_Notification(
            attribute_handle=handle, attribute_value=value[: connection.att_mtu - 3]
        )
        self._device.gatt_server.send_gatt_pdu(connection, bytes(pdu))

    async def _indicate(self, connection: Connection, handle: int, value: bytes) -> None:
        attribute = self._attributes.get(handle) or att.Attribute("2A00", att.Attribute.Permissions(0))
        attribute.handle = handle
        status = 0
        try:
            await self._device.gatt_server.indicate_subscriber(connection, attribute, value, force=True)
        except TimeoutError:
            status = TIMED_OUT
        self._radio.push(verbs.INDICATE_DONE, (connection.handle - 1, handle, status))

    def update(self, handle: int, value: bytes) -> int:
        """Notify or indicate a new value to who has subscribed."""
        attribute = self._attributes.get(handle)
        if attribute is not None:
            server = self._device.gatt_server
            self._radio.do(server.notify_subscribers(attribute, value))
            self._radio.do(server.indicate_subscribers(attribute, value))
        return 0
