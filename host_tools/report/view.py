"""A session as the report needs it: read once, every figure of it worked out once."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from host_tools.report import words
from host_tools.sessions import partners, session_log, treadmill
from host_tools.sessions.session_figures import figures
from host_tools.sessions.session_log import SessionLog
from host_tools.sessions.strides import BLOCK, Stride, strides_of, walks_of
from host_tools.sessions.timeline import Timeline, timeline

LONG_S = 6 * 3600  # longer than a training: worn all day, or never ended


@dataclass
class View:
    """One session.

    name: of its file without the ending, with its pod's where two have one of that name.  path: of its file.
    found, strides: its log.  treadmill_pct: the belt's grade where that was told.
    parts: the figures of the whole, then of its laps where there are several.
    """

    name: str
    path: Path
    found: SessionLog
    strides: list[Stride]
    treadmill_pct: float | None
    parts: list[dict]

    @property
    def whole(self) -> dict:
        """The figures of the whole session."""
        return self.parts[0]

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.found.seconds

    @property
    def is_shoe(self) -> bool:
        """Whether single strides were sensed, or would have been."""
        return "shoe" in self.found.worn

    @cached_property
    def series(self) -> Timeline:
        """The session second by second."""
        return timeline(self.found, self.strides)

    @property
    def steps(self) -> int:
        """Steps of every way."""
        return sum(self.whole[f"{way}_steps"] for way in ("backward", "forward", "other"))

    @property
    def when(self) -> str:
        """From when to when."""
        return words.when(self.found.unix_ms, self.seconds, self.found.utc_offset_min)

    @property
    def laps_s(self) -> list[tuple[float, int]]:
        """When each lap after the first began [s], and its number."""
        return [(at_s, record["number"]) for at_s, record in self.series.events if record["event"] == "lap"]


def view(path: Path, kg: float = 0.0, treadmill_pct: float | None = None, alone: bool = False) -> View:
    """Read a session, put together with what pods worn with this one logged.

    kg: of its wearer, 0 = as the log tells.  treadmill_pct: the belt's grade, None = outside.  alone: of one pod.
    UserError when there is no sound block in the file.
    """
    path, found = partners.load(path, alone)
    if treadmill_pct is not None:
        found = treadmill.on_treadmill(found, treadmill_pct)
    return _of(path, found, treadmill_pct, kg)


def _of(path: Path, found: SessionLog, treadmill_pct: float | None, kg: float = 0.0) -> View:
    strides = strides_of(found)
    return View(path.stem, path, found, strides, treadmill_pct, figures(found, kg, strides))


def alone(one: View) -> list[View]:
    """Return a session as each of its pods logged it, in that one's samples; itself where it is of one pod."""
    return [_of(pod.path, pod.log, one.treadmill_pct) for pod in one.found.pods] or [one]


def trouble(one: View) -> list[str]:
    """Return what went wrong with a session, a sentence each with what to do about it."""
    told = []
    lost = session_log.what_is_missing(one.found)
    if lost:
        told.append(f"Of the log is missing: {lost}. What is drawn is of the rest; sync again if the pod has it.")
    if not one.steps:
        told.append(
            f"No step was counted in {words.length(one.seconds)}, so there is no curve of gait: did anybody walk, "
            "with the pod where its placement says (backstep status)?"
        )
    if one.seconds > LONG_S:
        told.append(
            f"It ran for {words.length(one.seconds)}, so curves are means over long stretches; end a session "
            "after a training (hold the button, or backstep session end)."
        )
    return told


def missing(one: View) -> list[str]:
    """Return what a session lacks, a sentence each with what to do about it."""
    found, told = one.found, trouble(one)
    if not one.is_shoe:
        told.append(
            f"A {found.placement} senses no strides: no speed, length, grade, landing, impact; a shoe's pod does."
        )
    elif not found.is_level and one.strides:
        told.append(
            "Level was not calibrated, so there is no grade: backstep calibrate, standing on level ground."
        )
    if one.strides and max(len(walk) for walk in walks_of(one.strides)) < BLOCK + 2:
        told.append(
            f"No walk had {BLOCK + 2} strides one way without a pause: no grade, no minutes uphill, no "
            "variability over time; walk on for half a minute."
        )
    if "belt" in found.worn and not found.counts.postures:
        told.append("No posture was told of: all was well, or it is off (backstep config set posture_s=20).")
    if "belt" not in found.worn:
        told.append(f"Posture and sways: a {found.placement} senses neither; a pod on the belt does.")
    if not found.unix_ms:
        told.append("No clock told the pod the time, so this session is in no week: backstep time, or any sync.")
    if one.is_shoe and one.strides and not one.whole.get("energy"):
        told.append("No mass is known, so there is no energy: backstep config set wearer_kg=70, or --kg 70.")
    if "heart" not in one.whole:
        told.append("Heart rate: no strap was heard; backstep pair hr chooses one.")
    return told
