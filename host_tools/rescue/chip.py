"""An ESP32 in its loader, through esptool: found, its filesystem read, at a slower rate where that fails."""

import contextlib
import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from esptool import attach_flash, detect_chip, run_stub
from esptool.cmds import DETECTED_FLASH_SIZES
from esptool.loader import ESPLoader
from esptool.util import FatalError, UnsupportedCommandError, flash_size_bytes
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from serial import SerialException

from host_tools.errors import UserError
from host_tools.rescue import partitions
from host_tools.rescue.filesystem import BLANK, BLOCK_SIZE, Found, anywhere, is_fat, read
from host_tools.rescue.partitions import Partition
from host_tools.talk import usb_port
from host_tools.talk.pod_link import why_not_open

_CONNECT_ATTEMPTS = 3
_SPEEDS = (921600, 460800, 115200)  # baud
_AT_ONCE = 4 * BLOCK_SIZE  # bytes: a command takes as long as some hundred of them
_STRETCH = 4 * _AT_ONCE
_BROKEN = (FatalError, UnsupportedCommandError, SerialException, OSError)
_TO_LOADER = "hold BOOT, press and release RESET, release BOOT, then repeat"
_NO_LOADER = "Failed to connect"  # how esptool begins whatever kept a loader from answering it
_BOOT_MODE = "Wrong boot mode"
Work = TypeVar("Work")


class NoLoader(UserError):  # noqa: N818 - what is at the port
    """Nothing at the port answers as a chip in its loader does."""


def at_chip(port: str, work: Callable[[ESPLoader, str], Work]) -> Work:
    """Return what work makes of the chip at a port: called with it, its stub running and its flash attached.

    work: may be called again from its beginning, at a slower rate; takes the port too: native USB may change it.
    What esptool has to say of its work goes to stderr.  NoLoader when no chip listens, UserError when the line
    breaks at every rate.
    """
    device = usb_port.device_at(port)
    for speed, slower in zip(_SPEEDS, (*_SPEEDS[1:], 0), strict=True):
        with contextlib.redirect_stdout(sys.stderr):
            try:
                port, found = _found(port, device)
            except _BROKEN as error:
                raise _not_found(port, error) from error
            try:
                with found as chip:
                    chip = run_stub(chip)
                    chip.WRITE_FLASH_ATTEMPTS = 1  # it is tried again below, at a slower rate
                    if speed != ESPLoader.ESP_ROM_BAUD:
                        chip.change_baud(speed)
                    attach_flash(chip)
                    chip.flash_set_parameters(flash_bytes(chip))
                    return work(chip, port)
            except _BROKEN as error:
                if not slower:
                    raise UserError(f"{port}: {_first_line(error)}; try another cable; {_TO_LOADER}") from error
                print(f"{port}: {_first_line(error)}: again, at {slower} baud", file=sys.stderr)
    raise AssertionError("the last rate ends it")


@contextlib.contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Tell what fails here apart from a line that breaks, inside of work."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{error.filename or folder}: {error.strerror or error}; the pod is as it was") from error


def _found(port: str, device: usb_port.Device | None) -> tuple[str, ESPLoader]:
    """Return the port and the chip that listens to esptool there.

    Native USB goes away when esptool has the chip start its loader, and may come back under another name.
    """
    try:
        return port, _detected(port)
    except _BROKEN:
        now = usb_port.found_again(device, port) if device else port
        if now == port:
            raise
        return now, _detected(now)


def _detected(port: str) -> ESPLoader:
    print(f"{port}: looks for the chip's loader", file=sys.stderr)
    unheard = io.StringIO()  # esptool's dots, and its advice on options that are its own
    with contextlib.redirect_stdout(unheard), contextlib.redirect_stderr(unheard):
        return detect_chip(port, connect_attempts=_CONNECT_ATTEMPTS)


