"""GAP of the pod's radio: advertising, scanning, connections."""

from __future__ import annotations

import asyncio
import errno
import struct

from bumble import core, hci
from bumble.device import AdvertisingType, Connection, ConnectionParametersPreferences, Device

from host_tools.virtual_pod.radio import verbs
from host_tools.virtual_pod.radio.parts import Whole

NO_CONNECTION, NO_TYPE = 0xFFFF, 0xFF  # NimBLE's for a connection that never was
FOREVER_MS = 0x7FFFFFFF
SUPERVISION_MS = 2560  # [NimBLE, ble_gap.h] BLE_GAP_INITIAL_SUPERVISION_TIMEOUT
MAX_CONNECTIONS = 4  # [ports/esp32/boards/sdkconfig.ble]
INVALID_PARAMETERS = verbs.STACK_ERROR - 0x212  # of the controller, as NimBLE and MicroPython pass it on
PUBLIC, RANDOM, PRIVATE, NON_RESOLVABLE = range(4)


def big_endian(address: hci.Address) -> bytes:
    """Return an address as MicroPython shows it."""
    return bytes(address)[::-1]


def type_of(address: hci.Address) -> int:
    """Return an address's type: 0 public, 1 random."""
    return int(address.address_type) & 1


class Gap:
    """Verbs and events of GAP; see PodRadio."""

    def __init__(self, radio: Whole) -> None:
        self._radio = radio
        self.forget()

    def forget(self) -> None:
        """Return to the state after a reset."""
        self._scans = self._connects = self._advertises = False
        self._scan_number = 0
        self._data, self._response = b"", b""
        self._mode = PUBLIC
        self._lock = asyncio.Lock()

    def watch(self, device: Device) -> None:
        """Tell the VM of what befalls a device."""
        device.on(device.EVENT_CONNECTION, self._connected)
        device.host.on("advertising_report", self._reported)

    @property
    def _device(self) -> Device:
        assert self._radio.device
        return self._radio.device

    # ---- addresses

    @property
    def _own_type(self) -> hci.OwnAddressType:
        random = self._mode in (RANDOM, NON_RESOLVABLE)
        return hci.OwnAddressType.RANDOM if random else hci.OwnAddressType.PUBLIC

    def own_address(self) -> bytes | int:
        """Return type and address; EINVAL in a mode where NimBLE does not know it."""
        if self._mode == PRIVATE:
            return -errno.EINVAL
        public = self._own_type == hci.OwnAddressType.PUBLIC
        address = self._device.public_address if public else self._device.random_address
        return bytes([type_of(address)]) + big_endian(address)

    def set_address_mode(self, mode: int) -> int:
        """Take another kind of address for what begins from now on."""
        if mode in (RANDOM, NON_RESOLVABLE):
            top = 0xC0 if mode == RANDOM else 0x00
            raw = bytearray(self._radio.ether.random.randbytes(6))
            raw[5] = raw[5] & 0x3F | top
            address = hci.Address(bytes(raw), hci.Address.RANDOM_DEVICE_ADDRESS)
            self._device.random_address = address
            self._radio.do(
                self._device.send_sync_command(hci.HCI_LE_Set_Random_Address_Command(random_address=address))
            )
        self._mode = mode
        return 0

    # ---- advertising

    def advertise(self, connectable: int, interval_us: int, sizes: int, data: bytes) -> int:
        """Advertise; data that is not given stays as it was."""
        if len(self._device.connections) >= MAX_CONNECTIONS and connectable:
            return -errno.ENOMEM
        data_size, response_size = sizes & 255, sizes >> 8 & 255
        cut = 0 if data_size == verbs.NONE_GIVEN else data_size
        self._data = self._data if data_size == verbs.NONE_GIVEN else data[:cut]
        self._response = self._response if response_size == verbs.NONE_GIVEN else data[cut:]
        types = AdvertisingType
        kind = types.UNDIRECTED_CONNECTABLE_SCANNABLE if connectable else types.UNDIRECTED_SCANNABLE
        self._radio.do(self._advertise(kind, interval_us // 625 * 0.625))
        return 0

    async def _advertise(self, kind: AdvertisingType, interval_ms: float) -> None:
        async with self._lock:
            await self._device.start_advertising(
                kind,
                own_address_type=self._own_type,
                advertising_data=self._data,
                scan_response_data=self._response,
                advertising_interval_min=interval_ms,
                advertising_interval_max=interval_ms,
            )

    def stop_advertising(self) -> int:
        """Stop advertising; does nothing when it does not."""
        self._radio.do(self._stop_advertising())
        return 0

    async def _stop_advertising(self) -> None:
        async with self._lock:
            await self._device.stop_advertising()

    # ---- scanning

    def scan(self, active: int, interval_us: int, window_us: int, data: bytes) -> int:
        """Scan; EALREADY when it does, EBUSY while it connects."""
        if self._scans or self._connects:
            return -(errno.EALREADY if self._scans else errno.EBUSY)
        interval = max(4, min(0x4000, interval_us // 625))
        window = max(4, min(0x4000, window_us // 625))
        if window > interval:
            return INVALID_PARAMETERS
        self._scans = True
        self._scan_number += 1
        self._radio.do(self._start_scan(active, interval, window))
        (duration_ms,) = struct.unpack("<i", data)
        if duration_ms != FOREVER_MS:
            end_us = self._radio.now_us + 1000 * duration_ms
            self._radio.ether.loop.call_at_us(end_us, self._scan_is_over, self._scan_number)
        return 0

    async def _start_scan(self, active: int, interval: int, window: int) -> None:
        async with self._lock:
            await self._device.send_sync_command(
                hci.HCI_LE_Set_Scan_Parameters_Command(
                    le_scan_type=active,
                    le_scan_interval=interval,
                    le_scan_window=window,
                    own_address_type=self._own_type,
                    scanning_filter_policy=0,
                )
            )
            await self._enable_scan(True)

    async def _enable_scan(self, on: bool) -> None:
        await self._device.send_sync_command(
            hci.HCI_LE_Set_Scan_Enable_Command(le_scan_enable=int(on), filter_duplicates=0)
        )

    def _scan_is_over(self, number: int) -> None:
        if self._scans and number == self._scan_number:
            self.stop_scan()
            self._radio.push(verbs.SCAN_DONE)

    def stop_scan(self) -> int:
        """Stop scanning; returns whether it did."""
        if not self._scans:
            return 0
        self._scans = False
        self._radio.do(self._stop_scan())
        return 1

    async def _stop_scan(self) -> None:
        async with self._lock:
            await self._enable_scan(False)

    def _reported(self, report: hci.HCI_LE_Advertising_Report_Event.Report) -> None:
        if self._scans:
            self._radio.push(
                verbs.SCAN_RESULT,
                small=(type_of(report.address), int(report.event_type)),
                rssi=report.rssi,
                addr=big_endian(report.address),
                data=report.data,
            )

    # ---- connections

    def connect(self, address_type: int, search_ms: int, intervals: int, data: bytes) -> int:
        """Look for a peripheral and connect; EALREADY while it does, EIO when it is connected."""
        if self._connects:
            return -errno.EALREADY
        kind = hci.Address.RANDOM_DEVICE_ADDRESS if address_type & 1 else hci.Address.PUBLIC_DEVICE_ADDRESS
        address = hci.Address(data[::-1], hci.AddressType(kind))
        if any(connection.peer_address == address for connection in self._device.connections.values()):
            return -errno.EIO
        if len(self._device.connections) >= MAX_CONNECTIONS:
            return -errno.ENOMEM
        least, most = intervals & 0xFFFF, intervals >> 16
        if not 6 <= least <= most <= 3200:
            return INVALID_PARAMETERS
        self._connects = True
        self._radio.do(self._connect(address, search_ms, least, most))
        return 0

    async def _connect(self, address: hci.Address, search_ms: int, least: int, most: int) -> None:
        wish = ConnectionParametersPreferences(least * 1.25, most * 1.25, supervision_timeout=SUPERVISION_MS)
        try:
            await self._device.connect_le(
                address, {hci.Phy.LE_1M: wish}, own_address_type=self._own_type, timeout=search_ms / 1000
            )
        except (core.BaseBumbleError, TimeoutError, hci.HCI_Error):
            self._connects = False
            self._radio.push(verbs.PERIPHERAL_DISCONNECT, (NO_CONNECTION,), (NO_TYPE, 0))
        self._connects = False

    def cancel_connect(self) -> int:
        """Give up looking; EALREADY when it does not."""
        if not self._connects:
            return -errno.EALREADY
        self._radio.do(self._device.cancel_connection())
        return 0

    def disconnect(self, conn: int) -> int:
        """End a connection; ENOTCONN without one."""
        connection = self._radio.connection(conn)
        if connection is None:
            return -errno.ENOTCONN
        self._radio.do(connection.disconnect())
        return 0

    def _connected(self, connection: Connection) -> None:
        radio, conn = self._radio, connection.handle - 1
        central = connection.role == hci.Role.PERIPHERAL  # that is what the other one is
        came, left = (
            (verbs.CENTRAL_CONNECT, verbs.CENTRAL_DISCONNECT)
            if central
            else (verbs.PERIPHERAL_CONNECT, verbs.PERIPHERAL_DISCONNECT)
        )
        kind, addr = (type_of(connection.peer_address), 0), big_endian(connection.peer_address)
        if not central:
            self._connects = False
        radio.push(came, (conn,), kind, addr=addr)

        def updated() -> None:
            now = connection.parameters
            words = (conn, round(now.connection_interval / 1.25), now.peripheral_latency)
            radio.push(verbs.CONNECTION_UPDATE, (*words, round(now.supervision_timeout / 10), 0))

        def encrypted() -> None:
            bonded = bool(radio.settings.get(verbs.BOND, 0)) and connection.is_encrypted
            words = (int(connection.is_encrypted), int(connection.authenticated), int(bonded), 16)
            radio.push(verbs.ENCRYPTION_UPDATE, (conn, *words))

        connection.on(connection.EVENT_DISCONNECTION, lambda reason: radio.push(left, (conn,), kind, addr=addr))
        connection.on(connection.EVENT_CONNECTION_PARAMETERS_UPDATE, updated)
        connection.on(
            connection.EVENT_CONNECTION_ATT_MTU_UPDATE,
            lambda: radio.push(verbs.MTU_EXCHANGED, (conn, connection.att_mtu)),
        )
        connection.on(connection.EVENT_CONNECTION_ENCRYPTION_CHANGE, encrypted)
        radio.watch(connection)
