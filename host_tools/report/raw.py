"""The raw seconds around a moment: what the trunk did, what the detector made of it, when the motor turned."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from backstep.core import settings as pod_settings
from backstep.core.belt import sway_table
from backstep.core.belt.belt import Belt
from backstep.core.belt.memory import Memory
from backstep.core.belt.sway_motion import LEAN
from backstep.core.haptic import LEVEL_MAX
from backstep.core.patterns import PATTERNS

from host_tools.errors import UserError
from host_tools.recording_files import load
from host_tools.recordings import Recording
from host_tools.report import words
from host_tools.report.moments import Moment
from host_tools.report.plots import COLOUR, Sheet
from host_tools.report.view import View

WIDTH, HEIGHT, MOTOR_HEIGHT = 370, 80, 26
_FIRST_TIME = 3  # where the times of a row of PATTERNS begin
_SCORE_LOW = -100
_FALL_TOLD_S = 15  # after its impact, at the latest
_BESIDE_S = 1.2  # so long before what it is about a recording begins
_LONGEST_S = 3.0  # of a buzz


@dataclass(frozen=True)
class Raw:
    """A recording around something that happened in a session.

    row: where that is in the recording.  sample: where it is in the session; of a fall, its impact.
    moment: what happened.
    """

    path: Path
    row: int
    sample: int
    moment: Moment


def of_session(one: View, happened: list[Moment]) -> list[Raw]:
    """Return the raw seconds of a session that lie where `sync` puts those of its pod, in their order."""
    found = []
    for path in sorted([*one.path.parent.glob("raw/*.json"), *one.path.parent.glob("*.json")]):
        recording = path.with_suffix(".bsr")
        try:
            about = json.loads(path.read_text("utf-8"))
        except (ValueError, OSError):
            continue
        if not isinstance(about, dict) or not isinstance(about.get("row"), int) or not recording.exists():
            continue
        moment = next((moment for moment in happened if _is_of(about, moment, one.found.rate_hz)), None)
        if moment:
            found.append(Raw(recording, about["row"], about["sample"], moment))
    return sorted(found, key=lambda raw: raw.sample)


def lacking(one: View, happened: list[Moment], have: list[Raw]) -> str:
    """Return in words which warnings and falls have no raw seconds, and what to do; "" where all have some."""
    rate_hz = one.found.rate_hz
    kept = [(raw.sample - _BESIDE_S * rate_hz, raw.sample + _FALL_TOLD_S * rate_hz) for raw in have]
    told = [moment.record["sample"] for moment in happened if moment.record["event"] in ("sway", "fall")]
    lack = [sample for sample in told if not any(begin <= sample <= end for begin, end in kept)]
    if not lack:
        return ""
    return (
        f"No raw seconds are here of {words.counted(len(lack), 'warning or fall', 'warnings or falls')}: backstep "
        "sync brings those that the pod kept (raw_sways, raw_falls; at most 40) into raw/ beside the sessions."
    )


def _is_of(about: dict, moment: Moment, rate_hz: int) -> bool:
    """Return whether what a recording is about is this moment: alike in every field, and at its time."""
    record = moment.record
    if any(about.get(name) != value for name, value in record.items() if name != "sample"):
        return False
    late = record["sample"] - about.get("sample", -1)
    return 0 <= late <= (_FALL_TOLD_S * rate_hz if record["event"] == "fall" else 0)


def sheet(raw: Raw, one: View, happened: list[Moment], settings: dict) -> Sheet | str:
    """Return raw seconds drawn, or in words why not.  settings: of the pod, as far as they are known."""
    try:
        recording = load(raw.path)
    except UserError as error:
        return f"Its raw seconds cannot be read: {error}."
    if not 0 <= raw.row < len(recording.samples):
        return f"Its raw seconds end before it: {raw.path.name} was cut; fetch it anew (backstep sync)."
    times = _times_s(recording, raw.row)
    rows = (
        _of_trunk(recording, settings, _step_rows(one, raw))
        if recording.placement == "belt" and recording.frame == "body"
        else []
    )
    if not rows or raw.moment.record["event"] == "fall":
        rows += _of_sensor(recording)
    zero = "the impact" if raw.moment.record["event"] == "fall" else "the sample that decided"
    made = Sheet(WIDTH, [HEIGHT] * len(rows) + [MOTOR_HEIGHT], f"Raw seconds: {raw.moment.said}", left=52, top=22)
    for plot, (name, values, lines) in zip(made.plots, rows, strict=False):
        plot.heading, plot.x = name, ((), ())
        plot.axes.plot(times, values, color=COLOUR["ink"], linewidth=1.6)
        for level, role in lines:
            plot.axes.axhline(level, color=COLOUR[role], linewidth=1.2, linestyle=(0, (5, 3)))
    motor = made.plots[-1]
    motor.heading, motor.y = f"Motor driven; seconds from {zero}", ()
    halves = np.arange(np.ceil(2 * times[0]) / 2, times[-1], 0.5).tolist()
    motor.x = halves, [f"{half:g}".replace("-", "\N{MINUS SIGN}") for half in halves]
    _motor(motor.axes, _buzzes(one, raw, times[-1]))
    for plot in made.plots:
        plot.axes.set_xlim(times[0], times[-1])
    for moment in happened:
        at_s = (moment.record["sample"] - raw.sample) / one.found.rate_hz
        if moment.sign in ("sway", "fall", "cue") and times[0] <= at_s <= times[-1]:
            _line_down(made, at_s, moment)
    return made


def _line_down(made: Sheet, at_s: float, moment: Moment) -> None:
    """Draw when something happened through all plots."""
    for plot in made.plots:
        plot.axes.axvline(at_s, color=COLOUR["cue" if moment.sign == "cue" else "warn"], linewidth=1.4)
        made.tip(plot, (at_s - 0.02, at_s + 0.02), moment.said)


def _times_s(recording: Recording, row: int) -> np.ndarray:
    """Return each row's time from the event's [s], gaps counted."""
    at = np.arange(len(recording.samples))
    for gap_row, missing in recording.gaps:
        at[gap_row:] += missing
    return (at - at[row]) / recording.rate_hz


def _step_rows(one: View, raw: Raw) -> set[int]:
    """Return the rows at which the pod had told of a step; one of the second before counts as the first row's."""
    first, rate_hz = raw.sample - raw.row, one.found.rate_hz
    rows = [record["sample"] - first for record in one.found.records if record["event"] == "step"]
    return {max(0, row) for row in rows if row > -rate_hz}


