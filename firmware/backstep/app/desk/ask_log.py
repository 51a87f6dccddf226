"""Requests about the session log and the raw seconds beside it."""

import asyncio
import os
from binascii import b2a_base64, crc32

from ...core.compat import const
from ...core.log import log
from ...core.log.log_reader import REASONS, Reader
from ..faults import CONSOLE_LINES_LOST
from ..kept import log_files
from ..kept.folders import names_by_name, remove_file
from ..log.logbook import keep_counts
from ..running import calm, shown

PASSING = True  # see passing.py

LENGTH_MAX = const(768)  # of a piece: a line of 1 KB
STRETCH_MAX = const(32768)  # 3 s at 115200 baud, in which no other request is heard
_LOOK_MS = const(20)  # a piece takes 70 ms on its way
_PAGE = const(12)  # files in one answer
_PIECE = const(2048)
_LAST = const(8)
_RECORDS = const(8)  # looked at between two drains
_FOLDERS = ("log", "marks", "raw")


async def sessions(running, asked):
    """Return `files`: [path, bytes, whether a host has it, whether it still runs], the oldest first, after a path.

    after: where the page before ended; a page has 12 files, `more` says whether another follows.
    """
    book = _book(running)
    if book and book.open and not running.sensing.keeper.running:
        await calm(running)
        book.write()
    names = ["log/" + name for name in await _sessions(running)]
    fetched, runs = log_files.FETCHED, _path_that_runs(running)
    return await _page(running, names, asked, lambda path: [path.endswith(fetched), path == runs])


async def marks(running, asked):
    """Return `files`: [path, bytes, whether it still grows] of raw seconds; pages as for sessions.

    raw/NNNN.raws, raw/NNNN.bsrs: chests (core/log/chest.py), those of marked events the latter.  marks/NNNN.rec:
    chosen minutes, beside them a .json that tells of them; a pod of before has marks/NNNN.raw and .bsr alike.
    """
    root, grows = running.kept.root, _path_that_grows(running)
    paths = ["marks/" + name for name in await _names(root + "marks") if name not in ("new", "next")]
    paths += ["raw/" + name for name in await _names(root + "raw")]
    return await _page(running, paths, asked, lambda path: [path == grows])


async def read(running, asked):
    """Return a piece of a file: `data` in base64, `crc32` of it, and the file's `size` now.

    path: from sessions or marks.  offset, length: [bytes]; at most 768 at once, none past its end.
    """
    length = asked["length"]
    if not 0 < length <= LENGTH_MAX:
        raise ValueError("read: length: %d is outside 1..%d" % (length, LENGTH_MAX))
    data, size = _piece(_found(running, asked["path"]), asked["offset"], length)
    text = str(memoryview(b2a_base64(data))[:-1], "ascii")  # without the line's end, and without a copy of it
    return {"data": text, "crc32": crc32(data), "size": size}


async def stream(running, asked):
    """Send a stretch of a file in pieces, then return `offset`: where it ended, and the file's `size` now.

    path, offset: as for read.  length: [bytes], at most 32768.
    A piece is a line: `=`, its offset, a blank, its CRC32, a blank, its bytes; both numbers in hexadecimal digits.
    Of the bytes 0A, 0D and 1B become 1B 4A, 1B 4D and 1B 5B. Other lines may come between two pieces.
    """
    offset, length = asked["offset"], asked["length"]
    if not 0 < length <= STRETCH_MAX:
        raise ValueError("stream: length: %d is outside 1..%d" % (length, STRETCH_MAX))
    await asyncio.sleep_ms(0)  # samples are drained between reading the request, finding the file, and a piece
    path = _found(running, asked["path"])
    await asyncio.sleep_ms(0)
    end, size = offset + length, 0
    writer, lost = running.writer, running.faults[CONSOLE_LINES_LOST]
    while offset < end and running.faults[CONSOLE_LINES_LOST] == lost:  # else nobody reads
        if running.sensing:
            _drain_due(running.sensing.sampling)
        data, size = _piece(path, offset, min(LENGTH_MAX, end - offset))
        if not data:
            break
        while writer.buffer:
            await asyncio.sleep_ms(_LOOK_MS)
        writer.buffer.append(piece_line(offset, data))
        writer.wake.set()
        offset += len(data)
    return {"offset": offset, "size": size}


async def synced(running, asked):
    """Note that a host has a whole session: it may be removed when the flash is nearly full.

    path.  size: [bytes] and crc32: of what the host has; refused when the pod has something else.
    Returns its `path` from now on.
    """
    path = await _verified(running, "synced", asked)
    new, old = log_files.NEW, log_files.FETCHED
    if path.endswith(new):
        await calm(running)
        os.rename(path, path[: -len(new)] + old)
        path = path[: -len(new)] + old
    return {"path": asked["path"].partition("/")[0] + path[path.rindex("/") :]}


async def delete(running, asked):
    """Remove a file that a host has read, a recording with what tells about it; arguments as for synced.

    The day's counts stay.
    """
    path = await _verified(running, "delete", asked)
    await calm(running)
    book = _book(running)
    if book:
        keep_counts(book)
    log_files.remove_session(running.kept, path)
    about = path[: path.rindex(".")] + ".json"
    if path.startswith(running.kept.root + "marks/") and about != path and _is_there(about):
        remove_file(running.kept, about)
    return {}


