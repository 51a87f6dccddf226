"""Chosen minutes: every raw sample of them on flash, or a stated gap."""

import json
import os
from binascii import crc32

import pytest
from app.log.test_marks import free_bytes, walk
from backstep.app.kept import folders
from backstep.app.log import recorder
from backstep.core.log.recording import Reader

RATE_HZ = 104


def order(do, number=1, **arguments):
    return (json.dumps({"id": number, "do": do} | arguments) + "\n").encode()


def recorded(path):
    """Return {index: row} of a recording; it is undamaged."""
    reader = Reader(path.read_bytes(), crc32)
    found = {}
    for index, count, at in reader.blocks():
        values = reader.rows(at).tolist()
        found.update({index + k: tuple(values[6 * k : 6 * k + 6]) for k in range(count)})
    assert reader.damaged_bytes == 0
    return found


@pytest.fixture
def belt(pod, tmp_path):
    pod.settings(placement="belt")
    pod.imu.rows = walk(12_000, sways=())
    pod.path = tmp_path / "marks" / "0001.rec"
    return pod


def run(pod, for_ms, minutes=1, at_ms=2000):
    pod.type_at(at_ms, order("record", minutes=minutes))
    return pod.run(for_ms)


def about(pod):
    return json.loads(pod.path.with_suffix(".json").read_text())


def test_a_minute_is_recorded_whole(belt):
    run(belt, 66_000)
    rows = recorded(belt.path)
    first = about(belt)["sample"]
    assert len(rows) == 60 * RATE_HZ and list(rows) == list(range(60 * RATE_HZ))
    assert list(rows.values()) == belt.imu.rows[first : first + 60 * RATE_HZ]
    assert about(belt) == {"event": "recording", "sample": first, "minutes": 1}
    assert belt.said(f"record: {belt.path}: its time is over; 0 samples missing in it")


