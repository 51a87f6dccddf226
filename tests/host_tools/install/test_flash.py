"""Flashing up to where a chip is needed: the plan, the image's faults, and a port where no chip answers."""

import os
import pty

import images
import pytest
import usb_fakes
from serial import SerialException
from usb_fakes import Port

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.install import flash
from host_tools.talk import usb_port

IMAGE = images.image()


def test_dry_run_prints_the_plan_and_needs_no_port(tmp_path, capsys):
    path = tmp_path / "image.bin"
    path.write_bytes(IMAGE)
    assert main(["flash", "qtpy_s3", "--image", str(path), "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "1. the pod on USB: expect an ESP32-S3 with at least 8 MiB of flash" in out
    assert f"3. write {path} ({len(IMAGE)} bytes) at 0x0" in out
    assert "deploy firmware, board qtpy_s3" in out


def test_an_image_for_another_board_is_refused_before_a_port_is_opened(tmp_path, capsys):
    path = tmp_path / "image.bin"
    path.write_bytes(IMAGE)
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
    path.write_bytes(IMAGE)
    master, slave = pty.openpty()
    try:
        with pytest.raises(UserError, match=r"hold BOOT, press and release RESET, release BOOT, then repeat"):
            flash.carry_out(flash.make_plan("qtpy_s3", path), os.ttyname(slave))
    finally:
        os.close(master)
        os.close(slave)


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
    path.write_bytes(IMAGE)
    return flash.make_plan("qtpy_s3", path)


def test_a_chip_is_erased_written_verified_and_restarted(steps, plan):
    assert flash.carry_out(plan, "port") == "port"
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


@pytest.fixture
def ports(monkeypatch):
    """What is on USB; time does not pass."""
    monkeypatch.setattr(usb_port.time, "sleep", lambda s: None)
    return usb_fakes.plugged_in(monkeypatch)


def test_a_chip_that_comes_back_under_another_name_is_found_again(steps, plan, ports, monkeypatch):
    ports.append(Port("/dev/ttyACM0", 0x303A, "AABBCCDDEEFF0000"))

    def detect(port, connect_attempts):
        macs = {"/dev/ttyACM7": "11:22:33:44:55:66", "/dev/ttyACM1": "AA:BB:CC:DD:EE:FF"}
        ports[:] = [Port(name, 0x303A, mac) for name, mac in macs.items()]
        if port == "/dev/ttyACM0":
            raise SerialException("device disconnected")
        return Chip()

    monkeypatch.setattr(flash, "detect_chip", detect)
    assert flash.carry_out(plan, "/dev/ttyACM0") == "/dev/ttyACM1"
    assert steps[-1] == "reset_chip"


def test_a_chip_that_does_not_come_back_is_said(steps, plan, ports, monkeypatch):
    ports.append(Port("/dev/ttyACM0", 0x303A, "AABBCCDDEEFF0000"))

    def detect(port, connect_attempts):
        ports.clear()
        raise SerialException("device disconnected")

    monkeypatch.setattr(flash, "detect_chip", detect)
    with pytest.raises(UserError, match="/dev/ttyACM0: device disconnected; hold BOOT, press and release RESET"):
        flash.carry_out(plan, "/dev/ttyACM0")
    assert steps == []


def test_a_factory_bootloader_is_told_before_anything_is_done(steps, tmp_path, ports, capsys):
    ports.append(Port("/dev/ttyACM0", 0x239A))
    path = tmp_path / "image.bin"
    path.write_bytes(IMAGE)
    for words in ([], ["--port", "/dev/ttyACM0"]):
        assert main(["flash", "qtpy_s3", "--image", str(path), *words]) == 2
        said = capsys.readouterr().err
        assert "/dev/ttyACM0: runs what the board was sold with" in said
        assert "hold BOOT, press and release RESET, release BOOT" in said
    assert steps == []


def deploying(monkeypatch, *answers):
    """Have deploy.deploy answer or raise these, in order; return the ports it is asked at."""
    left, asked = list(answers), []

    def deploy_once(port, board, settings, on_bytes):
        asked.append(port)
        answer = left.pop(0)
        if isinstance(answer, UserError):
            raise answer
        return answer

    monkeypatch.setattr(flash.deploy, "deploy", deploy_once)
    return asked


def test_deploying_waits_until_the_pod_is_back(ports, monkeypatch, capsys):
    away, starting = UserError("port: no such port"), UserError("port: no MicroPython answers")
    deploying(monkeypatch, away, starting, "port: 40 files copied")
    flash._deploy_when_started("qtpy_s3", "port", None)
    assert capsys.readouterr().out == "port: 40 files copied\n"


def test_deploying_follows_the_pod_to_its_new_name(ports, monkeypatch):
    ports.append(Port("/dev/ttyACM0", 0x303A, "AA:BB:CC:DD:EE:FF"))
    device = usb_port.device_at("/dev/ttyACM0")
    ports[:] = [Port("/dev/ttyACM3", 0x303A, "AABBCCDDEEFF0000")]
    asked = deploying(monkeypatch, "done")
    flash._deploy_when_started("qtpy_s3", "/dev/ttyACM0", device)
    assert asked == ["/dev/ttyACM3"]


def test_a_pod_that_never_comes_back_is_said_with_what_to_do(ports, monkeypatch):
    monkeypatch.setattr(flash, "_BOOT_S", -1)
    deploying(monkeypatch, UserError("port: no MicroPython answers"))
    with pytest.raises(UserError, match="answers; press RESET, then backstep deploy --board qtpy_s3"):
        flash._deploy_when_started("qtpy_s3", "port", None)
