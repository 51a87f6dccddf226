"""What runs on a pod for deploy, run here: how it mounts the flash, and what it removes."""

import contextlib
import io
import os
from types import SimpleNamespace
from unittest import mock

import pytest
from slots import starting

from host_tools.talk.on_pod import ON_POD
from host_tools.talk.pod_link import Pod

DIRECTORY, FILE = 0x4000, 0x8000


class Vfs:
    """MicroPython's vfs; done: what was asked of it."""

    def __init__(self):
        self.done = []

    def VfsLfs2(self, bdev, **arguments):  # noqa: N802 - MicroPython's
        self.done.append(arguments)
        return "larger"

    def umount(self, path):
        self.done.append(f"umount {path}")

    def mount(self, what, path):
        self.done.append(f"mount {what} {path}")


def modules(vfs):
    machine = SimpleNamespace(WDT=lambda timeout: SimpleNamespace(feed=lambda: None), freq=lambda hz: None)
    flashbdev = SimpleNamespace(bdev="bdev")
    return {"machine": machine, "vfs": vfs, "flashbdev": flashbdev, "deflate": SimpleNamespace()}


@pytest.mark.parametrize("who", ["firmware", "deploy"])
def test_the_flash_is_mounted_anew_with_large_reads_and_the_whole_map_of_free_blocks(who, monkeypatch):
    """With the port's own, of 32 bytes and 256 blocks, the first block written took 0.8 to 2.3 s."""
    vfs = Vfs()
    with mock.patch.dict("sys.modules", modules(vfs)):
        if who == "firmware":
            monkeypatch.setattr(starting, "vfs", vfs)
            starting._remount()
        else:
            exec(ON_POD, {})
    made, *mounted = vfs.done
    assert made["readsize"] >= 128 and made["progsize"] == 32
    assert 8 * made["lookahead"] >= 0x200000 // 4096  # blocks of the largest partition of a 4 MiB flash, at once
    assert who == "deploy" or made["mtime"] is False
    assert mounted == ["umount /", "mount larger /"]


def test_a_flash_that_cannot_be_mounted_so_stays_as_it_is(monkeypatch):
    vfs = Vfs()
    monkeypatch.setattr(vfs, "VfsLfs2", mock.Mock(side_effect=OSError(19)))
    with mock.patch.dict("sys.modules", modules(vfs)):
        monkeypatch.setattr(starting, "vfs", vfs)
        starting._remount()
    assert vfs.done == []


class Here(Pod):
    """A pod whose code runs here, in the folder that is its root."""

    def __init__(self, monkeypatch):
        self._space = {}
        with mock.patch.dict("sys.modules", modules(Vfs())):
            exec(ON_POD, self._space)
        monkeypatch.setattr(os, "ilistdir", self._rows, raising=False)

    def _rows(self, folder):
        return [(entry.name, DIRECTORY if entry.is_dir() else FILE) for entry in os.scandir(folder)]

    def exec(self, code):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(code, self._space)
        return said.getvalue()


@pytest.mark.parametrize(
    "name", ["x settings.a", " settings.a", "settings.a ", "x main.py y", "a.mpy b", "board.json x"]
)
def test_a_blank_in_a_name_removes_nothing(name, tmp_path, monkeypatch):
    slot = tmp_path / "fw_a"
    (slot / "folder.mpy").mkdir(parents=True)
    ours = [slot / "board.json", *(slot / f"module{number}.mpy" for number in range(20))]
    others = [slot / name, slot / "folder.mpy" / "x.mpy", *map(tmp_path.joinpath, ("settings.a", "main.py", "b"))]
    for path in ours + others:
        path.write_text("mine")
    monkeypatch.chdir(tmp_path)
    Here(monkeypatch).clear(str(slot), ("manifest.json", "board.json"), (".mpy", ".new"))
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(others)


def test_a_folder_of_ours_alone_goes_with_its_last_file(tmp_path, monkeypatch):
    slot = tmp_path / "fw_a"
    slot.mkdir()
    for number in range(16):
        (slot / f"module{number}.mpy").write_text("ours")
    Here(monkeypatch).clear(str(slot), (), (".mpy",))
    assert not slot.exists()
