"""Flashing by the real esptool, on a stand-in for a chip's loader: what was kept stays, whatever comes between."""

import json

import images
import kept_flash
import pytest
import usb_fakes
from esptool.targets import CHIP_DEFS
from kept_flash import VFS_AT, flash, kept
from serial import SerialException
from talking import command
from usb_fakes import Port

from host_tools.errors import UserError
from host_tools.install import deploy, saved, writing
from host_tools.install import flash as verb
from host_tools.rescue import chip, filesystem, pod_copy
from host_tools.talk import pod_link, usb_port

IMAGE = images.image()
BOARD = "qtpy_s3_psram"  # 4 MiB
NEWER = images.image(version=b"1.27.0")
DEPLOYED = deploy.Deployed("port", "qtpy_s3", 40, "backstep on it")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pod_link, "_ANSWER_S", 0.01 / 60)  # no firmware runs that would be asked to end
    monkeypatch.setattr(verb, "_WAIT_S", 0)
    monkeypatch.setattr(deploy, "deploy", lambda *_: DEPLOYED)


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "image.bin"
    path.write_bytes(NEWER)
    return path


@pytest.fixture
def flashed(image, tmp_path):
    """Flash the pod at a loader; return exit code, stdout, stderr."""

    def run(pod, *words, board=BOARD):
        return command("flash", board, "--image", image, "--port", pod.port, "--saved", tmp_path / "saved", *words)

    return run


def ours(cells):
    found = filesystem.read(bytes(cells[VFS_AT:]))
    assert found.lost == []
    return pod_copy.ours(found.files)


def copies(tmp_path):
    return sorted(path.name for path in (tmp_path / "saved").glob("*/*"))


def test_dry_run_prints_the_plan_and_needs_no_port(image):
    code, out, _ = command("flash", "qtpy_s3", "--image", image, "--dry-run")
    assert code == 0 and "1. the pod on USB: expect an ESP32-S3 with at least 8 MiB of flash" in out
    assert f"3. write {image} ({len(NEWER)} bytes) at 0x0; what the pod has kept stays" in out
    assert "deploy firmware and board qtpy_s3" in out


def test_an_image_for_another_board_is_refused_before_a_port_is_opened(image):
    code, _, err = command("flash", "devkit_esp32", "--image", image, "--port", "/dev/nosuch")
    where = "https://micropython.org/download/ESP32_GENERIC/"
    assert code == 2 and f"is made for ESP32-S3, want ESP32; get one from {where}" in err


def test_what_is_missing_is_said(tmp_path):
    for board, said in (
        ("qtpy_s3", "No such file or directory; get one from https://micropython.org"),
        ("virtual", "virtual: image: missing; nothing can be flashed onto this board"),
        ("nosuch", "there is no 'nosuch', want a .json file or one of"),
    ):
        code, _, err = command("flash", board, "--image", tmp_path / "nosuch.bin")
        assert code == 2 and said in err


@pytest.mark.slow
def test_a_board_from_the_shop_gets_micropython_and_nothing_is_saved(plugged_in, flashed, tmp_path):
    for cells in (b"", b"\xe9factory".ljust(510, b"\1") + b"\x55\xaa"):
        pod = plugged_in(flash(cells))
        pod.flash[0x8000:0x8C00] = b"\xff" * 0xC00
        code, out, _ = flashed(pod)
        assert code == 0 and "there was nothing to save" in out and DEPLOYED.words() in out
        assert pod.flash[: len(NEWER)] == NEWER and not pod.flash[VFS_AT:].strip(b"\xff")
        assert pod.was_reset.is_set() and copies(tmp_path) == []


def test_a_sound_filesystem_where_the_new_one_wants_it_is_left_alone(plugged_in, flashed, tmp_path):
    pod = plugged_in(flash(kept(tmp_path)))
    before = bytes(pod.flash[VFS_AT:])
    code, out, _ = flashed(pod, "--json")
    told = json.loads(out)
    assert code == 0 and told["deployed"] == DEPLOYED.words() and len(told["saved"]["sessions"]) == 2
    assert pod.flash[: len(NEWER)] == NEWER and pod.flash[VFS_AT:] == before
    assert "erase_flash" not in pod.commands and copies(tmp_path) != ["unfinished"]
    assert command("sessions", told["saved"]["folder"])[0] == 0


