"""Deploying through the real mpremote onto a real MicroPython with a LittleFS flash: the virtual pod."""

import threading
from pathlib import Path

import pytest
from patient import LAST_RESORT_S
from still import Still

from host_tools.errors import UserError
from host_tools.install import deploy, podfiles
from host_tools.talk import pod_link
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod

RUNS = "backstep on Virtual pod (esp32s3)"
BOOT_US = 2_000_000
START_US = 20_000_000
CUTS = 24
GREETING = "small firmware"


def pod_on(flash: Path, files=None) -> VirtualPod:
    model = board_model.build(board_model.read_board("virtual"), Still(), Timeline())
    return VirtualPod(model.hardware, files, flash=flash)


def deploy_to(pod: VirtualPod, board: str | None = None, settings: bytes | None = None) -> str:
    """Run a deployment while the pod lives; returns its line, or raises what it raised."""
    said: list = []

    def work() -> None:
        try:
            said.append(deploy.deploy(port, board, settings, lambda done, total: None))
        except Exception as error:  # handed to the test below
            said.append(error)

    pod.run(until_us=pod.hardware.now_us + BOOT_US)
    port = pod.serve_pty()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive() and pod.is_on and pod.port:
        pod.run(wall_s=0.05)
    pod.unserve_pty()
    thread.join()
    if isinstance(said[0], Exception):
        raise said[0]
    return said[0]


def first_lines(flash: Path) -> list[str]:
    """Power a pod on and return what it says until its firmware greets or it is at the REPL."""
    said = []
    with pod_on(flash) as pod:
        for line in pod.lines(until_us=START_US, wall_s=LAST_RESORT_S):
            said.append(line)
            if line.startswith((RUNS, GREETING, "MicroPython v")):
                break
    return said


def starts(flash: Path) -> bool:
    return any(line.startswith(RUNS) for line in first_lines(flash))


@pytest.fixture(scope="module")
def deployed(tmp_path_factory) -> bytes:
    """The flash of a pod that was deployed to once."""
    flash = tmp_path_factory.mktemp("pod") / "flash.bin"
    with pod_on(flash, podfiles.files("virtual")):
        pass
    return flash.read_bytes()


@pytest.fixture
def flash(tmp_path, deployed) -> Path:
    path = tmp_path / "flash.bin"
    path.write_bytes(deployed)
    return path


@pytest.fixture
def newer(monkeypatch):
    """Make the firmware that is deployed from now on a newer one."""
    now = podfiles.firmware_files()
    later = now | {"more/newer.py": b"# only in the newer one\n" * 200}
    later["events.mpy"] = now["events.mpy"] + b"\0"  # after its end nothing is read
    monkeypatch.setattr(podfiles, "firmware_files", lambda: later)
    return later


def test_a_blank_pod_ends_with_the_firmware_running(tmp_path):
    flash = tmp_path / "flash.bin"
    with pod_on(flash) as pod:
        said = deploy_to(pod)
        assert f"board virtual; firmware runs: {RUNS}" in said
        assert "up to date, nothing copied" in deploy_to(pod)
    on_pod = read_files(flash)
    assert {path: on_pod.get(path) for path in podfiles.files("virtual")} == podfiles.files("virtual")
    assert starts(flash)


def test_an_update_takes_the_other_slot_and_settings_are_given(flash, newer):
    with pod_on(flash) as pod:
        said = deploy_to(pod, "virtual", b'{"cue_every_steps": 7}\n')
        assert RUNS in said
    on_pod = read_files(flash)
    assert on_pod["/slot.txt"] == b"fw_b\n"
    assert "/settings.json" not in on_pod  # taken over
    assert b'"cue_every_steps": 7' in on_pod["/settings.a"] + on_pod.get("/settings.b", b"")
    assert {name: on_pod.get("/fw_b/" + name) for name in newer} == newer


