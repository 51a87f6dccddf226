"""A Bluetooth controller on the virtual air: bumble's, with the times of a radio where bumble has none."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from bumble import hci, ll
from bumble.controller import Connection, LegacyAdvertiser
from bumble.core import PhysicalTransport

from host_tools.virtual_pod.radio.connection import AirConnection
from host_tools.virtual_pod.radio.loop import VirtualLoop
from host_tools.virtual_pod.radio.quiet import QuietController
from host_tools.virtual_pod.radio.tie import Tie

SLOT_US = 625  # unit of advertising and scanning
ADVERTISING_DELAY_US = 10_000  # random, after each interval [Vol 6, Part B, 4.4.2.2]
NEVER = hci.Address("00:00:00:00:00:00")
_ADV_IND, _ADV_SCAN_IND, _ADV_NONCONN_IND, _SCAN_RSP = (
    0,
    2,
    3,
    4,
)  # types of advertising and, the last, of a report
_LEGACY = hci.LeFeatureMask.LE_EXTENDED_ADVERTISING | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING


class AirAdvertiser(LegacyAdvertiser):
    """Advertises every interval and a random delay, in the unit that HCI has."""

    controller: AirController

    def _on_timer_fired(self) -> None:
        ether = self.controller.ether
        ether.spread(self.controller)
        delay_us = self.advertising_interval_min * SLOT_US + ether.random.randrange(ADVERTISING_DELAY_US)
        if self.enabled:
            self.timer_handle = ether.loop.call_at_us(ether.loop.now_us + delay_us, self._on_timer_fired)


class Medium(Protocol):
    """The air, as a controller needs it; see Ether."""

    loop: VirtualLoop
    random: random.Random

    def loss(self, sender: AirController, receiver: AirController) -> float: ...

    def passes(self, sender: AirController, receiver: AirController) -> bool: ...

    def spread(self, sender: AirController) -> None: ...

    def rssi_dbm(self, sender: AirController, receiver: AirController) -> int: ...


class AirController(QuietController):
    """One radio: advertises, scans and initiates in its windows, and holds connections by ties.

    deaf: returns True while it neither sends nor hears.
    """

    le_features = QuietController.le_features & ~_LEGACY
    le_acl_data_packet_length = 251
    supported_max_tx_octets = supported_max_rx_octets = suggested_max_tx_octets = 251

    def __init__(self, name: str, ether: Medium, address: str) -> None:
        super().__init__(name, link=None, public_address=address)
        self.ether = ether
        self.deaf: Callable[[], bool] = lambda: False
        self.le_legacy_advertiser = AirAdvertiser(self)
        self._listens_since_us = 0
        self._told: set[tuple[bytes, bytes]] = set()

    @property
    def own_addresses(self) -> tuple[str, str]:
        """Its public and its random address as text."""
        return self.public_address.to_string(False), self.random_address.to_string(False)

    # ---- scanning

    def on_hci_le_set_scan_enable_command(self, command: Any) -> Any:
        """[Vol 4, Part E, 7.8.11] The window opens at once."""
        if command.le_scan_enable and self.le_scan_window > self.le_scan_interval:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR)
        self._listens_since_us = self.ether.loop.now_us
        self._told.clear()
        return super().on_hci_le_set_scan_enable_command(command)

    def hear(self, sender: AirController, advertiser: LegacyAdvertiser) -> None:
        """Take an advertising event of another radio, if the window is open now."""
        if self._has_window(self.le_scan_enable, self.le_scan_interval, self.le_scan_window):
            self._report(sender, advertiser)
        wanted: Any = self.pending_le_connection
        if wanted is None or advertiser.advertising_type != _ADV_IND or wanted.peer_address != advertiser.address:
            return
        if self._has_window(True, wanted.le_scan_interval, wanted.le_scan_window):
            self._initiate(sender, advertiser, wanted)

    def _has_window(self, enabled: bool, interval: int, window: int) -> bool:
        since_us = self.ether.loop.now_us - self._listens_since_us
        return enabled and since_us % (max(interval, 1) * SLOT_US) < window * SLOT_US

    def _report(self, sender: AirController, advertiser: LegacyAdvertiser) -> None:
        kind = advertiser.advertising_type
        if kind not in (_ADV_IND, _ADV_SCAN_IND, _ADV_NONCONN_IND):
            return  # directed at somebody
        self._tell(sender, advertiser, kind, advertiser.advertising_data)
        asks = self.le_scan_type and kind != _ADV_NONCONN_IND
        if asks and self.ether.passes(self, sender) and self.ether.passes(sender, self):
            self._tell(sender, advertiser, _SCAN_RSP, advertiser.scan_response_data)

    def _tell(self, sender: AirController, advertiser: LegacyAdvertiser, kind: int, data: bytes) -> None:
        known = (bytes(advertiser.address), bytes([kind]) + data)
        if self.filter_duplicates and known in self._told:
            return
        self._told.add(known)
        report = hci.HCI_LE_Advertising_Report_Event.Report(
            event_type=hci.HCI_LE_Advertising_Report_Event.EventType(kind),
            address_type=advertiser.address.address_type,
            address=advertiser.address,
            data=data,
            rssi=self.ether.rssi_dbm(sender, self),
        )
        self.send_hci_packet(hci.HCI_LE_Advertising_Report_Event([report]))

    # ---- connecting

    def _initiate(self, sender: AirController, advertiser: LegacyAdvertiser, wanted: Any) -> None:
        """Ask for a connection: the other end takes part where the request gets through."""
        self.pending_le_connection = None
        public = wanted.own_address_type == hci.OwnAddressType.PUBLIC
        own = self.public_address if public else self.random_address
        ether = self.ether
        parameters = (wanted.connection_interval_max, wanted.max_latency, wanted.supervision_timeout)
        tie = Tie(ether.loop, ether.random, *parameters)
        address = advertiser.address
        self._open(hci.Role.CENTRAL, own, address, tie, lambda: ether.loss(self, sender))
        if ether.passes(self, sender):
            advertiser.stop()
            sender._open(hci.Role.PERIPHERAL, address, own, tie, lambda: ether.loss(sender, self))

    def _open(self, role: Any, own: hci.Address, peer: hci.Address, tie: Tie, loss: Callable[[], float]) -> None:
        connection = AirConnection(
            controller=self,
            handle=self.allocate_connection_handle(),
            role=role,
            self_address=own,
            peer_address=peer,
            link=None,  # type: ignore[arg-type]
            transport=PhysicalTransport.LE,
            link_type=hci.HCI_Connection_Complete_Event.LinkType.ACL,
        )
        connection.tie_to(tie, loss)
        self.le_connections[peer] = connection
        parameters = (tie.interval, tie.latency, tie.timeout)
        self._complete(hci.HCI_ErrorCode.SUCCESS, connection.handle, role, peer, *parameters)

    def _complete(self, status: int, handle: int, role: Any, peer: hci.Address, *parameters: int) -> None:
        interval, latency, timeout = parameters
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=status,
                connection_handle=handle,
                role=role,
                peer_address_type=peer.address_type,
                peer_address=peer,
                connection_interval=interval,
                peripheral_latency=latency,
                supervision_timeout=timeout,
                central_clock_accuracy=0,
            )
        )

    def on_hci_le_create_connection_command(self, command: Any) -> None:
        """[Vol 4, Part E, 7.8.12] Wait for an advertisement of the peer."""
        if self.pending_le_connection:
            self._send_hci_command_status(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR, command.op_code)
            return
        self.pending_le_connection = command
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)

    def on_hci_le_create_connection_cancel_command(self, _command: Any) -> Any:
        """[Vol 4, Part E, 7.8.13] Give up; the host is told that there is no connection."""
        if self.pending_le_connection is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        status = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
        self.ether.loop.call_soon(lambda: self._complete(status, 0, hci.Role.CENTRAL, NEVER, 0, 0, 0))
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    # ---- connected

    def on_hci_disconnect_command(self, command: hci.HCI_Disconnect_Command) -> None:
        """[Vol 4, Part E, 7.1.6] End a connection once the other end knows, or is no longer heard."""
        connection = self.find_le_connection_by_handle(command.connection_handle)
        if not isinstance(connection, AirConnection):
            self._send_hci_command_status(hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR, command.op_code)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        reason = hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR
        connection.tie.send(
            connection.end, ll.TerminateInd(command.reason), lambda: self.on_le_disconnected(connection, reason)
        )

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        """Tell the host that a connection has ended."""
        assert isinstance(connection, AirConnection)
        connection.end.gone = True
        if self.le_connections.get(connection.peer_address) is connection:
            super().on_le_disconnected(connection, reason)

    def on_hci_le_connection_update_command(self, command: Any) -> None:
        """[Vol 4, Part E, 7.8.18] Both ends change at the same event."""
        connection = self.find_le_connection_by_handle(command.connection_handle)
        if not isinstance(connection, AirConnection):
            self._send_hci_command_status(hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR, command.op_code)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        tie = connection.tie

        def tell() -> None:
            for end in tie.ends:
                if not end.gone and isinstance(end.owner, AirConnection):
                    end.owner.controller.send_hci_packet(_updated(end.owner))

        tie.update(command.connection_interval_max, command.max_latency, command.supervision_timeout, tell)

    def take_leave(self) -> None:
        """Have every other end told that its connection ends; nobody waits for it."""
        for connection in self.le_connections.values():
            assert isinstance(connection, AirConnection)
            reason = hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR
            connection.tie.send(
                connection.end, ll.TerminateInd(reason), partial(setattr, connection.end, "gone", True)
            )
        self.le_connections.clear()

    def vanish(self) -> None:
        """Fall silent at once, as with the power cut."""
        self.le_legacy_advertiser.stop()
        self.le_scan_enable, self.pending_le_connection = False, None
        for connection in list(self.le_connections.values()):
            assert isinstance(connection, AirConnection)
            connection.tie.leave(connection.end)
        self.le_connections.clear()


def _updated(connection: AirConnection) -> hci.HCI_Event:
    tie = connection.tie
    return hci.HCI_LE_Connection_Update_Complete_Event(
        status=hci.HCI_ErrorCode.SUCCESS,
        connection_handle=connection.handle,
        connection_interval=tie.interval,
        peripheral_latency=tie.latency,
        supervision_timeout=tie.timeout,
    )
