"""Ports on USB, as pyserial tells of them."""

from host_tools.talk import usb_port


class Port:
    """One port."""

    description = "USB"

    def __init__(self, device: str, vid: int | None, serial_number=None, location=None):
        self.device, self.vid = device, vid
        self.serial_number, self.location = serial_number, location


def plugged_in(monkeypatch, *ports: Port) -> list[Port]:
    """Have these ports be all there are; the list that is returned may be changed."""
    present = list(ports)
    monkeypatch.setattr(usb_port.list_ports, "comports", lambda: present)
    return present
