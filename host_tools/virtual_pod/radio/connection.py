"""One end of a Bluetooth connection in a controller on the virtual air."""

from __future__ import annotations

from collections.abc import Callable

from bumble import hci, ll
from bumble.controller import Connection

from host_tools.virtual_pod.radio.tie import End, Tie


class AirConnection(Connection):
    """bumble's connection, which sends by way of a Tie and tells of a packet once the other end has it."""

    tie: Tie
    end: End
    fragments = 0

    def tie_to(self, tie: Tie, loss: Callable[[], float]) -> None:
        """Make this one end of a tie; the central is to come first."""
        self.tie = tie
        self.end = tie.join(self, loss)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Take a fragment from the host; completion is told when all of its packet has arrived."""
        self.fragments += 1
        self.assembler.feed_packet(packet)

    def on_acl_pdu(self, pdu: bytes) -> None:
        """Send an L2CAP packet."""
        count, self.fragments = self.fragments, 0
        self.tie.send(self.end, pdu, lambda: self._complete(count))

    def send_ll_control_pdu(self, packet: ll.ControlPdu) -> None:
        """Send a packet of the link layer."""
        self.tie.send(self.end, packet)

    def on_packet(self, packet: object) -> None:
        """Hear a packet of the other end."""
        controller = self.controller
        if isinstance(packet, bytes):
            controller.send_hci_packet(hci.HCI_AclDataPacket(self.handle, 2, 0, len(packet), packet))
        elif isinstance(packet, ll.ControlPdu):
            if isinstance(packet, ll.TerminateInd):
                self.end.gone = True
            controller.on_ll_control_pdu(self.peer_address, packet)

    def on_lost(self, reason: int) -> None:
        """Learn that the other end is no longer heard."""
        self.controller.on_le_disconnected(self, reason)

    def _complete(self, count: int) -> None:
        if not self.end.gone:
            self.controller.send_hci_packet(
                hci.HCI_Number_Of_Completed_Packets_Event(
                    connection_handles=[self.handle], num_completed_packets=[count]
                )
            )
