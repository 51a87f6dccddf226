"""The real MicroPython for tests, under the name they know it by."""

from pathlib import Path

from host_tools.install.bytecode import compiled
from host_tools.micropython.script import FIRMWARE, word_bits
from host_tools.micropython.script import run_script as run_on_vm

__all__ = ["bytecode_in", "run_on_vm", "word_bits"]


def bytecode_in(folder: Path) -> Path:
    """Return a folder with the firmware as bytecode, for scripts that import the same modules over and over."""
    for source in (FIRMWARE / "backstep").rglob("*.py"):
        target = folder / source.relative_to(FIRMWARE).with_suffix(".mpy")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(compiled(source.read_text("utf-8"), target.stem))
    return folder
