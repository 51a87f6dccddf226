"""Tables: columns with units and a dictionary, the same from CSV and Parquet, nothing sensed is nothing told."""

import csv
import io
import json
import sys

import numpy as np
import pandas
import polars
import pytest
from exported import BEGAN_S

from host_tools.errors import UserError
from host_tools.export import tables
from host_tools.export.activity import activity
from host_tools.sessions import session_log

NAMES = [row[0] for row in tables.COLUMNS]


@pytest.fixture(scope="module")
def walk(walk_log):
    return activity(session_log.load(walk_log))


@pytest.fixture(scope="module")
def parquet(walk):
    (data,) = tables.parquet_files(walk, "x").values()
    return data


def test_csv_has_a_row_a_second_and_a_dictionary_of_its_columns(walk):
    found = tables.csv_files(walk, "x")
    rows = list(csv.DictReader(io.StringIO(found["x.csv"].decode())))
    meanings = list(csv.DictReader(io.StringIO(found["x.dictionary.csv"].decode())))
    assert list(rows[0]) == [row["column"] for row in meanings] == NAMES
    assert all(row["unit"] and row["meaning"] for row in meanings)
    assert len(rows) == walk.line.seconds
    assert rows[61]["time_utc"] == "2025-10-26T00:00:01.000Z"
    assert sum(int(row["backward_steps"]) for row in rows) == walk.log.counts.backward
    assert rows[20]["events"] == "sway" and rows[20]["sways"] == "1"
    assert (rows[0]["speed_m_s"], rows[0]["direction"], rows[30]["direction"]) == ("", "", "backward")


def test_pandas_and_polars_read_parquet_with_types(walk, parquet):
    panda, bear = pandas.read_parquet(io.BytesIO(parquet)), polars.read_parquet(io.BytesIO(parquet))
    assert list(panda.columns) == bear.columns == NAMES
    assert str(panda["time_utc"].dtype) == "datetime64[ms, UTC]"
    assert panda["time_utc"][0].timestamp() == BEGAN_S == bear["time_utc"][0].timestamp()
    metres = (walk.log.counts.backward_mm + walk.log.counts.forward_mm) / 1000
    assert panda["distance_m"].iloc[-1] == bear["distance_m"][-1] == pytest.approx(metres, abs=0.01)
    assert panda["backward_steps"].sum() == bear["backward_steps"].sum() == walk.log.counts.backward
    assert np.isnan(panda["speed_m_s"][0]) and bear["speed_m_s"][0] is None
    assert panda["is_known"].dtype == bool


def test_parquet_tells_each_unit(parquet):
    from pyarrow import parquet as pq

    schema = pq.read_schema(io.BytesIO(parquet))
    told = {field.name: field.metadata[b"unit"].decode() for field in schema}
    assert told == {name: unit for name, unit, *_ in tables.COLUMNS}
    assert json.loads(schema.metadata[b"utc_offset_min"]) == 120
    assert all(field.metadata[b"meaning"] for field in schema)


def test_csv_and_parquet_tell_the_same(walk, parquet):
    from_csv = pandas.read_csv(io.BytesIO(tables.csv_files(walk, "x")["x.csv"]))
    from_parquet = pandas.read_parquet(io.BytesIO(parquet))
    for name in ("cadence_spm", "grade_pct", "impact_mg", "distance_m", "stance_ms"):
        np.testing.assert_array_equal(from_csv[name].to_numpy(float), from_parquet[name].to_numpy(float))


def test_parquet_without_pyarrow_says_what_to_install(walk, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserError, match="--to parquet: needs pyarrow: pip install pyarrow"):
        tables.parquet_files(walk, "x")


def test_json_has_figures_seconds_and_events(walk):
    told = json.loads(tables.json_files(walk, "x")["x.json"])
    assert [part["part"] for part in told["figures"]] == ["session", "lap 1", "lap 2"]
    assert told["began_utc"] == "2025-10-25T23:59:00.000Z" and told["utc_offset_min"] == 120
    assert list(told["seconds"]) == NAMES and told["seconds"]["speed_m_s"][0] is None
    assert [one["event"] for one in told["events"] if one["event"] in ("sway", "mark")] == ["sway", "mark"]


@pytest.mark.parametrize("name", ["distance_m", "height_m", "speed_m_s", "grade_pct", "impact_mg"])
def test_what_a_belt_does_not_sense_is_nothing(belt_log, name):
    belt = tables.table(activity(session_log.load(belt_log)))
    assert set(belt.columns[name]) == {None}
    assert sum(belt.columns["backward_steps"]) == 60


def test_a_session_without_a_clock_has_no_times(still_log):
    still = tables.table(activity(session_log.load(still_log)))
    assert set(still.columns["time_utc"]) == {None} and still.about["began_utc"] is None
