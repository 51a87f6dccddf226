"""Resets, watchdog, power cuts, and what the flash keeps through them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from patient import LAST_RESORT_S

from host_tools.errors import UserError
from host_tools.virtual_pod import flash_image
from host_tools.virtual_pod.link import HARD_RESET, SOFT_RESET, WATCHDOG_RESET, Hardware
from host_tools.virtual_pod.vm_process import VmCrash


def test_a_starved_watchdog_resets(said):
    main = """
import machine, time
if machine.reset_cause() == machine.WDT_RESET:
    print('bitten', time.ticks_ms() // 1000)
else:
    watchdog = machine.WDT(timeout=2000)
    for _ in range(5):
        time.sleep_ms(1500)
        watchdog.feed()
    print('fed')
    while True:
        time.ticks_us()
"""
    assert said(main) == ["fed", "bitten 9"]


def test_the_watchdog_outlives_a_soft_reset_and_takes_a_new_timeout(make_pod):
    main = """
import machine, time
if machine.reset_cause() == machine.PWRON_RESET:
    machine.WDT(timeout=1000)
    machine.WDT(timeout=4000)
    time.sleep(3)
    machine.soft_reset()
time.sleep(60)
"""
    pod = make_pod(main)
    pod.run(until_us=4_500_000)
    assert pod.resets == [SOFT_RESET, WATCHDOG_RESET]


def test_each_reset_has_its_cause(said):
    main = """
import machine
print(machine.reset_cause())
if machine.reset_cause() == machine.PWRON_RESET:
    machine.soft_reset()
if machine.reset_cause() == machine.SOFT_RESET:
    machine.reset()
if machine.reset_cause() == machine.HARD_RESET:
    machine.deepsleep(5000)
import time
print(time.ticks_ms() // 1000)
"""
    lines = [line for line in said(main) if line != "MPY: soft reboot"]
    assert lines == ["1", "5", "2", "4", "5"]


def test_a_hard_reset_lets_go_of_pins_and_motor(make_pod):
    hardware = Hardware()
    levels, pwm = [], []
    hardware.watch_pin(5, lambda level, now_us: levels.append(level))
    hardware.on_pwm.append(lambda gpio, freq_hz, duty_u16, now_us: pwm.append(freq_hz))
    main = """
import machine, time
if machine.reset_cause() == machine.PWRON_RESET:
    machine.Pin(5, machine.Pin.OUT, value=1)
    machine.PWM(machine.Pin(6), freq=1000)
    machine.reset()
"""
    pod = make_pod(main, hardware)
    pod.run(until_us=1_000_000)
    assert (levels, pwm, pod.resets) == ([1, 0], [1000, 0], [HARD_RESET])


WRITER = """
for n in range(1000):
    with open('/count', 'w') as file:
        file.write(str(n) * 50)
    with open('/log', 'a') as file:
        file.write('%d\\n' % n)
"""


def test_the_file_system_outlives_a_power_cut_at_any_write(make_pod, tmp_path):
    image = tmp_path / "flash.bin"
    pod = make_pod(WRITER, flash=image)
    for writes in range(20, 60, 4):
        pod.flash.cut_at_write = writes
        pod.power_on()
        assert pod.run(wall_s=LAST_RESORT_S) == "the power is off"
        files = flash_image.read_files(image)
        count = files.get("/count", b"").decode()
        assert count == count[: len(count) // 50] * 50, "a file closed is whole: the old one or the new"
        assert files["/main.py"] == WRITER.encode()


def test_a_file_not_closed_is_empty_after_a_power_cut(make_pod, tmp_path):
    pod = make_pod("f = open('/x', 'w')\nf.write('a' * 50)\nimport time\ntime.sleep(99)", flash=tmp_path / "f")
    pod.run(until_us=20_000_000)
    pod.power_cut()
    assert pod.run() == "the power is off"
    assert flash_image.read_files(tmp_path / "f")["/x"] == b""


def test_blank_flash_gets_a_file_system_and_a_boot_file(make_pod, tmp_path):
    pod = make_pod(None, flash=tmp_path / "blank")
    said = bytearray()
    pod.run(said.extend, until_us=60_000_000)
    assert said.startswith(b"Performing initial setup\r\n")
    assert list(flash_image.read_files(tmp_path / "blank")) == ["/boot.py"]


def test_what_the_pod_writes_the_host_reads(make_pod, tmp_path):
    main = "import os\nos.mkdir('/d')\nopen('/d/data', 'wb').write(bytes(range(256)) * 40)\nos.sync()"
    make_pod(main + "\nopen('/d/data', 'rb').close()", flash=tmp_path / "f").run(until_us=60_000_000)
    flash_image.write_files(tmp_path / "f", {"/d/more": b"m"})
    assert set(flash_image.read_files(tmp_path / "f")) == {"/main.py", "/d/data", "/d/more"}


def test_flash_of_no_file_system_is_refused(tmp_path):
    image = tmp_path / "image"
    image.write_bytes(bytes(flash_image.BLOCK_SIZE * 4))
    with pytest.raises(UserError, match="holds no LittleFS"):
        flash_image.read_files(image)
    image.write_bytes(b"123")
    with pytest.raises(UserError, match="3 bytes, wanted whole blocks of 4096"):
        flash_image.read_files(image)


def test_flash_full_is_told(tmp_path):
    with pytest.raises(UserError, match="/big: .*NOSPC"):
        flash_image.write_files(tmp_path / "f", {"/big": bytes(100_000)}, size=4096 * 8)


def test_cells_only_lose_bits_until_erased(tmp_path):
    flash = flash_image.Flash(tmp_path / "f", 8192)
    flash.program(4096, b"\xf0")
    flash.program(4096, b"\x3c")
    assert flash.read(4096, 2)[0] == b"\x30\xff"
    flash.erase(4096, 4096)
    assert flash.read(4096, 1)[0] == b"\xff"
    flash.close()


def test_a_vm_that_dies_is_no_quiet_end(make_pod):
    pod = make_pod("import time\ntime.sleep(1000)", Hardware(realtime=True))
    pod.run(wall_s=0.3)
    os.kill(pod.pid, signal.SIGSEGV)
    with pytest.raises(VmCrash, match="ended by itself with -11"):
        pod.run(wall_s=LAST_RESORT_S)


def test_one_that_is_killed_while_it_waits_is_told_when_it_is_answered(make_pod):
    pod = make_pod("import time\ntime.sleep(1000)")
    pod.run(until_us=5_000_000)
    os.kill(pod.pid, signal.SIGKILL)
    with pytest.raises(VmCrash, match="ended by itself with -9"):
        pod.run()


ORPHAN = """
import sys, time
from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.vm import VirtualPod
pod = VirtualPod(Hardware(), {"/main.py": b"print('up')\\nwhile True: pass"})
next(pod.lines())
print(pod.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.vm
def test_the_vm_ends_with_its_host(tmp_path):
    host = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    vm_pid = int(host.stdout.readline())
    host.kill()
    host.wait()
    for _ in range(10 * LAST_RESORT_S):
        status = Path(f"/proc/{vm_pid}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    os.kill(vm_pid, signal.SIGKILL)
    pytest.fail("micropython goes on without its host")
