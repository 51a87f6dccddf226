"""The files of the session log: BBBBB-SS.bsl for boot and session, .old once a host has them; room for more."""

import os
from binascii import crc32

from ...core.compat import const
from ...core.log.log_format import HEAD_BYTES, RECORDS_MAX
from ...core.log.log_reader import Reader
from ..faults import ignore
from .folders import FREE_MIN, free_bytes, listed, remove_file

PASSING = True  # see passing.py

NEW, FETCHED = ".bsl", ".old"
TAIL = 2 * (HEAD_BYTES + RECORDS_MAX + 4)  # holds one block whole wherever the file ends
_LOOK_BACK = const(3)


def names(folder: str) -> list:
    """Return the names of all sessions, the oldest first; makes the folder when it is missing."""
    return sorted([name for name in listed(folder) if name.endswith((NEW, FETCHED))])


def last_head(folder: str, sessions: list):
    """Return the head of the newest block there is, None without one.  sessions: its `names`."""
    for name in sessions[::-1][:_LOOK_BACK]:
        head = None
        for block in Reader(tail(folder + "/" + name), crc32).blocks():
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
    fetched = [folder + "/" + name for name in names(folder) if name.endswith(FETCHED)]
    for path in fetched + _raw(kept.root + "marks") + _raw(kept.root + "raw"):
        keep()
        keep = ignore
        remove_file(kept, path)
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
