"""`backstep flash`: puts a MicroPython image onto an ESP32 through esptool, verifies it, then deploys."""

import re
import struct
import time
from dataclasses import dataclass
from pathlib import Path

from esptool import (
    attach_flash,
    detect_chip,
    erase_flash,
    reset_chip,
    run_stub,
    verify_flash,
    write_flash,
)
from esptool.cmds import DETECTED_FLASH_SIZES
from esptool.loader import ESPLoader
from esptool.targets import CHIP_DEFS
from esptool.util import FatalError, flash_size_bytes
from serial import SerialException

from host_tools.errors import UserError
from host_tools.install import boards, deploy, podfiles
from host_tools.talk.pod_link import find_port

_MAGIC = ESPLoader.ESP_IMAGE_MAGIC  # first byte of bootloader and app
_CHIP_ID_AT = 12  # ESP-IDF "App Image Format": esp_image_header_t.chip_id
_TABLE_ADDRESS = 0x8000  # ESP-IDF "Partition Tables"
_TABLE_MAGIC = b"\xaa\x50"
_SMALLEST = 512 * 1024  # any MicroPython for these chips is larger
_BANNER = re.compile(rb"MicroPython v(\d+)\.(\d+)\.(\d+)")
_CONNECT_ATTEMPTS = 3
_BOOT_S = 20.0


@dataclass(frozen=True)
class Plan:
    """What is written where: chip as esptool names it, image, address of its first byte, end of the filesystem."""

    board: str
    chip: str
    image: Path
    address: int
    flash_end: int
    url: str

    def lines(self, port: str) -> list[str]:
        """Return the steps as text."""
        size = self.image.stat().st_size
        return [
            f"1. {port}: expect an {self.chip} with at least {self.flash_end >> 20} MiB of flash",
            "2. erase the whole flash: sessions and settings on the pod are lost",
            f"3. write {self.image} ({size} bytes) at {self.address:#x}",
            "4. read it back and compare",
            f"5. restart, then deploy firmware, board {self.board} and default settings",
        ]


def make_plan(board: str, image: Path) -> Plan:
    """Return the plan for a board and an image file; UserError with every fault of the image.

    board: name or path of a board file.
    """
    podfiles.slot_files(board)
    description = boards.load(board)
    if "image" not in description:
        raise UserError(f"{board}: image: missing; nothing can be flashed onto this board")
    mcu, where = description["mcu"], description["image"]
    address = int(podfiles.chips()["mcus"][mcu]["image_offset"], 16)
    vfs = int(where["vfs_offset"], 16), int(where["vfs_size"], 16)
    try:
        content = image.read_bytes()
    except OSError as error:
        raise UserError(f"{image}: {error.strerror}; get one from {where['url']}") from error
    faults = image_faults(content, mcu, address, vfs, where["min_version"])
    if faults:
        raise UserError("; ".join(f"{image}: {fault}" for fault in faults) + f"; get one from {where['url']}")
    return Plan(board, CHIP_DEFS[mcu].CHIP_NAME, image, address, sum(vfs), where["url"])


def image_faults(content: bytes, mcu: str, address: int, vfs: tuple[int, int], oldest: str) -> list[str]:
    """Return what speaks against flashing an image.

    content: the file.  mcu: such as "esp32s3".  address: where it is written.
    vfs: offset and size of the filesystem [bytes].  oldest: version such as "1.25.0".
    """
    if not content or content[0] != _MAGIC:
        return [f"first byte is {content[:1].hex() or 'missing'}, want {_MAGIC:02x}: not an ESP32 image"]
    if len(content) < _SMALLEST:
        return [f"{len(content)} bytes is too little for MicroPython; downloaded whole?"]
    faults = []
    chip_id = struct.unpack_from("<H", content, _CHIP_ID_AT)[0]
    if chip_id != CHIP_DEFS[mcu].IMAGE_CHIP_ID:
        made_for = [chip.CHIP_NAME for chip in CHIP_DEFS.values() if chip_id == chip.IMAGE_CHIP_ID]
        faults.append(f"is made for {(made_for or [f'chip id {chip_id}'])[0]}, want {CHIP_DEFS[mcu].CHIP_NAME}")
    if address + len(content) > vfs[0]:
        faults.append(f"{len(content)} bytes at {address:#x} reach into the filesystem at {vfs[0]:#x}")
    partition = _vfs_partition(content, address)
    if partition and partition != vfs:
        places = [f"{offset:#x}+{size:#x}" for offset, size in (partition, vfs)]
        faults.append(f"its filesystem is at {places[0]}, the board's image.vfs_* say {places[1]}")
    banner = _BANNER.search(content)
    if banner is None:
        faults.append("no MicroPython version in it")
    elif tuple(map(int, banner.groups())) < tuple(map(int, oldest.split("."))):
        faults.append(f"is {banner[0].decode()}, want {oldest} or later")
    return faults


