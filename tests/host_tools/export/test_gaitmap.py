"""gaitmap: strides from contact to contact, raw seconds in its units; by gaitmap itself where it is installed."""

import csv
import io
import json

import numpy as np
import pytest

from host_tools.export import gaitmap
from host_tools.export.activity import activity
from host_tools.recordings import Recording, save
from host_tools.sessions import session_log


@pytest.fixture
def files(walk_log, tmp_path):
    """The files of a session with raw seconds of its sway beside it, and others of another session's."""
    found = session_log.load(walk_log)
    sway = next(record for record in found.records if record["event"] == "sway")
    rows = np.tile(np.array([[1000, -500, 250, 10, -20, 30]], np.int16), (50, 1))
    (tmp_path / "raw").mkdir()
    for name, about in (("0001", sway), ("0002", sway | {"lean_ddeg": 1})):
        save(tmp_path / "raw" / f"{name}.bsr", Recording(rows, 208, gaps=((10, 4),)))
        (tmp_path / "raw" / f"{name}.json").write_text(json.dumps(about | {"row": 30, "false_alarm": False}))
    return found, gaitmap.files(activity(found), "x", tmp_path)


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_a_stride_goes_from_contact_to_contact(files):
    found, made = files
    rows = rows_of(made["x.gaitmap.csv"])
    assert [int(row["s_id"]) for row in rows] == list(range(len(rows)))
    for row in rows:
        assert row["start"] == row["ic"] and int(row["ic"]) < int(row["tc"]) < int(row["end"])
    assert {int(row["end"]) for row in rows} <= {fields[1] for fields in found.strides}
    assert 0 < len(found.strides) - len(rows) <= 3  # the first of each walk has no contact before
    seconds = (int(rows[0]["end"]) - int(rows[0]["start"])) / found.rate_hz
    assert float(rows[0]["stride_time_s"]) == pytest.approx(seconds, abs=1e-3)


def test_raw_seconds_of_the_session_are_told_in_its_units_and_samples(files):
    found, made = files
    assert set(made) == {"x.gaitmap.csv", "x.raw-0001.gaitmap.csv"}
    rows = rows_of(made["x.raw-0001.gaitmap.csv"])
    sway = next(record for record in found.records if record["event"] == "sway")
    assert int(rows[30]["sample"]) == sway["sample"]
    assert int(rows[10]["sample"]) - int(rows[9]["sample"]) == 5  # four are missing
    assert [float(rows[0][name]) for name in gaitmap.DATA[1:]] == [9.81, -4.905, 2.4525, 1.0, -2.0, 3.0]


def test_gaitmap_takes_them(files):
    pytest.importorskip("gaitmap")
    import pandas
    from gaitmap.utils import datatype_helper

    _, made = files
    strides = pandas.read_csv(io.BytesIO(made["x.gaitmap.csv"]))
    data = pandas.read_csv(io.BytesIO(made["x.raw-0001.gaitmap.csv"]))
    datatype_helper.is_single_sensor_stride_list(strides, "ic", ("tc",), raise_exception=True)
    datatype_helper.is_single_sensor_data(data, frame="sensor", raise_exception=True)
