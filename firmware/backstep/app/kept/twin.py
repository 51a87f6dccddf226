"""A table on flash in two copies, each whole or worthless: whatever is cut while one is written, the other stands.

A copy, path.a or path.b, is a line of JSON and a line with the CRC32 of the first; the newer generation counts.
"""

import json
import os
from binascii import crc32

from ...core.compat import const
from ..faults import reason

PASSING = True  # see passing.py

COPIES = (".a", ".b")
_LONGEST = const(4096)  # bytes; longer is no table of ours
_ENOENT, _EFBIG = 2, 27


def read(path: str):
    """Return (table, generation, faults): of the newest sound copy, (None, 0, ...) without one.

    faults: a line for each copy that is there and not sound; it is kept aside as path.bad.a or path.bad.b.
    MemoryError when the pod has no room to read one, which says nothing about it: both stay as they are.
    """
    found, generation, faults = None, 0, []
    for copy in COPIES:
        try:
            table, number = _copy(path + copy)
        except OSError as error:
            if error.args[0] != _ENOENT:
                faults.append("%s cannot be read (%s)" % (path + copy, reason(error)))
        except (ValueError, RuntimeError) as error:  # the latter: nested too deeply
            why = str(error) or "nested too deeply"
            faults.append("%s: %s; %s" % (path + copy, why, _set_aside(path, copy)))
        else:
            if number > generation:
                found, generation = table, number
    return found, generation, faults


def set_aside(path: str) -> str:
    """Keep whatever copies there are as path.bad.*; return where, in words."""
    return ", ".join([_set_aside(path, copy) for copy in COPIES if _is_there(path + copy)])


def _set_aside(path, copy):
    bad = path + ".bad" + copy
    try:
        os.rename(path + copy, bad)
        return "kept as " + bad
    except OSError as error:
        return "it stays (%s)" % reason(error)


def _is_there(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def write(path: str, table: dict) -> None:
    """Write a table as the next generation over the older copy; as pieces, in one."""
    for _ in pieces(path, table):
        pass


def pieces(path: str, table: dict):
    """Write a table as the next generation over the older copy, yielding where samples may be drained.

    A table of more than 512 bytes has the flash erase a block for it, and where its folder's metadata is full a
    second one when the copy is closed.  It is the newest once that is done.
    OSError: the flash refuses; MemoryError: the pod has no room for it; nothing changed.
    """
    newest = [_generation(path + copy) for copy in COPIES]
    line = json.dumps({"generation": max(newest) + 1, "table": table})
    check = "\n%08x\n" % crc32(line.encode())  # all is made before the older copy is given up
    size = len(line) + len(check)
    if size > _LONGEST:
        raise OSError(_EFBIG, "%s: %d bytes, want at most %d" % (path, size, _LONGEST))
    yield
    with _opened(path + COPIES[newest[0] > newest[1]]) as file:
        try:
            yield
        finally:  # who breaks off leaves it whole
            file.write(line)
            file.write(check)
        yield


def _opened(path):
    """Open a copy to be written, in a folder that is made where it is missing."""
    try:
        return open(path, "w")
    except OSError as error:
        if error.args[0] != _ENOENT:
            raise
    os.mkdir(path[: path.rfind("/")])
    return open(path, "w")


def _generation(path):
    try:
        return _copy(path)[1]
    except (OSError, ValueError, RuntimeError):
        return 0


def _copy(path):
    """Return (table, generation) of one copy; ValueError when it is damaged, OSError when it cannot be read."""
    with open(path, "rb") as file:  # and no os.stat: to find a file in a folder takes up to 150 reads of flash
        size = file.seek(0, 2)  # a read of more would take memory for all of it
        file.seek(0)
        data = file.read(min(size, _LONGEST) + 1)
    line, _, rest = data.partition(b"\n")
    if len(data) > _LONGEST or rest.strip() != b"%08x" % crc32(line):
        raise ValueError("%d bytes, of which the checksum is wrong" % len(data))
    held = json.loads(line)
    generation = held.get("generation") if isinstance(held, dict) and "table" in held else None
    if isinstance(generation, bool) or not isinstance(generation, int):
        raise ValueError("no table with its generation")
    return held["table"], generation