def _of_trunk(recording: Recording, settings: dict, step_rows: set[int]) -> list[tuple]:
    """Return (name, values, lines) of trunk lean, its rate and the detector's score, by the pod's own code.

    It begins with the first raw second, so the posture that lean counts from is that of half a second.
    step_rows: where a step was told, which the raw seconds are too short to tell themselves.
    """
    full = pod_settings.check({"sway_sensitivity": settings.get("sway_sensitivity", 0)})
    rate_hz = round(recording.rate_hz)
    belt = Belt(rate_hz, full, recording.frame)
    memory = belt.sway.memory = _Overheard(sway_table.NETWORK)
    gaps = dict(recording.gaps)
    told: list[tuple[float, float, float]] = []
    for row, sample in enumerate(recording.samples.tolist()):
        if row in gaps:
            belt.gap(gaps[row])
        if row in step_rows:
            belt.sway.step()
        belt.feed(*sample)
        motion = belt.sway.motion
        if motion.settled:
            told.append((motion.values[LEAN] / 10, motion.rate_ddps / 10, memory.score))
        else:
            told.append((np.nan, np.nan, np.nan))
    lean, rate, score = np.array(told).T
    less = 16 * full["sway_sensitivity"]
    lines = [(sway_table.WARN_SCORE - less, "warn"), (sway_table.CAUTION_SCORE - less, "cue")]
    return [
        ("Trunk leaning back, °", lean, []),
        ("Its rate, °/s", rate, []),
        ("How sure the detector is; dashed: caution, warning", np.maximum(score, _SCORE_LOW), lines),
    ]


class _Overheard(Memory):
    """Keeps the last score."""

    score = 0

    def step(self, values) -> int:
        self.score = super().step(values)
        return self.score


def _of_sensor(recording: Recording) -> list[tuple]:
    """Return (name, values, lines) of how hard the sensor is accelerated and turned."""
    samples = recording.samples.astype(float)
    rows = [("Acceleration, g", np.linalg.norm(samples[:, :3], axis=1) / 1000, [(1.0, "soft")])]
    if recording.has_gyro:
        rows.append(("Turning, °/s", np.linalg.norm(samples[:, 3:], axis=1) / 10, []))
    return rows


def _buzzes(one: View, raw: Raw, until_s: float) -> list[tuple[float, dict]]:
    """Return the buzzes told up to a time after what happened: (seconds after it, record)."""
    told = [record for _, record in one.series.events if record["event"] == "buzz"]
    at_s = [((record["sample"] - raw.sample) / one.found.rate_hz, record) for record in told]
    return [(late_s, record) for late_s, record in at_s if -_LONGEST_S <= late_s <= until_s]


def _motor(axes, buzzes: list[tuple[float, dict]]) -> None:
    """Draw when the motor was driven, by the words it was told; a word ends where the next one begins."""
    axes.set_ylim(0, 1)
    for index, (at_s, record) in enumerate(buzzes):
        until_s = buzzes[index + 1][0] if index + 1 < len(buzzes) else np.inf
        row = next((row for row in PATTERNS if row[0] == record["pattern"]), ())
        for step, length_ms in enumerate(row[_FIRST_TIME:]):
            end_s = min(at_s + length_ms / 1000, until_s)
            if step % 2 == 0 and end_s > at_s:
                axes.fill_between([at_s, end_s], 0, record["level"] / LEVEL_MAX, color=COLOUR["warn"], linewidth=0)
            at_s = end_s