class LimitedLine:
    """A serial line that breaks after so many bytes to the pod."""

    def __init__(self, serial, bytes_left: int):
        self.__dict__.update(serial=serial, sent=0, bytes_left=bytes_left)

    def write(self, data):
        self.__dict__["sent"] += len(data)
        if self.sent <= self.bytes_left:
            return self.serial.write(data)
        self.serial.write(data[: len(data) // 2])
        raise OSError("the cable came out")

    def __getattr__(self, name):
        return getattr(self.serial, name)

    def __setattr__(self, name, value):
        setattr(self.serial, name, value)


@pytest.fixture
def limit_line(monkeypatch):
    """A function that breaks every line opened from now on after so many bytes; returns the lines opened."""
    real = pod_link._open

    def limit(bytes_left: int) -> list[LimitedLine]:
        lines: list[LimitedLine] = []

        def opened(port):
            transport = real(port)
            transport.serial = LimitedLine(transport.serial, bytes_left)
            lines.append(transport.serial)
            return transport

        monkeypatch.setattr(pod_link, "_open", opened)
        return lines

    return limit


def spread(total: int, before_end: tuple[int, ...]) -> list[int]:
    """Return points of a whole deployment: evenly spread, and some counted from its end."""
    return sorted({total * k // CUTS for k in range(CUTS)} | {total - back for back in before_end})


def small_firmware(version: str) -> dict[str, bytes]:
    """Return a firmware that only says its version, and is deployed in a second."""
    run = f"import time\ndef run(parts, settings):\n print('{GREETING} {version}')\n while 1: time.sleep(1)\n"
    return {
        "board.py": b"def load(path):\n open(path).close()\n",
        "pod.py": run.encode(),
        "same.py": b"# the same in both\n" * 300,
        f"more/only_{version}.py": b"# in this one only\n" * 300,
    }


@pytest.fixture
def small(flash, monkeypatch) -> bytes:
    """The flash of a pod with a small firmware "old" in each slot; "new" is deployed from now on."""
    flash.unlink()
    for version in ("older", "old"):
        monkeypatch.setattr(podfiles, "firmware_files", lambda version=version: small_firmware(version))
        with pod_on(flash) as pod:
            deploy_to(pod, "virtual")
    monkeypatch.setattr(podfiles, "firmware_files", lambda: small_firmware("new"))
    return flash.read_bytes()


def test_the_line_cut_at_any_point_leaves_a_pod_that_starts(flash, small, limit_line):
    lines = limit_line(1 << 30)
    with pod_on(flash) as pod:
        assert f"{GREETING} new" in deploy_to(pod, "virtual")
    started = []
    for sent in spread(lines[0].sent, (1, 3, 60, 200)):
        flash.write_bytes(small)
        limit_line(sent)
        with pod_on(flash) as pod, pytest.raises(UserError, match="connection lost"):
            deploy_to(pod, "virtual")
        started += first_lines(flash)[-1:]
    assert set(started) == {f"{GREETING} old", f"{GREETING} new"}, started


def test_the_power_cut_at_any_write_of_the_flash_leaves_a_pod_that_starts(flash, small):
    with pod_on(flash) as pod:
        assert f"{GREETING} new" in deploy_to(pod, "virtual")
        writes = pod.flash.writes
    started = []
    for before in spread(writes, (1, 2, 3)):
        flash.write_bytes(small)
        with pod_on(flash) as pod:
            pod.flash.cut_at_write = before + 1
            with pytest.raises(UserError):
                deploy_to(pod, "virtual")
        started += first_lines(flash)[-1:]
    assert set(started) <= {f"{GREETING} old", f"{GREETING} new"}, started
    assert len(started) == len(spread(writes, (1, 2, 3)))


def test_a_copy_damaged_on_its_way_is_found_by_its_hash(flash, newer, monkeypatch):
    real = pod_link.Pod.write

    def write(self, path, data, on_bytes):
        real(self, path, data[:-1] + b"?" if "newer.py" in path else data, on_bytes)

    monkeypatch.setattr(pod_link.Pod, "write", write)
    with pod_on(flash) as pod, pytest.raises(UserError, match=r"newer.py: the copy differs \(SHA-256\)"):
        deploy_to(pod, "virtual")
    assert read_files(flash)["/slot.txt"] == b"fw_a\n"
    assert starts(flash)


def test_firmware_that_does_not_start_is_said(flash, monkeypatch):
    monkeypatch.setattr(podfiles, "main_file", lambda: b"raise ValueError('not today')\n")
    with pod_on(flash) as pod, pytest.raises(UserError, match="the firmware ended: ValueError: not today"):
        deploy_to(pod, "virtual")


def test_a_pod_with_another_program_gets_the_firmware(tmp_path):
    flash = tmp_path / "flash.bin"
    with pod_on(flash, {"/main.py": b"import time\nwhile True:\n    time.sleep_ms(10)\n"}) as pod:
        assert RUNS in deploy_to(pod, "virtual")


def test_a_pod_whose_slots_are_both_broken_says_what_to_do(flash):
    files = podfiles.files("virtual")
    del files["/fw_a/manifest.json"]
    flash.unlink()
    with pod_on(flash, files):
        pass
    assert any("no firmware on this pod: run `backstep deploy`" in line for line in first_lines(flash))


def test_a_full_flash_is_said_before_anything_changes(flash, newer):
    before = read_files(flash)
    full = pytest.raises(UserError, match=r"no room: \d+ KiB free on the pod, \d+ KiB needed")
    with pod_on(flash, {"/log.bin": bytes(1_500_000)}) as pod, full:
        deploy_to(pod, "virtual")
    after = read_files(flash)
    assert {path: after.get(path) for path in before} == before
    assert not [path for path in after if path.startswith("/fw_b")]