@pytest.mark.slow
def test_what_was_elsewhere_or_damaged_is_put_back_into_a_new_filesystem(plugged_in, flashed, tmp_path):
    files = kept(tmp_path)
    moved = flash({})
    moved[VFS_AT:] = b"\xff" * 0x8000 + filesystem.made(files, 0x200000 - 0x8000)
    table = images.table((VFS_AT + 0x8000, 0x200000 - 0x8000))
    moved[images.TABLE_AT : images.TABLE_AT + len(table)] = table
    code, out, _ = flashed(plugged_in(moved))
    assert code == 0 and "on it too, compared" in out and ours(moved) == pod_copy.ours(files)
    damaged = flash(files)
    damaged[VFS_AT : VFS_AT + 4096] = bytes(4096)
    code, out, _ = flashed(plugged_in(damaged))
    assert code == 1 and "lost: block 0 is damaged" in out and ours(damaged) == pod_copy.ours(files)


def test_erase_starts_clean_and_the_copy_stays(plugged_in, flashed, tmp_path):
    pod = plugged_in(flash(kept(tmp_path)))
    code, out, _ = flashed(pod, "--erase")
    assert code == 0 and "not put back (--erase)" in out and not pod.flash[VFS_AT:].strip(b"\xff")
    (copy,) = (tmp_path / "saved").glob("*/*")
    assert copy.name != "unfinished" and len(list(copy.glob("*.bsl"))) == 2
    assert json.loads((copy / "settings.json").read_text())["pod_name"] == "mine"


CUTS = ("mem_end", 1), ("read_flash", 2), ("erase_flash", 1), ("flash_defl_begin", 2), ("flash_defl_end", 1)


@pytest.mark.slow
@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_a_cable_that_comes_out_anywhere_loses_nothing_and_a_repeat_ends_it(plugged_in, flashed, tmp_path, cut):
    files = kept(tmp_path)
    cells = flash(files)
    cells[VFS_AT : VFS_AT + 4096] = bytes(4096)  # it is to be erased and made anew
    pod = plugged_in(cells)
    pod.cut_after = cut
    code, _, err = flashed(pod)
    has_copy = copies(tmp_path) == ["unfinished"]
    assert code == 2 and has_copy == (cut[0] not in ("mem_end", "read_flash"))
    assert err.endswith("unfinished: repeat the same command, and it is put back\n") == has_copy
    code, _, _ = flashed(plugged_in(cells))
    assert code in (0, 1) and ours(cells) == pod_copy.ours(files) and cells[: len(NEWER)] == NEWER
    assert "unfinished" not in copies(tmp_path)


def test_ctrl_c_tells_where_the_copy_is(plugged_in, flashed, tmp_path, monkeypatch):
    def interrupt(esp, pieces):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "verify_flash", interrupt)
    code, _, err = flashed(plugged_in(flash(kept(tmp_path))))
    assert code == 130 and err.endswith("unfinished: repeat the same command, and it is put back\n")


@pytest.mark.slow
def test_an_unfinished_copy_never_replaces_what_a_sound_pod_has_kept_since(plugged_in, flashed, tmp_path):
    files = kept(tmp_path)
    cells = flash(files)
    cells[VFS_AT : VFS_AT + 4096] = bytes(4096)
    pod = plugged_in(cells)
    pod.cut_after = "erase_flash", 1
    assert flashed(pod)[0] == 2 and copies(tmp_path) == ["unfinished"]
    since = {"/kept/settings.a": kept_flash.table({"version": 1, "settings": {}}, 9), "/log/00009-01.bsl": b"new"}
    used = flash(since)
    flashed(plugged_in(used))
    assert ours(used) == since and "unfinished" not in copies(tmp_path) and len(copies(tmp_path)) == 2


def test_a_line_that_is_too_fast_is_tried_slower(plugged_in, flashed, tmp_path):
    pod = plugged_in(flash(kept(tmp_path)))
    pod.fastest = 460800
    code, _, err = flashed(pod)
    assert code == 0 and "again, at 460800 baud" in err and pod.flash[: len(NEWER)] == NEWER


def test_what_has_no_room_is_said_before_anything_is_erased(plugged_in, flashed, tmp_path, monkeypatch):
    cells = flash(kept(tmp_path))
    cells[VFS_AT : VFS_AT + 4096] = bytes(4096)
    pod = plugged_in(cells)
    monkeypatch.setattr(writing.filesystem, "made", tiny(writing.filesystem.made))
    code, _, err = flashed(pod)
    assert code == 2 and "no room in the 2048 KiB there; what the pod had kept is in" in err
    assert not {"erase_flash", "flash_defl_begin"} & set(pod.commands)


