"""Flashing up to where a chip is needed: the plan, the image's faults, and a port where no chip answers."""

import os
import pty
import struct

import pytest

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.install import flash
from host_tools.talk import pod_link

VFS = (0x200000, 0x600000)


def image(chip_id=9, size=1 << 20, version=b"1.26.1", vfs=None, address=0) -> bytes:
    """Return what an image of MicroPython begins with, and its partition table and banner."""
    content = bytearray(b"\xff" * size)
    content[0] = 0xE9
    struct.pack_into("<H", content, 12, chip_id)
    rows = [(1, 2, 0x9000, 0x6000, b"nvs"), (0, 0, 0x10000, 0x1F0000, b"factory")]
    rows += [(1, 0x81, *vfs, b"vfs")] if vfs else []
    for i, (kind, subtype, offset, length, label) in enumerate(rows):
        row = struct.pack("<2sBBII16sI", b"\xaa\x50", kind, subtype, offset, length, label, 0)
        content[0x8000 - address + 32 * i : 0x8000 - address + 32 * (i + 1)] = row
    banner = b"MicroPython v" + version + b" on 2025-09-11"
    content[0x20000 : 0x20000 + len(banner)] = banner
    return bytes(content)


@pytest.mark.parametrize("partition", (None, VFS))
def test_a_good_image_has_no_fault(partition):
    assert flash.image_faults(image(vfs=partition), "esp32s3", 0, VFS, "1.25.0") == []


def test_a_good_image_for_the_first_esp32_starts_at_0x1000():
    content = image(chip_id=0, vfs=(0x200000, 0x200000), address=0x1000)
    assert flash.image_faults(content, "esp32", 0x1000, (0x200000, 0x200000), "1.25.0") == []


