"""What the firmware's own storage code finds on a flash at its start, run on CPython over the real littlefs."""

from __future__ import annotations

import contextlib
import io
from binascii import crc32
from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

from backstep.app.kept import folders, log_files, log_start, settings_store, state_store, twin
from backstep.app.log import mark_file
from backstep.core.log import chest
from littlefs import LittleFS, LittleFSError

from host_tools.rescue.filesystem import BLOCK_SIZE, littlefs_on

MODULES = (twin, settings_store, log_files, log_start, folders, mark_file)


@dataclass(frozen=True)
class Found:
    """The settings and the state that the pod would run on, its session files, recordings, and what it said."""

    settings: dict
    state: dict
    files: dict[str, bytes]
    raw: dict[str, bytes]
    said: list[str]


def boot(cells: bytearray) -> Found:
    """Mount and start as app/startup.py does; LittleFSError when the file system is broken."""
    fs = littlefs_on(cells)
    said: list[str] = []
    with as_flash(fs):
        settings = settings_store.load("/kept/settings.json", said.append)
        files = {name: _content(fs, log_files.place("/log", name)) for name in log_files.names("/log")}
        raw = _raw(fs)
        state = state_store.begin("/kept/state", "/log", "power on", 3900, said.append)
    return Found(settings, state, files, raw, said)


def _raw(fs: LittleFS) -> dict[str, bytes]:
    """Return recordings: of chosen minutes by name, of a chest by its name and their number."""
    found: dict[str, bytes] = {}
    folders = [folder for folder in ("marks", "raw") if folder in fs.listdir("/")]
    for path in [f"/{folder}/{name}" for folder in folders for name in fs.listdir(folder)]:
        if path.endswith(".rec"):
            found[path] = _content(fs, path)
        elif path.endswith(".raws"):
            held = chest.cut(_content(fs, path), crc32)
            found |= {f"{path} {number}": data for number, (data, about) in enumerate(held) if about != b"{}"}
    return found


def _content(fs: LittleFS, path: str) -> bytes:
    with fs.open(path, "rb") as file:
        return file.read()


@contextlib.contextmanager
def as_flash(fs: LittleFS) -> Iterator[None]:
    """Have the firmware's modules open, list and rename on a littlefs, with MicroPython's errors."""
    calls = _Os(fs)
    with contextlib.ExitStack() as stack:
        for module in MODULES:
            stack.enter_context(mock.patch.object(module, "os", calls, create=True))
            stack.enter_context(mock.patch.object(module, "open", calls.open, create=True))
        yield


class _Os:
    def __init__(self, fs: LittleFS):
        self._fs = fs

    def open(self, path: str, mode: str = "r"):
        with _errors():
            if mode == "ab":  # for which littlefs-python makes no file
                with contextlib.suppress(FileExistsError):
                    self._fs.open(path, "xb").close()
            file = self._fs.open(path, mode.replace("b", "") + "b")
            return file if "b" in mode else io.TextIOWrapper(file)

    def listdir(self, path: str) -> list[str]:
        with _errors():
            return list(self._fs.listdir(path))

    def mkdir(self, path: str) -> None:
        with _errors():
            self._fs.mkdir(path)

    def rename(self, old: str, new: str) -> None:
        with _errors():
            self._fs.rename(old, new)

    def remove(self, path: str) -> None:
        with _errors():
            self._fs.remove(path)

    def rmdir(self, path: str) -> None:
        self.remove(path)

    def stat(self, path: str):
        with _errors():
            found = self._fs.stat(path)
        return (0, 0, 0, 0, 0, 0, found.size, 0, 0, 0)

    def statvfs(self, path: str):
        return (BLOCK_SIZE, BLOCK_SIZE, 0, self._fs.block_count - self._fs.used_block_count)


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except LittleFSError as error:
        raise OSError(-error.code) from error
    except FileNotFoundError as error:
        raise OSError(2) from error
