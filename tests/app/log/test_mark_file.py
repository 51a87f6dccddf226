"""The file of a mark: its pieces, and the power cut at any write of it."""

import os
import shutil
import time
from array import array
from pathlib import Path

from app.log.test_marks import RATE_HZ, recorded
from backstep.app.log import mark_file
from backstep.app.running import Kept
from backstep.core import events
from backstep.core.log.raw_ring import RawRing
from patient import LAST_RESORT_S

from host_tools.install import podfiles
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.link import Hardware
from host_tools.virtual_pod.vm import VirtualPod


def test_pieces_are_small_whatever_the_ring_holds(tmp_path, monkeypatch):
    ticks_ms = iter(range(0, 1000, 20))  # as if each write had the flash erase
    monkeypatch.setattr(time, "ticks_ms", lambda: next(ticks_ms), raising=False)
    monkeypatch.setattr(time, "ticks_diff", lambda one, other: one - other, raising=False)
    monkeypatch.setattr(os, "ilistdir", lambda folder: zip(os.listdir(folder)), raising=False)
    ring = RawRing(50, 20, 9)
    for n in range(90):
        if n == 70:
            ring.note(events.SWAY, n, array("i", range(13)))
        ring.put((n, 0, 0, 0, 0, 0))
    ring.marked = True
    found = list(mark_file.pieces(ring, Kept(f"{tmp_path}/kept/settings.json", {}), RATE_HZ, "belt", "body"))
    assert found == [""] * 11 + [f"{tmp_path}/marks/0001.bsr"]
    assert [row[0] for row in recorded(tmp_path / "marks" / "0001.bsr")] == list(range(40, 90))


ON_FLASH = b"""
from array import array
from backstep.app.kept.folders import free_bytes
from backstep.app.log.mark_file import pieces
from backstep.app.running import Kept
from backstep.core.log.raw_ring import RawRing
ring = RawRing(208, 78, 1000)
for n in range(300):
    if n == 222:
        ring.note(3, n, array("i", range(13)))
    ring.put(((n * 7919) % 65536 - 32768, 1, 2, (n * n) % 65536 - 32768, 4, 5))
ring.marked = True
print("ready")
kept = Kept("/kept/settings.json", {})
for path in pieces(ring, kept, 104, "belt", "body"):
    pass
counted, kept.free = kept.free, -1
print("blocks unlike asked", (counted - free_bytes(kept)) // 4096)
print("kept as", path)
"""


def written(flash, files=None, cut_at_write=None):
    """Power a pod on that writes one mark, and cut the power at a write, counted from there; return the writes."""
    with VirtualPod(Hardware(), files, flash=flash) as pod:
        for line in pod.lines(until_us=60_000_000, wall_s=LAST_RESORT_S):
            if line == "ready":
                pod.flash.cut_at_write, before = cut_at_write, pod.flash.writes
            if line.startswith("blocks unlike asked"):
                assert -2 <= int(line.split()[-1]) <= 2  # its folder's own
            if line.startswith("kept as"):
                return pod.flash.writes - before
    return None


def marks_on(flash):
    return {path: data for path, data in read_files(flash).items() if path.startswith("/marks/")}


def test_the_power_cut_at_any_write_leaves_whole_marks_and_the_next_one_takes_over(tmp_path):
    first, flash = tmp_path / "first.bin", tmp_path / "flash.bin"
    modules = (
        "app/log/mark_file",
        "app/kept/folders",
        "app/running",
        "core/log/raw_ring",
        "core/rows",
        "core/log/recording",
        "core/log/rice",
        "core/events",
        "core/event_names",
        "core/shoe/stride_figures",
        "core/log/little_endian",
        "core/compat",
    )
    files = {f"/backstep/{name}.py": (podfiles.PACKAGE / f"{name}.py").read_bytes() for name in modules}
    folders = {Path("/backstep") / parent for name in modules for parent in Path(name).parents}
    files |= {f"{folder}/__init__.py": b"" for folder in folders} | {"/main.py": ON_FLASH}
    assert written(first, files)
    whole = marks_on(first)
    assert set(whole) == {"/marks/0001.bsr", "/marks/0001.json"}
    shutil.copy(first, flash)
    for cut in range(1, written(flash) + 1):
        shutil.copy(first, flash)
        assert written(flash, cut_at_write=cut) is None
        assert "/marks/0002.bsr" not in marks_on(flash)
        assert written(flash)
        found = marks_on(flash)
        assert set(found) == {f"/marks/000{number}.{end}" for number in (1, 2) for end in ("bsr", "json")}
        assert {data for path, data in found.items() if path.endswith(".bsr")} == {whole["/marks/0001.bsr"]}
