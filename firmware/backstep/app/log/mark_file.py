"""Raw seconds on flash: chests of recordings, each sealed by the event it is about.

NNNN.raws holds those that nobody has marked, NNNN.bsrs those that the wearer has: see core/log/chest.py.
"""

import json
import os
import time
from array import array
from binascii import crc32

from ...core import event_names
from ...core.compat import const
from ...core.log.chest import sealed
from ...core.log.raw_ring import BREAK
from ...core.log.recording import Writer
from ..kept.folders import FREE_MIN, free_bytes, make, remove_file

PASSING = True  # see passing.py

MARKED, UNMARKED = ".bsrs", ".raws"
# So few files, since LittleFS compares all of a folder with all when its metadata is full. Twenty recordings each.
_BYTES_MAX = const(65536)
_CHESTS_MAX = const(2)  # of each kind
_LONG_MS = const(20)
_ENOSPC = const(28)


def pieces(raw, kept, rate_hz: int, placement: str, frame: str):
    """Write a mark, yielding "" after every piece and at last the chest's path.

    raw: RawRing that holds still.  kept: Kept, below whose root the folder is.  rate_hz: of the samples [Hz].
    placement, frame: of the pod.
    LittleFS shows what a file has grown by when it is closed: a power cut before that leaves the chest as it was.
    Who closes the generator early has what was written sealed as given up.  OSError when the flash refuses or has
    no room.
    """
    path = chest(kept, kept.root + "raw", MARKED if raw.marked else UNMARKED)
    yield ""
    try:
        with open(path, "ab") as file:
            begin = file.seek(0, 2)
            yield ""
            yield from _recorded(raw, file, begin, (1000 * rate_hz, placement, frame))
            kept.grew(begin, file.tell())
    except OSError as error:
        raise OSError(error.args[0], "%s cannot be written (%s)" % (path, _why(error)))
    yield path


def chest(kept, folder: str, suffix: str) -> str:
    """Return the path of the chest that takes the next recording; OSError when there is no room for one.

    kept: Kept.  suffix: MARKED or UNMARKED.  Of these the older chest goes when the newer is full.
    """
    make(folder)
    names = [name for name in os.listdir(folder) if name[:-5].isdigit() and name.endswith((MARKED, UNMARKED))]
    ours = sorted([name for name in names if name.endswith(suffix)])
    if len(ours) == _CHESTS_MAX and _is_full(folder, ours[-1]):
        if suffix == MARKED:
            raise OSError(_ENOSPC, "%s holds as many marked ones as it may: fetch and remove them" % folder)
        remove_file(kept, folder + "/" + ours[0])
    free = free_bytes(kept)
    if free < FREE_MIN:
        raise OSError(_ENOSPC, "%d bytes are free on the flash, and %d stay so" % (free, FREE_MIN))
    if ours and not _is_full(folder, ours[-1]):
        return folder + "/" + ours[-1]
    return "%s/%04d%s" % (folder, max([int(name[:-5]) for name in names] + [0]) + 1, suffix)


def _is_full(folder, name):
    return os.stat(folder + "/" + name)[6] >= _BYTES_MAX


def _recorded(raw, file, begin, kind):
    """Write a recording behind what is in a chest, and its seal.  begin: where [bytes].  kind: as for Writer."""
    try:
        row = yield from _rows(raw, file, kind)
        event = event_names.decode(raw.code, raw.sample, raw.fields)
        event["row"] = row
        event["false_alarm"] = raw.marked
        _seal(file, begin, json.dumps(event))
        yield ""
    except OSError:
        raise  # what a file got that refuses is not there
    except BaseException:
        _seal(file, begin, "{}")
        raise


def _seal(file, begin, about):
    file.write(sealed(file.tell() - begin, about.encode(), crc32))


def _rows(raw, file, kind):
    """Write the rows; return where the event's is among those that are no break.

    A block is made in one turn and written in another; where the flash had to erase for it the next one waits.
    The first byte is written alone: for it LittleFS copies what is in the chest's last block to a new one, and
    what comes behind may need one more.
    """
    held: list = []
    writer = Writer(held.append, crc32, *kind)
    held[:] = held[0][:1], held[0][1:]
    yield from _written(held, file)
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
    began_ms = time.ticks_ms()
    while held:
        yield ""
        began_ms = time.ticks_ms()
        file.write(held.pop(0))
    if time.ticks_diff(time.ticks_ms(), began_ms) >= _LONG_MS:
        yield ""


def _why(error):
    return "the flash is full" if error.args[0] == _ENOSPC else "OSError %d" % error.args[0]