async def reasons(running, asked):
    """Return why: `cause` of the last reset, `error` that last ended the app, `early` starts that ended within a
    minute in a row, and `sessions`: [path, why it began, why it ended, null = it did not say] of the last eight.
    """
    last = []
    for name in (await _sessions(running))[-_LAST:]:
        last.append(await _ends(running, "log/" + name))
    state = running.kept.state
    cause = running.pod.parts.reset_cause()
    return {"cause": cause, "early": state["early"], "error": state["error"], "sessions": last}


async def _names(folder):
    """Return the names in a folder, none where it is missing; samples are drained in between."""
    names = []
    try:
        for name in names_by_name(folder):
            if name:
                names.append(name)
            else:
                await asyncio.sleep_ms(0)
    except OSError:
        pass  # none yet
    return sorted(names)


async def _sessions(running):
    folder = running.kept.root + "log"
    names = await _names(folder)
    for shelf in log_files.shelves(folder):
        await asyncio.sleep_ms(0)
        names += await _names(shelf)
    return log_files.sessions_in(names)


async def _page(running, paths, asked, more_of):
    after = asked.get("after", "")
    left = [path for path in paths if path > after]
    files = []
    for path in left[:_PAGE]:
        await asyncio.sleep_ms(0)  # samples are drained between two looks into a folder
        files.append([path, os.stat(_place(running, path))[6]] + more_of(path))
    return {"files": files, "more": len(left) > _PAGE}


def _drain_due(sampling):
    """Drain what INT1 told of, if its task had no turn yet: a piece is not to add to what held that up."""
    if sampling.waits and sampling.data_ready.rose:
        sampling.drain_now()


def _piece(path, offset, length):
    """Return bytes of a file and its size; opened anew each time: what grows may move away from who holds it."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        if not 0 <= offset <= size:
            raise ValueError("read: offset: %d is outside 0..%d" % (offset, size))
        file.seek(offset)
        return file.read(length), size


def piece_line(offset, data):
    """Return the line of a piece of a file, as stream sends it."""
    written = data.replace(b"\x1b", b"\x1b[").replace(b"\n", b"\x1bJ").replace(b"\r", b"\x1bM")
    return b"=%x %x %s\n" % (offset, crc32(data), written)


def _found(running, path):
    folder, _, name = path.partition("/")
    if folder in _FOLDERS and "." in name and "/" not in name and not name.startswith("."):
        new, old = log_files.NEW, log_files.FETCHED
        # Who asks again after synced, its answer being lost, asks by the name from before.
        for found in (path, path[: -len(new)] + old if name.endswith(new) else path):
            found = _place(running, found)
            if _is_there(found):
                return found
    raise ValueError("path: %s is no file of the log or of the marks" % shown(path))


def _place(running, path):
    """Return where what a program calls so lies on the flash."""
    folder, _, name = path.partition("/")
    return log_files.place(running.kept.root + folder, name) if folder == "log" else running.kept.root + path


def _is_there(path):
    try:
        return bool(os.stat(path))
    except OSError:
        return False


def _path_that_runs(running):
    book = _book(running)
    return book.path[len(running.kept.root) :] if book and book.open else ""


def _path_that_grows(running):
    recorder = _recorder(running)
    return recorder.path[len(running.kept.root) :] if recorder else ""


def _book(running):
    """Return the LogBook, None where nothing is logged."""
    return running.sensing.keeper.log if running.sensing else None


def _recorder(running):
    """Return the Recorder, None while no chosen minutes are recorded."""
    return running.sensing.keeper.recorder if running.sensing else None


async def _verified(running, name, asked):
    """Return where the file is; ValueError unless it is what the host has, and closed."""
    path = _found(running, asked["path"])
    if asked["path"] == _path_that_runs(running):
        raise ValueError("%s: %s: its session still runs" % (name, asked["path"]))
    if asked["path"] == _path_that_grows(running):
        raise ValueError("%s: %s: it is still recorded" % (name, asked["path"]))
    size = total = 0
    with open(path, "rb") as file:
        while True:
            piece = file.read(_PIECE)
            if not piece:
                break
            size += len(piece)
            total = crc32(piece, total)
            await asyncio.sleep_ms(0)
    if (size, total) != (asked["size"], asked["crc32"]):
        told = (name, asked["path"], size, total, asked["size"], asked["crc32"])
        raise ValueError("%s: %s: the pod has %d bytes with CRC32 %d, the host %d with %d" % told)
    return path


async def _ends(running, name):
    path = _place(running, name)
    with open(path, "rb") as file:
        first = file.read(log_files.TAIL)
    found: dict = {log.BEGIN: None, log.END: None}
    await _look_for(found, first)
    await _look_for(found, log_files.tail(path))
    return [name, found[log.BEGIN], found[log.END]]


async def _look_for(found, data):
    """Take the reasons that a piece of a session has; samples are drained after each block, and in it."""
    reader = Reader(data, crc32)
    for block in reader.blocks():
        for number, (code, _, fields) in enumerate(reader.records(*block)):
            if code in found:
                found[code] = REASONS[fields[0]] if fields[0] < len(REASONS) else fields[0]
            if number % _RECORDS == 0:
                await asyncio.sleep_ms(0)


HANDLERS = {
    "sessions": sessions,
    "marks": marks,
    "read": read,
    "stream": stream,
    "synced": synced,
    "delete": delete,
    "reasons": reasons,
}