@pytest.mark.parametrize(
    ("content", "fault"),
    (
        (b"", "first byte is missing, want e9: not an ESP32 image"),
        (b"PK\x03\x04" + b"\0" * 999999, "first byte is 50, want e9: not an ESP32 image"),
        (image()[:5000], "5000 bytes is too little for MicroPython; downloaded whole?"),
        (image(chip_id=5), "is made for ESP32-C3, want ESP32-S3"),
        (image(chip_id=999), "is made for chip id 999, want ESP32-S3"),
        (image(size=0x200001), "2097153 bytes at 0x0 reach into the filesystem at 0x200000"),
        (image(vfs=(0x310000, 0xF0000)), "its filesystem is at 0x310000+0xf0000, the board's image.vfs_* say"),
        (image(version=b"1.24.1"), "is MicroPython v1.24.1, want 1.25.0 or later"),
        (image().replace(b"MicroPython v", b"SomethingElse"), "no MicroPython version in it"),
    ),
)
def test_an_image_that_must_not_be_written_is_named(content, fault):
    found = flash.image_faults(content, "esp32s3", 0, VFS, "1.25.0")
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_dry_run_prints_the_plan_and_needs_no_port(tmp_path, capsys):
    path = tmp_path / "image.bin"
    path.write_bytes(image())
    assert main(["flash", "qtpy_s3", "--image", str(path), "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "1. the pod on USB: expect an ESP32-S3 with at least 8 MiB of flash" in out
    assert f"3. write {path} (1048576 bytes) at 0x0" in out
    assert "deploy firmware, board qtpy_s3" in out


def test_an_image_for_another_board_is_refused_before_a_port_is_opened(tmp_path, capsys):
    path = tmp_path / "image.bin"
    path.write_bytes(image())
    assert main(["flash", "devkit_esp32", "--image", str(path), "--port", "/dev/nosuch"]) == 2
    err = capsys.readouterr().err
    assert "is made for ESP32-S3, want ESP32; get one from https://micropython.org/download/ESP32_GENERIC/" in err


def test_what_is_missing_is_said(tmp_path, capsys):
    assert main(["flash", "qtpy_s3", "--image", str(tmp_path / "nosuch.bin")]) == 2
    assert "No such file or directory; get one from https://micropython.org" in capsys.readouterr().err
    assert main(["flash", "virtual", "--image", str(tmp_path / "nosuch.bin")]) == 2
    assert "virtual: image: missing; nothing can be flashed onto this board" in capsys.readouterr().err


def test_a_port_where_no_chip_answers_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(flash, "_CONNECT_ATTEMPTS", 1)
    path = tmp_path / "image.bin"
    path.write_bytes(image())
    master, slave = pty.openpty()
    try:
        with pytest.raises(UserError, match=r"hold BOOT, press and release RESET, release BOOT, then repeat"):
            flash.carry_out(flash.make_plan("qtpy_s3", path), os.ttyname(slave))
    finally:
        os.close(master)
        os.close(slave)


class Port:
    def __init__(self, device, vid):
        self.device, self.vid, self.description = device, vid, "USB"


def test_a_port_is_never_guessed(monkeypatch):
    ports: list = [Port("/dev/ttyS0", None), Port("/dev/ttyUSB7", 0x1234)]
    monkeypatch.setattr(pod_link.list_ports, "comports", lambda: ports)
    with pytest.raises(UserError, match="no pod on USB"):
        pod_link.find_port()
    ports.append(Port("/dev/ttyACM0", 0x303A))
    assert pod_link.find_port() == "/dev/ttyACM0"
    ports.append(Port("/dev/ttyUSB0", 0x10C4))
    with pytest.raises(UserError, match=r"ttyACM0 \(USB\), /dev/ttyUSB0 \(USB\): which one\? Name it"):
        pod_link.find_port()


class Chip:
    """An ESP32-S3 with 8 MiB as esptool hands it out."""

    CHIP_NAME = "ESP32-S3"
    jedec_id = 0x17_40_C8

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def flash_id(self):
        return self.jedec_id


@pytest.fixture
def steps(monkeypatch):
    """What is done to the chip, in order; esptool's functions are replaced."""
    done: list[str] = []
    for name in ("attach_flash", "erase_flash", "write_flash", "verify_flash", "reset_chip"):
        monkeypatch.setattr(flash, name, lambda esp, *rest, step=name: done.append(step))
    monkeypatch.setattr(flash, "run_stub", lambda esp: esp)
    monkeypatch.setattr(flash, "detect_chip", lambda port, connect_attempts: Chip())
    return done


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "image.bin"
    path.write_bytes(image())
    return flash.make_plan("qtpy_s3", path)


def test_a_chip_is_erased_written_verified_and_restarted(steps, plan):
    flash.carry_out(plan, "port")
    assert steps == ["attach_flash", "erase_flash", "write_flash", "verify_flash", "reset_chip"]


def test_another_chip_is_refused_untouched(steps, plan, monkeypatch):
    monkeypatch.setattr(Chip, "CHIP_NAME", "ESP32-C3")
    with pytest.raises(UserError, match="port: is an ESP32-C3, qtpy_s3 has an ESP32-S3"):
        flash.carry_out(plan, "port")
    assert steps == []


@pytest.mark.parametrize(("jedec_id", "said"), ((0x16_40_C8, "4MB of flash"), (0xFF_FF_FF, "unknown of flash")))
def test_too_little_flash_is_refused_before_it_is_erased(steps, plan, monkeypatch, jedec_id, said):
    monkeypatch.setattr(Chip, "jedec_id", jedec_id)
    with pytest.raises(UserError, match=f"{said}, qtpy_s3 says 8 MB; correct image.vfs_size"):
        flash.carry_out(plan, "port")
    assert steps == ["attach_flash"]


def test_deploying_waits_until_the_pod_is_back(monkeypatch, capsys):
    answers = [UserError("port: no such port"), UserError("port: no MicroPython answers"), "port: 40 files copied"]

    def deploy_once(port, board, settings, on_bytes):
        answer = answers.pop(0)
        if isinstance(answer, UserError):
            raise answer
        return answer

    monkeypatch.setattr(flash.deploy, "deploy", deploy_once)
    monkeypatch.setattr(flash.time, "sleep", lambda s: None)
    flash._deploy_when_started("qtpy_s3", "port")
    assert capsys.readouterr().out == "port: 40 files copied\n"