def tiny(made):
    return lambda files, size: made(files, 0x8000 if size == 0x200000 else size)


def test_another_chip_and_too_little_flash_are_refused_untouched(plugged_in, flashed, tmp_path):
    for board, chip_id, said in (
        (BOARD, CHIP_DEFS["esp32c3"].IMAGE_CHIP_ID, f"is an ESP32-C3, {BOARD} has an ESP32-S3"),
        ("qtpy_s3", CHIP_DEFS["esp32s3"].IMAGE_CHIP_ID, "4MB of flash, qtpy_s3 says 8 MB; correct image.vfs_size"),
    ):
        pod = plugged_in(flash({}))
        before, pod.chip_id = bytes(pod.flash), chip_id
        code, _, err = flashed(pod, board=board)
        assert code == 2 and said in err and pod.flash == before and copies(tmp_path) == []


def test_a_full_disk_is_said_and_the_pod_untouched(plugged_in, flashed, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    pod = plugged_in(flash(kept(tmp_path)))
    monkeypatch.setattr(saved.filesystem, "made", full)
    before = bytes(pod.flash)
    code, _, err = flashed(pod)
    assert code == 2 and "saved: No space left on device; the pod is as it was\n" in err and pod.flash == before


@pytest.fixture
def ports(monkeypatch):
    """What is on USB; time does not pass."""
    monkeypatch.setattr(usb_port.time, "sleep", lambda s: None)
    return usb_fakes.plugged_in(monkeypatch)


def test_a_chip_that_comes_back_under_another_name_is_found_again(ports, monkeypatch):
    ports.append(Port("/dev/ttyACM0", 0x303A, "AABBCCDDEEFF0000"))
    tried = []

    def detect(port, connect_attempts):
        tried.append(port)
        macs = {"/dev/ttyACM7": "11:22:33:44:55:66", "/dev/ttyACM1": "AA:BB:CC:DD:EE:FF"}
        ports[:] = [Port(name, 0x303A, mac) for name, mac in macs.items()]
        raise SerialException("device disconnected")

    monkeypatch.setattr(chip, "detect_chip", detect)
    with pytest.raises(UserError, match="device disconnected; hold BOOT, press and release RESET"):
        chip.at_chip("/dev/ttyACM0", lambda esp, port: None)
    assert tried == ["/dev/ttyACM0", "/dev/ttyACM1"]


def test_a_factory_bootloader_is_told_before_anything_is_done(ports, image):
    ports.append(Port("/dev/ttyACM0", 0x239A))
    for words in ([], ["--port", "/dev/ttyACM0"]):
        code, _, said = command("flash", "qtpy_s3", "--image", image, *words)
        assert code == 2 and "/dev/ttyACM0: runs what the board was sold with" in said
        assert "hold BOOT, press and release RESET, release BOOT" in said


def deploying(monkeypatch, *answers):
    """Have deploy.deploy answer or raise these, in order; return the ports it is asked at."""
    left, asked = list(answers), []

    def deploy_once(port, board, settings, on_bytes):
        asked.append(port)
        answer = left.pop(0)
        if isinstance(answer, UserError):
            raise answer
        return answer

    monkeypatch.setattr(deploy, "deploy", deploy_once)
    return asked


def test_deploying_waits_until_the_pod_is_back(monkeypatch):
    away, starting = UserError("port: no such port"), UserError("port: no MicroPython answers")
    deploying(monkeypatch, away, starting, DEPLOYED)
    assert verb._deploy_when_started("qtpy_s3", "port", None) == DEPLOYED


def test_deploying_follows_the_pod_to_its_new_name(ports, monkeypatch):
    ports.append(Port("/dev/ttyACM0", 0x303A, "AA:BB:CC:DD:EE:FF"))
    device = usb_port.device_at("/dev/ttyACM0")
    ports[:] = [Port("/dev/ttyACM3", 0x303A, "AABBCCDDEEFF0000")]
    asked = deploying(monkeypatch, "done")
    verb._deploy_when_started("qtpy_s3", "/dev/ttyACM0", device)
    assert asked == ["/dev/ttyACM3"]


def test_a_pod_that_never_comes_back_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr(verb, "_BOOT_S", -1)
    deploying(monkeypatch, UserError("port: no MicroPython answers"))
    with pytest.raises(UserError, match="kept are on it: press RESET, then backstep deploy --board qtpy_s3"):
        verb._deploy_when_started("qtpy_s3", "port", None)
