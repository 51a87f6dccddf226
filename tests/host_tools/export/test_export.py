"""The verb: what it writes where, and one sentence for each thing that stands in its way."""

import errno
import json
import os
import sys
from datetime import UTC, datetime

import pytest
import session_logs
from backstep.core import events
from backstep.core.log import log
from backstep.core.log.log_format import MAGIC, VERSION_AT
from exported import BEGAN_S
from talking import command

from host_tools.export import export, fit
from host_tools.export.activity import activity
from host_tools.sessions import session_log


@pytest.mark.parametrize("to", export.FORMATS)
def test_every_format_lands_where_it_was_wanted(walk_log, tmp_path, to):
    out = tmp_path / ("walk" + export.FORMATS[to].suffix)
    code, said, err = command("export", walk_log.stem, walk_log.parent, "--to", to, "--out", out)
    assert (code, err) == (0, "")
    assert out.stat().st_size > 500 and str(out) in said
    others = {"csv": {"walk.dictionary.csv"}}.get(to, set())
    assert {file.name for file in tmp_path.iterdir()} == {out.name} | others


def test_the_name_is_the_sessions_where_none_is_said_and_json_tells_it(walk_log, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said, _ = command("export", "latest", walk_log.parent, "--to", "fit", "--json")
    assert code == 0
    told = json.loads(said)
    assert told["files"] == {"00012-01.fit": (tmp_path / "00012-01.fit").stat().st_size}


def test_without_a_name_it_is_the_newest_of_where_sync_puts_them(walk_log, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sessions" / "pod").mkdir(parents=True)
    (tmp_path / "sessions" / "pod" / walk_log.name).write_bytes(walk_log.read_bytes())
    assert command("export", "--to", "json")[0] == 0
    assert json.loads((tmp_path / "00012-01.json").read_text())["session"] == "00012-01.bsl"


def test_a_mass_that_nobody_has_is_refused(walk_log):
    assert "--kg: 7: wanted 20 to 250 kg" in command("export", walk_log, "--to", "fit", "--kg", "7")[2]


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("fit", "00004-01.bsl: no clock knew when it was, and a fit file must tell: --began TIME says it"),
        ("gaitmap", "00004-01.bsl: no strides in it, as gaitmap knows them; csv and json tell what there is"),
    ],
)
def test_a_session_in_which_nobody_moved(still_log, tmp_path, to, why):
    out = tmp_path / "x.out"
    assert command("export", still_log, "--to", to, "--out", out) == (2, "", f"backstep export: {why}\n")
    assert not out.exists()
    assert command("export", still_log, "--to", "csv", "--out", out)[0] == 0


def test_an_activity_without_a_step_is_none(still_log, tmp_path):
    began = ("--began", "2026-11-29T10:30+01:00")
    code, _, err = command("export", still_log, "--to", "tcx", "--out", tmp_path / "x.tcx", *began)
    assert code == 2 and "no step in it, so that it is no activity; csv and json tell" in err


def test_a_belt_has_no_track(belt_log, tmp_path):
    code, _, err = command("export", belt_log, "--to", "gpx", "--out", tmp_path / "x.gpx")
    assert code == 2 and "no strides, and a gpx file is made of distances" in err


def test_the_time_can_be_said_where_no_clock_knew_it(tmp_path):
    steps = [(events.STEP, 100 * number, (100 * number, events.FORWARD, 1)) for number in range(1, 20)]
    path = session_logs.write(tmp_path / "a.bsl", steps, placement="belt", rate_hz=104)
    out = tmp_path / "x.csv"
    assert command("export", path, "--to", "csv", "--out", out, "--began", "2026-11-29T10:30+01:00")[0] == 0
    assert "2026-11-29T09:30:00.000Z" in out.read_text()


def test_an_empty_folder_and_one_that_is_not_there(tmp_path):
    assert "no session is in it" in command("export", "latest", tmp_path, "--to", "fit")[2]
    assert "there is no such folder" in command("export", "latest", tmp_path / "no", "--to", "fit")[2]
    assert "no such session" in command("export", "00009-09", tmp_path, "--to", "fit")[2]


def test_a_log_of_newer_firmware(walk_log, tmp_path):
    path = tmp_path / "new.bsl"
    path.write_bytes(walk_log.read_bytes().replace(MAGIC, MAGIC[:VERSION_AT] + b"\x09"))
    code, _, err = command("export", path, "--to", "csv")
    assert code == 2 and "log is of version 9" in err and err.count("\n") == 1


@pytest.mark.parametrize("refused", [1, 2])
def test_a_full_disk_leaves_no_half_file_and_what_was_there(walk_log, tmp_path, monkeypatch, refused):
    old = tmp_path / "x.csv"
    old.write_text("old")
    calls = []

    def full(number):
        calls.append(number)
        if len(calls) == refused:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(export.os, "fsync", full)
    code, _, err = command("export", walk_log, "--to", "csv", "--out", old)
    assert (code, err) == (2, f"backstep export: {old}: No space left on device; make room there, then repeat\n")
    assert [file.name for file in tmp_path.iterdir()] == ["x.csv"] and old.read_text() == "old"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("fit", "--out", "no/x.fit"), "there is no folder no"),
        (("fit", "--began", "yesterday"), "--began: 'yesterday', want a time as 2026-11-29T10:30"),
        (("fit", "--began", "1926-11-29T10:30"), "'1926-11-29T10:30', want a time of the years 2000 to 2099"),
        (("parquet",), "needs pyarrow: pip install pyarrow"),
    ],
)
def test_what_stands_in_the_way_is_said_before_a_session_is_read(walk_log, tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(export.session_log, "load", None)
    code, _, err = command("export", walk_log, "--to", *words)
    assert code == 2 and says in err


def test_how_far_a_long_export_is_can_be_told(walk_log):
    of, seen = activity(session_log.load(walk_log)), []
    assert fit.files(of, "x", lambda told: seen.extend(told) or told) == fit.files(of, "x")
    assert len(seen) > of.line.seconds


def test_what_is_missing_of_a_session_is_said(walk_log, tmp_path):
    path = tmp_path / "cut.bsl"
    path.write_bytes(walk_log.read_bytes()[:-200])
    code, said, _ = command("export", path, "--to", "json", "--out", tmp_path / "x.json")
    assert code == 0 and "missing: " in said and "no end: cut off" in said


@pytest.mark.slow
def test_hours_over_midnight_and_the_end_of_summer_time_are_a_record_a_second(tmp_path):
    stride = [0, 0, events.BACKWARD, 700, 30, 0, 2, 95, 600, 1, 0, 3000, 0]
    seconds = 4 * 3600
    records = [(log.CLOCK, 0, (BEGAN_S, 0, 0, 1, 120))]
    for number in range(1, seconds):
        at = 100 * number
        records.append((events.STRIDE, at, [at - 40, at, *stride[2:]]))
    path = session_logs.write(tmp_path / "long.bsl", records, rate_hz=100, seconds=seconds, unix_s=BEGAN_S)
    found = session_log.load(path)
    (data,) = fit.files(activity(found), "x").values()
    from garmin_fit_sdk import Decoder, Stream

    messages, errors = Decoder(Stream.from_byte_array(bytearray(data))).read()
    assert errors == [] and len(messages["record_mesgs"]) == seconds
    assert messages["record_mesgs"][-1]["timestamp"] == datetime.fromtimestamp(BEGAN_S + seconds, UTC)
    (whole,) = messages["session_mesgs"]
    assert whole["total_distance"] == pytest.approx(found.counts.backward_mm / 1000, abs=0.01)
