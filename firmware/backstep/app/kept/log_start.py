"""What a start asks of the session log's files: the newest block, and those of before put on their shelves."""

import os
from binascii import crc32

from ...core.compat import const
from ...core.log.log_reader import Reader
from . import log_files
from .folders import listed, make

PASSING = True  # see passing.py

_AT_ONCE = const(4)  # sessions shelved at a start: a pod of before has them all in /log
_LOOK_BACK = const(3)


def newest(folder: str) -> list:
    """Return the names of the sessions that the last boot may have made, and of some before; as names."""
    found = listed(folder)
    for path in log_files.shelves(folder)[-1:]:
        found += os.listdir(path)
    return log_files.sessions_in(found)


def last_head(folder: str, sessions: list):
    """Return the head of the newest block there is, None without one.  sessions: its `names`."""
    for name in sessions[::-1][:_LOOK_BACK]:
        head = None
        for block in Reader(log_files.tail(log_files.place(folder, name)), crc32).blocks():
            head = block[0]
        if head:
            return head
    return None


def last_boot(sessions: list) -> int:
    """Return the number of the last boot that has a session, 0 without one.  sessions: `names` of a folder."""
    number = sessions[-1][:5] if sessions else ""
    return int(number) if number.isdigit() else 0


def shelve(folder: str) -> None:
    """Put some sessions of before on their shelves, the newest first.  OSError: the flash refuses."""
    for name in log_files.sessions_in(listed(folder))[: -_AT_ONCE - 1 : -1]:
        path = log_files.on_shelf(folder, name)
        make(folder + "/" + log_files.SHELVES)
        make(path[: path.rfind("/")])
        os.rename(folder + "/" + name, path)
