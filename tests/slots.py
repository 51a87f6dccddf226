"""What a pod's own starting.py makes of its files, run on CPython."""

import io
import sys
from types import SimpleNamespace
from unittest import mock

from backstep import archive

from host_tools.install import podfiles

with mock.patch.dict(sys.modules, {"machine": SimpleNamespace(), "vfs": SimpleNamespace()}):
    from backstep import starting

CAUSES = {"PWRON_RESET": 1, "WDT_RESET": 3, "DEEPSLEEP_RESET": 4}


class _Files:
    """open() over a dict of files, which it may change."""

    def __init__(self, files: dict[str, bytes]):
        self.files = files

    def open(self, path: str, mode: str = "r"):
        if mode == "w":
            return _Written(self.files, path)
        if path not in self.files:
            raise OSError(2)
        content = self.files[path]
        return io.BytesIO(content) if "b" in mode else io.StringIO(content.decode("ascii", "replace"))


class _Written(io.StringIO):
    def __init__(self, files, path):
        super().__init__()
        self._files, self._path = files, path

    def close(self):
        self._files[self._path] = self.getvalue().encode()
        super().close()


def start(files: dict[str, bytes], cause: int = CAUSES["WDT_RESET"]) -> tuple[dict[str, bytes], str]:
    """Choose as at a start; return what the chosen archive holds, and why it is another slot's, else "".

    files: the pod's, of which the slot's file may change.  OSError when nothing is there to start.
    """
    machine = SimpleNamespace(reset_cause=lambda: cause, **CAUSES)
    calls = _Files(files)
    with (
        mock.patch.object(starting, "machine", machine),
        mock.patch.object(starting, "open", calls.open, create=True),
        mock.patch.object(archive, "open", calls.open, create=True),
    ):
        chosen, fell = starting._chosen()
        names = chosen._names.strip("/").split("/")
        paths = [name if "." in name else f"{name}.mpy" for name in names]
        return {path: bytes(chosen.open(f"/{path}", "rb").read()).rstrip(b" ") for path in paths}, fell


def started(files: dict[str, bytes]) -> dict[str, bytes] | None:
    """Return what the archive that a pod starts holds, None when nothing starts it: its main.py is missing."""
    return start(dict(files))[0] if podfiles.MAIN in files else None
