"""An image is proved before anything is erased: sound ones pass, each kind of damage is told in one line."""

import functools
import random

import images
import pytest

from host_tools.install import image_check
from host_tools.install.image_check import Wanted

S3 = Wanted("esp32s3", 0, (0x200000, 0x600000), "1.25.0")
ESP32 = Wanted("esp32", 0x1000, (0x200000, 0x200000), "1.25.0")
SOUND = images.image()


@pytest.mark.parametrize("partition", (None, S3.vfs))
def test_a_sound_image_has_no_fault(partition):
    assert image_check.faults(images.image(vfs=partition), S3) == []


def test_a_sound_image_for_the_first_esp32_starts_at_0x1000():
    assert image_check.faults(images.image("esp32", vfs=ESP32.vfs, address=0x1000), ESP32) == []


def test_a_sound_image_for_less_flash_than_there_is_will_do():
    assert image_check.faults(images.image(flash="2MB"), S3) == []


@pytest.mark.parametrize("percent", (1, 5, 40, 60, 75, 90, 99))
def test_a_download_cut_off_is_told(percent):
    found = image_check.faults(SOUND[: len(SOUND) * percent // 100], S3)
    assert len(found) == 1
    assert found[0].endswith("; download it again, as binary")


@pytest.mark.parametrize("missing", (1, 31, 32, 33, 40))
def test_a_few_bytes_less_at_the_end_are_told(missing):
    found = image_check.faults(SOUND[:-missing], S3)
    assert len(found) == 1
    assert found[0].startswith("app: ")


def test_any_flipped_bit_is_told_in_one_line():
    draw = random.Random(5)
    headers = [start + i for start in (0, images.TABLE_AT, images.APP_AT) for i in range(48)]
    anywhere = [draw.randrange(len(SOUND)) for _ in range(150)]
    for at in headers + anywhere + list(range(len(SOUND) - 40, len(SOUND))):
        flipped = bytearray(SOUND)
        flipped[at] ^= 1 << draw.randrange(8)
        assert len(image_check.faults(bytes(flipped), S3)) == 1, hex(at)


@pytest.mark.parametrize(("ending", "instead"), ((b"\n", b"\r\n"), (b"\r\n", b"\n")))
def test_line_ends_that_were_translated_are_told(ending, instead):
    found = image_check.faults(SOUND.replace(ending, instead), S3)
    assert len(found) == 1
    assert found[0].endswith("damaged; download it again, as binary")


def _with_table(table: bytes) -> bytes:
    return SOUND[: images.TABLE_AT] + table + SOUND[images.TABLE_AT + len(table) :]


LONG = SOUND.ljust(0x200001, b"\xff")
UNHASHED = SOUND[:23] + b"\0" + SOUND[24:]  # the header says that no SHA-256 follows


@pytest.mark.parametrize(
    ("content", "fault"),
    (
        (b"", "first byte is missing, want e9: not an ESP32 image"),
        (b"PK\x03\x04" + b"\0" * 999999, "first byte is 50, want e9: not an ESP32 image"),
        (SOUND[:10], "bootloader: cut off or damaged; download it again, as binary"),
        (images.app("esp32s3"), "is an app alone (.app-bin): no bootloader, no partition table"),
        (images.image("esp32c3"), "is made for ESP32-C3, want ESP32-S3"),
        (images.image("esp32s3", address=0x1000), "no partition table at 0x8000"),
        (SOUND[: images.APP_AT], "app: missing, the file ends after 65536 bytes"),
        (UNHASHED, "bootloader: has no SHA-256, says its header"),
        (_with_table(images.table()[:-1] + b"\0"), "its partition table at 0x8000 differs from its MD5: damaged"),
        (_with_table(images.table(with_app=False) + b"\xff" * 32), "its partition table has no app"),
        (SOUND + b"\0", f"byte {len(SOUND):#x} is 00, want ff between its parts: damaged"),
        (LONG, "2097153 bytes at 0x0 reach into the filesystem at 0x200000"),
        (images.image(flash="16MB"), "is made for 16MB of flash, the board has 8MB"),
        (images.image(vfs=(0x310000, 0xF0000)), "its filesystem is at 0x310000+0xf0000, the board's image.vfs_*"),
        (images.image(version=b"1.24.1"), "is MicroPython v1.24.1, want 1.25.0 or later"),
        (images.image(version=b"x"), "no MicroPython version in it"),
    ),
)
def test_an_image_that_must_not_be_written_is_named(content, fault):
    found = image_check.faults(content, S3)
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.slow
def test_a_newer_image_may_have_its_filesystem_further_back_than_the_board_says(monkeypatch):
    monkeypatch.setattr(images, "APP_SIZE", 0x210000)
    monkeypatch.setattr(images, "app", functools.partial(images.app, size=0x1F4000))
    assert len(images.image()) > S3.vfs[0] and image_check.faults(images.image(), S3) == []


def test_an_app_that_overflows_its_partition_is_named(monkeypatch):
    monkeypatch.setattr(images, "APP_SIZE", 0x1000)
    found = image_check.faults(images.image(), S3)
    assert len(found) == 1
    assert found[0].endswith("bytes, its partition holds 4096")


def test_an_image_for_another_chip_number_is_named():
    part = bytearray(SOUND)
    part[12:14] = b"\xe7\x03"
    assert image_check.faults(bytes(part), S3) == ["is made for chip id 999, want ESP32-S3"]
