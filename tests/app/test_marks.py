"""The raw seconds of a false alarm on flash: when they are written, what is in them, and what can go wrong."""

import binascii
import json
import os

import pytest
from app.fakes import MARK
from app.marking import STRUCK_MG
from backstep.app import mark_file
from backstep.core import events
from backstep.core.recording import ROWS_MAX, Reader

RATE_HZ = 104
SWAY_AT = 600
BEFORE, AFTER = 130, 78
PRESS_MS = (SWAY_AT + 200) * 1000 / RATE_HZ
STEP = (MARK + events.STEP, 0, 0, 0, 0, 0)


def at_ms(sample):
    return 1000 * sample / RATE_HZ


def walk(count=2000, sways=(SWAY_AT,), steps=(), turning=()):
    """Return rows that each are another one, with events in them, and turns too fast for a rest."""
    rows = [(-n, n, 1000, 0, 0, n % 3 - 1) for n in range(count)]
    for n in sways:
        rows[n] = (MARK + events.SWAY, *rows[n][1:])
    for n in steps:
        rows[n] = (MARK + events.STEP, *rows[n][1:])
    for n in turning:
        rows[n] = (*rows[n][:4], 350, 0)
    return rows


@pytest.fixture
def belt(pod, tmp_path):
    pod.settings(placement="belt")
    pod.imu.rows = walk()
    pod.marks = tmp_path / "marks"
    return pod


def marked(pod, for_ms=16_000, press_ms=PRESS_MS):
    """Run a pod that is pressed once; return what it said of marks."""
    pod.parts.press_at(press_ms)
    return [line for line in pod.run(for_ms) if line.startswith("mark: ") and "raw seconds" in line]


def recorded(path, rate_hz=RATE_HZ, placement="belt", gap=(-1, 0)):
    """Return the rows of a recording; they are whole, but for `gap`: so many missing after so many rows."""
    data = path.read_bytes()
    reader = Reader(data, binascii.crc32)
    assert (reader.rate_mhz, reader.placement, reader.frame) == (1000 * rate_hz, placement, "body")
    rows = []
    for index, count, at in reader.blocks():
        assert index == len(rows) + gap[1] * (0 <= gap[0] <= len(rows))
        values = reader.rows(at)
        rows += [tuple(values[6 * k : 6 * k + 6]) for k in range(count)]
    assert reader.damaged_bytes == 0
    return rows


def test_a_false_alarm_is_kept_with_what_was_before_and_after_it(belt):
    said = marked(belt)
    path = belt.marks / "0001.bsr"
    assert said == [f"mark: raw seconds kept as {path}"]
    assert recorded(path) == belt.imu.rows[SWAY_AT - BEFORE : SWAY_AT + AFTER]
    about = json.loads(path.with_suffix(".json").read_text())
    fields = {"lean_ddeg": 123, "rate_ddps": 700}
    assert about == {"event": "sway", "sample": SWAY_AT, "row": BEFORE, "false_alarm": True} | fields
    assert sorted(os.listdir(belt.marks)) == ["0001.bsr", "0001.json"]


