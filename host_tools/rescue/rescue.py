"""Verb `rescue`: sessions, raw seconds and settings straight out of the flash of a pod that no longer starts."""

import argparse
import contextlib
from dataclasses import asdict
from pathlib import Path

from esptool import reset_chip

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.rescue import carving, chip, filesystem, partitions, pod_copy
from host_tools.rescue.filesystem import BLANK, BLOCK_SIZE, Found
from host_tools.talk import usb_port
from host_tools.talk.client import Client
from host_tools.talk.telling import tell

_HELLO_S = 5.0  # esptool's bytes may be half a line to it
DUMP = "flash.bin"  # beside what was found in it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Nothing on the pod is changed, and it starts again afterwards. What was read of its flash stays in "
        f"DIR/UID/{DUMP}. Ends with 1 where something could not be read, and says what."
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--port", help="serial port of the pod (default: the one pod on USB)")
    where.add_argument("--image", type=Path, metavar="FILE", help="a flash or its filesystem that was read before")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="as that of backstep sync")
    parser.add_argument("--json", action="store_true", help="the answer as one line of JSON")


def run(args: argparse.Namespace) -> int:
    whole_file.check_folder(args.to)
    if args.image:
        name, folder = str(args.image), args.to / args.image.stem
        cells, found = _of_image(args.image)
    else:
        name = args.port or usb_port.find_port()
        usb_port.refuse_factory_firmware(name)
        cells, found, folder = _of_chip(name, args.to)
    nothing = nothing_there(cells, found)
    if nothing:
        raise UserError(f"{name}: {nothing}")
    copy = pod_copy.written(found, cells, folder)
    tell(args, asdict(copy), lambda: "\n".join(pod_copy.said(copy)))
    return 1 if copy.lost else 0


def _of_image(image: Path) -> tuple[bytes, Found]:
    content = image.read_bytes()
    if len(content) < 2 * BLOCK_SIZE:
        raise UserError(f"{image}: {len(content)} bytes: no flash of a pod, nor the filesystem of one")
    try:
        rows, _ = partitions.table(content, partitions.TABLE_ADDRESS)
    except ValueError:
        return content, filesystem.anywhere(content)[1]
    place = partitions.filesystem(rows, len(content))
    if place.offset >= len(content):
        raise UserError(f"{image}: ends at {len(content):#x}, before its filesystem at {place.offset:#x}")
    cells = content[place.offset : place.offset + place.size]
    return cells, filesystem.read(cells)


def _of_chip(port: str, to: Path) -> tuple[bytes, Found, Path]:
    try:
        return chip.at_chip(port, lambda esp, where: _off_chip(esp, to))
    except chip.NoLoader as error:
        name = _who_runs(port)
        if name:
            raise UserError(f"{port}: {name} runs there: backstep sync --to {to} fetches all it has") from error
        raise


def _who_runs(port: str) -> str:
    """Return the name of the pod whose firmware answers at a port, "" for none."""
    with contextlib.suppress(UserError), Client(port) as pod:
        return pod.meet(_HELLO_S)["name"]
    return ""


def _off_chip(esp, to: Path) -> tuple[bytes, Found, Path]:
    """Read the filesystem, keep what was read, have the pod start again."""
    folder = to / chip.uid(esp)
    _, cells, found = chip.filesystem(esp)
    reset_chip(esp, "hard-reset")
    with chip.on_disk(folder):
        keep_dump(cells, folder)
    return cells, found, folder


def keep_dump(cells: bytes, folder: Path) -> None:
    """Put what was read of a flash into a folder, made when missing; an earlier one that differs stays."""
    folder.mkdir(parents=True, exist_ok=True)
    name, number = Path(DUMP), 1
    while (file := folder / name).exists() and file.read_bytes() != cells:
        number += 1
        name = name.with_stem(f"{Path(DUMP).stem}_{number}")
    whole_file.write(file, cells)


def nothing_there(cells: bytes, found: Found) -> str:
    """Return why there is nothing to be rescued, "" where there is something."""
    if found.mounts and not found.lost and not pod_copy.ours(found.files):
        return "no firmware of ours has kept anything on it"
    if pod_copy.ours(found.files) or carving.sessions(cells) or carving.tables(cells):
        return ""
    if not cells.strip(BLANK):
        return "its filesystem is empty: nothing was ever kept on it"
    if filesystem.is_fat(cells):
        return "holds a FAT filesystem, as CircuitPython's: nothing of a pod is on it"
    return "no filesystem of a pod, and no piece of one"
