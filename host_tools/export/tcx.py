"""TCX, Garmin's training centre database, version 2: laps of trackpoints with distance, height, heart rate, ...

Schema: TrainingCenterDatabase v2 and ActivityExtension v2 (speed [m/s], cadence [strides/min]).
"""

import math
from xml.etree import ElementTree as Xml

import numpy as np

from host_tools.export.activity import Activity, Stage

SUFFIX = ".tcx"
_NAME = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
_MORE = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
_CADENCE_MAX = 254
_CALORIES_MAX = 65535
_BPM_MAX = 255


def files(of: Activity, stem: str) -> dict[str, bytes]:
    """Return the file by its name.  of: its begin is known.  stem: of the name."""
    Xml.register_namespace("", _NAME)
    Xml.register_namespace("ax", _MORE)
    root = Xml.Element(f"{{{_NAME}}}TrainingCenterDatabase")
    # Its schema knows no walking.
    one = _under(_under(root, "Activities"), "Activity", Sport="Running" if of.is_run else "Other")
    _under(one, "Id", time(of, 0.0))
    for lap in of.laps:
        _lap(_under(one, "Lap", StartTime=time(of, lap.begin_s)), of, lap)
    _under(one, "Notes", notes(of))
    return {stem + SUFFIX: Xml.tostring(root, "utf-8", xml_declaration=True)}


def time(of: Activity, second: float) -> str:
    """Return a time as schemas have it, to the millisecond, in UTC."""
    return of.at(second).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def notes(of: Activity) -> str:
    """Return in words what the format has no place for."""
    steps, counts = of.whole.steps, of.log.counts
    words = [f"{', '.join(of.log.worn)}: {steps['backward']} steps backward, {steps['forward']} forward"]
    words += [f"{steps['other']} other", f"{counts.sways} sways warned of, {counts.falls} falls"]
    if of.log.is_level:
        words.append("heights count from the beginning")
    if not of.whole.told.get("energy"):
        words.append("calories are not known")
    return "Backstep, " + ", ".join(words) + "."


def _lap(lap: Xml.Element, of: Activity, stage: Stage) -> None:
    energy = stage.told.get("energy")
    calories = round((energy["low_kcal"] + energy["high_kcal"]) / 2) if energy else 0
    _under(lap, "TotalTimeSeconds", f"{stage.seconds:.2f}")
    _under(lap, "DistanceMeters", f"{stage.distance_m or 0:.2f}")
    _under(lap, "Calories", str(min(calories, _CALORIES_MAX)))
    heart = stage.told.get("heart")
    if heart:
        _beats(lap, "AverageHeartRateBpm", heart["mean_bpm"])
        _beats(lap, "MaximumHeartRateBpm", heart["max_bpm"])
    _under(lap, "Intensity", "Active")
    _under(lap, "TriggerMethod", "Manual")
    seconds = range(int(stage.begin_s), max(int(stage.begin_s) + 1, math.ceil(stage.end_s)))
    track = _under(lap, "Track")
    for second in seconds:
        if second < of.line.seconds:
            _point(_under(track, "Trackpoint"), of, second, min(second + 1.0, max(stage.end_s, float(second))))


def _point(point: Xml.Element, of: Activity, second: int, at_s: float) -> None:
    line = of.line
    _under(point, "Time", time(of, at_s))
    if of.log.is_level:
        _number(point, "AltitudeMeters", line.height_m[second])
    _number(point, "DistanceMeters", line.distance_m[second])
    if not math.isnan(line.heart_bpm[second]):
        _beats(point, "HeartRateBpm", line.heart_bpm[second])
    more = Xml.Element(f"{{{_MORE}}}TPX")
    _number(more, "Speed", line.speed_m_s[second], _MORE)
    if not math.isnan(line.cadence_spm[second]):
        _under(more, "RunCadence", str(min(int(line.cadence_spm[second] / 2), _CADENCE_MAX)), _MORE)
    if len(more):
        _under(point, "Extensions").append(more)


def _number(parent: Xml.Element, name: str, value: np.floating, space: str = _NAME) -> None:
    if not math.isnan(value):
        _under(parent, name, f"{value:.2f}", space)


def _beats(parent: Xml.Element, name: str, bpm: float) -> None:
    _under(_under(parent, name), "Value", str(min(round(float(bpm)), _BPM_MAX)))


def _under(parent: Xml.Element, name: str, text: str | None = None, space=_NAME, **more: str) -> Xml.Element:
    found = Xml.SubElement(parent, f"{{{space}}}{name}", more)
    found.text = text
    return found
