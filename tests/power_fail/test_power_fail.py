"""A power cut at every program and erase of the flash: the pod starts, and nothing that was closed is lost."""

import functools
import itertools
import os
from binascii import crc32

import pytest
from backstep.core import events
from backstep.core.log import log, recording
from backstep.core.log.log_reader import Reader
from backstep.core.training.session import Session
from power_fail.boot import boot
from power_fail.journal import TORN
from power_fail.session import NEW, OLD, journey_in
from still import Still

from host_tools.sessions import session_log
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.flash_image import read_files
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod

LATEST_US = 45_000_000  # a block is due after 20 s and waits at most 20 s for a calm moment
BOOTED = 12  # cuts after which the whole firmware is started in the virtual pod as well
SLICES = 16  # of the journal: what one worker takes at once


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    """One journey for all workers: the folder above theirs is this run's alone."""
    base = tmp_path_factory.getbasetemp()
    return journey_in(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


def blocks_of(files):
    """Return (boot, session, number) -> (closing time [ms], records) of every sound block."""
    found = {}
    for data in files.values():
        blocks = blocks_in(data)
        assert not found.keys() & blocks.keys(), "a block twice"
        found |= blocks
    return found


@functools.lru_cache(maxsize=100)
def blocks_in(data):
    """Return the blocks of one file; from one cut to the next hardly a file changes."""
    found = {}
    reader = Reader(data, crc32)
    for head, offset, length in reader.blocks():
        key = head["boot"], head["session"], head["number"]
        assert key not in found, f"{key} twice"
        records = [(code, list(fields)) for code, _, fields in reader.records(head, offset, length)]
        found[key] = (head["closed_ms"], records)
    assert reader.damaged_bytes == 0, "a file holds what is no block"
    return found


def counted(blocks):
    """Return backward, forward, other steps, sways and falls of all sessions in blocks."""
    totals = [0] * 5
    for session in sorted({key[:2] for key in blocks}):
        counts = Session(104)
        for key in sorted(blocks):
            if key[:2] == session:
                for code, fields in blocks[key][1]:
                    if code < log.BEGIN:
                        counts.add(code, fields)
        for i, value in enumerate((counts.backward, counts.forward, counts.other, counts.sways, counts.falls)):
            totals[i] += value
    return totals


@functools.lru_cache(maxsize=100)
def rows_of(data):
    """Return the rows of a recording without gaps, of which nothing is damaged."""
    reader = recording.Reader(data, crc32)
    rows = []
    for index, count, at in reader.blocks():
        assert index == len(rows)
        values = reader.rows(at).tolist()
        rows += [tuple(values[6 * k : 6 * k + 6]) for k in range(count)]
    assert reader.damaged_bytes == 0
    return rows


class Watch:
    """Checks one cut after the other; what was seen once must stay.

    first: how many operations were done before the first cut.  What was closed by then is known from the flash as
    it is there, and as it was before the one session that was deleted.
    """

    def __init__(self, journey, first=0):
        self._journey = journey
        self.closed: dict = {}
        for count in {min(first, journey.deleting), first}:
            self.closed |= blocks_of(boot(journey.journal.cells(count)).files)
        self._least = counted(self.closed)
        self.rows: dict = {}
        self._present: dict = {}

    def see(self, at_us, cells):
        found = boot(cells)
        self._settings(at_us, found)
        blocks = blocks_of(found.files)
        gone = self._present.keys() - blocks.keys()
        assert not gone or ({key[:2] for key in gone} == {(1, 1)} and self._is_deleted(found)), f"{gone} lost"
        assert all(
            self.closed[key] is blocks[key] or self.closed[key] == blocks[key]
            for key in self.closed.keys() & blocks.keys()
        )
        self._present = blocks
        if blocks.keys() - self.closed.keys():
            self.closed |= blocks
            self._least = counted(self.closed)
        self._counts(at_us, found)
        self._recordings(found.raw)
        assert not [line for line in found.said if "flash" in line], found.said

    def _recordings(self, raw):
        """No row of raw samples that was ever there goes or changes, and every file is a sound recording."""
        rows = {name: rows_of(data) for name, data in raw.items()}
        for name, before in self.rows.items():
            assert rows[name] is before or rows[name][: len(before)] == before, name
        self.rows = rows

    def _is_deleted(self, found):
        return not any(name.startswith("00001-01") for name in found.files)

    def _settings(self, at_us, found):
        if at_us < self._journey.asked_us:
            assert found.settings == OLD
        elif at_us > self._journey.answered_us:
            assert found.settings == NEW
        else:
            assert found.settings in (OLD, NEW)

    def _counts(self, at_us, found):
        assert all(have >= want for have, want in zip(found.state["counts"], self._least, strict=True))
        if self.closed and any(found.state["counts"]):
            newest_us = 1000 * max(closed_ms for closed_ms, _ in self.closed.values())
            assert at_us - newest_us < LATEST_US


def slices(journey):
    """Return the journal's operations in slices, one after the other."""
    count = len(journey.journal.operations)
    ends = [count * number // SLICES for number in range(SLICES + 1)]
    return [range(first, end) for first, end in itertools.pairwise(ends)]


@pytest.mark.parametrize("number", range(SLICES))
def test_a_cut_at_every_flash_operation_loses_nothing_that_was_closed(journey, number):
    some = slices(journey)[number]
    watch, cuts = Watch(journey, some.start), 0
    for at_us, cells in journey.journal.cuts(some):
        watch.see(at_us, cells)
        cuts += 1
    assert cuts == len(some) * (1 + len(TORN)) + 1


def test_every_operation_is_in_a_slice_and_what_is_left_is_whole(journey, capsys):
    operations = len(journey.journal.operations)
    assert [number for some in slices(journey) for number in some] == list(range(operations))
    watch = Watch(journey, operations)
    cells = journey.journal.cells(operations)
    watch.see(journey.journal.operations[-1].at_us, cells)
    cuts = operations * (1 + len(TORN)) + 1
    with capsys.disabled():
        print(f"\n{cuts} power cuts at {operations} flash operations, {len(watch.closed)} blocks")
    assert cuts > 1500  # a third of what LittleFS made with the port's smaller cache
    assert {key[:2] for key in watch.closed} == {(1, 1), (1, 2)}
    for session in (1, 2):
        numbers = sorted(key[2] for key in watch.closed if key[1] == session)
        assert numbers == list(range(len(numbers)))
    codes = [code for _, records in watch.closed.values() for code, _ in records]
    assert codes.count(events.SWAY) >= 2 and codes.count(log.END) == 2
    assert boot(cells).state["counts"] == counted(watch.closed)
    lengths = {name: len(rows) for name, rows in watch.rows.items()}
    *seconds, recorded = sorted(lengths.values())
    assert seconds == [208] * len(seconds) and len(seconds) >= 2 and recorded > 20 * 104


@pytest.mark.parametrize("number", range(1, BOOTED))
def test_the_whole_firmware_starts_after_a_cut(journey, tmp_path, number):
    operation, torn = divmod(len(journey.journal.operations) * (1 + len(TORN)) * number // BOOTED, 1 + len(TORN))
    cuts = journey.journal.cuts(range(operation, operation + 1))
    _, cells = next(itertools.islice(cuts, torn, None))
    flash = tmp_path / f"{number}.bin"
    flash.write_bytes(cells)
    said = first_second(flash)
    assert said.startswith("backstep on Virtual pod (esp32s3), belt at 104 Hz"), said
    assert "Traceback" not in said and "refuses" not in said


def first_second(flash):
    model = board_model.build(board_model.read_board("virtual"), Still(), Timeline())
    said = bytearray()
    with VirtualPod(model.hardware, None, flash=flash) as pod:
        pod.run(said.extend, until_us=1_500_000)
    files = {path: data for path, data in read_files(flash).items() if path.startswith("/log/") and data}
    for data in files.values():
        copy = flash.with_suffix(".bsl")
        copy.write_bytes(data)
        assert not session_log.load(copy).missing
    return said.decode()
