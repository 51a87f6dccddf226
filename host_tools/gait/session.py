"""From segments to a recording with its truth, and the built-in sessions."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from backstep.core import detectors

from host_tools.recordings import Recording

from .foot import foot_path
from .params import ArmParams, FootParams, ImuParams, SwayParams, TrunkParams, WalkParams, uphill_backward
from .physics import ideal_imu
from .plan import FEET, Plan, Planner, SwayEvent, Swing
from .segments import LoseBalance, Segment, Stand, Stumble, Walk
from .sensor import decimated, drop, is_mounted, sensed
from .track import Path
from .trunk import trunk_path, wrist_path

FINE_HZ = 1200.0  # at least; motion is made on a grid this fine
_FEWEST_SAMPLES = 16
PLACEMENTS = ("shoe", "belt", "wrist")


@dataclass(frozen=True)
class Stride:
    """One stride of the instrumented foot; times are rows of the samples, lengths [mm] in the world.

    rise: heel or toe begins to lift.  foot_off, contact: swing.  flat: the foot lies again.
    length_mm: horizontal.  height_mm: + up.  lateral_mm: + left of the heading before the stride.
    """

    rise: int
    foot_off: int
    contact: int
    flat: int
    direction: str
    length_mm: float
    height_mm: float
    lateral_mm: float
    turn_deg: float


@dataclass(frozen=True)
class Step:
    """One initial contact of either foot, as a row of the samples."""

    contact: int
    foot: str
    direction: str


@dataclass(frozen=True)
class SwayTruth:
    """One loss of balance: rows of onset and end; impact is None when it was recovered."""

    onset: int
    end: int
    direction: str
    recovered: bool
    impact: int | None
    peak_lean_deg: float
    peak_rate_dps: float


@dataclass(frozen=True)
class Truth:
    """What really happened; strides are of the instrumented foot, empty for belt and wrist."""

    strides: tuple[Stride, ...] = ()
    steps: tuple[Step, ...] = ()
    sways: tuple[SwayTruth, ...] = ()
    start_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    end_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def step_totals(self) -> dict[str, int]:
        """Return the number of steps of both feet by direction."""
        found = [step.direction for step in self.steps]
        return {name: found.count(name) for name in sorted(set(found))}

    def stride_totals(self) -> dict[str, dict[str, float]]:
        """Return by direction: strides of the instrumented foot, their length and height [mm]."""
        names = sorted({stride.direction for stride in self.strides})
        return {
            name: {
                "strides": sum(s.direction == name for s in self.strides),
                "length_mm": sum(s.length_mm for s in self.strides if s.direction == name),
                "height_mm": sum(s.height_mm for s in self.strides if s.direction == name),
            }
            for name in names
        }


@dataclass(frozen=True)
class Simulated:
    """A simulated recording: int16 samples (n, 6) [mg, 0.1 deg/s], its truth, and the path that made it."""

    samples: np.ndarray
    rate_hz: float
    placement: str
    frame: str
    gaps: tuple[tuple[int, int], ...]
    truth: Truth
    path: Path = field(repr=False)
    origin: str = "simulated"

    def recording(self) -> Recording:
        """Return the samples as a recording, to save or replay."""
        return Recording(self.samples, self.rate_hz, self.placement, self.frame, self.gaps)


@dataclass(frozen=True)
class Wearer:
    """The shape of one wearer's motion and of the pod he wears."""

    foot: FootParams = FootParams()
    trunk: TrunkParams = TrunkParams()
    arm: ArmParams = ArmParams()
    imu: ImuParams = ImuParams()


def planned(segments: Sequence[Segment], seed: int) -> Plan:
    """Return the plan of a session; the same for every placement."""
    return Planner(np.random.default_rng([seed, 0])).run(segments)


def session(
    segments: Sequence[Segment],
    placement: str = "shoe",
    seed: int = 0,
    side: str = "left",
    rate_hz: float | None = None,
    wearer: Wearer = Wearer(),
) -> Simulated:
    """Return a simulated recording of a session with its truth.

    segments: Stand, Walk, Stumble, LoseBalance in order.  placement: "shoe", "belt" or "wrist".
    side: of the shoe or wrist.  rate_hz: the pod's own for the placement if None, else 20..1000 Hz.
    Deterministic: the same arguments give the same samples; the plan depends on segments and seed alone.
    ValueError for arguments out of range.
    """
    rate = float(detectors.rate_hz(placement) if rate_hz is None else rate_hz)
    if not 20 <= rate <= 1000:
        raise ValueError(f"rate_hz: {rate:g} is outside 20..1000")
    if side not in FEET:
        raise ValueError(f"side: {side!r} is none of {', '.join(FEET)}")
    plan = planned(segments, seed)
    factor = math.ceil(FINE_HZ / rate)
    count = max(_FEWEST_SAMPLES, math.ceil(plan.duration_s * rate))
    rng = np.random.default_rng([seed, 1 + PLACEMENTS.index(placement)])
    path = path_of(plan, placement, FEET.index(side), wearer, rng, count * factor, rate * factor)
    samples = sensed(decimated(ideal_imu(path), factor), wearer.imu, rng)
    keep, gaps = drop(count, rate, wearer.imu, rng)
    row_of = np.maximum(np.cumsum(keep) - 1, 0)
    truth = _truth(plan, FEET.index(side) if placement == "shoe" else None, row_of, rate)
    frame = "sensor" if is_mounted(wearer.imu) else "body"
    return Simulated(samples[keep], rate, placement, frame, gaps, truth, path)


