"""Which files are of the same session: those of pods worn together, in the folders beside each other."""

from binascii import crc32
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from backstep.core import events
from backstep.core.log.log_reader import Reader
from backstep.core.log.recording import PLACEMENTS

from host_tools.errors import UserError
from host_tools.sessions import session_log
from host_tools.sessions.folder import settings_of
from host_tools.sessions.merged import band_of, merged, without_copies
from host_tools.sessions.session_log import SessionLog

_HEAD_BYTES = 16384  # BAND is logged at a session's beginning and once a minute, some 2 KB of strides


def number_of(path: Path) -> int:
    """Return the number of the band's session of a file, by its beginning; 0 for a pod alone and for no file."""
    try:
        about = path.stat()
    except OSError:  # a link to nowhere
        return 0
    return _number_of(path, about.st_mtime_ns, about.st_size)


@cache  # a page of a hundred sessions asks each of its partners' files a hundred times
def _number_of(path: Path, mtime_ns: int, size: int) -> int:
    reader = Reader(_head(path), crc32)
    for head, offset, length in reader.blocks():
        for code, _, fields in reader.records(head, offset, length):
            if code == events.BAND:
                return fields[0] << 16 | fields[1]
    return 0


def _head(path: Path) -> bytes:
    """Return a file's beginning, b"" where there is nothing to read: others have been in these folders too."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""


def partners(path: Path) -> list[Path]:
    """Return the files of the session that a file is of, itself first: those in folders beside its own too."""
    number = number_of(path)
    if not number:
        return [path]
    beside = sorted(path.resolve().parent.parent.glob("*/*.bsl"))
    others = [other for other in beside if other != path.resolve() and number_of(other) == number]
    return [path, *others]


def load(path: Path, alone: bool = False) -> tuple[Path, SessionLog]:
    """Return a session, put together with what its partners logged, and the file of the pod it is told by.

    alone: of this pod only.  UserError as of session_log.load; a partner's file that is none is left out.
    """
    if alone:
        return path, session_log.load(path)
    return _of(partners(path))


def _of(paths: list[Path]) -> tuple[Path, SessionLog]:
    logs = [(paths[0], session_log.load(paths[0]))]
    for path in paths[1:]:
        try:
            logs.append((path, session_log.load(path)))
        except UserError:
            continue
    return _together(logs)


def grouped(logs: Iterable[tuple[Path, SessionLog]]) -> list[tuple[Path, SessionLog]]:
    """Return sessions with those of the same band's session as one, each where its first one was."""
    groups: dict[object, list[tuple[Path, SessionLog]]] = {}
    for path, log in logs:
        groups.setdefault(band_of(log) or path, []).append((path, log))
    return [_together(group) for group in groups.values()]


def _together(logs: list[tuple[Path, SessionLog]]) -> tuple[Path, SessionLog]:
    if len(logs) > 1:
        logs = without_copies(logs)
    if len(logs) == 1:
        return logs[0]
    found = merged(logs)
    return found.pods[0].path, found


def is_of(path: Path, pod: str) -> bool:
    """Return whether a file is of a pod.  pod: its uid, which is its folder, its name or its placement."""
    folder = path.parent
    return pod in (folder.name, settings_of(folder).get("pod_name"), _placement(path))


def of_pod(paths: list[Path], pod: str) -> list[Path]:
    """Return the files of a pod, all for ""; UserError where there are none."""
    found = [path for path in paths if not pod or is_of(path, pod)]
    if paths and not found:
        there = sorted({path.parent.name for path in paths})
        raise UserError(f"--pod {pod}: no session of such a pod; there are folders of {', '.join(there)}")
    return found


def _placement(path: Path) -> str:
    heads = Reader(_head(path), crc32).blocks()
    number = next((head["placement"] for head, _, _ in heads), len(PLACEMENTS))
    return PLACEMENTS[number] if number < len(PLACEMENTS) else ""
