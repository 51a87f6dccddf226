"""Deploying through the real mpremote onto a real MicroPython with a LittleFS flash: the virtual pod."""

import functools
import random
from pathlib import Path

import pytest
from deploying import deploy_to, pod_on
from patient import LAST_RESORT_S, SLOWER

from host_tools.errors import UserError
from host_tools.install import archive, bytecode, deploy, podfiles, running
from host_tools.talk import client, pod_link
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.link import WATCHDOG_RESET

RUNS = "backstep on Virtual pod (esp32s3)"
ENDED = "the firmware ended: backstep: stopped by an error: "
START_US = 20_000_000
CUTS = 12
NO_CODE = b"M\x06\x00\x1f"  # the head of a module for any MCU
GREETING = "backstep on small"


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
    later = now | {"newer.mpy": NO_CODE + b"# only in the newer one\n" * 200}
    later["board.mpy"] = now["board.mpy"] + b"\0"  # after its end nothing is read
    monkeypatch.setattr(podfiles, "firmware_files", lambda arch="": later)
    return later


def test_a_blank_pod_ends_with_the_firmware_running(tmp_path):
    flash = tmp_path / "flash.bin"
    with pod_on(flash) as pod:
        said = deploy_to(pod)
        assert f"board virtual; firmware runs: {RUNS}" in said
    on_pod = read_files(flash)
    assert {path: on_pod.get(path) for path in podfiles.files("virtual")} == podfiles.files("virtual")
    assert starts(flash)


def test_an_update_takes_the_other_slot_and_settings_are_given(flash, newer):
    with pod_on(flash) as pod:
        said = deploy_to(pod, "virtual", b'{"cue_every_steps": 7}\n')
        assert RUNS in said
    on_pod = read_files(flash)
    assert on_pod["/fw/slot"] in (b"b 1", b"b")  # its first start, which on a busy machine has lasted by now
    assert "/kept/settings.json" not in on_pod  # taken over
    assert b'"cue_every_steps": 7' in on_pod["/kept/settings.a"] + on_pod.get("/kept/settings.b", b"")
    assert on_pod["/fw/b.pod"] == archive.packed(podfiles.slot_files("virtual", bytecode.VIRTUAL))


def test_a_pod_that_runs_it_already_is_left_to_run(flash):
    with pod_on(flash) as pod:
        said = deploy_to(pod)
        assert "up to date, nothing copied; board virtual; the firmware runs on" in said
        assert not pod.resets
        assert "up to date" in deploy_to(pod, "virtual") and not pod.resets
        assert RUNS in deploy_to(pod, "qtpy_s3") or pod.resets


