"""Chests of raw seconds: what lies in one on a pod, and its recordings as files here, each with what it is about.

The chest itself stays beside them: what a pod has put into its own since is all that the next fetch brings.
"""

import json
from binascii import crc32
from pathlib import Path

from backstep.core.log.chest import SEAL_BYTES, cut, last

from host_tools import whole_file
from host_tools.talk.client import PIECE, Client
from host_tools.talk.fetching import PART, content, copies, name_here, whole

SUFFIXES = (".raws", ".bsrs")  # of seconds that nobody has marked, and of marked ones


def on_pod(pod: Client, path: str, size: int) -> list[tuple[int, dict]]:
    """Return (bytes, about) of each recording in a chest, the oldest first.

    path, size [bytes]: of the chest.  Only what it ends with and each seal is read, unless it is damaged.
    """
    found: list[tuple[int, dict]] = []
    end = size
    while end > 0:
        at = max(0, end - PIECE)
        data = pod.read(path, at)[0][: end - at]
        sealed = last(data, len(data), crc32)
        if not sealed or end < SEAL_BYTES + len(sealed[1]) + sealed[0]:
            found = [(len(recording), _table(about)) for recording, about in cut(content(pod, path), crc32)][::-1]
            break
        found.append((sealed[0], _table(sealed[1])))
        end -= SEAL_BYTES + len(sealed[1]) + sealed[0]
    return [(length, about) for length, about in found[::-1] if about]


def fetched(pod: Client, path: str, size: int, folder: Path, on_bytes=lambda done: None) -> Path:
    """Copy a chest into a folder that there is; return it.

    For the rest see fetching.whole; of a chest that has grown only the end is fetched.
    """
    part = folder / (name_here(path) + PART)
    shorter = [file for file in copies(folder, path) if file.stat().st_size < size]
    if shorter and not part.exists():
        whole_file.write(part, shorter[-1].read_bytes())
    return settled(whole(pod, path, size, folder, on_bytes)[0], path)


def settled(file: Path, path: str) -> Path:
    """Put a chest in the place of a copy from when it was shorter; return where it is.  path: on the pod."""
    data = file.read_bytes()
    for copy in copies(file.parent, path):
        if copy != file and data.startswith(copy.read_bytes()):
            file.replace(copy)
            return copy
    return file


def unpacked(chest: Path) -> list[tuple[Path, bool]]:
    """Cut a chest into files beside it; return its recordings and whether each is new.  Nothing is overwritten."""
    found = []
    for number, (recording, about) in enumerate(cut(chest.read_bytes(), crc32), 1):
        file, table = chest.with_name(f"{chest.stem}-{number:02d}.bsr"), _table(about)
        if not table:
            continue  # given up
        is_new = not file.exists()
        for to, data in ((file.with_suffix(".json"), json.dumps(table).encode() + b"\n"), (file, recording)):
            if not to.exists():
                whole_file.write(to, data)
        found.append((file, is_new))
    return found


def _table(about: bytes) -> dict:
    try:
        told = json.loads(about)
    except ValueError:
        return {"event": "unknown"}
    return told if isinstance(told, dict) else {"event": "unknown"}
