"""A session as a table, a row a second: CSV with its dictionary, Parquet with units in its fields, JSON.

What was not sensed is empty (null), never nought.
"""

import csv
import io
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from host_tools.errors import UserError
from host_tools.export.activity import Activity

# Each column: its name, unit, what it is, and how many digits after the point, None = as it is.
COLUMNS = (
    ("second_s", "s", "since the session's first record, at the beginning of the row's second", None),
    ("time_utc", "UTC", "of that moment, empty where no clock knew; the wearer's zone is in utc_offset_min", None),
    ("utc_offset_min", "min", "of the wearer's clock from UTC, empty where the log does not tell it", None),
    ("is_known", "true/false", "false: the log has nothing of this second, lost or missed", None),
    ("backward_steps", "steps", "steps backward that ended in it; two for a stride of a shoe's pod", None),
    ("forward_steps", "steps", "steps forward that ended in it", None),
    ("other_steps", "steps", "steps sideways, turning, or of unknown direction", None),
    ("direction", "word", "which way most of it went: backward, forward, other; empty: nobody walked", None),
    ("cadence_spm", "steps/min", "steps of both feet a minute", 1),
    ("speed_m_s", "m/s", "of strides forward and backward", 3),
    ("distance_m", "m", "since the beginning, at the end of the row's second, forward and backward added up", 3),
    ("height_m", "m", "climbed since the beginning, descents taken off, at the end of the row's second", 3),
    ("grade_pct", "%", "height over length of the 20 strides around; only where the level was calibrated", 2),
    ("stride_m", "m", "length of a stride, from one contact of a foot to its next", 3),
    ("stance_ms", "ms", "how long the foot stood before the stride", 0),
    ("impact_mg", "mg", "the hardest that the accelerometer felt at contact, on one of its axes", 0),
    ("heart_bpm", "beats/min", "heart rate, as a strap told it; empty while none was heard", 0),
    ("sways", "count", "sways warned of", None),
    ("falls", "count", "falls told", None),
    ("events", "words", "names of all that happened in it, apart from strides and steps", None),
)


@dataclass(frozen=True)
class Table:
    """Columns by name, each a list with None for what is not known, and what holds for all rows."""

    columns: dict[str, list]
    about: dict[str, Any]


def table(of: Activity) -> Table:
    """Return a session's seconds."""
    line, log = of.line, of.log
    seconds = line.seconds
    happened: list[list[str]] = [[] for _ in range(seconds)]
    for at_s, record in line.events:
        happened[min(int(at_s), seconds - 1)].append(record["event"])
    known: dict[str, Any] = {
        "second_s": range(seconds),
        "time_utc": [_utc(of, second) if of.begin_ms else None for second in range(seconds)],
        "utc_offset_min": [log.utc_offset_min] * seconds,
        "is_known": line.known,
        **{f"{way}_steps": steps for way, steps in line.steps.items()},
        "direction": [str(way) or None for way in line.direction],
        "sways": of.counted("sway"),
        "falls": of.counted("fall"),
        "events": [" ".join(names) or None for names in happened],
    }
    columns = {name: _plain(known.get(name, vars(line).get(name)), digits) for name, _, _, digits in COLUMNS}
    about = {"session": log.name, "placement": ", ".join(log.worn), "rate_hz": log.true_rate_hz}
    about |= {"level_calibrated": log.is_level}
    about |= {"began_utc": _utc(of, 0) if of.begin_ms else None, "utc_offset_min": log.utc_offset_min}
    return Table(columns, about)


def csv_files(of: Activity, stem: str) -> dict[str, bytes]:
    """Return FILE.csv and FILE.dictionary.csv by name."""
    found = table(of)
    rows = zip(*[[_word(value) for value in column] for column in found.columns.values()], strict=True)
    about = [[name, unit, what] for name, unit, what, _ in COLUMNS]
    return {
        stem + ".csv": _csv([list(found.columns), *rows]),
        stem + ".dictionary.csv": _csv([["column", "unit", "meaning"], *about]),
    }


def parquet_files(of: Activity, stem: str) -> dict[str, bytes]:
    """Return FILE.parquet by name; unit and meaning are in each field's metadata.  UserError without pyarrow."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError("--to parquet: needs pyarrow: pip install pyarrow, or '.[parquet]' here") from None
    found = table(of)
    kinds = {"time_utc": pyarrow.timestamp("ms", "UTC"), "is_known": pyarrow.bool_(), "second_s": pyarrow.int32()}
    kinds |= dict.fromkeys(("direction", "events"), pyarrow.string())
    counts = ("utc_offset_min", "backward_steps", "forward_steps", "other_steps", "sways", "falls")
    kinds |= dict.fromkeys(counts, pyarrow.int32())
    fields = [
        pyarrow.field(name, kinds.get(name, pyarrow.float64()), metadata={"unit": unit, "meaning": what})
        for name, unit, what, _ in COLUMNS
    ]
    about = {name: json.dumps(value, default=_json) for name, value in found.about.items()}
    schema = pyarrow.schema(fields, metadata=about)
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(found.columns, schema=schema), out, compression="zstd")
    return {stem + ".parquet": out.getvalue()}


def json_files(of: Activity, stem: str) -> dict[str, bytes]:
    """Return FILE.json by name: about, units, figures of session and laps, seconds by column, events."""
    found = table(of)
    whole = found.about | {
        "units": {name: unit for name, unit, _, _ in COLUMNS},
        "figures": [of.whole.told, *(lap.told for lap in of.laps if lap is not of.whole)],
        "seconds": found.columns,
        "events": [{"at_s": round(at_s, 3)} | record for at_s, record in of.line.events],
    }
    return {stem + ".json": json.dumps(whole, default=_json).encode() + b"\n"}


def _utc(of: Activity, second: float):
    return of.at(second).replace(tzinfo=None)


def _plain(values, digits: int | None) -> list:
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return [None if math.isnan(value) else round(value, digits) for value in values.tolist()]
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _word(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _json(value) if hasattr(value, "isoformat") else str(value)


def _json(value) -> str:
    return value.isoformat(timespec="milliseconds") + "Z"


def _csv(rows: list) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