class LimitedLine:
    """A serial line that breaks after so many bytes to the pod."""

    def __init__(self, serial, bytes_left: int):
        self.__dict__.update(serial=serial, sent=0, bytes_left=bytes_left)

    def write(self, data):
        self._broken()
        self.__dict__["sent"] += len(data)
        if self.sent > self.bytes_left:
            data = data[: len(data) // 2]
        self.serial.write(data)
        self._broken()
        return len(data)

    def read(self, size=1):
        self._broken()
        return self.serial.read(size)

    def _broken(self):
        if self.sent > self.bytes_left:
            raise OSError("the cable came out")

    def __getattr__(self, name):
        if name == "in_waiting":
            self._broken()
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


@functools.cache
def real_firmware() -> dict[str, bytes]:
    """Return the firmware, for the first time before a test puts another in its place."""
    return podfiles.firmware_files()


def small_firmware(version: str) -> dict[str, bytes]:
    """Return a firmware that only says its version, and is deployed in a second."""
    calm = "import machine, time\ndef run(parts, settings):\n machine.WDT(timeout=86400000)\n"
    run = f"{calm} print('{GREETING} {version}')\n while 1: time.sleep(1)\n"
    return {
        "board.mpy": bytecode.compiled("def load(path, fell):\n if fell: print(fell)\n", "board"),
        "pod.mpy": bytecode.compiled(run, "pod"),
        f"only_{version}.mpy": NO_CODE + random.Random(version).randbytes(9000),
    } | {name: real_firmware()[name] for name in ("archive.mpy", "starting.mpy")}


def it_answers_nobody(monkeypatch):
    monkeypatch.setattr(deploy, "runs_already", lambda port, board: {})


@pytest.fixture(scope="module")
def deployed_twice(tmp_path_factory) -> bytes:
    """The flash of a pod with a small firmware "older" in one slot and "old" in the other."""
    flash = tmp_path_factory.mktemp("small") / "flash.bin"
    real_firmware()
    for version in ("older", "old"):
        with pytest.MonkeyPatch.context() as patches, pod_on(flash) as pod:
            it_answers_nobody(patches)
            patches.setattr(podfiles, "firmware_files", lambda arch="", version=version: small_firmware(version))
            deploy_to(pod, "virtual")
    return flash.read_bytes()


@pytest.fixture
def small(flash, deployed_twice, monkeypatch) -> bytes:
    """The flash of a pod with a small firmware, which is there; "new" is deployed from now on."""
    flash.write_bytes(deployed_twice)
    it_answers_nobody(monkeypatch)
    monkeypatch.setattr(podfiles, "firmware_files", lambda arch="": small_firmware("new"))
    return deployed_twice


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
        real(self, path, data[:-1] + b"?" if ".pod" in path else data, on_bytes)

    monkeypatch.setattr(pod_link.Pod, "write", write)
    with pod_on(flash) as pod:
        with pytest.raises(UserError, match=r"/fw/b.pod: the copy differs \(SHA-256\)"):
            deploy_to(pod, "virtual")
        assert next(line for line in pod.lines(wall_s=LAST_RESORT_S) if line.startswith(RUNS))
    assert read_files(flash)["/fw/slot"] == b"a"


def test_firmware_that_does_not_start_is_said(flash, monkeypatch):
    now = real_firmware()  # of another main.py it would be made anew
    monkeypatch.setattr(podfiles, "firmware_files", lambda arch="": now)
    monkeypatch.setattr(podfiles, "main_file", lambda: b"raise ValueError('not today')\n")
    with pod_on(flash) as pod, pytest.raises(UserError, match="the firmware ended: ValueError: not today"):
        deploy_to(pod, "virtual")


def broken(what: str) -> dict[str, bytes]:
    return small_firmware("new") | {"pod.mpy": bytecode.compiled(f"def run(parts, settings):\n {what}\n", "pod")}


def test_a_new_firmware_that_fails_three_times_goes_back_to_the_old_one(flash, small, monkeypatch):
    monkeypatch.setattr(podfiles, "firmware_files", lambda arch="": broken("raise ValueError('not today')"))
    with pod_on(flash) as pod:
        with pytest.raises(UserError, match="ended: ValueError: not today; after 3 such starts it goes back to"):
            deploy_to(pod, "virtual")
        said = []
        pod.resets.clear()
        for line in pod.lines(until_us=pod.hardware.now_us + 400_000_000, wall_s=LAST_RESORT_S):
            said.append(line)
            if line.startswith(GREETING):
                break
        assert pod.resets.count(WATCHDOG_RESET) == 3, pod.resets
        assert "did not last a minute" in said[-2] and said[-1] == f"{GREETING} old"
    assert first_lines(flash)[-1] == f"{GREETING} old"


def test_a_firmware_that_ends_at_once_is_told_as_that(flash, small, monkeypatch):
    said = "E (123) esp: log of the port", GREETING, "backstep: stopped by an error: x"
    ends = f"for line in {said!r}: print(line)"
    monkeypatch.setattr(podfiles, "firmware_files", lambda arch="": broken(ends))
    with pod_on(flash) as pod, pytest.raises(UserError, match=ENDED + "x; after 3 such starts"):
        deploy_to(pod, "virtual")


def test_a_pod_with_another_program_gets_the_firmware(tmp_path, monkeypatch):
    for asks in (running, client):
        monkeypatch.setattr(asks, "_HELLO_S", asks._HELLO_S / SLOWER)  # it never answers: this has to pass
    flash = tmp_path / "flash.bin"
    with pod_on(flash, {"/main.py": b"import time\nwhile True:\n    time.sleep_ms(10)\n"}) as pod:
        assert RUNS in deploy_to(pod, "virtual")


def test_a_pod_whose_slots_are_both_broken_says_what_to_do(flash):
    files = podfiles.files("virtual")
    files["/fw/a.pod"] = files["/fw/a.pod"][:-1]
    flash.unlink()
    with pod_on(flash, files):
        pass
    assert any("no firmware on this pod: run `backstep deploy`" in line for line in first_lines(flash))


def test_a_full_flash_is_said_before_anything_changes(flash, newer):
    before = read_files(flash)
    full = pytest.raises(UserError, match=r"no room: \d+ KiB free on the pod, \d+ KiB needed")
    with pod_on(flash, {"/log.bin": bytes(1_750_000)}) as pod, full:
        deploy_to(pod, "virtual")
    after = read_files(flash)
    assert {path: after.get(path) for path in before} == before
    assert not [path for path in after if path.startswith("/fw/b")]
