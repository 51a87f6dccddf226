"""FIT, what Garmin Connect, Strava and others take: messages of an activity file, written by Garmin's own SDK.

Profile: FIT SDK, message types and "Activity File"; distances [m], times [s], scaled by the SDK.
"""

import math
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from backstep.core.version import VERSION
from garmin_fit_sdk import Encoder, Profile

from host_tools.export.activity import Activity, Stage

SUFFIX = ".fit"
DIRECTIONS = ("", "forward", "backward", "other")  # numbers of the developer field `direction`
_MAKER = 255  # [profile: manufacturer] development
_APPLICATION = b"backstep pod fit"  # 16 bytes that say whose developer fields these are
_UINT8, _STRING, _UINT16, _UINT32 = 2, 7, 132, 134  # [profile: fit_base_type]
# Developer fields: name, base type, unit, largest value.
FIELDS = (
    ("backward_steps", _UINT32, "steps", 0xFFFFFFFE),
    ("forward_steps", _UINT32, "steps", 0xFFFFFFFE),
    ("direction", _UINT8, "0 none 1 fwd 2 back 3 other", 254),
    ("sway_alerts", _UINT16, "alerts", 0xFFFE),
    ("impact", _UINT16, "mg", 0xFFFE),
)
_MARKED = (
    "sway", "caution", "fall", "fall_alarm", "near_fall", "mark", "slide", "catch", "toe_lift", "recovery",
    "link",
)  # fmt: skip
_KEY = {name: key for key, (name, *_) in enumerate(FIELDS)}
_WHAT = len(FIELDS)  # developer field of events: what happened


def files(of: Activity, stem: str) -> dict[str, bytes]:
    """Return the file by its name.  of: its begin is known.  stem: of the name."""
    encoder = Encoder()
    _begin(encoder, of)
    for at_s, name, message in sorted(_in_time(of), key=lambda one: (one[0], one[1] == "record")):
        _put(encoder, name, {"timestamp": _at(of, at_s)} | message)
    for number, lap in enumerate(of.laps):
        about = {"message_index": number, "event": "lap", "lap_trigger": "manual"}
        _put(encoder, "lap", _totals(of, lap) | about)
    about = {"event": "session", "trigger": "activity_end", "first_lap_index": 0, "num_laps": len(of.laps)}
    _put(encoder, "session", _totals(of, of.whole) | about | {"message_index": 0})
    _put(encoder, "activity", _activity(of))
    return {stem + SUFFIX: encoder.close()}


def _begin(encoder: Encoder, of: Activity) -> None:
    made = {"type": "activity", "manufacturer": _MAKER, "product": 0, "time_created": _at(of, 0)}
    _put(encoder, "file_id", made | {"serial_number": crc32(of.log.name.encode()) or 1})
    version = [int(part) for part in VERSION.split(".")[:2]]
    pod = {"timestamp": _at(of, 0), "device_index": "creator", "manufacturer": _MAKER, "product": 0}
    name = {
        "product_name": f"Backstep, {'+'.join(of.log.worn)}",
        "software_version": version[0] + version[1] / 100,
    }
    _put(encoder, "device_info", pod | name)
    whose: Any = {"developer_data_index": 0, "application_id": list(_APPLICATION), "manufacturer_id": _MAKER}
    whose["application_version"] = 100 * version[0] + version[1]
    _put(encoder, "developer_data_id", whose)
    for key, (field, base, unit) in enumerate([*(row[:3] for row in FIELDS), ("what", _STRING, "")]):
        told: Any = {"developer_data_index": 0, "field_definition_number": key, "field_name": field}
        told["fit_base_type_id"] = base
        told |= {"units": unit} if unit else {}
        _put(encoder, "field_description", told)
        encoder.add_developer_field(key, whose, told)


def _in_time(of: Activity) -> list[tuple[float, str, dict]]:
    """Return (second, message, its fields) of records and events; a record is of its second's end."""
    told: list[tuple[float, str, dict]] = [(0.0, "event", {"event": "timer", "event_type": "start"})]
    told += [(second + 1.0, "record", record) for second, record in enumerate(_records(of))]
    told[-1] = (of.whole.end_s, *told[-1][1:])
    for at_s, record in of.line.events:
        if record["event"] in _MARKED:
            what = {"event": "user_marker", "event_type": "marker", "developer_fields": {_WHAT: record["event"]}}
            told.append((at_s, "event", what))
    told.append((of.whole.end_s, "event", {"event": "timer", "event_type": "stop_all"}))
    return told


