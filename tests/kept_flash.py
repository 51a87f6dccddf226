"""What a pod leaves on its flash, made without a pod: a session, raw seconds, settings, state."""

import json
from binascii import crc32

import images
import session_logs
from backstep.core import settings as rules
from backstep.core.log.chest import sealed
from backstep.core.log.recording import Writer

from host_tools.rescue import filesystem

VFS_AT = images.APP_AT + images.APP_SIZE
SLOW = 115200  # baud: the ROM's own


def kept(folder, steps=300) -> dict[str, bytes]:
    """Return a pod's files: path -> content.  folder: for scratch.  steps: records of its longest session."""
    stride = session_logs.STRIDE
    long = session_logs.write(folder / "long", [stride] * steps, boot=7).read_bytes()
    short = session_logs.write(folder / "short", [stride] * 3, boot=8, session=2).read_bytes()
    settings = rules.defaults() | {"placement": "shoe", "pod_name": "mine", "calibrated_day": 20000}
    return {
        "/log/00007-01.old": long,
        "/log/00008-02.bsl": short,
        "/raw/0001.raws": chest(recording(), b'{"event": "fall"}'),
        "/marks/0001.raw": recording(),
        "/marks/0001.json": b'{"event": "sway", "row": 3}\n',
        "/kept/settings.a": table({"version": rules.VERSION, "settings": settings}, 4),
        "/kept/settings.b": table({"version": rules.VERSION, "settings": rules.defaults()}, 3),
        "/kept/state.a": table({"boots": 8, "day": 20000}, 9),
        "/fw/slot": b"a",
        "/main.py": b"# ours",
    }


def recording() -> bytes:
    """Return a short recording."""
    data = bytearray()
    writer = Writer(data.extend, crc32, 208000, "belt", "body")
    for row in range(100):
        writer.put([row, 1, 1000, 0, 0, row * row % 251])
    writer.flush()
    return bytes(data)


def chest(recording: bytes, about: bytes) -> bytes:
    """Return a chest of one recording."""
    return recording + sealed(len(recording), about, crc32)


def table(held: dict, generation: int) -> bytes:
    """Return a copy of one of the tables that a pod keeps twice."""
    line = json.dumps({"generation": generation, "table": held}).encode()
    return line + b"\n%08x\n" % crc32(line)


def flash(files: dict[str, bytes] | bytes, size: int = 0x400000) -> bytearray:
    """Return a flash with MicroPython on it and files, or other cells, in its filesystem."""
    cells = files if isinstance(files, bytes) else filesystem.made(files, size - VFS_AT)
    return bytearray(images.image().ljust(VFS_AT, b"\xff") + cells.ljust(size - VFS_AT, b"\xff"))
