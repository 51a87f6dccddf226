"""What can be told apart in a flash whose filesystem is gone: blocks of session logs, and tables that a pod keeps.

Each has its own checksum. A block of a log that two blocks of flash share is lost, and one that was deleted may be
found again.
"""

import json
import re
from binascii import crc32

from backstep.core.log.log_format import HEAD_BYTES, MAGIC, RECORDS_MAX, VERSION_AT
from backstep.core.log.log_reader import Reader

_BLOCK_MAX = HEAD_BYTES + RECORDS_MAX + 4
_TABLE = re.compile(rb'(\{"(?:generation|table)": [^\n]{1,4096})\n([0-9a-f]{8})\n')


def sessions(flash: bytes) -> dict[str, bytes]:
    """Return the sessions whose blocks are in a flash: name as on a pod -> their sound blocks in order.

    Two blocks of one number, of which one was deleted: the one that closed later is taken.
    """
    found: dict[tuple[int, int], dict[int, tuple[int, bytes]]] = {}
    at = flash.find(MAGIC[:VERSION_AT])
    while at >= 0:
        piece = flash[at : at + _BLOCK_MAX]
        for head, offset, length in Reader(piece, crc32).blocks():
            if offset == HEAD_BYTES:
                blocks = found.setdefault((head["boot"], head["session"]), {})
                closed_ms, _ = blocks.get(head["number"], (-1, b""))
                if head["closed_ms"] > closed_ms:
                    blocks[head["number"]] = head["closed_ms"], piece[: HEAD_BYTES + length + 4]
            break
        at = flash.find(MAGIC[:VERSION_AT], at + 1)
    return {
        f"{boot:05}-{session:02}.bsl": b"".join(blocks[number][1] for number in sorted(blocks))
        for (boot, session), blocks in found.items()
    }


def tables(flash: bytes) -> dict[str, dict]:
    """Return the newest tables of a flash: "settings" and "state", those of them that are there."""
    newest: dict[str, tuple[int, dict]] = {}
    for line, check in _TABLE.findall(flash):
        if b"%08x" % crc32(line) != check:
            continue
        held = json.loads(line)
        name = "settings" if "settings" in held["table"] else "state"
        if held["generation"] > newest.get(name, (0, {}))[0]:
            newest[name] = held["generation"], held["table"]
    return {name: table for name, (_, table) in newest.items()}
