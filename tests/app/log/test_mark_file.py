"""The file of a mark: its pieces, and the power cut at any write of it."""

import itertools
import time
from array import array
from binascii import crc32

import pytest
from app.marked_rows import RATE_HZ, held, recorded
from backstep.app.log import mark_file
from backstep.app.running import Kept
from backstep.core import events
from backstep.core.log import chest
from backstep.core.log.raw_ring import RawRing
from power_fail.boot import as_flash

from host_tools.rescue.filesystem import Cells, made, mounted, read


@pytest.fixture(autouse=True)
def slow_flash(monkeypatch):
    """Time passes as if each write had the flash erase."""
    ticks_ms = itertools.count(0, 20)
    monkeypatch.setattr(time, "ticks_ms", lambda: next(ticks_ms), raising=False)
    monkeypatch.setattr(time, "ticks_diff", lambda one, other: one - other, raising=False)


def test_pieces_are_small_whatever_the_ring_holds(tmp_path):
    found = list(mark_file.pieces(ring(), kept(tmp_path), RATE_HZ, "belt", "body"))
    path = tmp_path / "raw" / "0001.bsrs"
    assert found == [""] * 10 + [str(path)]
    ((recording, _),) = held(path)
    assert [row[0] for row in recorded(recording)] == list(range(40, 90))


@pytest.mark.parametrize("pieces", range(1, 10))
def test_what_is_closed_early_is_sealed_as_given_up(tmp_path, pieces):
    for _ in range(2):
        begun = mark_file.pieces(ring(), kept(tmp_path), RATE_HZ, "belt", "body")
        for _ in range(pieces):
            next(begun, None)
        begun.close()
    path = tmp_path / "raw" / "0001.bsrs"
    data = path.read_bytes() if path.exists() else b""
    cut = chest.cut(data, crc32)
    assert {about for _, about in cut} <= {b"{}"}
    assert sum(len(one) + 2 + chest.SEAL_BYTES for one, _ in cut) == len(data)
    list(mark_file.pieces(ring(), kept(tmp_path), RATE_HZ, "belt", "body"))
    assert path.read_bytes()[: len(data)] == data and len(held(path)) == 1


def ring():
    """Return a marked sway of fifty samples."""
    held_still = RawRing(50, 20, 9)
    for n in range(90):
        if n == 70:
            held_still.note(events.SWAY, n, array("i", range(13)))
        held_still.put((n, 0, 0, 0, 0, 0))
    held_still.marked = True
    return held_still


def kept(tmp_path):
    return Kept(f"{tmp_path}/kept/settings.json", {})


class Journal(Cells):
    """Cells of a flash, and what is written to them since."""

    def __init__(self, cells):
        super().__init__(cells)
        self.written = []

    def _put(self, at, data):
        self.written.append((at, data))
        return super()._put(at, data)


def write_a_mark(cells):
    """Write one on a flash as the pod does; return each write of it."""
    journal = Journal(cells)
    with as_flash(mounted(journal)):
        list(mark_file.pieces(ring(), Kept("/kept/settings.json", {}), RATE_HZ, "belt", "body"))
    return journal.written


def marks_on(cells):
    """Return the recordings in the chest, all of whose bytes are in one."""
    data = read(bytes(cells)).files["/raw/0001.bsrs"]
    cut = chest.cut(data, crc32)
    assert len(data) == sum(len(one) + len(about) + chest.SEAL_BYTES for one, about in cut)
    return [one for one, _ in cut]


def test_the_power_cut_at_any_write_loses_the_mark_that_is_written_and_no_other():
    first = bytearray(made({"/raw/notes.txt": b""}, 1 << 20))
    write_a_mark(first)
    (whole,) = marks_on(first)
    writes = write_a_mark(bytearray(first))
    assert len(writes) > 5
    for cut, (torn_at, torn) in enumerate(writes):
        cells = bytearray(first)
        for at, data in [*writes[:cut], (torn_at, torn[: len(torn) // 2])]:
            cells[at : at + len(data)] = data
        assert marks_on(cells) == [whole]
        write_a_mark(cells)
        assert marks_on(cells) == [whole, whole]
