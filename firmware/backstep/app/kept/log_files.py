"""The files of the session log: BBBBB-SS.bsl for boot and session, .old once a host has them; room for more.

Those of this start lie in /log, those of before on shelves, /log/boots/NNNN for sixteen boots: now and then, as a
file grows, LittleFS compares all of its folder with all, and this way no folder fills.
"""

import os

from ...core.compat import const
from ...core.log.log_format import HEAD_BYTES, RECORDS_MAX
from ..faults import ignore
from .folders import FREE_MIN, free_bytes, listed, remove_file

PASSING = True  # see passing.py

NEW, FETCHED = ".bsl", ".old"
TAIL = 2 * (HEAD_BYTES + RECORDS_MAX + 4)  # holds one block whole wherever the file ends
SHELVES = "boots"
_BOOTS = const(16)  # a shelf


def names(folder: str) -> list:
    """Return the names of all sessions, the oldest first; makes the folder when it is missing."""
    found = listed(folder)
    for path in shelves(folder):
        found += os.listdir(path)
    return sessions_in(found)


def sessions_in(found: list) -> list:
    """Return those of some names that are of sessions, the oldest first."""
    return sorted([name for name in found if name.endswith((NEW, FETCHED))])


def shelves(folder: str) -> list:
    """Return the paths of the shelves below a folder, the oldest first."""
    try:
        base = folder + "/" + SHELVES
        return sorted([base + "/" + name for name in os.listdir(base)])
    except OSError:
        return []  # none yet


def place(folder: str, name: str) -> str:
    """Return the path of a session: on its shelf where it is there, else in the folder itself."""
    path = on_shelf(folder, name)
    try:
        os.stat(path)
        return path
    except OSError:
        return folder + "/" + name


def on_shelf(folder: str, name: str) -> str:
    """Return where a session lies once it is on its shelf."""
    number = int(name[:5]) // _BOOTS if name[:5].isdigit() else 0
    return "%s/%s/%04d/%s" % (folder, SHELVES, number, name)


def remove_session(kept, path: str) -> None:
    """Remove a session's file, and the shelf that was left empty.  kept: Kept.  OSError: the flash refuses."""
    remove_file(kept, path)
    if SHELVES in path:
        try:
            os.rmdir(path[: path.rfind("/")])
        except OSError:
            pass  # it is not empty


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
