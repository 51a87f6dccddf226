"""Firmware texts that were made once, kept on this machine: making them anew takes seconds of every command."""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from host_tools.cache_folder import cache_folder

_BUILDER = Path(__file__).parent / "pod_code"
_NEWEST = 8  # files that stay; one serves as long as neither the firmware nor what makes it changes
_DIGEST = 64


def kept(how: str, sources: Mapping[str, str], make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Return what make() does, from a file if it was made of the same by the same before.

    how: what make() does with the sources besides the code in pod_code/.  A damaged file counts for none, and one
    that cannot be written is done without.
    """
    digest = hashlib.sha256(json.dumps([how, sys.version, _builder(), sorted(sources.items())]).encode())
    path = folder() / f"{digest.hexdigest()[:32]}.json"
    found = _read(path)
    if found is None:
        found = make()
        with contextlib.suppress(OSError):
            _write(path, json.dumps(found).encode())
    return found


def folder() -> Path:
    """Return where they are kept."""
    return cache_folder() / "firmware"


@cache
def _builder() -> list[str]:
    return [path.read_text("utf-8") for path in sorted(_BUILDER.glob("*.py"))]


def _read(path: Path) -> dict[str, str] | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data[_DIGEST:]).hexdigest().encode() != data[:_DIGEST]:
        return None
    with contextlib.suppress(OSError):
        path.touch()  # the newest are those that were used last
    return json.loads(data[_DIGEST:])


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_bytes(hashlib.sha256(data).hexdigest().encode() + data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    files = sorted(path.parent.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for old in files[:-_NEWEST]:
        old.unlink(missing_ok=True)
