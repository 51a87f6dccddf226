"""Run a piece of Python on the real MicroPython, without hardware: core's tests and the benchmark do."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from pathlib import Path

import backstep

from host_tools.micropython.build import POD_HEAP, find

FIRMWARE = Path(str(backstep.__file__)).parent.parent


def run_script(
    script: str,
    *,
    heapsize: str = POD_HEAP,
    path: tuple[Path, ...] = (FIRMWARE,),
    timeout_s: float = 600,
    program: Path | None = None,
) -> str:
    """Return what a script prints on MicroPython.

    script: Python source, run in a folder of its own.  heapsize: as for -X heapsize.
    path: folders to import from. MicroPython keeps the path of every module on its heap, so they go by short
    relative names: heap figures are the same in any checkout.
    program: the MicroPython, find()'s if None.
    RuntimeError with MicroPython's own message when the script fails; UserError when there is no MicroPython.
    """
    with tempfile.TemporaryDirectory() as folder:
        names = [f"path{number}" for number in range(len(path))]
        for name, source in zip(names, path, strict=True):
            (Path(folder) / name).symlink_to(source.resolve())
        (Path(folder) / "script.py").write_text(script, encoding="utf-8")
        environment = os.environ | {"MICROPYPATH": ":".join([".frozen", *names])}
        done = subprocess.run(
            [(program or find()).resolve(), "-X", f"heapsize={heapsize}", "script.py"],
            cwd=folder, capture_output=True, text=True, timeout=timeout_s, env=environment, check=False,
        )  # fmt: skip
    if done.returncode:
        said = done.stdout[-2000:] + done.stderr[-2000:]
        raise RuntimeError(f"micropython ended with {done.returncode}:\n{said}")
    return done.stdout


@functools.cache
def word_bits() -> int:
    """Return the word size of the MicroPython that find() gives: 32, or 64 where gcc lacks -m32."""
    return 32 if run_script("import sys; print(sys.maxsize)").strip() == str(2**31 - 1) else 64