def _vfs_partition(content: bytes, address: int) -> tuple[int, int] | None:
    """Return offset and size of the partition "vfs"; None when the image leaves it to the first start."""
    at = _TABLE_ADDRESS - address
    while content[at : at + 2] == _TABLE_MAGIC:
        offset, size, label = struct.unpack_from("<II16s", content, at + 4)
        if label.rstrip(b"\0") == b"vfs":
            return offset, size
        at += 32
    return None


def carry_out(plan: Plan, port: str) -> None:
    """Erase, write and verify; UserError says what went wrong."""
    try:
        with detect_chip(port, connect_attempts=_CONNECT_ATTEMPTS) as esp:
            if plan.chip != esp.CHIP_NAME:
                raise UserError(f"{port}: is an {esp.CHIP_NAME}, {plan.board} has an {plan.chip}")
            esp = run_stub(esp)
            attach_flash(esp)
            _check_flash_size(esp, plan, port)
            erase_flash(esp)
            written = [(plan.address, str(plan.image))]
            write_flash(esp, written)
            verify_flash(esp, written)
            reset_chip(esp, "hard-reset")
    except (FatalError, SerialException, OSError) as error:
        raise UserError(
            f"{port}: {error}; hold BOOT, press and release RESET, release BOOT, then repeat"
        ) from error


def _check_flash_size(esp: ESPLoader, plan: Plan, port: str) -> None:
    size = DETECTED_FLASH_SIZES.get(esp.flash_id() >> 16 & 0xFF)  # JEDEC id: log2 of the size is its third byte
    if size is None or flash_size_bytes(size) < plan.flash_end:
        raise UserError(
            f"{port}: {size or 'unknown'} of flash, {plan.board} says {plan.flash_end >> 20} MB; "
            "correct image.vfs_size in the board file"
        )


def _deploy_when_started(board: str, port: str | None) -> None:
    """Deploy as soon as the pod answers: native USB comes back as another port."""
    settings = podfiles.settings_file({})
    end_s = time.monotonic() + _BOOT_S
    while True:
        try:
            print(deploy.deploy(port or find_port(), board, settings, lambda done, total: None))
            return
        except UserError:
            if time.monotonic() > end_s:
                raise
            time.sleep(1)


def add_arguments(parser) -> None:
    """Add the arguments of `backstep flash`."""
    parser.add_argument("board", metavar="BOARD", help="board name or file")
    parser.add_argument("--image", type=Path, required=True, metavar="FILE", help="MicroPython .bin for the board")
    parser.add_argument("--port", help="serial port (default: the one pod on USB)")
    parser.add_argument("--dry-run", action="store_true", help="check the image and print the plan; needs no pod")


def run(args) -> int:
    """Flash and deploy, or print the plan."""
    plan = make_plan(args.board, args.image)
    if args.dry_run:
        print("\n".join(plan.lines(args.port or "the pod on USB")))
        return 0
    port = args.port or find_port()
    print("\n".join(plan.lines(port)))
    carry_out(plan, port)
    _deploy_when_started(args.board, args.port)
    return 0
