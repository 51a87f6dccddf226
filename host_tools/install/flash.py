"""`backstep flash`: puts a MicroPython image onto an ESP32 through esptool, verifies it, then deploys."""

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
from host_tools.install import boards, deploy, image_check, podfiles
from host_tools.talk import usb_port

_CONNECT_ATTEMPTS = 3
_BOOT_S = 20.0


@dataclass(frozen=True)
class Plan:
    """What is written where: chip as esptool names it, image, address of its first byte, end of the filesystem.

    content: of the image, as it was checked.
    """

    board: str
    chip: str
    image: Path
    content: bytes
    address: int
    flash_end: int
    url: str

    def lines(self, port: str) -> list[str]:
        """Return the steps as text."""
        return [
            f"1. {port}: expect an {self.chip} with at least {self.flash_end >> 20} MiB of flash",
            "2. erase the whole flash: sessions and settings on the pod are lost",
            f"3. write {self.image} ({len(self.content)} bytes) at {self.address:#x}",
            "4. read it back and compare",
            f"5. restart, then deploy firmware, board {self.board} and default settings",
        ]


def make_plan(board: str, image: Path) -> Plan:
    """Return the plan for a board and an image file; UserError with every fault of the image.

    board: name or path of a board file.
    """
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
    faults = image_check.faults(content, image_check.Wanted(mcu, address, vfs, where["min_version"]))
    if faults:
        raise UserError("; ".join(f"{image}: {fault}" for fault in faults) + f"; get one from {where['url']}")
    return Plan(board, CHIP_DEFS[mcu].CHIP_NAME, image, content, address, sum(vfs), where["url"])


def carry_out(plan: Plan, port: str) -> str:
    """Erase, write and verify; return the port it was done at, UserError says what went wrong."""
    device = usb_port.device_at(port)
    try:
        port, chip = _chip_at(port, device)
        with chip as esp:
            if plan.chip != esp.CHIP_NAME:
                raise UserError(f"{port}: is an {esp.CHIP_NAME}, {plan.board} has an {plan.chip}")
            esp = run_stub(esp)
            attach_flash(esp)
            _check_flash_size(esp, plan, port)
            erase_flash(esp)
            written = [(plan.address, plan.content)]
            write_flash(esp, written)
            verify_flash(esp, written)
            reset_chip(esp, "hard-reset")
    except (FatalError, SerialException, OSError) as error:
        raise UserError(
            f"{port}: {error}; hold BOOT, press and release RESET, release BOOT, then repeat"
        ) from error
    return port


def _chip_at(port: str, device: usb_port.Device | None) -> tuple[str, ESPLoader]:
    """Return the port and the chip that listens to esptool there.

    Native USB goes away when esptool has the chip start its loader, and may come back under another name.
    """
    try:
        return port, detect_chip(port, connect_attempts=_CONNECT_ATTEMPTS)
    except (FatalError, SerialException, OSError):
        now = usb_port.found_again(device, port) if device else port
        if now == port:
            raise
        return now, detect_chip(now, connect_attempts=_CONNECT_ATTEMPTS)


def _check_flash_size(esp: ESPLoader, plan: Plan, port: str) -> None:
    size = DETECTED_FLASH_SIZES.get(esp.flash_id() >> 16 & 0xFF)  # JEDEC id: log2 of the size is its third byte
    if size is None or flash_size_bytes(size) < plan.flash_end:
        raise UserError(
            f"{port}: {size or 'unknown'} of flash, {plan.board} says {plan.flash_end >> 20} MB; "
            "correct image.vfs_size in the board file"
        )


def _deploy_when_started(board: str, port: str, device: usb_port.Device | None) -> None:
    """Deploy as soon as the pod answers: native USB comes back as another port.

    device: what was at the port before, None where that is not on USB.
    """
    settings = podfiles.settings_file({})
    end_s = time.monotonic() + _BOOT_S
    while True:
        now = usb_port.found_again(device, port) if device else port
        try:
            print(deploy.deploy(now, board, settings, lambda done, total: None))
            return
        except UserError as error:
            if time.monotonic() > end_s:
                raise UserError(f"{error}; press RESET, then backstep deploy --board {board}") from error
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
    port = args.port or usb_port.find_port()
    usb_port.refuse_factory_firmware(port)
    print("\n".join(plan.lines(port)))
    device = usb_port.device_at(port)
    port = carry_out(plan, port)
    _deploy_when_started(args.board, port, device)
    return 0
