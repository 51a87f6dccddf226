"""The raw seconds of a false alarm on flash: when they are written, what is in them, and what can go wrong."""

import os
from binascii import crc32

import pytest
from app.marked_rows import AFTER, BEFORE, RATE_HZ, SWAY_AT, held, recorded, walk, worn_on_a_belt
from backstep.app.log import mark_file
from backstep.core.log import chest
from backstep.core.log.recording import ROWS_MAX

PRESS_MS = (SWAY_AT + 200) * 1000 / RATE_HZ


def at_ms(sample):
    return 1000 * sample / RATE_HZ


@pytest.fixture
def belt(pod, tmp_path):
    return worn_on_a_belt(pod, tmp_path)


def marked(pod, for_ms=16_000, press_ms=PRESS_MS):
    """Run a pod that is pressed once; return what it said of marks."""
    pod.parts.press_at(press_ms)
    return [line for line in pod.run(for_ms) if line.startswith("mark: ") and "raw seconds" in line]


def test_a_false_alarm_is_kept_with_what_was_before_and_after_it(belt):
    said = marked(belt)
    path = belt.raw / "0001.bsrs"
    assert said == [f"mark: raw seconds kept as {path}"]
    ((recording, about),) = held(path)
    assert recorded(recording) == belt.imu.rows[SWAY_AT - BEFORE : SWAY_AT + AFTER]
    fields = {"lean_ddeg": 123, "rate_ddps": 700}
    assert about == {"event": "sway", "sample": SWAY_AT, "row": BEFORE, "false_alarm": True} | fields
    assert os.listdir(belt.raw) == ["0001.bsrs"]


@pytest.mark.parametrize("placement", ["shoe", "wrist"])
def test_nothing_is_kept_where_no_sway_is_warned_of(belt, placement):
    belt.settings(placement=placement)
    marked(belt)
    assert not (belt.raw.exists() and os.listdir(belt.raw))


def test_a_warning_that_nobody_marks_is_not_kept_and_the_next_one_is(belt):
    second = 2560
    belt.imu.rows = walk(4000, sways=(SWAY_AT, second))
    marked(belt, for_ms=36_000, press_ms=at_ms(second + 200))
    ((recording, _),) = held(belt.raw / "0002.bsrs")
    assert recorded(recording) == belt.imu.rows[second - BEFORE : second + AFTER]


def test_a_sway_that_nobody_marks_is_kept_all_the_same(belt):
    belt.imu.rows = walk(4000)
    belt.run(36_000)
    path = belt.raw / "0001.raws"
    assert belt.said(f"sway: raw seconds kept as {path}")
    ((recording, about),) = held(path)
    assert recorded(recording) == belt.imu.rows[SWAY_AT - BEFORE : SWAY_AT + AFTER]
    assert about["sample"] == SWAY_AT


def test_the_way_out_keeps_a_sway_that_waits_for_its_mark(belt):
    belt.run(8000)
    assert len(held(belt.raw / "0001.raws")) == 1


def test_unless_it_is_switched_off(belt):
    belt.settings(placement="belt", raw_sways=0)
    belt.imu.rows = walk(4000)
    belt.run(36_000)
    assert os.listdir(belt.raw) == []


def full_chests(belt, *names):
    """Put chests that take no more beside those that the pod makes; return how large one is."""
    belt.raw.mkdir()
    for name in names:
        (belt.raw / name).write_bytes(bytes(65536))


def test_of_two_full_chests_the_older_makes_room_that_nobody_has_marked(belt):
    full_chests(belt, "0003.bsrs", "0004.raws", "0007.raws")
    belt.run(8000)
    assert sorted(os.listdir(belt.raw)) == ["0003.bsrs", "0007.raws", "0008.raws"]
    assert len(held(belt.raw / "0008.raws")) == 1


def test_two_full_chests_of_marked_ones_take_no_more_and_the_pod_goes_on(belt):
    full_chests(belt, "0001.bsrs", "0002.bsrs")
    why = f"{belt.raw} holds as many marked ones as it may: fetch and remove them"
    assert marked(belt) == [f"mark: raw seconds not kept: {why}"]
    assert sorted(os.listdir(belt.raw)) == ["0001.bsrs", "0002.bsrs"]
    assert belt.said("session of")


def test_of_two_warnings_close_together_only_the_first_ones_seconds_are_held(belt):
    belt.imu.rows = walk(sways=(SWAY_AT, 1000))
    belt.settings(placement="belt", raw_sways=0)
    assert marked(belt, press_ms=at_ms(1200)) == ["mark: its raw seconds are not held"]
    assert os.listdir(belt.raw) == []


def test_nothing_is_written_while_a_sway_could_be_warned_of(belt):
    belt.imu.rows = walk(4000, steps=range(30, 2000, 60), turning=range(2000, 3000))
    there = {}
    for sample in (2000, 2980, 3300):
        belt.world.at(at_ms(sample), lambda sample=sample: there.update({sample: os.listdir(belt.raw) != []}))
    assert len(marked(belt, for_ms=36_000)) == 1
    assert there == {2000: False, 2980: False, 3300: True}