def _records(of: Activity) -> list[dict]:
    line = of.line
    back, forward = (line.steps[way].cumsum() for way in ("backward", "forward"))
    sways = of.counted("sway").cumsum()
    heights = line.height_m if of.log.is_level else [math.nan] * line.seconds
    found = []
    for second in range(line.seconds):
        direction = str(line.direction[second])
        stands = not direction and bool(line.known[second])
        record = {
            **_cadence(0.0 if stands else line.cadence_spm[second]),
            "distance": line.distance_m[second],
            "enhanced_speed": 0.0 if stands and of.strides else line.speed_m_s[second],
            "enhanced_altitude": heights[second],
            "grade": line.grade_pct[second],
            "step_length": 500 * line.stride_m[second],
            "stance_time": line.stance_ms[second],
            "heart_rate": _beats(line.heart_bpm[second]),
        }
        own = {
            "backward_steps": back[second],
            "forward_steps": forward[second],
            "direction": DIRECTIONS.index(direction),
            "sway_alerts": sways[second],
            "impact": line.impact_mg[second],
        }
        found.append(_known(record) | {"developer_fields": _own(own)})
    return found


def _cadence(steps_per_min: float | None) -> dict:
    """Return cadence as FIT has it for feet: strides a minute, and what is over of one."""
    strides = (math.nan if steps_per_min is None else float(steps_per_min)) / 2
    if math.isnan(strides) or strides > 254:
        return {}
    return {"cadence": int(strides), "fractional_cadence": math.floor(strides % 1 * 128) / 128}


def _beats(bpm: float) -> float:
    """Return a heart rate as FIT has it: whole, in a byte."""
    return bpm if math.isnan(bpm) else min(round(float(bpm)), 254)


def _totals(of: Activity, stage: Stage) -> dict:
    told, steps = stage.told, stage.steps
    distance_m, moving_s = stage.distance_m, told["moving_s"]
    speed = distance_m / moving_s if distance_m is not None and moving_s else None
    cadence = {f"avg_{name}": value for name, value in _cadence(told["cadence_spm"]).items()}
    level = of.log.is_level
    energy = told.get("energy")
    heart = told.get("heart", {})
    message = {
        "timestamp": _at(of, stage.end_s),
        "start_time": _at(of, stage.begin_s),
        "total_elapsed_time": stage.seconds,
        "total_timer_time": stage.seconds,
        "total_moving_time": moving_s,
        "total_distance": distance_m,
        "total_cycles": stage.strides,
        "enhanced_avg_speed": speed,
        "avg_step_length": _step_mm(told),
        "total_ascent": round(told["ascent_m"]) if level and "ascent_m" in told else None,
        "total_descent": round(told["descent_m"]) if level and "descent_m" in told else None,
        "total_calories": round((energy["low_kcal"] + energy["high_kcal"]) / 2) if energy else None,
        "avg_heart_rate": _beats(heart["mean_bpm"]) if heart else None,
        "max_heart_rate": _beats(heart["max_bpm"]) if heart else None,
        "min_heart_rate": _beats(heart["min_bpm"]) if heart else None,
        "sport": "running" if of.is_run else "walking",
        "sub_sport": "generic",
        "event_type": "stop",
        **cadence,
    }
    own = {"backward_steps": steps["backward"], "forward_steps": steps["forward"]}
    sways = [1 for at_s, record in of.line.events if record["event"] == "sway" and _is_in(stage, at_s, of)]
    return _known(message) | {"developer_fields": _own(own | {"sway_alerts": len(sways)})}


def _is_in(stage: Stage, at_s: float, of: Activity) -> bool:
    return stage.begin_s <= at_s < stage.end_s or at_s == stage.end_s == of.whole.end_s


def _step_mm(told: dict) -> float | None:
    walked = [told[way] for way in ("backward", "forward") if told.get(way)]
    strides = sum(one["strides"] for one in walked)
    return 500 * sum(one["length_m"] * one["strides"] for one in walked) / strides if strides else None


def _activity(of: Activity) -> dict:
    end = _at(of, of.whole.end_s)
    told: dict[str, Any] = {"timestamp": end, "total_timer_time": of.whole.seconds, "num_sessions": 1}
    told |= {"type": "manual", "event": "activity", "event_type": "stop"}
    if of.log.utc_offset_min is not None:
        # [profile: local_date_time] seconds since 1989-12-31 at the wearer's
        told["local_timestamp"] = int(end.timestamp()) - 631065600 + 60 * of.log.utc_offset_min
    return told


def _known(message: dict) -> dict:
    """Return the fields that are known, as plain numbers."""
    return {name: _plain(value) for name, value in message.items() if value is not None and not _is_nan(value)}


def _own(values: dict) -> dict[int, int]:
    return {
        _KEY[name]: min(round(float(value)), FIELDS[_KEY[name]][3])
        for name, value in values.items() if not _is_nan(value)
    }  # fmt: skip


def _is_nan(value: Any) -> bool:
    return hasattr(value, "__float__") and math.isnan(float(value))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _at(of: Activity, second: float) -> datetime:
    """Return the whole second in which something ended: FIT tells no parts of seconds."""
    return of.at(0).replace(microsecond=0) + timedelta(seconds=math.ceil(second))


def _put(encoder: Encoder, name: str, message: dict) -> None:
    encoder.write_mesg({"mesg_num": Profile["mesg_num"][name.upper()]} | message)
