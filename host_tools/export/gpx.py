"""GPX 1.1: a track. A pod senses no position: its points lie on a line due north, as far apart as was walked.

Schema: GPX 1.1, and TrackPointExtension v1 for heart rate and cadence [strides/min].
"""

import math
from xml.etree import ElementTree as Xml

from host_tools.export.activity import Activity
from host_tools.export.tcx import notes, time

SUFFIX = ".gpx"
_NAME = "http://www.topografix.com/GPX/1/1"
_MORE = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"
_EARTH_M = 6371008.8  # [IUGG] mean radius
_CADENCE_MAX = 254
_BPM_MAX = 255
_NO_PLACE = "No position was sensed: the points lie due north of 0 N 0 E, as far apart as was walked."


def files(of: Activity, stem: str) -> dict[str, bytes]:
    """Return the file by its name.  of: its begin is known, and it has strides.  stem: of the name."""
    Xml.register_namespace("", _NAME)
    Xml.register_namespace("gpxtpx", _MORE)
    root = Xml.Element(f"{{{_NAME}}}gpx", version="1.1", creator="Backstep")
    about = _under(root, "metadata")
    _under(about, "name", f"Backstep {of.log.name}")
    _under(about, "desc", _NO_PLACE)
    _under(about, "time", time(of, 0.0))
    track = _under(root, "trk")
    _under(track, "name", f"Backstep {of.log.name}")
    _under(track, "desc", notes(of))
    _under(track, "type", "running" if of.is_run else "walking")
    for lap in of.laps:
        part = _under(track, "trkseg")
        for second in range(int(lap.begin_s), min(math.ceil(lap.end_s), of.line.seconds)):
            _point(part, of, second)
    return {stem + SUFFIX: Xml.tostring(root, "utf-8", xml_declaration=True)}


def _point(part: Xml.Element, of: Activity, second: int) -> None:
    line = of.line
    north = math.degrees(float(line.distance_m[second]) / _EARTH_M)
    point = _under(part, "trkpt", lat=f"{north:.8f}", lon="0.0")
    if of.log.is_level:
        _under(point, "ele", f"{line.height_m[second]:.2f}")
    _under(point, "time", time(of, min(second + 1.0, max(of.whole.end_s, float(second)))))
    told = {}
    if not math.isnan(line.heart_bpm[second]):
        told["hr"] = min(round(float(line.heart_bpm[second])), _BPM_MAX)
    if not math.isnan(line.cadence_spm[second]):
        told["cad"] = min(int(line.cadence_spm[second] / 2), _CADENCE_MAX)
    if told:
        more = Xml.SubElement(_under(point, "extensions"), f"{{{_MORE}}}TrackPointExtension")
        for name, value in told.items():
            Xml.SubElement(more, f"{{{_MORE}}}{name}").text = str(value)


def _under(parent: Xml.Element, name: str, text: str | None = None, **more: str) -> Xml.Element:
    found = Xml.SubElement(parent, f"{{{_NAME}}}{name}", more)
    found.text = text
    return found
