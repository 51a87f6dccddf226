"""Small images as MicroPython's makeimg.py puts them together: made with esptool's own writer."""

import hashlib
import struct

from esptool.bin_image import ImageSegment
from esptool.targets import CHIP_DEFS

TABLE_AT, APP_AT, APP_SIZE = 0x8000, 0x10000, 0x1F0000
_APP_DESCRIPTION = struct.pack("<I", 0xABCD5432) + bytes(252)  # [ESP-IDF: esp_app_desc_t]
_LOADER_DESCRIPTION = b"\x50" + bytes(79)  # [ESP-IDF: esp_bootloader_desc_t]


def part(mcu: str, data: bytes, flash: str = "4MB") -> bytes:
    """Return an image of one segment in RAM; its length is that of data and a little more."""
    image = CHIP_DEFS[mcu].BOOTLOADER_IMAGE()
    image.flash_size_freq = CHIP_DEFS[mcu].FLASH_SIZES[flash]
    image.segments = [_Named(0x3FFF0000, data + bytes(-len(data) % 4))]
    return image.save(None)


class _Named(ImageSegment):
    name = ".dram0"


def app(mcu: str, size: int = 30000, version: bytes = b"1.26.1") -> bytes:
    """Return an app that says it is a MicroPython."""
    banner = b"MicroPython v" + version + b" on 2025-09-11\n"
    return part(mcu, _APP_DESCRIPTION + banner + bytes(i * i % 251 for i in range(size)) + b"\r\n" * 9)


def table(vfs: tuple[int, int] | None = None, with_app: bool = True) -> bytes:
    """Return a partition table with its MD5."""
    rows = [(1, 2, 0x9000, 0x6000, b"nvs")]
    rows += [(0, 0, APP_AT, APP_SIZE, b"factory")] if with_app else []
    rows += [(1, 0x81, *vfs, b"vfs")] if vfs else []
    packed = b"".join(struct.pack("<2sBBII16sI", b"\xaa\x50", *row, 0) for row in rows)
    return packed + b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(packed).digest()


def image(mcu="esp32s3", version=b"1.26.1", vfs=None, address=0, flash="4MB") -> bytes:
    """Return a whole image for its first byte at an address."""
    content = part(mcu, _LOADER_DESCRIPTION + bytes(i % 249 for i in range(9000)), flash)
    for at, data in ((TABLE_AT, table(vfs)), (APP_AT, app(mcu, version=version))):
        content = content.ljust(at - address, b"\xff") + data
    return content
