"""A file that is written whole or not at all; what goes wrong is told by the name that was asked for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from host_tools.errors import UserError


def check(path: Path) -> None:
    """UserError unless path is a plain file or nothing yet, in a folder that is there: no device is replaced."""
    if path.exists() and not path.is_file():
        raise UserError(f"{path}: is {'a folder' if path.is_dir() else 'no plain file'}, want the name of a file")
    if not path.parent.is_dir():
        raise UserError(f"{path}: there is no folder {path.parent}")
    _check_writable(path.parent)


def check_folder(path: Path) -> None:
    """UserError unless path is a folder that takes files, or one that can be made."""
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        raise UserError(f"{there}: is a file, want a folder")
    _check_writable(there)


def _check_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{folder}: nothing may be written there; want a folder of your own")


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write into, which is called path once all of it is on the disk; else nothing is left of it.

    UserError as of check(); OSError, with path in it, when the disk refuses.
    """
    check(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None
    finally:
        part.unlink(missing_ok=True)


def write(path: Path, data: bytes) -> None:
    """Write a file of these bytes, as whole() does."""
    with whole(path) as file:
        file.write(data)