def walk(params: WalkParams, steps: int = 20, still_s: float = 2.0, **options) -> Simulated:
    """Return standing, `steps` steps and standing again; options are those of session."""
    return session([Stand(still_s), Walk(steps, params), Stand(still_s)], **options)


def path_of(
    plan: Plan, placement: str, side: int, wearer: Wearer, rng: np.random.Generator, count: int, rate_hz: float
) -> Path:
    """Return the path of a pod, `count` rows at rate_hz [Hz].  side: of FEET, its index."""
    if placement == "shoe":
        return foot_path(plan, side, wearer.foot, rng, count, rate_hz)
    if placement == "belt":
        return trunk_path(plan, wearer.trunk, rng, count, rate_hz)
    return wrist_path(plan, wearer.trunk, wearer.arm, side, rng, count, rate_hz)


def _truth(plan: Plan, foot: int | None, row_of: np.ndarray, rate_hz: float) -> Truth:
    def row(time_s: float) -> int:
        return int(row_of[min(len(row_of) - 1, max(0, round(time_s * rate_hz)))])

    mine = [s for s in plan.swings if s.foot == foot]
    steps = sorted(plan.swings, key=_contact_s)
    start, end = (mine[0].start, mine[-1].end) if mine else (plan.poses[0][1], plan.poses[-1][1])
    return Truth(
        strides=tuple(_stride(s, row) for s in mine),
        steps=tuple(Step(row(s.contact_s), FEET[s.foot], s.walk.direction) for s in steps),
        sways=tuple(_sway_truth(event, row) for event in plan.sways),
        start_mm=(start.x_m * 1000, start.y_m * 1000, start.z_m * 1000),
        end_mm=(end.x_m * 1000, end.y_m * 1000, end.z_m * 1000),
    )


def _contact_s(swing: Swing) -> float:
    return swing.contact_s


def _stride(swing: Swing, row: Callable[[float], int]) -> Stride:
    dx, dy = swing.end.x_m - swing.start.x_m, swing.end.y_m - swing.start.y_m
    yaw = swing.start.yaw_rad
    return Stride(
        row(swing.rise_s), row(swing.off_s), row(swing.contact_s), row(swing.flat_s), swing.walk.direction,
        1000 * math.hypot(dx, dy), 1000 * (swing.end.z_m - swing.start.z_m),
        1000 * (math.cos(yaw) * dy - math.sin(yaw) * dx), math.degrees(swing.end.yaw_rad - yaw),
    )  # fmt: skip


def _sway_truth(event: SwayEvent, row: Callable[[float], int]) -> SwayTruth:
    course = event.course
    rate = np.gradient(course.lean_rad) * course.rate_hz
    return SwayTruth(
        row(event.onset_s), row(event.end_s), event.params.direction, course.recovered,
        None if course.recovered else row(event.end_s),
        float(np.degrees(np.max(course.lean_rad))), float(np.degrees(np.max(rate))),
    )  # fmt: skip


def uphill_backward_segments() -> list[Segment]:
    """Return the built-in session: forward, turn about, backward up a 10 % grade, a stumble, two sways."""
    up = partial(uphill_backward, grade_pct=10)
    return [
        Stand(3.0),
        Walk(8, WalkParams(cadence_spm=100)),
        Stand(1.5),
        Walk(4, WalkParams(direction="turn", turn_deg_per_stride=90, cadence_spm=90)),
        Stand(1.5),
        Walk(14, up(80)),
        Walk(14, up(100)),
        Stumble(up(90)),
        Stand(2.0),
        Walk(12, up(95)),
        LoseBalance(SwayParams(push_ratio=0.75)),
        Stand(2.5),
        Walk(14, up(110)),
        LoseBalance(SwayParams(push_ratio=2)),
        Stand(4.0),
    ]


def uphill_backward_session(seed: int = 0, placement: str = "shoe", **options) -> Simulated:
    """Return the built-in session on a shoe, belt or wrist; the same seed is the same timeline on all three.

    One sway is recovered; the last one ends in a fall, so it is the one to warn of. Options: as session."""
    return session(uphill_backward_segments(), placement, seed, **options)