def test_each_piece_is_written_with_the_ring_empty_and_no_pattern_playing(belt, monkeypatch):
    moments, write = [], mark_file.Writer.flush

    def flush(writer):
        moments.append((belt.world.now_us / 1000, belt.haptic.level))
        write(writer)

    monkeypatch.setattr(mark_file.Writer, "flush", flush)
    drained = []
    drain = belt.imu.drain_into
    belt.imu.drain_into = lambda ring: (drained.append(belt.world.now_us / 1000), drain(ring))[1]
    marked(belt)
    assert len(moments) == -(-(BEFORE + AFTER) // ROWS_MAX)
    assert len({at for at, _ in moments}) == len(moments) and not any(level for _, level in moments)
    assert all(any(0 <= at - since < 2 for since in drained) for at, _ in moments)


def test_the_way_out_writes_what_is_wanted_though_it_is_not_all_there(belt):
    def interrupt():
        raise KeyboardInterrupt

    belt.world.at(at_ms(SWAY_AT + 65), interrupt)
    marked(belt, for_ms=None, press_ms=at_ms(SWAY_AT + 5))
    ((recording, about),) = held(belt.raw / "0001.bsrs")
    rows, row = recorded(recording), about["row"]
    assert BEFORE < row < BEFORE + 30
    assert rows == belt.imu.rows[SWAY_AT - row : SWAY_AT - row + BEFORE + AFTER]


def test_ctrl_c_in_the_middle_of_a_piece_loses_nothing(belt, monkeypatch):
    flush, hits = mark_file.Writer.flush, []

    def interrupted(writer):
        hits.append(1)
        if len(hits) == 5:
            raise KeyboardInterrupt
        flush(writer)

    monkeypatch.setattr(mark_file.Writer, "flush", interrupted)
    marked(belt, for_ms=None)
    ((recording, _),) = held(belt.raw / "0001.bsrs")
    assert recorded(recording) == belt.imu.rows[SWAY_AT - BEFORE : SWAY_AT + AFTER]
    assert belt.lines[-1] == "backstep: stopped by Ctrl-C"


def free_bytes(monkeypatch, count):
    found = os.statvfs("/")
    monkeypatch.setattr(os, "statvfs", lambda path: (found[0], 512, found[2], count // 512, *found[4:]))


def test_a_flash_that_is_nearly_full_is_left_alone(belt, monkeypatch):
    free_bytes(monkeypatch, 65_024)
    assert marked(belt) == ["mark: raw seconds not kept: 65024 bytes are free on the flash, and 65536 stay so"]
    assert os.listdir(belt.raw) == []


@pytest.mark.parametrize(("code", "why"), [(28, "the flash is full"), (5, "OSError 5")])
@pytest.mark.parametrize("at_write", [1, 4])
def test_a_flash_that_refuses_is_said_and_nothing_of_the_mark_counts(belt, monkeypatch, code, why, at_write):
    flush, writes = mark_file.Writer.flush, []

    def refuses(writer):
        writes.append(1)
        if len(writes) == at_write:
            raise OSError(code)
        flush(writer)

    monkeypatch.setattr(mark_file.Writer, "flush", refuses)
    said = marked(belt)
    path = belt.raw / "0001.bsrs"
    assert said == [f"mark: raw seconds not kept: {path} cannot be written ({why})"]
    assert held(path) == []
    assert belt.said("session of")


def test_a_folder_that_cannot_be_made_is_said(belt):
    belt.raw.write_text("a file in its place")
    (line,) = marked(belt)
    assert line.startswith("mark: raw seconds not kept: ")


def test_a_new_mark_goes_behind_the_last_one_and_behind_what_a_power_cut_left(belt):
    belt.raw.mkdir()
    torn = b"torn"
    one = b"recording" + chest.sealed(9, b'{"event": "sway"}', crc32)
    (belt.raw / "0002.bsrs").write_bytes(one + torn)
    (belt.raw / "notes.txt").write_text("old")
    marked(belt)
    first, second = held(belt.raw / "0002.bsrs")
    assert first == (b"recording", {"event": "sway"})
    assert len(recorded(second[0])) == BEFORE + AFTER and second[1]["sample"] == SWAY_AT
    assert sorted(os.listdir(belt.raw)) == ["0002.bsrs", "notes.txt"]


def test_no_memory_for_it_is_said_and_the_pod_warns_on(belt, monkeypatch):
    def no_memory(*_):
        raise MemoryError("memory allocation failed")

    monkeypatch.setattr(mark_file, "pieces", no_memory)
    belt.imu.rows = walk(sways=(SWAY_AT, 1500))
    assert marked(belt)[0] == "mark: raw seconds not kept: MemoryError: memory allocation failed"
    assert len(belt.said("SWAY")) == 2 and not belt.said("restart")