@pytest.mark.parametrize("logs", [1, 0])
def test_free_space_is_asked_once_before_the_first_sample_and_counted_from_there(belt, monkeypatch, logs):
    belt.settings(placement="belt", session_log=logs)
    asked, found = [], os.statvfs("/")

    def statvfs(path):
        asked.append(len(belt.imu.started))
        return (*found[:3], 10**9 // found[1], *found[4:])

    monkeypatch.setattr(os, "statvfs", statvfs)
    belt.parts.press_at(70_000, 1300)
    belt.parts.press_at(75_000, 1300)
    run(belt, 90_000)
    assert len(recorded(belt.path)) == 60 * RATE_HZ and belt.said("session of")
    assert asked == [0]


def test_the_way_out_writes_what_is_held(belt):
    run(belt, 20_000)
    first = about(belt)["sample"]
    rows = recorded(belt.path)
    assert len(rows) == pytest.approx(18 * RATE_HZ, abs=60)
    assert list(rows.values()) == belt.imu.rows[first : first + len(rows)]
    assert belt.said("the pod leaves; 0 samples missing")


def test_without_a_calm_moment_a_gap_is_stated_and_no_warning_risked(belt, monkeypatch):
    belt.imu.rows = walk(12_000, sways=(), turning=range(10 * RATE_HZ, 15 * RATE_HZ))
    writes, append = [], recorder.Recorder._append

    def watched(self, *mode):
        writes.append(belt.world.now_us)
        append(self, *mode)

    monkeypatch.setattr(recorder.Recorder, "_append", watched)
    run(belt, 66_000)
    assert not [at for at in writes if 10.1e6 < at < 15e6]
    rows, first = recorded(belt.path), about(belt)["sample"]
    assert all(row == belt.imu.rows[first + index] for index, row in rows.items())
    missing = 60 * RATE_HZ - len(rows)
    assert 3 * RATE_HZ < missing < 5 * RATE_HZ
    assert belt.said(f"its time is over; {missing} samples missing in it")


def test_where_no_sway_is_warned_of_a_write_comes_in_between_before_anything_is_lost(pod, tmp_path):
    pod.imu.rows = walk(24_000, sways=(), turning=range(5 * 208, 24_000))
    run(pod, 66_000)
    assert len(recorded(tmp_path / "marks" / "0001.rec")) == 60 * 208


def test_lost_samples_are_a_gap_of_their_length(belt, monkeypatch):
    made = []
    init = recorder.Recorder.__init__

    def watched(self, *args):
        init(self, *args)
        made.append(self)

    monkeypatch.setattr(recorder.Recorder, "__init__", watched)
    belt.world.at(20_000, lambda: made[0].gap(40))
    run(belt, 66_000)
    rows, first = recorded(belt.path), about(belt)["sample"]
    gap_at = next(index for index in range(60 * RATE_HZ) if index not in rows)
    assert all(rows[index] == belt.imu.rows[first + index] for index in range(gap_at))
    after = [index for index in rows if index > gap_at]
    assert after[0] >= gap_at + 40
    assert all(rows[index] == belt.imu.rows[first + index - 40] for index in after)


def test_it_ends_on_request_and_another_may_begin(belt, tmp_path):
    belt.type_at(10_000, order("record", 2, minutes=0))
    belt.type_at(11_000, order("record", 3, minutes=2))
    run(belt, 20_000)
    assert belt.said(f"record: {belt.path}: ended by request; 0 samples missing in it")
    assert len(recorded(belt.path)) == pytest.approx(8 * RATE_HZ, abs=60)
    assert len(recorded(tmp_path / "marks" / "0002.rec")) == pytest.approx(9 * RATE_HZ, abs=60)


def test_what_is_not_to_be_done_is_refused_with_its_reason(asked):
    assert asked.ask("record", minutes=61) == "record: minutes: 61 is outside 1..60, or 0: end it now"
    assert asked.ask("record", minutes=-1) == "record: minutes: -1 is outside 1..60, or 0: end it now"
    assert asked.ask("record", minutes=0) == "record: nothing is recorded"
    assert asked.ask("record", minutes=5) == {"path": "marks/0001.rec"}
    assert asked.ask("record", minutes=5) == "record: it records already"
    assert asked.ask("status")["recording_s"] == 300
    grows = {path: growing for path, _, growing in asked.ask("marks")["files"]}
    assert grows == {"marks/0001.json": False, "marks/0001.rec": True}
    refused = asked.ask("delete", path="marks/0001.rec", size=0, crc32=0)
    assert refused == "delete: marks/0001.rec: it is still recorded"


def test_a_recording_that_was_read_is_removed_with_what_tells_about_it(asked, tmp_path):
    asked.ask("record", minutes=5)
    asked.ask("record", minutes=0)
    data = (tmp_path / "marks" / "0001.rec").read_bytes()
    assert asked.ask("delete", path="marks/0001.rec", size=len(data), crc32=crc32(data)) == {}
    assert asked.ask("marks")["files"] == []


def test_no_memory_is_refused_and_nothing_runs(asked, monkeypatch):
    def no_memory(*_):
        raise MemoryError

    monkeypatch.setattr(recorder, "array", no_memory)
    assert asked.ask("record", minutes=5) == "record: the pod's memory has no room for it"
    assert "recording_s" not in asked.ask("status")


def test_a_flash_that_is_nearly_full_ends_it_before_the_log_is_touched(belt, monkeypatch):
    free_bytes(monkeypatch, folders.FREE_MIN + recorder._SPARE + 8192)
    run(belt, 66_000)
    assert belt.said("the flash is nearly full; 0 samples missing")
    rows, first = recorded(belt.path), about(belt)["sample"]
    assert 0 < len(rows) < 60 * RATE_HZ and list(rows.values()) == belt.imu.rows[first : first + len(rows)]


@pytest.mark.parametrize("code,why", [(28, "OSError: 28"), (5, "OSError: 5")])
def test_a_flash_that_refuses_ends_it_and_the_pod_goes_on(belt, monkeypatch, code, why):
    def refuses(self, *mode):
        raise OSError(code)

    belt.world.at(10_000, lambda: monkeypatch.setattr(recorder.Recorder, "_append", refuses))
    run(belt, 20_000)
    assert belt.said(f"record: {belt.path}: {why}; 0 samples missing in it") and belt.said("session of")


def test_a_recording_that_is_removed_meanwhile_ends(belt):
    belt.world.at(10_000, lambda: os.remove(belt.path))
    run(belt, 20_000)
    assert belt.said(f"record: {belt.path}: No such file or directory") and not belt.path.exists()
