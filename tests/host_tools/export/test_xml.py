"""TCX and GPX: valid by schemas of the parts that are written, distances and times those of the session."""

import math
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from host_tools.export import gpx, tcx
from host_tools.export.activity import activity
from host_tools.sessions import session_log

SCHEMAS = Path(__file__).parents[2] / "fixtures" / "export"
EARTH_M = 6371008.8


@pytest.fixture(scope="module")
def walk(walk_log):
    return activity(session_log.load(walk_log))


def made(kind, of):
    (data,) = kind.files(of, "x").values()
    schema = xmlschema.XMLSchema(SCHEMAS / f"{kind.SUFFIX[1:]}.xsd")
    text = data.decode()
    schema.validate(text)
    return schema, ElementTree.fromstring(text)


def metres(of):
    return (of.log.counts.backward_mm + of.log.counts.forward_mm) / 1000


def all_of(root, name):
    return [one for one in root.iter() if one.tag.endswith("}" + name)]


def test_tcx_is_valid_and_adds_up(walk):
    _, root = made(tcx, walk)
    laps = all_of(root, "Lap")
    assert [lap.get("StartTime") for lap in laps] == ["2025-10-25T23:59:00.000Z", "2025-10-25T23:59:48.000Z"]
    of_laps = [float(all_of(lap, "DistanceMeters")[0].text) for lap in laps]
    assert sum(of_laps) == pytest.approx(metres(walk), abs=0.02)
    points = all_of(root, "Trackpoint")
    assert len(points) == walk.line.seconds
    times = [datetime.fromisoformat(one.text) for one in all_of(root, "Time")]
    assert times == sorted(times) and (times[-1] - times[0]).total_seconds() == len(points) - 1
    assert float(all_of(points[-1], "DistanceMeters")[0].text) == pytest.approx(metres(walk), abs=0.02)
    assert all_of(root, "Activity")[0].get("Sport") == "Other"
    assert "62 steps backward, 40 forward" in all_of(root, "Notes")[0].text
    assert 40 <= int(all_of(points[30], "RunCadence")[0].text) <= 50


def test_gpx_is_valid_and_its_points_are_as_far_apart_as_was_walked(walk):
    _, root = made(gpx, walk)
    points = all_of(root, "trkpt")
    assert len(points) == walk.line.seconds and len(all_of(root, "trkseg")) == 2
    north = [math.radians(float(point.get("lat"))) * EARTH_M for point in points]
    assert north[-1] == pytest.approx(metres(walk), abs=0.02)
    assert north == sorted(north)
    assert float(all_of(points[-1], "ele")[0].text) == pytest.approx(walk.line.height_m[-1], abs=0.01)
    assert "No position was sensed" in all_of(root, "desc")[0].text


def test_a_belts_tcx_has_no_distances_on_the_way(belt_log):
    _, root = made(tcx, activity(session_log.load(belt_log)))
    assert [one.text for one in all_of(root, "DistanceMeters")] == ["0.00"]  # a lap must tell one
    assert not all_of(root, "AltitudeMeters")


@pytest.mark.parametrize("kind", [tcx, gpx])
def test_the_schemas_can_fail(walk, kind):
    schema, root = made(kind, walk)
    point = next(one for one in root.iter() if one.tag.endswith(("}Trackpoint", "}trkpt")))
    point.remove(all_of(point, "Time" if kind is tcx else "time")[0])
    assert not schema.is_valid(ElementTree.tostring(root, "unicode"))
