"""The files of the session log: BBBBB-SS.bsl for boot and session, .old once a host has them; room for more.

Those of this start lie in /log, those of before on shelves, /log/boots/NNNN for sixteen boots: now and then, as a
file grows, LittleFS compares all of its folder with all, and this way no folder fills.
"""

import os
from binascii import crc32

from ...core.compat import const
from ...core.log.log_format import HEAD_BYTES, RECORDS_MAX
from ...core.log.log_reader import Reader
from ..faults import ignore
from .folders import FREE_MIN, free_bytes, listed, make, remove_file

PASSING = True  # see passing.py

NEW, FETCHED = ".bsl", ".old"
TAIL = 2 * (HEAD_BYTES + RECORDS_MAX + 4)  # holds one block whole wherever the file ends
_SHELVES = "boots"
_BOOTS = const(16)  # a shelf
_AT_ONCE = const(4)  # sessions shelved at a start: a pod of before has them all in /log
_LOOK_BACK = const(3)


def names(folder: str) -> list:
    """Return the names of all sessions, the oldest first; makes the folder when it is missing."""
    found = listed(folder)
    for path in shelves(folder):
        found += os.listdir(path)
    return sessions_in(found)


def newest(folder: str) -> list:
    """Return the names of the sessions that the last boot may have made, and of some before; as names."""
    found = listed(folder)
    for path in shelves(folder)[-1:]:
        found += os.listdir(path)
    return sessions_in(found)


def sessions_in(found: list) -> list:
    """Return those of some names that are of sessions, the oldest first."""
    return sorted([name for name in found if name.endswith((NEW, FETCHED))])


def shelves(folder: str) -> list:
    """Return the paths of the shelves below a folder, the oldest first."""
    try:
        base = folder + "/" + _SHELVES
        return sorted([base + "/" + name for name in os.listdir(base)])
    except OSError:
        return []  # none yet


def place(folder: str, name: str) -> str:
    """Return the path of a session: on its shelf where it is there, else in the folder itself."""
    path = _on_shelf(folder, name)
    try:
        os.stat(path)
        return path
    except OSError:
        return folder + "/" + name


def shelve(folder: str) -> None:
    """Put some sessions of before on their shelves, the newest first.  OSError: the flash refuses."""
    for name in sessions_in(listed(folder))[: -_AT_ONCE - 1 : -1]:
        path = _on_shelf(folder, name)
        make(folder + "/" + _SHELVES)
        make(path[: path.rfind("/")])
        os.rename(folder + "/" + name, path)


def _on_shelf(folder, name):
    number = int(name[:5]) // _BOOTS if name[:5].isdigit() else 0
    return "%s/%s/%04d/%s" % (folder, _SHELVES, number, name)


def remove_session(kept, path: str) -> None:
    """Remove a session's file, and the shelf that was left empty.  kept: Kept.  OSError: the flash refuses."""
    remove_file(kept, path)
    if _SHELVES in path:
        try:
            os.rmdir(path[: path.rfind("/")])
        except OSError:
            pass  # it is not empty


def last_head(folder: str, sessions: list):
    """Return the head of the newest block there is, None without one.  sessions: its `names`."""
    for name in sessions[::-1][:_LOOK_BACK]:
        head = None
        for block in Reader(tail(place(folder, name)), crc32).blocks():
            head = block[0]
        if head:
            return head
    return None


def last_boot(sessions: list) -> int:
    """Return the number of the last boot that has a session, 0 without one.  sessions: `names` of a folder."""
    number = sessions[-1][:5] if sessions else ""
    return int(number) if number.isdigit() else 0


def make_room(kept, say, keep=ignore) -> bool:
    """Remove what may go until there is room: sessions a host has, the oldest first, then raw seconds.

    kept: Kept.  say: takes a line for each.  keep: called before the first is removed.
    Return whether there is room now.
    """
    if free_bytes(kept) >= FREE_MIN:
        return True
    folder = kept.root + "log"
    fetched = [place(folder, name) for name in names(folder) if name.endswith(FETCHED)]
    for path in fetched + _raw(kept.root + "marks") + _raw(kept.root + "raw"):
        keep()
        keep = ignore
        remove_session(kept, path)
        say("log: the flash is nearly full: %s removed" % path)
        if free_bytes(kept) >= FREE_MIN:
            return True
    return False


def _raw(folder):
    try:
        return [folder + "/" + name for name in sorted(os.listdir(folder))]
    except OSError:
        return []  # none there


def tail(path: str) -> bytes:
    """Return the last TAIL bytes of a file."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        return file.read()
