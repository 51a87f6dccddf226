"""The serial side of deploying, without a pod: what is said when nobody or nothing sensible is there."""

import os
import pty
import threading

import pytest
from patient import SLOWER

from host_tools.errors import UserError
from host_tools.talk import pod_link
from host_tools.talk.pod_link import Pod


@pytest.fixture
def line():
    """A pseudo-terminal: the end that a pod would have, and the name of ours."""
    master, slave = pty.openpty()
    yield master, os.ttyname(slave)
    for end in (master, slave):
        os.close(end)


def test_a_port_that_is_not_there_is_said():
    with pytest.raises(UserError, match="/dev/nosuch: there is no such port; is the pod plugged in"):
        Pod("/dev/nosuch")


def test_a_port_that_another_program_uses_is_said(line):
    with Pod(line[1]), pytest.raises(UserError, match="cannot be opened; is another program"):
        Pod(line[1])


def test_a_silent_port_is_given_up(line, monkeypatch):
    monkeypatch.setattr(pod_link, "_ANSWER_S", 0.1 / SLOWER)
    with Pod(line[1]) as pod, pytest.raises(UserError, match="no MicroPython answers"):
        pod.enter()


def test_a_device_that_is_no_pod_is_given_up(line, monkeypatch):
    monkeypatch.setattr(pod_link, "_ANSWER_S", 0.1 / SLOWER)
    monkeypatch.setattr(pod_link, "_ATTEMPTS", 1)
    monkeypatch.setattr(pod_link.SerialTransport, "read_until", lambda self, *_, **__: b"AT?")
    with Pod(line[1]) as pod:
        os.write(line[0], b"ERROR\r\n")
        with pytest.raises(UserError, match="no MicroPython answers"):
            pod.enter()


def test_a_line_that_breaks_is_said(monkeypatch):
    master, slave = pty.openpty()
    with Pod(os.ttyname(slave)) as pod:
        os.close(slave)
        os.close(master)
        with pytest.raises(UserError, match=r"connection lost \(.*\); power the pod again and repeat"):
            pod.enter()


@pytest.mark.parametrize(
    ("said", "lines"),
    (
        (b"MPY: soft reboot\r\nbackstep on x\r\n", ["backstep on x"]),
        (b"MPY: soft reboot\r\n\r\n  \r\nE (123) flash: slow\r\nlater\r\nmo", ["later"]),
        (b"nothing of the kind\r\n", []),
    ),
)
def test_the_lines_of_the_firmware_are_found_beside_those_of_esp_idf(said, lines):
    assert pod_link._lines(said) == lines


def answer(master: int, text: bytes) -> threading.Thread:
    """Answer the first Ctrl-D on the line with text."""

    def wait() -> None:
        heard = b""
        while b"\x04" not in heard:
            heard += os.read(master, 100)
            if heard.endswith(b"\x02"):
                os.write(master, b">>> ")
        os.write(master, text)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_firmware_that_ends_in_the_repl_is_a_fault_with_its_error(line):
    trace = b"Traceback (most recent call last):\r\n  File \"main.py\"\r\nImportError: no module named 'x'\r\n"
    with Pod(line[1]) as pod:
        answer(line[0], b"MPY: soft reboot\r\n" + trace + b"MicroPython v1.26.1 on x\r\n>>> ")
        with pytest.raises(UserError, match="the firmware ended: ImportError: no module named 'x'"):
            pod.restart(5)


def test_a_pod_that_has_no_main_is_a_fault(line):
    with Pod(line[1]) as pod:
        answer(line[0], b"MPY: soft reboot\r\nMicroPython v1.26.1 on x\r\nType \"help()\"\r\n>>> ")
        with pytest.raises(UserError, match="the firmware ended: "):
            pod.restart(5)


def test_firmware_that_runs_says_its_first_line(line):
    with Pod(line[1]) as pod:
        answer(line[0], b"MPY: soft reboot\r\nbackstep on Virtual pod\r\n")
        assert pod.restart(5) == "backstep on Virtual pod"


@pytest.mark.parametrize(
    ("said", "fault"),
    (
        (b"backstep on x\r\nbackstep: stopped by an error: x\r\n>>> ", "ended: backstep: stopped by an error: x"),
        (b"E (1) a: b\r\n", "the firmware says nothing for 0 s"),
        (b"another program\r\n", "the firmware says 'another program' and no more for 0 s"),
    ),
)
def test_firmware_that_does_not_run_is_a_fault(line, said, fault):
    with Pod(line[1]) as pod:
        answer(line[0], b"MPY: soft reboot\r\n" + said)
        with pytest.raises(UserError, match=fault):
            pod.restart(0.05)
