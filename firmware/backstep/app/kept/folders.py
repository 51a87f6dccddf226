"""Folders on flash: what is in one, and how much room there is beside everything else."""

import os

from ...core.compat import const

PASSING = True  # see passing.py

FREE_MIN = const(65536)  # bytes that stay for settings, state, an update's last files
_ENOENT = const(2)


def listed(folder: str) -> list:
    """Return the names in a folder; makes it when it is missing."""
    try:
        return os.listdir(folder)
    except OSError as error:
        if error.args[0] != _ENOENT:
            raise
        os.mkdir(folder)
        return []


def free_bytes(folder: str) -> int:
    """Return how many bytes are free on the flash."""
    space = os.statvfs(folder)
    return space[1] * space[3]
