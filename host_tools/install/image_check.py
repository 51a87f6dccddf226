"""What speaks against flashing a MicroPython image: found by esptool's own reader, before anything is erased.

Such a file is the bootloader, the partition table and the app, each at its place in flash, with 0xff in between.
[ESP-IDF: "App Image Format", "Partition Tables"; MicroPython: ports/esp32/makeimg.py]
"""

import re
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from esptool.bin_image import LoadFirmwareImage
from esptool.loader import ESPLoader
from esptool.targets import CHIP_DEFS
from esptool.util import FatalError, flash_size_bytes

from host_tools.rescue import partitions
from host_tools.rescue.partitions import TABLE_ADDRESS, Partition

_MAGIC = ESPLoader.ESP_IMAGE_MAGIC  # first byte of bootloader and app
_APP_MAGIC = bytes.fromhex("3254cdab")  # esp_app_desc_t, at 0x20 of an app
_APP_MAGIC_AT = 0x20
_SIZE_AT = 3  # high nibble: size of the flash it is made for
_DIGEST = 32
_BANNER = re.compile(rb"MicroPython v(\d+)\.(\d+)\.(\d+)")
_AGAIN = "download it again, as binary"


class Wanted(NamedTuple):
    """What a board asks of an image.

    mcu: such as "esp32s3".  address: of the file's first byte in flash.  vfs: offset and size of the filesystem
    [bytes]; it ends with the flash.  oldest: version such as "1.25.0".
    """

    mcu: str
    address: int
    vfs: tuple[int, int]
    oldest: str


class _Unfit(Exception):  # noqa: N818 - what the file is
    """Why nothing more can be said of the file."""


# What esptool's reader raises on a file that ends too early or tells nonsense
_UNREADABLE = (FatalError, RuntimeError, struct.error, TypeError)


def faults(content: bytes, wanted: Wanted) -> list[str]:
    """Return what speaks against flashing an image, one line each.

    content: the file.  wanted: by the board.
    """
    try:
        _check_kind(content)
        loader_end = _part_end(content, 0, "bootloader", wanted.mcu)
        table, table_end = _table(content, wanted.address)
        app = next((row for row in table if row.kind == partitions.APP), None)
        if app is None:
            raise _Unfit("its partition table has no app")
        app_at = app.offset - wanted.address
        app_end = _part_end(content, app_at, "app", wanted.mcu)
        _check_gaps(content, (loader_end, table_end, app_end), (TABLE_ADDRESS - wanted.address, app_at))
    except _Unfit as fault:
        return [str(fault)]
    return [*_size_faults(content, app, app_end - app_at, table, wanted), *_version_faults(content, wanted.oldest)]


def _check_kind(content: bytes) -> None:
    if not content or content[0] != _MAGIC:
        raise _Unfit(f"first byte is {content[:1].hex() or 'missing'}, want {_MAGIC:02x}: not an ESP32 image")
    if content[_APP_MAGIC_AT : _APP_MAGIC_AT + len(_APP_MAGIC)] == _APP_MAGIC:
        raise _Unfit("is an app alone (.app-bin): no bootloader, no partition table; want the .bin that has them")


def _part_end(content: bytes, at: int, name: str, mcu: str) -> int:
    """Return where bootloader or app ends in the file, its chip, checksum and SHA-256 proved.

    at: its first byte in the file.  _Unfit says what is wrong with it.
    """
    if at >= len(content):
        raise _Unfit(f"{name}: missing, the file ends after {len(content)} bytes; {_AGAIN}")
    try:
        part: Any = LoadFirmwareImage(mcu, content[at:])
    except _UNREADABLE as error:
        why = str(error) if isinstance(error, FatalError) else "cut off or damaged"
        raise _Unfit(f"{name}: {why}; {_AGAIN}") from error
    if part.chip_id != CHIP_DEFS[mcu].IMAGE_CHIP_ID:
        names = {chip.IMAGE_CHIP_ID: chip.CHIP_NAME for chip in CHIP_DEFS.values()}
        made_for = names.get(part.chip_id, f"chip id {part.chip_id}")
        raise _Unfit(f"is made for {made_for}, want {CHIP_DEFS[mcu].CHIP_NAME}")
    if part.checksum != part.calculate_checksum():
        raise _Unfit(f"{name}: its checksum is wrong: damaged; {_AGAIN}")
    if not part.append_digest:
        raise _Unfit(f"{name}: has no SHA-256, says its header; {_AGAIN}")
    if part.stored_digest != part.calc_digest:
        raise _Unfit(f"{name}: its SHA-256 differs: damaged; {_AGAIN}")
    return at + part.data_length + _DIGEST


def _table(content: bytes, address: int) -> tuple[list[Partition], int]:
    """Return the partitions and where their table ends in the file; _Unfit says what is wrong."""
    try:
        return partitions.table(content, TABLE_ADDRESS - address)
    except ValueError as error:
        raise _Unfit(f"{error}; {_AGAIN}") from error


def _check_gaps(content: bytes, ends: tuple[int, int, int], starts: tuple[int, int]) -> None:
    """_Unfit when anything but 0xff lies between the parts and after them."""
    for start, end in zip(ends, (*starts, len(content)), strict=True):
        gap = content[start:end]
        if gap.strip(b"\xff"):
            at = start + len(gap) - len(gap.lstrip(b"\xff"))
            raise _Unfit(f"byte {at:#x} is {content[at]:02x}, want ff between its parts: damaged; {_AGAIN}")


def _size_faults(
    content: bytes, app: Partition, app_size: int, table: list[Partition], wanted: Wanted
) -> Iterator[str]:
    flash = sum(wanted.vfs)
    place = partitions.filesystem(table, flash).offset
    if app_size > app.size:
        yield f"its app has {app_size} bytes, its partition holds {app.size}"
    elif wanted.address + len(content) > place:
        yield f"{len(content)} bytes at {wanted.address:#x} reach into the filesystem at {place:#x}"
    sizes = {code: size for size, code in CHIP_DEFS[wanted.mcu].FLASH_SIZES.items()}
    made_for = sizes.get(content[_SIZE_AT] & 0xF0, "an unknown size")
    if made_for not in sizes.values() or flash_size_bytes(made_for) > flash:
        yield f"is made for {made_for} of flash, the board has {flash >> 20}MB"
        return
    found = next(((row.offset, row.size) for row in table if row.name == "vfs"), wanted.vfs)
    if found != wanted.vfs:  # an image may leave it to the first start
        places = [f"{offset:#x}+{size:#x}" for offset, size in (found, wanted.vfs)]
        yield f"its filesystem is at {places[0]}, the board's image.vfs_* say {places[1]}"


def _version_faults(content: bytes, oldest: str) -> Iterator[str]:
    banner = _BANNER.search(content)
    if banner is None:
        yield "no MicroPython version in it"
    elif tuple(map(int, banner.groups())) < tuple(map(int, oldest.split("."))):
        yield f"is {banner[0].decode()}, want {oldest} or later"
