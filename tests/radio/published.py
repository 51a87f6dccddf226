"""An independent reader of what goes through the air, from the tables of the published services alone.

RSCS 1.0 (3.1 measurement, 3.2 features, 3.3 sensor location, 3.4 control point), HRS 1.0 (3.1), BAS 1.0 (3.1),
CTS 1.1 (3.1, 3.2) and the GATT Specification Supplement. A field is (name, struct code, scale), or with the bit of
the flags that says whether it is there; what is over or missing is an error. It knows nothing of the firmware.
"""

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Field:
    name: str
    code: str  # of struct, little-endian
    scale: float = 1
    bit: int | None = None  # of the flags; the field is there where it is set
    wide: int | None = None  # of the flags: where it is set the field is a uint16 instead


RSC_MEASUREMENT = (
    Field("speed_m_s", "H", 1 / 256),
    Field("cadence_per_min", "B"),
    Field("stride_m", "H", 1 / 100, bit=0),
    Field("distance_m", "I", 1 / 10, bit=1),
)
RSC_RUNNING = 2  # bit of the flags
RSC_FEATURES = ("stride length", "total distance", "walking or running", "calibration", "multiple locations")
SENSOR_LOCATIONS = (
    "other", "top of shoe", "in shoe", "hip", "front wheel", "left crank", "right crank", "left pedal",
    "right pedal", "front hub", "rear dropout", "chainstay", "rear wheel", "rear hub", "chest", "spider",
    "chain ring",
)  # fmt: skip
RESPONSES = {1: "success", 2: "op code not supported", 3: "invalid parameter", 4: "operation failed"}
HEART_RATE = (
    Field("bpm", "B", wide=0),
    Field("energy_kj", "H", bit=3),
)
CONTACT = ("not supported", "not supported", "not detected", "detected")


def fields_of(data: bytes, table) -> tuple[int, dict, bytes]:
    """Return the flags, the fields that they say are there, and what is behind them."""
    flags, at, found = data[0], 1, {}
    for field in table:
        if field.bit is not None and not flags >> field.bit & 1:
            continue
        code = "<H" if field.wide is not None and flags >> field.wide & 1 else "<" + field.code
        (value,) = struct.unpack_from(code, data, at)
        at += struct.calcsize(code)
        found[field.name] = value * field.scale
    return flags, found, data[at:]


def rsc_measurement(data: bytes) -> dict:
    flags, found, rest = fields_of(data, RSC_MEASUREMENT)
    assert not rest and flags < 8, "reserved bits, or bytes that no flag tells of"
    return found | {"running": bool(flags >> RSC_RUNNING & 1)}


def rsc_features(data: bytes) -> set[str]:
    (bits,) = struct.unpack("<H", data)
    assert bits < 1 << len(RSC_FEATURES)
    return {name for bit, name in enumerate(RSC_FEATURES) if bits >> bit & 1}


def sensor_location(data: bytes) -> str:
    (value,) = struct.unpack("<B", data)
    return SENSOR_LOCATIONS[value]


def control_response(data: bytes) -> tuple[int, str, list[str]]:
    """Return (request, how it went, locations where they were asked for)."""
    code, request, response, *rest = data
    assert code == 16
    assert not rest or (request == 4 and response == 1), "a parameter that belongs to no response"
    return request, RESPONSES[response], [SENSOR_LOCATIONS[value] for value in rest]


def heart_rate(data: bytes) -> dict:
    flags, found, rest = fields_of(data, HEART_RATE)
    found["contact"] = CONTACT[flags >> 1 & 3]
    if flags >> 4 & 1:
        assert rest and len(rest) % 2 == 0
        found["rr_s"] = [value / 1024 for (value,) in struct.iter_unpack("<H", rest)]
    else:
        assert not rest
    return found


def heart_rate_bytes(bpm: int, rr_1024=(), energy: int | None = None, wide=False, contact=0) -> bytes:
    """Return what a strap sends."""
    flags = wide | contact << 1 | (energy is not None) << 3 | bool(rr_1024) << 4
    data = struct.pack("<BH" if wide else "<BB", flags, bpm)
    data += b"" if energy is None else struct.pack("<H", energy)
    return data + struct.pack(f"<{len(rr_1024)}H", *rr_1024)


def battery_level(data: bytes) -> int:
    (value,) = struct.unpack("<B", data)
    assert value <= 100
    return value


def current_time_bytes(when: datetime, reason: int = 0) -> bytes:
    """Return the Current Time of a phone whose clock shows this."""
    fraction = when.microsecond * 256 // 1_000_000
    date = struct.pack("<H5B", when.year, when.month, when.day, when.hour, when.minute, when.second)
    return date + bytes((when.isoweekday(), fraction, reason))


def local_time_bytes(zone: timedelta, summer: bool) -> bytes:
    """Return the Local Time Information of a phone.  zone: without summer time."""
    return struct.pack("<bB", zone // timedelta(minutes=15), 4 if summer else 0)
