"""A mark on flash: NNNN.bsr, the raw seconds as a recording, and NNNN.json, the event they are about.

The recording is called NNNN.raw where nobody has marked the event.
"""

import json
import os
from array import array
from binascii import crc32

from ..core import event_names
from ..core.recording import ROWS_MAX, Writer

PASSING = True  # see passing.py

MARKED, UNMARKED = ".bsr", ".raw"
_FILES_MAX = 40
_FREE_MIN = 65536  # bytes that stay for everything else
_ENOENT, _ENOSPC = 2, 28


def pieces(raw, folder: str, rate_hz: int):
    """Write a mark, yielding "" after every piece and at last the recording's path.

    raw: RawRing that holds still.  folder: path, made when missing.  rate_hz: of the samples [Hz].
    The recording appears at once when all is whole: a power cut before leaves at most `new` and a .json without
    its .bsr, which the next mark takes.  OSError when the flash refuses or has no room; nothing is left then.
    """
    path = "%s/%04d" % (folder, _free_number(folder))
    suffix = MARKED if raw.marked else UNMARKED
    new, about = folder + "/new", path + ".json"
    try:
        with open(new, "wb") as file:
            yield from _rows(raw, Writer(file.write, crc32, 1000 * rate_hz, "belt", "body"))
        yield ""
        with open(about, "w") as file:
            event = event_names.decode(raw.code, raw.sample, raw.fields)
            event["row"] = raw.row
            file.write(json.dumps(event) + "\n")
        yield ""
        os.rename(new, path + suffix)
    except OSError as error:
        _remove(new)
        _remove(about)
        raise OSError(error.args[0], "%s cannot be written (%s)" % (path, _why(error)))
    yield path + suffix


def _rows(raw, writer):
    row = array("h", bytearray(12))
    for index in range(raw.count):
        raw.row_into(index, row)
        writer.put(row)
        if index % ROWS_MAX == ROWS_MAX - 1:
            yield ""
    writer.flush()


def _free_number(folder):
    names = [name for name in _names(folder) if name.endswith((MARKED, UNMARKED)) and name[:-4].isdigit()]
    if len(names) >= _FILES_MAX:
        names = _without_oldest(folder, names)
    taken = [int(name[:-4]) for name in names]
    if len(taken) >= _FILES_MAX:
        raise OSError(_ENOSPC, "%s holds %d marks, and no more: fetch and remove them" % (folder, len(taken)))
    space = os.statvfs(folder)
    free = space[1] * space[3]
    if free < _FREE_MIN:
        raise OSError(_ENOSPC, "%d bytes are free on the flash, and %d stay so" % (free, _FREE_MIN))
    return max(taken + [0]) + 1


def _without_oldest(folder, names):
    """Remove the oldest recording that nobody has marked; return the names that are left."""
    unmarked = sorted([name for name in names if name.endswith(UNMARKED)])
    if unmarked:
        _remove("%s/%s" % (folder, unmarked[0]))
        _remove("%s/%s.json" % (folder, unmarked[0][:-4]))
    return [name for name in names if name != unmarked[0]] if unmarked else names


def _names(folder):
    try:
        return os.listdir(folder)
    except OSError as error:
        if error.args[0] != _ENOENT:
            raise
        os.mkdir(folder)
        return []


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass  # it was not there, or the flash refuses this as well


def _why(error):
    return "the flash is full" if error.args[0] == _ENOSPC else "OSError %d" % error.args[0]
