"""What gaitmap takes: a stride list of the "ic" type, and raw seconds in its units and sensor frame.

gaitmap.utils.datatype_helper, is_single_sensor_stride_list and is_single_sensor_data: start, end, ic, tc as
samples; acceleration [m/s^2], angular rate [deg/s], x forward, y left, z up, as a body-frame pod has them too.
"""

import csv
import io
import json
from pathlib import Path

import numpy as np

from host_tools.export.activity import Activity
from host_tools.recordings import Recording, load

SUFFIX = ".gaitmap.csv"
GRAVITY = 9.81  # as gaitmap has it [m/s^2]
STRIDES = (
    "s_id", "start", "end", "ic", "tc", "direction", "stride_time_s", "swing_time_s", "stance_time_s",
    "stride_length_m", "stride_height_m", "landing", "impact_mg",
)  # fmt: skip
DATA = ("sample", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")


def files(of: Activity, stem: str, folder: Path | None = None) -> dict[str, bytes]:
    """Return the stride list by name, and each of the session's raw seconds.

    A stride goes from contact (ic) to contact; tc is where the foot leaves the ground between.  Samples count from
    the pod's start, in the raw seconds too: their column `sample`.  folder: where sync put the session.
    """
    found = {stem + SUFFIX: _csv(STRIDES, _strides(of))}
    for path, about in _raw(of, folder) if folder else []:
        found[f"{stem}.raw-{path.stem}{SUFFIX}"] = _csv(DATA, data_rows(load(path), about["row"], about["sample"]))
    return found


def _strides(of: Activity) -> list[list]:
    rows: list[list] = []
    before = None
    for fields, one in zip(of.log.strides, of.strides, strict=True):
        if one.time_s and before is not None:
            known = [one.stance_s, one.length_m, one.height_m]
            more = [one.direction, round(one.time_s, 4), round(one.swing_s, 4), *known, one.landing, one.impact_mg]
            rows.append([len(rows), before, fields[1], before, fields[0], *more])
        before = fields[1]
    return rows


def data_rows(recording: Recording, row: int, sample: int) -> list[list]:
    """Return raw seconds as rows of DATA.  row, sample: an event's, in the recording and in the session."""
    at = np.arange(len(recording.samples))
    for after, missing in recording.gaps:
        at[after:] += missing
    at += sample - at[min(row, len(at) - 1)]
    values = recording.samples * np.array([GRAVITY / 1000] * 3 + [0.1] * 3)
    return [[index, *row] for index, row in zip(at.tolist(), values.round(5).tolist(), strict=True)]


def _raw(of: Activity, folder: Path) -> list[tuple[Path, dict]]:
    """Return recordings about an event of the session, and that event."""
    told = [record for _, record in of.line.events]
    found = []
    for path in sorted((folder / "raw").glob("*.bsr")):
        try:
            about = json.loads(path.with_suffix(".json").read_text())
        except (OSError, ValueError):
            continue
        if isinstance(about, dict) and isinstance(about.get("row"), int) and _is_of(about, told):
            found.append((path, about))
    return found


def _is_of(about: dict, told: list[dict]) -> bool:
    return any(all(about.get(name) == value for name, value in record.items()) for record in told)


def _csv(names: tuple[str, ...], rows) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue().encode()
