"""Simulated pods that say where their serial port is, for `--pod sim`: a file each, named by its process."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from host_tools.cache_folder import cache_folder

NAME = "sim"  # what --pod calls them


@contextlib.contextmanager
def announced(port: str) -> Iterator[None]:
    """Have a port found while the body runs; where no file can be written, only its path leads to it."""
    path = _folder() / str(os.getpid())
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(os.path.abspath(port))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def ports() -> list[str]:
    """Return the ports of the simulated pods that run, and forget those whose process is gone."""
    found = []
    for path in _files():
        with contextlib.suppress(OSError):
            port = path.read_text()
            if _runs(int(path.name)) and Path(port).exists():
                found.append(port)
            else:
                path.unlink(missing_ok=True)
    return found


def processes() -> frozenset[int]:
    """Return the processes of the simulated pods; each has its own port open."""
    return frozenset(int(path.name) for path in _files())


def _files() -> list[Path]:
    """Return one for each pod; none where the folder may not be read, as one that sudo made."""
    try:
        return sorted(_folder().glob("[0-9]*"))
    except OSError:
        return []


def _folder() -> Path:
    return cache_folder() / "pods"


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's
    return True
