"""What a pod kept, as files in a folder: as `sync` puts them, for every verb that shows sessions."""

import json
import tempfile
from binascii import crc32
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backstep.app.kept import twin
from backstep.core import settings as rules
from backstep.core.log.chest import SEAL_BYTES, cut
from backstep.core.log.log_reader import Reader as LogReader
from backstep.core.log.recording import Reader as RecordingReader

from host_tools import whole_file
from host_tools.rescue import carving
from host_tools.rescue.filesystem import Found
from host_tools.sessions.folder import SETTINGS
from host_tools.talk import chests
from host_tools.talk.fetching import copies, free

STATE = "state.json"
_LOG, _MARKS, _RAW, _KEPT = "/log/", "/marks/", "/raw/", "/kept/"
_GROWING = ("new", "next")  # recordings that the pod had not finished
_SUFFIXES = (".raw", ".rec", ".bsr")


@dataclass
class Copy:
    """What a rescue came to.

    folder: where.  sessions, raw: names of what is in it now, raw seconds in its `raw`.  had: how many of them
    were here before.  settings, state: whether they are in it.  lost: what could not be read, in words.
    """

    folder: str
    sessions: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    had: int = 0
    settings: bool = False
    state: bool = False
    lost: list[str] = field(default_factory=list)


def ours(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return those files of a pod that are its wearer's: sessions, raw seconds, settings and state.

    Of a pod from before there was a folder for the last two, where the new ones look for them.
    """
    old = {_KEPT + path[1:]: data for path, data in files.items() if path.startswith(("/settings.", "/state."))}
    return old | {path: data for path, data in files.items() if path.startswith((_LOG, _MARKS, _RAW, _KEPT))}


def written(found: Found, cells: bytes, folder: Path) -> Copy:
    """Put what was found into a folder, made when missing; nothing there is overwritten but settings and state.

    cells: of the filesystem, searched for what it cannot tell.
    """
    files, copy = ours(found.files), Copy(str(folder), lost=list(found.lost))
    sessions = {path: data for path, data in files.items() if path.startswith(_LOG)}
    tables: dict[str, dict] = {}
    if found.lost:
        tables = carving.tables(cells)
        known = {Path(path).stem for path in sessions}
        searched = carving.sessions(cells)
        sessions |= {_LOG + name: data for name, data in searched.items() if Path(name).stem not in known}
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    for path, data in sorted(sessions.items()):
        _session(path, data, folder, copy)
    for path, data in sorted(files.items()):
        if path.startswith(_MARKS):
            _mark(path, data, files, folder / "raw", copy)
        elif path.startswith(_RAW) and path.endswith(chests.SUFFIXES):
            _chest(path, data, folder / "raw", copy)
    copy.settings = _settings(files, tables, folder, copy.lost)
    copy.state = _state(files, tables, folder, copy.lost)
    return copy


def _session(path: str, data: bytes, folder: Path, copy: Copy) -> None:
    file = _put(path, data, folder, copy)
    copy.sessions.append(file.name)
    reader = LogReader(data, crc32)
    damaged = reader.damaged_bytes if list(reader.blocks()) else len(data)
    _tell_damage(file, damaged, len(data), copy)


def _mark(path: str, data: bytes, files: dict[str, bytes], folder: Path, copy: Copy) -> None:
    """Put a recording and what it is about; a file that tells of none is left out."""
    if Path(path).name in _GROWING:
        path += _SUFFIXES[-1]
    if not path.endswith(_SUFFIXES) or not data:
        return
    file = _put(path, data, folder, copy)
    copy.raw.append(file.name)
    try:
        reader = RecordingReader(data, crc32)
        damaged = reader.damaged_bytes if list(reader.blocks()) else len(data)
    except ValueError:
        damaged = len(data)
    _tell_damage(file, damaged, len(data), copy)
    about = file.with_suffix(".json")
    if not about.exists():
        told = files.get(f"{path[: path.rindex('.')]}.json", b"")
        whole_file.write(about, told if _is_table(told) else b"{}\n")


def _chest(path: str, data: bytes, folder: Path, copy: Copy) -> None:
    """Put a chest and its recordings; what is sealed by none of them, behind them all or between, is told."""
    file = chests.settled(_put(path, data, folder, copy), path)
    copy.raw += [recording.name for recording, _ in chests.unpacked(file)]
    sealed = sum(len(recording) + len(about) + SEAL_BYTES for recording, about in cut(data, crc32))
    _tell_damage(file, len(data) - sealed, len(data), copy)


def _tell_damage(file: Path, damaged: int, size: int, copy: Copy) -> None:
    if damaged:
        copy.lost.append(f"{file}: {damaged} of its {size} bytes are damaged")


def _is_table(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _put(path: str, data: bytes, folder: Path, copy: Copy) -> Path:
    for file in copies(folder, path):
        if file.read_bytes() == data:
            copy.had += 1
            return file
    file = free(folder, path)
    whole_file.write(file, data)
    return file


def _settings(files: dict[str, bytes], tables: dict[str, dict], folder: Path, lost: list[str]) -> bool:
    """Put the settings as a pod would take them at its next start; return whether there are any."""
    table = None
    try:
        kept = _table(files, "settings", lost) or tables.get("settings")
        if kept:
            table = rules.check(rules.migrated(kept.get("version"), kept.get("settings")))
        asked = files.get(f"{_KEPT}settings.json")  # a whole new set, not taken over yet
        if asked is not None:
            table = rules.check(rules.migrated(1, json.loads(asked)))
    except (ValueError, AttributeError) as error:
        lost.append(f"settings: {'; '.join(str(error).splitlines())}")
    return _put_table(table, folder / SETTINGS)


def _state(files: dict[str, bytes], tables: dict[str, dict], folder: Path, lost: list[str]) -> bool:
    return _put_table(_table(files, "state", lost) or tables.get("state"), folder / STATE)


def _table(files: dict[str, bytes], name: str, lost: list[str]) -> dict | None:
    """Return the newest sound copy of one of the pod's tables, read by the pod's code, which moves bad ones."""
    with tempfile.TemporaryDirectory() as scratch:
        for path, data in files.items():
            if path in [f"{_KEPT}{name}{copy}" for copy in twin.COPIES]:
                (Path(scratch) / Path(path).name).write_bytes(data)
        table, _, faults = twin.read(f"{scratch}/{name}")
    lost += [f"{name}: {fault.partition(';')[0].replace(f'{scratch}/', _KEPT)}" for fault in faults]
    return table


def _put_table(table: dict | None, file: Path) -> bool:
    if table is not None:
        whole_file.write(file, json.dumps(table).encode() + b"\n")
    return table is not None


def said(copy: Copy) -> Iterator[str]:
    """Yield what a copy came to in lines."""
    here = f" ({copy.had} of them here before)" if copy.had else ""
    kept = " and ".join(["settings"] * copy.settings + ["state"] * copy.state)
    counts = f"{len(copy.sessions)} sessions, {len(copy.raw)} recordings of raw seconds{here}"
    yield f"{copy.folder}: {counts}; {kept or 'neither settings nor state'}"
    for line in copy.lost:
        yield f"lost: {line}"
