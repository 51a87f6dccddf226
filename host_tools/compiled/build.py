"""Compile the text of a detector, once: what was built is kept under the hash of its text."""

from __future__ import annotations

import ctypes
import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from host_tools.cache_folder import cache_folder

_FLAGS = ("-O1", "-fwrapv", "-w", "-shared", "-fPIC")
_LONGEST_S = 120
_COMPILERS = ("cc", "gcc", "clang")
_OF_NO_USE = (OSError, RuntimeError, subprocess.SubprocessError)  # RuntimeError: nobody knows a home


def compiler() -> str | None:
    """Return the C compiler of this computer, None where there is none."""
    return next(filter(None, map(shutil.which, _COMPILERS)), None)


def is_kept(text: str) -> bool:
    """Return whether a C text has been compiled already."""
    try:
        return _target(text).is_file()
    except _OF_NO_USE:
        return False


@cache
def library(text: str) -> ctypes.CDLL | None:
    """Return a C text compiled; None without a compiler, or where it or the folder it is kept in is of no use."""
    try:
        target = _target(text)
        if not target.is_file():
            found = compiler()
            if found is None:
                return None
            _compile(found, text, target)
        return ctypes.CDLL(str(target))
    except _OF_NO_USE:
        return None


def _target(text: str) -> Path:
    told = "\0".join((text, *_FLAGS, sys.platform, platform.machine()))
    return cache_folder() / f"detector-{hashlib.sha256(told.encode()).hexdigest()[:24]}.so"


def _compile(program: str, text: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        source = Path(scratch) / "detector.c"
        made = source.with_suffix(".so")
        source.write_text(text, encoding="utf-8")
        command = [program, *_FLAGS, str(source), "-o", str(made)]
        subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST_S)
        made.replace(target)
