"""The real MicroPython for tests, under the name they know it by."""

import functools
from pathlib import Path

from host_tools.install.bytecode import compiled
from host_tools.micropython.script import FIRMWARE
from host_tools.micropython.script import run_script as run_on_vm

__all__ = ["bytecode_in", "run_on_vm", "word_bits"]


@functools.cache
def word_bits() -> int:
    """Return the word size of the MicroPython that tests run on: 32, or 64 where gcc lacks -m32."""
    return 32 if run_on_vm("import sys; print(sys.maxsize)").strip() == str(2**31 - 1) else 64


def bytecode_in(folder: Path) -> Path:
    """Return a folder with the firmware as bytecode, for scripts that import the same modules over and over."""
    for source in (FIRMWARE / "backstep").rglob("*.py"):
        target = folder / source.relative_to(FIRMWARE).with_suffix(".mpy")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(compiled(source.read_text("utf-8"), target.stem))
    return folder
