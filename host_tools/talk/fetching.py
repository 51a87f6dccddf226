"""Files from a pod: whole, checked by CRC32, going on where a broken cable left off; nothing is overwritten."""

import errno
from binascii import crc32
from pathlib import Path
from typing import BinaryIO

from host_tools.errors import UserError
from host_tools.talk.client import Client, Refused

PART = ".part"
_FULL = (errno.ENOSPC, errno.EFBIG)
_SUFFIXES = {".old": ".bsl", ".raw": ".bsr", ".rec": ".bsr"}  # what a file is called here


def whole(pod: Client, path: str, size: int, folder: Path, on_bytes=lambda done: None) -> tuple[Path, bool]:
    """Return the file here that holds one of the pod's, which is told so, and whether it came now.

    path, size [bytes]: of the file on the pod.  folder: there is one.  on_bytes: told how many are here.
    UserError as of Client, and when a copy differs twice.
    """
    for file in copies(folder, path):
        if file.stat().st_size == size and _confirmed(pod, path, file):
            return file, False
    for _ in range(2):
        part = fetch(pod, path, folder, on_bytes)
        if _confirmed(pod, path, part):
            file = free(folder, path)
            part.replace(file)
            return file, True
        part.unlink()  # what was here of it was of another file of that name
    raise UserError(f"{pod.port}: {path}: the copy differs (CRC32) twice; repeat")


def content(pod: Client, path: str) -> bytes:
    """Return what a small file of the pod's holds.  UserError as of Client."""
    data = b""
    while True:
        piece, size = pod.read(path, len(data))
        data += piece
        if not piece or len(data) >= size:
            return data


def fetch(pod: Client, path: str, folder: Path, on_bytes=lambda done: None) -> Path:
    """Fetch a file into its .part, going on where that ends; return that.  UserError when the disk is full."""
    part = folder / (name_here(path) + PART)
    try:
        _fetch_into(part, pod, path, on_bytes)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        if not part.stat().st_size:
            part.unlink()
        raise UserError(f"{part}: {error.strerror}; make room and repeat: it goes on from there") from error
    return part


def _fetch_into(part: Path, pod: Client, path: str, on_bytes) -> None:
    with part.open("ab") as file:

        def keep(data: bytes) -> None:
            _append(file, data)
            on_bytes(file.tell())

        size = -1
        while size < 0 or file.tell() < size:
            at = file.tell()
            try:
                size = pod.stretch(path, at, keep)
            except Refused:
                if not at:
                    raise
                file.seek(file.truncate(0))  # longer than what the pod has: of another file of that name
                continue
            if file.tell() == at:
                break


def _append(file: BinaryIO, data: bytes) -> None:
    file.write(data)
    file.flush()


def sum_of(file: Path) -> dict:
    """Return size [bytes] and crc32 of a file, as the pod wants to be told them."""
    data = file.read_bytes()
    return {"size": len(data), "crc32": crc32(data)}


def name_here(path: str) -> str:
    """Return what a file of the pod is called here, where no other has that name."""
    there = Path(path)
    return there.stem + _SUFFIXES.get(there.suffix, there.suffix)


def _confirmed(pod: Client, path: str, file: Path) -> bool:
    """Tell the pod that a file is here; return whether it has the same."""
    try:
        pod.ask_again("synced", path=path, **sum_of(file))
    except Refused:
        return False
    return True


def copies(folder: Path, path: str) -> list[Path]:
    """Return the files that may hold one of the pod's: of its name, or beside it after the pod counted anew."""
    name = Path(name_here(path))
    found = sorted(folder.glob(f"{name.stem}*{name.suffix}"))
    return [file for file in found if file.stem.partition("_")[0] == name.stem]


def free(folder: Path, path: str) -> Path:
    """Return where a file of the pod may be put: nothing is there."""
    name, number = Path(name_here(path)), len(copies(folder, path))
    return folder / (f"{name.stem}_{number + 1}{name.suffix}" if number else name.name)
