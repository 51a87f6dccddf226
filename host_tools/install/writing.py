"""MicroPython onto an ESP32 through esptool: what the pod had kept is saved first, and is on it afterwards."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from esptool import erase_flash, reset_chip, verify_flash, write_flash
from esptool.loader import ESPLoader
from esptool.targets import CHIP_DEFS
from littlefs import LittleFSError

from host_tools.errors import UserError
from host_tools.install import boards, image_check, podfiles
from host_tools.install.saved import Saved
from host_tools.rescue import chip, filesystem, partitions, pod_copy
from host_tools.rescue.filesystem import BLANK, BLOCK_SIZE, Found
from host_tools.rescue.partitions import TABLE_ADDRESS, Partition
from host_tools.talk.pod_link import Pod


@dataclass(frozen=True)
class Plan:
    """What is written where: chip as esptool names it, image, address of its first byte, end of the flash.

    content, rows: of the image, as it was checked, and of its partition table.
    """

    board: str
    chip: str
    image: Path
    content: bytes
    rows: list[Partition]
    address: int
    flash_end: int

    def lines(self, port: str, folder: Path, erase: bool) -> list[str]:
        """Return the steps as text.  folder: of copies.  erase: whether the pod starts clean."""
        keeps = "is not put back: --erase" if erase else "stays, or is put back"
        size = f"{len(self.content)} bytes"
        return [
            f"1. {port}: expect an {self.chip} with at least {self.flash_end >> 20} MiB of flash",
            f"2. copy sessions, raw seconds, settings and state of the pod into {folder}",
            f"3. write {self.image} ({size}) at {self.address:#x}; what the pod has kept {keeps}",
            "4. have the chip make a sum of it, and compare",
            f"5. restart, then deploy firmware and board {self.board}",
        ]


def wanted(board: str) -> tuple[dict, image_check.Wanted]:
    """Return a board's `image` and what it asks of one; UserError where it takes none."""
    description = boards.load(board)
    if "image" not in description:
        raise UserError(f"{board}: image: missing; nothing can be flashed onto this board")
    mcu, where = description["mcu"], description["image"]
    address = int(podfiles.chips()["mcus"][mcu]["image_offset"], 16)
    vfs = int(where["vfs_offset"], 16), int(where["vfs_size"], 16)
    return where, image_check.Wanted(mcu, address, vfs, where["min_version"])


def make_plan(board: str, image: Path) -> Plan:
    """Return the plan for a board and an image file; UserError with every fault of the image.

    board: name or path of a board file.
    """
    where, asked = wanted(board)
    try:
        content = image.read_bytes()
    except OSError as error:
        raise UserError(f"{image}: {error.strerror}; get one from {where['url']}") from error
    faults = image_check.faults(content, asked)
    if faults:
        raise UserError("; ".join(f"{image}: {fault}" for fault in faults) + f"; get one from {where['url']}")
    rows, _ = partitions.table(content, TABLE_ADDRESS - asked.address)
    name = CHIP_DEFS[asked.mcu].CHIP_NAME
    return Plan(board, name, image, content, rows, asked.address, sum(asked.vfs))


def carry_out(plan: Plan, port: str, saved: Saved, erase: bool = False) -> str:
    """Save, write, verify, have what was kept be there again; return the port it was done at.

    saved: takes the copy.  erase: the pod starts clean.  UserError says what went wrong, and where the copy is.
    """
    with contextlib.suppress(UserError), Pod(port) as pod:
        pod.stop()
    try:
        return chip.at_chip(port, lambda esp, where: _at(esp, plan, where, saved, erase))
    except UserError as error:
        raise UserError(f"{error}{saved.words()}") from error
    except KeyboardInterrupt:
        print(f"{port}: interrupted{saved.words()}", file=sys.stderr)
        raise


def _at(esp: ESPLoader, plan: Plan, port: str, saved: Saved, erase: bool) -> str:
    if plan.chip != esp.CHIP_NAME:
        raise UserError(f"{port}: is an {esp.CHIP_NAME}, {plan.board} has an {plan.chip}")
    _check_flash_size(esp, plan, port)
    place, cells, found = chip.filesystem(esp)
    uid = chip.uid(esp)
    with chip.on_disk(saved.folder):
        saved.save(uid, cells, found)
    target = partitions.filesystem(plan.rows, chip.flash_bytes(esp))
    image = [(plan.address, plan.content)]
    if not erase and _stays(place, target, found, saved):
        before = esp.flash_md5sum(place.offset, place.size)
        _write(esp, image)
        if esp.flash_md5sum(place.offset, place.size) != before:
            raise UserError(f"{port}: its filesystem has changed meanwhile: is its flash bad?")
    else:
        pieces = [] if erase else _pieces(saved.files, target, port)
        erase_flash(esp)
        _write(esp, [*pieces, *image])  # the image is what starts: all that was kept is there before
    saved.finish()
    reset_chip(esp, "hard-reset")
    return port


def _stays(place: Partition, target: Partition, found: Found, saved: Saved) -> bool:
    """Return whether a filesystem can be left as it is: sound, where the new image looks for it, and complete."""
    is_same = (place.offset, place.size) == (target.offset, target.size)
    return is_same and found.mounts and not found.lost and pod_copy.ours(found.files) == saved.files


def _pieces(files: dict[str, bytes], target: Partition, port: str) -> list[tuple[int, bytes]]:
    """Return a filesystem with these files as what is to be written where: its first pair of blocks last.

    Until then nobody takes it for one.
    """
    if not files:
        return []
    try:
        cells = filesystem.made(files, target.size // BLOCK_SIZE * BLOCK_SIZE)
    except LittleFSError as error:
        raise UserError(
            f"{port}: what the pod had kept has no room in the {target.size >> 10} KiB there"
        ) from error
    runs = list(_runs(cells, 2))
    return [(target.offset + at, data) for at, data in (*runs, (0, cells[: 2 * BLOCK_SIZE]))]


def _runs(cells: bytes, first: int) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) of the blocks that are not blank, those side by side in one.  first: block."""
    begin = None
    for block in range(first, len(cells) // BLOCK_SIZE + 1):
        at = block * BLOCK_SIZE
        if cells[at : at + BLOCK_SIZE].strip(BLANK):
            begin = at if begin is None else begin
        elif begin is not None:
            yield begin, cells[begin:at]
            begin = None


def _write(esp: ESPLoader, pieces: list[tuple[int, bytes]]) -> None:
    write_flash(esp, pieces, no_progress=not sys.stderr.isatty())
    verify_flash(esp, pieces)


def _check_flash_size(esp: ESPLoader, plan: Plan, port: str) -> None:
    size = chip.flash_bytes(esp)
    if size < plan.flash_end:
        has = f"{size >> 20}MB" if size else "unknown"
        raise UserError(
            f"{port}: {has} of flash, {plan.board} says {plan.flash_end >> 20} MB; "
            "correct image.vfs_size in the board file"
        )
