"""Run a piece of Python on the real MicroPython, without hardware: core's tests and the benchmark do."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import backstep

from host_tools.micropython.build import find

FIRMWARE = Path(str(backstep.__file__)).parent.parent


def run_script(
    script: str,
    *,
    heapsize: str = "160K",
    path: tuple[Path, ...] = (FIRMWARE,),
    timeout_s: float = 120,
) -> str:
    """Return what a script prints on MicroPython.

    script: Python source.  heapsize: as for -X heapsize.  path: folders to import from.
    RuntimeError with MicroPython's own message when the script fails; UserError when there is no MicroPython.
    """
    environment = os.environ | {"MICROPYPATH": ":".join([".frozen", *map(str, path)])}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.py"
        file.write_text(script, encoding="utf-8")
        done = subprocess.run(
            [find(), "-X", f"heapsize={heapsize}", file],
            capture_output=True, text=True, timeout=timeout_s, env=environment, check=False,
        )  # fmt: skip
    if done.returncode:
        said = done.stdout[-2000:] + done.stderr[-2000:]
        raise RuntimeError(f"micropython ended with {done.returncode}:\n{said}")
    return done.stdout
