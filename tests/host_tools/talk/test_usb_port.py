"""Which port a pod is on, what its chip's manners are, where it went; told by made-up ports."""

import json
import os
import pty
import termios

import pytest
from usb_fakes import Port, plugged_in

from host_tools.errors import UserError
from host_tools.talk import client, usb_port

NATIVE, BRIDGES, FACTORY = 0x303A, (0x10C4, 0x1A86, 0x0403), 0x239A


def test_a_port_is_never_guessed(monkeypatch):
    ports = plugged_in(monkeypatch, Port("/dev/ttyS0", None), Port("/dev/ttyUSB7", 0x1234))
    with pytest.raises(UserError, match="no pod on USB"):
        usb_port.find_port()
    ports.append(Port("/dev/ttyACM0", NATIVE))
    assert usb_port.find_port() == "/dev/ttyACM0"
    ports.append(Port("/dev/ttyUSB0", BRIDGES[0]))
    with pytest.raises(UserError, match=r"ttyACM0 \(USB\), /dev/ttyUSB0 \(USB\): which one\? Name it"):
        usb_port.find_port()


def test_a_board_as_it_was_sold_is_told_how_to_be_flashed(monkeypatch):
    ports = plugged_in(monkeypatch, Port("/dev/ttyACM0", FACTORY))
    with pytest.raises(UserError, match="ttyACM0: runs what the board was sold with .*hold BOOT, press .* RESET"):
        usb_port.find_port()
    ports.append(Port("/dev/ttyACM1", NATIVE))
    assert usb_port.find_port() == "/dev/ttyACM1"


@pytest.mark.parametrize(
    ("before", "after"),
    (
        (("AA:BB:CC:DD:EE:FF", None), ("AABBCCDDEEFF3FFC", None)),  # loader in ROM, then MicroPython
        (("aabbccddeeff", "1-2"), ("AA:BB:CC:DD:EE:FF", "1-4")),
        ((None, "1-2:1.0"), (None, "1-2")),
        (("0001", "1-2"), ("0002", "1-2:1.0")),
    ),
)
def test_a_device_is_found_again_by_its_mac_or_its_socket(monkeypatch, before, after):
    ports = plugged_in(monkeypatch, Port("/dev/ttyACM0", NATIVE, *before))
    device = usb_port.device_at("/dev/ttyACM0")
    ports[:] = [
        Port("/dev/ttyACM0", NATIVE, "11:22:33:44:55:66", "1-3"),
        Port("/dev/ttyUSB0", BRIDGES[0], "0001", "1-9"),
        Port("/dev/ttyACM1", NATIVE, *after),
    ]
    assert usb_port.found_again(device, "/dev/ttyACM0") == "/dev/ttyACM1"


def test_a_device_that_stays_or_stays_away_keeps_its_port(monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr(usb_port.time, "sleep", waited.append)
    ports = plugged_in(monkeypatch, Port("/dev/ttyACM0", NATIVE, "AA:BB:CC:DD:EE:FF", "1-2"))
    device = usb_port.device_at("/dev/ttyACM0")
    assert usb_port.found_again(device, "/dev/ttyACM0") == "/dev/ttyACM0"
    assert waited == []
    ports.clear()
    assert usb_port.found_again(device, "/dev/ttyACM0") == "/dev/ttyACM0"
    assert sum(waited) == 5
    assert usb_port.device_at("/dev/ttyACM0") is None


def test_a_link_to_a_port_is_that_port(monkeypatch, tmp_path):
    link = tmp_path / "by-id"
    link.symlink_to("/dev/ttyUSB0")
    plugged_in(monkeypatch, Port("/dev/ttyUSB0", BRIDGES[0]))
    assert usb_port.is_bridge(str(link))
    assert not usb_port.is_bridge("/dev/ttyUSB1")


@pytest.fixture
def line():
    """The name of a pseudo-terminal that lets go of its lines when it is closed."""
    master, slave = pty.openpty()
    settings = termios.tcgetattr(slave)
    settings[2] |= termios.HUPCL
    termios.tcsetattr(slave, termios.TCSANOW, settings)
    yield os.ttyname(slave)
    for end in (master, slave):
        os.close(end)


@pytest.mark.parametrize(("vid", "let_go"), [(NATIVE, True), (None, True)] + [(vid, False) for vid in BRIDGES])
def test_only_a_bridge_keeps_its_lines_when_the_port_is_closed(line, monkeypatch, vid, let_go):
    plugged_in(monkeypatch, Port(line, vid))
    with client.Client(line) as pod:
        assert bool(termios.tcgetattr(pod._serial.fd)[2] & termios.HUPCL) is let_go


class Uart:
    """A pod behind a bridge: what is beyond 260 unread bytes is lost; it reads one byte in a millisecond."""

    def __init__(self):
        self._unread, self._line, self._answer = b"", b"", b""
        self.pieces: list[int] = []
        self.asked: list[dict] = []

    def write(self, data: bytes) -> None:
        self.pieces.append(len(data))
        self._unread = (self._unread + data)[:260]

    def let_pass(self, seconds: float) -> None:
        n = int(seconds * 1000)
        *lines, self._line = (self._line + self._unread[:n]).split(b"\n")
        self._unread = self._unread[n:]
        for line in filter(None, lines):
            self.asked.append(json.loads(line))
            self._answer += json.dumps({"id": self.asked[-1]["id"], "ok": {}}).encode() + b"\n"

    @property
    def in_waiting(self) -> int:
        self.let_pass(0.05)
        return len(self._answer)

    def read(self, n: int) -> bytes:
        said, self._answer = self._answer[:n], self._answer[n:]
        return said

    def close(self) -> None:
        pass


@pytest.fixture
def uart(monkeypatch):
    """A client's line behind a bridge, in a time of its own."""
    made = Uart()
    monkeypatch.setattr(client, "_opened", lambda port: made)
    monkeypatch.setattr("time.sleep", made.let_pass)
    plugged_in(monkeypatch, Port("/dev/ttyUSB0", BRIDGES[0]), Port("/dev/ttyACM0", NATIVE))
    return made


@pytest.mark.parametrize("length", (10, 100, 300, 900))
def test_a_long_request_reaches_a_pod_behind_a_bridge(uart, length):
    with client.Client("/dev/ttyUSB0") as pod:
        assert pod.ask("note", 0.5, text="x" * length) == {}
    assert [asked["text"] for asked in uart.asked] == ["x" * length]
    assert max(uart.pieces) <= 128


def test_a_request_over_native_usb_goes_in_one_piece(uart):
    with client.Client("/dev/ttyACM0") as pod:
        pod._send(b"x" * 900)
    assert uart.pieces == [1, 900]
