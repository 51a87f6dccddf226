"""Raw seconds on flash: NNNN.raw, a recording, and NNNN.json, the event it is about.

The recording is called NNNN.bsr where the wearer has marked the event, NNNN.rec where it is of chosen minutes.
"""

import json
import os
import time
from array import array
from binascii import crc32

from ...core import event_names
from ...core.compat import const
from ...core.log.raw_ring import BREAK
from ...core.log.recording import Writer
from ..kept.folders import FREE_MIN, free_bytes, make, names_by_name, remove_file

PASSING = True  # see passing.py

MARKED, UNMARKED, CHOSEN = ".bsr", ".raw", ".rec"
_FILES_MAX = 40
_LONG_MS = const(20)
_ENOSPC = 28


def pieces(raw, kept, rate_hz: int, placement: str, frame: str):
    """Write a mark, yielding "" after every piece and at last the recording's path.

    raw: RawRing that holds still.  kept: Kept, below whose root the folder is.  rate_hz: of the samples [Hz].
    placement, frame: of the pod.
    The recording appears at once when all is whole: a power cut before leaves at most `new` and a .json without
    its .bsr, which the next mark takes.  OSError when the flash refuses or has no room; nothing is left then.
    """
    folder = kept.root + "marks"
    names = []
    for name in recordings(folder):
        if name:
            names.append(name)
        else:
            yield ""
    yield ""
    path = "%s/%04d" % (folder, free_number(kept, folder, names))
    yield ""
    suffix = MARKED if raw.marked else UNMARKED
    new, about = folder + "/new", path + ".json"
    try:
        with open(new, "wb") as file:
            yield ""
            row = yield from _rows(raw, file, rate_hz, placement, frame)
            kept.grew(0, file.tell())
        yield ""
        with open(about, "w") as file:
            event = event_names.decode(raw.code, raw.sample, raw.fields)
            event["row"] = row
            event["false_alarm"] = raw.marked
            file.write(json.dumps(event) + "\n")
        yield ""
        os.rename(new, path + suffix)
    except OSError as error:
        _remove(kept, new)
        _remove(kept, about)
        raise OSError(error.args[0], "%s cannot be written (%s)" % (path, _why(error)))
    yield path + suffix


def _rows(raw, file, rate_hz, placement, frame):
    """Write the rows; return where the event's is among those that are no break.

    A block is made in one turn and written in another; where the flash had to erase for it the next one waits.
    """
    held: list = []
    writer = Writer(held.append, crc32, 1000 * rate_hz, placement, frame)
    row, event_row = array("h", bytearray(12)), raw.row
    for index in range(raw.count):
        raw.row_into(index, row)
        if row[0] == BREAK:
            writer.gap(row[1])
            event_row -= index < raw.row
        else:
            writer.put(row)
        if held:
            yield from _written(held, file)
    writer.flush()
    yield from _written(held, file)
    return event_row


def _written(held, file):
    yield ""
    began_ms = time.ticks_ms()
    while held:
        file.write(held.pop(0))
    if time.ticks_diff(time.ticks_ms(), began_ms) >= _LONG_MS:
        yield ""


def recordings(folder: str):
    """Yield the names of the recordings in a folder, and "" as names_by_name does; makes it when it is missing."""
    ours = MARKED, UNMARKED, CHOSEN
    make(folder)
    for name in names_by_name(folder):
        if not name or (name.endswith(ours) and name[:-4].isdigit()):
            yield name


def free_number(kept, folder: str, names: list) -> int:
    """Return a number for a new recording beside those of these names; OSError when there is no room for one."""
    if len(names) >= _FILES_MAX:
        names = _without_oldest(kept, folder, names)
    taken = [int(name[:-4]) for name in names]
    if len(taken) >= _FILES_MAX:
        raise OSError(_ENOSPC, "%s holds %d recordings, and no more: fetch and remove them" % (folder, len(taken)))
    free = free_bytes(kept)
    if free < FREE_MIN:
        raise OSError(_ENOSPC, "%d bytes are free on the flash, and %d stay so" % (free, FREE_MIN))
    return max(taken + [0]) + 1


def _without_oldest(kept, folder, names):
    """Remove the oldest recording that nobody has marked; return the names that are left."""
    unmarked = sorted([name for name in names if name.endswith(UNMARKED)])
    if unmarked:
        _remove(kept, "%s/%s" % (folder, unmarked[0]))
        _remove(kept, "%s/%s.json" % (folder, unmarked[0][:-4]))
    return [name for name in names if name != unmarked[0]] if unmarked else names


def _remove(kept, path):
    try:
        remove_file(kept, path)
    except OSError:
        pass  # it was not there, or the flash refuses this as well


def _why(error):
    return "the flash is full" if error.args[0] == _ENOSPC else "OSError %d" % error.args[0]