def fallen(rate_hz, hits_ms, told_ms, count_ms=20_000):
    """Return rows with impacts and the fall that is told after the last of them."""
    rows = walk(rate_hz * count_ms // 1000, sways=())
    for ms in hits_ms:
        at = rate_hz * ms // 1000
        rows[at] = (*rows[at][:2], STRUCK_MG, *rows[at][3:])
    told = rate_hz * told_ms // 1000
    rows[told] = (MARK + events.FALL, *rows[told][1:])
    return rows


@pytest.mark.parametrize(
    "placement,rate_hz,before_ms,after_ms",
    [("shoe", 208, 750, 1250), ("belt", 104, 1250, 750), ("wrist", 52, 1250, 750)],
)
def test_a_fall_is_kept_with_what_was_around_it(pod, tmp_path, placement, rate_hz, before_ms, after_ms):
    pod.settings(placement=placement)
    pod.imu.rows = rows = fallen(rate_hz, (5500,), 8000)
    pod.run(20_000)
    path = tmp_path / "marks" / "0001.raw"
    assert pod.said(f"fall: raw seconds kept as {path}")
    hit = rate_hz * 5500 // 1000
    before, after = rate_hz * before_ms // 1000, rate_hz * after_ms // 1000
    assert recorded(path, rate_hz, placement) == rows[hit - before : hit + after]
    about = json.loads(path.with_suffix(".json").read_text())
    fields = {"impact_mg": 4096, "turned_ddeg": 880}
    assert about == {"event": "fall", "sample": hit, "row": before, "false_alarm": False} | fields


def test_an_impact_after_which_nobody_lies_is_forgotten(belt):
    belt.imu.rows = fallen(RATE_HZ, (4000,), 19_900)
    belt.run(19_000)
    assert not belt.marks.exists()


def test_an_impact_after_another_has_what_was_around_that_one_before_it(belt):
    belt.imu.rows = rows = fallen(RATE_HZ, (4000, 5000), 9000)
    belt.run(20_000)
    held = 4 * RATE_HZ + AFTER
    path, hit = belt.marks / "0001.raw", 5 * RATE_HZ
    assert recorded(path, gap=(BEFORE - 1, hit - held)) == rows[held - BEFORE + 1 : held] + rows[hit : hit + AFTER]
    assert json.loads(path.with_suffix(".json").read_text())["row"] == BEFORE - 1


def test_a_sway_and_the_fall_after_it_are_both_kept(belt):
    belt.imu.rows = rows = fallen(RATE_HZ, (5000,), 8000, count_ms=40_000)
    sway = 46 * RATE_HZ // 10
    rows[sway] = (MARK + events.SWAY, *rows[sway][1:])
    belt.run(40_000)
    about = [json.loads((belt.marks / f"000{n}.json").read_text()) for n in (1, 2)]
    assert [(one["event"], one["sample"]) for one in about] == [("fall", 5 * RATE_HZ), ("sway", sway)]
    for one, number in zip(about, (1, 2), strict=True):
        first = one["sample"] - BEFORE
        assert recorded(belt.marks / f"000{number}.raw") == rows[first : first + BEFORE + AFTER]


def test_falls_are_not_kept_where_that_is_switched_off(pod, tmp_path):
    pod.settings(placement="wrist", raw_falls=0)
    pod.imu.rows = fallen(52, (4000,), 8000)
    pod.run(20_000)
    assert not (tmp_path / "marks").exists()


@pytest.mark.parametrize("placement", ["shoe", "wrist"])
def test_nothing_is_kept_where_no_sway_is_warned_of(belt, placement):
    belt.settings(placement=placement)
    marked(belt)
    assert not belt.marks.exists()


def test_a_warning_that_nobody_marks_is_not_kept_and_the_next_one_is(belt):
    belt.imu.rows = walk(4000, sways=(SWAY_AT, 2500))
    marked(belt, for_ms=36_000, press_ms=at_ms(2700))
    (path,) = belt.marks.glob("*.bsr")
    assert recorded(path) == belt.imu.rows[2500 - BEFORE : 2500 + AFTER]


def test_a_sway_that_nobody_marks_is_kept_all_the_same(belt):
    belt.imu.rows = walk(4000)
    belt.run(36_000)
    path = belt.marks / "0001.raw"
    assert belt.said(f"sway: raw seconds kept as {path}")
    assert recorded(path) == belt.imu.rows[SWAY_AT - BEFORE : SWAY_AT + AFTER]
    assert json.loads((belt.marks / "0001.json").read_text())["sample"] == SWAY_AT


def test_the_way_out_keeps_a_sway_that_waits_for_its_mark(belt):
    belt.run(8000)
    assert (belt.marks / "0001.raw").exists()


def test_unless_it_is_switched_off(belt):
    belt.settings(placement="belt", raw_sways=0)
    belt.imu.rows = walk(4000)
    belt.run(36_000)
    assert not belt.marks.exists()


def test_the_oldest_that_nobody_marked_makes_room(belt):
    belt.marks.mkdir()
    for number in range(1, 41):
        suffix = "raw" if number in (3, 9) else "bsr"
        (belt.marks / f"{number:04d}.{suffix}").write_bytes(b"x")
        (belt.marks / f"{number:04d}.json").write_bytes(b"{}")
    marked(belt)
    names = os.listdir(belt.marks)
    assert "0041.bsr" in names and "0003.raw" not in names and "0003.json" not in names
    assert "0009.raw" in names and len(names) == 80


def test_of_two_warnings_close_together_only_the_first_ones_seconds_are_held(belt):
    belt.imu.rows = walk(sways=(SWAY_AT, 1000))
    belt.settings(placement="belt", raw_sways=0)
    assert marked(belt, press_ms=at_ms(1200)) == ["mark: its raw seconds are not held"]
    assert not belt.marks.exists()


def test_nothing_is_written_while_a_sway_could_be_warned_of(belt):
    belt.imu.rows = walk(4000, steps=range(30, 2000, 60), turning=range(2000, 3000))
    there = {}
    for sample in (2000, 2980, 3300):
        belt.world.at(at_ms(sample), lambda sample=sample: there.update({sample: belt.marks.exists()}))
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
    rows = recorded(belt.marks / "0001.bsr")
    row = json.loads((belt.marks / "0001.json").read_text())["row"]
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
    assert recorded(belt.marks / "0001.bsr") == belt.imu.rows[SWAY_AT - BEFORE : SWAY_AT + AFTER]
    assert belt.lines[-1] == "backstep: stopped by Ctrl-C"


def free_bytes(monkeypatch, count):
    found = os.statvfs("/")
    monkeypatch.setattr(os, "statvfs", lambda path: (found[0], 512, found[2], count // 512, *found[4:]))


def test_a_flash_that_is_nearly_full_is_left_alone(belt, monkeypatch):
    free_bytes(monkeypatch, 65_024)
    assert marked(belt) == ["mark: raw seconds not kept: 65024 bytes are free on the flash, and 65536 stay so"]
    assert os.listdir(belt.marks) == []


@pytest.mark.parametrize(("code", "why"), [(28, "the flash is full"), (5, "OSError 5")])
@pytest.mark.parametrize("at_write", [1, 4])
def test_a_flash_that_refuses_is_said_and_nothing_of_the_mark_stays(belt, monkeypatch, code, why, at_write):
    flush, writes = mark_file.Writer.flush, []

    def refuses(writer):
        writes.append(1)
        if len(writes) == at_write:
            raise OSError(code)
        flush(writer)

    monkeypatch.setattr(mark_file.Writer, "flush", refuses)
    said = marked(belt)
    assert said == [f"mark: raw seconds not kept: {belt.marks}/0001 cannot be written ({why})"]
    assert os.listdir(belt.marks) == []
    assert belt.said("session of")


def test_a_full_folder_takes_no_more_and_the_pod_goes_on(belt):
    belt.marks.mkdir()
    for number in range(1, 41):
        (belt.marks / f"{number:04d}.bsr").write_bytes(b"x")
    why = f"{belt.marks} holds 40 recordings, and no more: fetch and remove them"
    assert marked(belt) == [f"mark: raw seconds not kept: {why}"]
    assert len(os.listdir(belt.marks)) == 40


def test_a_folder_that_cannot_be_made_is_said(belt):
    belt.marks.write_text("a file in its place")
    (line,) = marked(belt)
    assert line.startswith("mark: raw seconds not kept: ")


def test_a_new_mark_follows_the_last_one_and_takes_the_place_of_what_a_power_cut_left(belt):
    belt.marks.mkdir()
    for name in ("0007.bsr", "0007.json", "0008.json", "new", "notes.txt", "x.bsr"):
        (belt.marks / name).write_text("old")
    marked(belt)
    assert len(recorded(belt.marks / "0008.bsr")) == BEFORE + AFTER
    assert json.loads((belt.marks / "0008.json").read_text())["sample"] == SWAY_AT
    there = ["0007.bsr", "0007.json", "0008.bsr", "0008.json", "notes.txt", "x.bsr"]
    assert sorted(os.listdir(belt.marks)) == there


def test_no_memory_for_it_is_said_and_the_pod_warns_on(belt, monkeypatch):
    def no_memory(*_):
        raise MemoryError("memory allocation failed")

    monkeypatch.setattr(mark_file, "pieces", no_memory)
    belt.imu.rows = walk(sways=(SWAY_AT, 1500))
    assert marked(belt)[0] == "mark: raw seconds not kept: MemoryError: memory allocation failed"
    assert len(belt.said("SWAY")) == 2 and not belt.said("restart")
