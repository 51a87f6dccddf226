"""Folders on flash: what is in one, and how much room there is beside everything else."""

import os

from ...core.compat import const

PASSING = True  # see passing.py

FREE_MIN = const(65536)  # bytes that stay for settings, state, an update's last files
_INLINE_MAX = const(512)  # bytes, four reads of what starting.py mounts: such a file lies in its folder
_AT_ONCE = const(16)  # names
_ENOENT = const(2)


def listed(folder: str) -> list:
    """Return the names in a folder; makes it when it is missing."""
    make(folder)
    return os.listdir(folder)


def make(folder: str) -> None:
    """Make a folder that is missing."""
    try:
        os.stat(folder)
    except OSError as error:
        if error.args[0] != _ENOENT:
            raise
        os.mkdir(folder)


def names_by_name(folder: str):
    """Yield the names in a folder, "" after some: LittleFS takes 2 ms for each.  OSError as of os.listdir.

    Others may have a turn in between, and files come and go.
    """
    for number, entry in enumerate(os.ilistdir(folder)):  # type: ignore[attr-defined]
        yield entry[0]
        if number % _AT_ONCE == _AT_ONCE - 1:
            yield ""


def free_bytes(kept) -> int:
    """Return how many bytes are free on the flash; asked at the first call, counted from there on.

    kept: Kept.  To ask makes LittleFS read all it holds, which stalls sampling.
    """
    if kept.free < 0:
        space = os.statvfs(kept.root)
        kept.free = space[1] * space[3]
    return kept.free


def remove_file(kept, path: str) -> None:
    """Remove a file, and count what that frees.  kept: Kept.  OSError as of os.remove."""
    size = os.stat(path)[6]
    os.remove(path)
    if size > _INLINE_MAX:
        kept.grew(size, 0)
