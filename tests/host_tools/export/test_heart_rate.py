"""Heart rate in every format: read by others' decoders, valid by schema, empty where no strap was heard."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import fitdecode
import polars
import pytest
import session_logs
import xmlschema
from backstep.core import events
from exported import BEGAN_S
from garmin_fit_sdk import Decoder, Stream

from host_tools.export import fit, gpx, tables, tcx
from host_tools.export.activity import activity
from host_tools.sessions import session_log

SCHEMAS = Path(__file__).parents[2] / "fixtures" / "export"
RATE_HZ = 208
TOLD = [*((at_s, 100 + at_s) for at_s in range(10, 40, 5)), *((at_s, 150) for at_s in range(70, 80, 5))]


def all_of(root, name):
    return [one for one in root.iter() if one.tag.endswith("}" + name)]


@pytest.fixture(scope="module")
def of(tmp_path_factory):
    """Two laps of strides; the strap is heard for 32 s of the first, and for 12 s of the second."""
    code, _, fields = session_logs.STRIDE
    records = [(code, at + 50, (at - 200, at, *fields[2:])) for at in range(1000, 90 * RATE_HZ, 250)]
    records += [(events.HEART, at_s * RATE_HZ, (bpm, 500)) for at_s, bpm in TOLD]
    records += [(events.LAP, 60 * RATE_HZ, (2,)), (events.LINK, 45 * RATE_HZ, (1, 0, 1))]
    path = tmp_path_factory.mktemp("heart") / "00012-01.bsl"
    records.sort(key=lambda one: one[1])
    return activity(session_log.load(session_logs.write(path, records, seconds=95, unix_s=BEGAN_S)))


def test_fit_has_it_in_records_laps_and_session_by_both_decoders(of):
    (data,) = fit.files(of, "x").values()
    messages, errors = Decoder(Stream.from_byte_array(bytearray(data))).read()
    assert errors == []
    beats = [one.get("heart_rate") for one in messages["record_mesgs"]]
    assert [beats[second] for second in (9, 10, 14, 15, 41, 42, 69, 70, 82)] == [
        None, 110, 110, 115, 135, None, None, 150, None,
    ]  # fmt: skip
    (whole,), laps = messages["session_mesgs"], messages["lap_mesgs"]
    assert (whole["max_heart_rate"], whole["min_heart_rate"]) == (150, 110)
    assert [lap["avg_heart_rate"] for lap in laps] == [123, 150] and whole["avg_heart_rate"] == 131
    with fitdecode.FitReader(io.BytesIO(data)) as reader:
        read = [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]
    seen = [one.get_value("heart_rate", fallback=None) for one in read if one.name == "record"]
    assert seen == beats
    assert any(one.get("developer_fields", {}).get(len(fit.FIELDS)) == "link" for one in messages["event_mesgs"])


@pytest.mark.parametrize("kind", [tcx, gpx], ids=["tcx", "gpx"])
def test_tcx_and_gpx_are_valid_and_have_it_where_it_was_heard(of, kind):
    (data,) = kind.files(of, "x").values()
    xmlschema.XMLSchema(SCHEMAS / f"{kind.SUFFIX[1:]}.xsd").validate(data.decode())
    root = ElementTree.fromstring(data)
    if kind is tcx:
        points, name = all_of(root, "Trackpoint"), "HeartRateBpm"
        lap = all_of(root, "Lap")[0]
        told = [all_of(all_of(lap, f"{of}HeartRateBpm")[0], "Value")[0].text for of in ("Average", "Maximum")]
        assert told == ["123", "135"]
        beats = [all_of(one, "Value")[0].text if all_of(one, name) else None for one in points]
    else:
        points = all_of(root, "trkpt")
        beats = [all_of(one, "hr")[0].text if all_of(one, "hr") else None for one in points]
        (more,) = all_of(points[30], "TrackPointExtension")
        assert [one.tag.partition("}")[2] for one in more] == ["hr", "cad"]  # the order of its schema
    assert [beats[second] for second in (9, 10, 41, 42, 75)] == [None, "110", "135", None, "150"]


def test_tables_have_a_column_of_it(of):
    rows = list(csv.DictReader(io.StringIO(tables.csv_files(of, "x")["x.csv"].decode())))
    assert [rows[second]["heart_bpm"] for second in (9, 10, 42)] == ["", "110.0", ""]
    assert rows[45]["events"] == "link"
    frame = polars.read_parquet(io.BytesIO(tables.parquet_files(of, "x")["x.parquet"]))
    assert frame["heart_bpm"].null_count() == sum(row["heart_bpm"] == "" for row in rows)
    assert frame["heart_bpm"][10] == 110
