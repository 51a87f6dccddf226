"""The console: typing, Ctrl-C, and the real mpremote on the pod's serial port."""

import os
import subprocess
import sys
import time

import patient
import pytest
from patient import LAST_RESORT_S

from host_tools.virtual_pod.link import HARD_RESET, SOFT_RESET, WATCHDOG_RESET, Hardware


def run_until(pod, wanted: bytes, wall_s: float = LAST_RESORT_S) -> bytes:
    """Run until the console has shown `wanted`; returns all it showed."""
    shown = bytearray()

    def see(data: bytes) -> None:
        shown.extend(data)
        if wanted in shown:
            pod.hardware.stop("shown")

    assert pod.run(see, wall_s=wall_s) == "shown", bytes(shown)
    return bytes(shown)


@pytest.fixture
def mpremote(make_pod, tmp_path):
    """Return mpremote(pod, *arguments): the finished command's output, after the pod lived through it."""

    def run(pod, *arguments: str) -> str:
        command = [sys.executable, patient.__file__, "connect", str(tmp_path / "port"), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert pod.run(process=process, wall_s=LAST_RESORT_S) == "the program has ended"
        output = process.stdout.read()
        assert process.wait() == 0, output
        return output

    return run


@pytest.mark.parametrize("loop", ["while True: pass", "import time\nwhile True: time.sleep(1)"])
def test_ctrl_c_ends_a_program(make_pod, loop):
    pod = make_pod("print('up')\n" + loop)
    run_until(pod, b"up")
    pod.send(b"\r\x03\x03")
    assert b"KeyboardInterrupt" in run_until(pod, b">>> ")


def test_ctrl_c_ends_a_wait_in_real_time(make_pod):
    pod = make_pod("import asyncio\nprint('up')\nasyncio.run(asyncio.sleep(3600))", Hardware(realtime=True))
    run_until(pod, b"up")
    pod.send(b"\x03")
    assert b"KeyboardInterrupt" in run_until(pod, b">>> ")


def test_a_line_typed_is_run(make_pod):
    pod = make_pod("")
    run_until(pod, b">>> ")
    pod.send(b"6 * 7\r")
    assert b"\r\n42\r\n" in run_until(pod, b"\n>>> ")


def test_ctrl_d_restarts_softly(make_pod):
    pod = make_pod("print('hello')")
    run_until(pod, b">>> ")
    pod.send(b"\x04")
    assert b"MPY: soft reboot\r\nhello" in run_until(pod, b"hello")
    assert pod.resets == [SOFT_RESET]


def test_a_program_polls_its_input(make_pod):
    main = """
import select, sys
poll = select.poll()
poll.register(sys.stdin, select.POLLIN)
print(poll.poll(500))
print(len(poll.poll(5000)), sys.stdin.read(2))
"""
    pod = make_pod(main)
    pod.hardware.at(2_000_000, lambda: pod.send(b"ok"))
    lines = pod.lines(until_us=20_000_000)
    assert [next(lines), next(lines)] == ["[]", "1 ok"]
    assert pod.hardware.now_us < 3_000_000


def test_an_error_in_an_interrupt_shows_on_the_console(make_pod):
    hardware = Hardware()
    press = hardware.input_pin(0, 1)
    hardware.at(1_000_000, lambda: press(0))
    main = "from machine import Pin\nimport time\nPin(0).irq(lambda pin: 1 / 0, Pin.IRQ_FALLING)\ntime.sleep(2)\n"
    pod = make_pod(main, hardware)
    assert b"ZeroDivisionError" in run_until(pod, b">>> ")


def test_mpremote_takes_it_for_a_board(make_pod, mpremote, tmp_path):
    pod = make_pod("while True: pass")
    pod.serve_pty(tmp_path / "port")
    (tmp_path / "big.txt").write_bytes(os.urandom(20_000))
    (tmp_path / "script.py").write_text("import machine\nprint('ran', machine.unique_id()[0])")
    assert "main.py" in mpremote(pod, "fs", "ls")
    mpremote(pod, "fs", "cp", str(tmp_path / "big.txt"), ":big.txt")
    mpremote(pod, "fs", "cp", ":big.txt", str(tmp_path / "back.txt"))
    assert (tmp_path / "back.txt").read_bytes() == (tmp_path / "big.txt").read_bytes()
    assert mpremote(pod, "run", str(tmp_path / "script.py")) == "ran 2\n"
    assert mpremote(pod, "exec", "print(2 ** 40)") == "1099511627776\n"
    mpremote(pod, "soft-reset")
    assert mpremote(pod, "resume", "exec", "import machine; print(machine.reset_cause())") == f"{SOFT_RESET}\n"


def test_at_the_repl_time_keeps_pace_and_the_watchdog_bites(make_pod, tmp_path):
    pod = make_pod("import machine\nif machine.reset_cause() == 1: machine.WDT(timeout=700)")
    pod.serve_pty(tmp_path / "port")
    began_s = time.monotonic()
    pod.run(until_us=600_000)
    assert pod.resets == []
    pod.run(until_us=1_500_000)
    assert pod.resets == [WATCHDOG_RESET]
    assert time.monotonic() - began_s > 1.0
    pod.send(b"1\r")
    pod.run(until_us=1_600_000)
    assert pod.hardware.now_us >= 1_600_000


def test_mpremote_s_reset_starts_main_again(make_pod, mpremote, tmp_path):
    pod = make_pod("print('hello')")
    pod.serve_pty(tmp_path / "port")
    mpremote(pod, "reset")
    pod.unserve_pty()
    pod.run(until_us=pod.hardware.now_us + 2_000_000)
    assert pod.resets[-1] == HARD_RESET


def test_a_client_that_never_reads_does_not_stop_the_pod(make_pod, tmp_path):
    pod = make_pod("for n in range(3000): print('x' * 50)\nprint('end')")
    pod.serve_pty(tmp_path / "port")
    run_until(pod, b"end")


def test_the_port_can_be_taken_away_and_given_back(make_pod, mpremote, tmp_path):
    pod = make_pod("while True: pass")
    pod.serve_pty(tmp_path / "port")
    mpremote(pod, "fs", "ls")
    pod.unserve_pty()
    assert not (tmp_path / "port").is_symlink()
    pod.serve_pty(tmp_path / "port")
    assert "main.py" in mpremote(pod, "fs", "ls")