def _not_found(port: str, error: Exception) -> UserError:
    if "Could not open" in str(error):
        return UserError(why_not_open(port))
    if not str(error).startswith(_NO_LOADER):
        return UserError(f"{port}: {_first_line(error)}; {_TO_LOADER}")
    runs = "the chip runs its program" if _BOOT_MODE in str(error) else "no chip in its loader answers"
    return NoLoader(f"{port}: {runs}; {_TO_LOADER}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].removesuffix(".")


def flash_bytes(chip: ESPLoader) -> int:
    """Return how much flash a chip has, 0 where it does not say."""
    size = DETECTED_FLASH_SIZES.get(chip.flash_id() >> 16 & 0xFF)  # JEDEC id: log2 of the size is its third byte
    return flash_size_bytes(size) if size else 0


def uid(chip: ESPLoader) -> str:
    """Return what its firmware calls its uid: machine.unique_id() is the MAC."""
    return bytes(chip.read_mac("BASE_MAC")).hex()


class ChipCells:
    """The cells of a piece of a chip's flash, each read when it is first asked for: most of a filesystem is empty.

    error: the line broke; from then on cells are told blank, since LittleFS cannot be made to stop.
    """

    def __init__(self, chip: ESPLoader, place: Partition, on_bytes: Callable[[int], None]):
        """place: which piece.  on_bytes: told how many bytes came."""
        self.error: Exception | None = None
        self._chip, self._place, self._on_bytes = chip, place, on_bytes
        self._cells = bytearray(BLANK * place.size)
        self._here = [False] * -(-place.size // _AT_ONCE)

    def __len__(self) -> int:
        return len(self._cells)

    def __getitem__(self, part: slice) -> bytes:
        for number in range(part.start // _AT_ONCE, -(-min(part.stop, len(self)) // _AT_ONCE)):
            if not self._here[number] and not self.error:
                self._fetch(number)
        return bytes(self._cells[part])

    def _fetch(self, number: int) -> None:
        at = number * _AT_ONCE
        size = min(_AT_ONCE, len(self) - at)
        try:
            self._cells[at : at + size] = self._chip.read_flash(self._place.offset + at, size)
        except _BROKEN as error:
            self.error = error
        else:
            self._here[number] = True
            self._on_bytes(size)

    def so_far(self) -> bytes:
        """Return the cells, those blank that nobody asked for; raises the error that broke the line."""
        if self.error:
            raise self.error
        return bytes(self._cells)

    def all(self) -> bytes:
        """Return every cell; of a longer stretch the chip makes a sum first, which tells whether it is blank."""
        for start in range(0, len(self), _STRETCH):
            end = min(start + _STRETCH, len(self))
            groups = range(start // _AT_ONCE, -(-end // _AT_ONCE))
            blank = hashlib.md5(BLANK * (end - start), usedforsecurity=False).hexdigest()
            if any(self._here[number] for number in groups) or self._sum(start, end - start) != blank:
                self[start:end]
            if self.error:
                break
        return self.so_far()

    def _sum(self, at: int, size: int) -> str:
        try:
            return self._chip.flash_md5sum(self._place.offset + at, size)
        except _BROKEN as error:
            self.error = error
            return ""


def filesystem(chip: ESPLoader) -> tuple[Partition, bytes, Found]:
    """Return where a chip has its filesystem, the cells there, and what it holds.

    Cells that nothing needs are told blank. All are read where something is lost, and of the whole flash where its
    table is no help.
    """
    size = flash_bytes(chip)
    content = chip.read_flash(partitions.TABLE_ADDRESS, partitions.TABLE_BYTES)
    try:
        place = partitions.filesystem(partitions.table(content, 0)[0], size)
    except ValueError:
        place = Partition("flash", partitions.APP, 0, size)
    screen = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task(f"read, of {place.size >> 20} MiB", total=None)
        cells = ChipCells(chip, place, lambda count: progress.advance(bar, count))
        found = read(cells) if place.kind != partitions.APP else Found(mounts=False)
        if found.mounts and not found.lost or is_fat(cells[0:BLOCK_SIZE]):
            return place, cells.so_far(), found
        whole = cells.all()
    return place, whole, anywhere(whole)[1] if place.kind == partitions.APP else found
