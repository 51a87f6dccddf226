"""The walk as a plan: which foot is where and when, shared by shoe, belt and wrist."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .params import SwayParams, WalkParams, stride_mm
from .pendulum import Sway, sway
from .segments import Catch, LoseBalance, RockBack, Segment, Slip, Stand, Stumble, Walk

LEFT, RIGHT = 0, 1
ROCK_S = 0.25  # the toes come up, or down again, in this time
FEET = ("left", "right")


@dataclass(frozen=True)
class Pose:
    """A place on the ground [m] and a heading [rad]."""

    x_m: float = 0.0
    y_m: float = 0.0
    z_m: float = 0.0
    yaw_rad: float = 0.0

    def moved(self, ahead_m: float, left_m: float, up_m: float = 0.0, turn_rad: float = 0.0) -> "Pose":
        c, s = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        x, y = self.x_m + c * ahead_m - s * left_m, self.y_m + s * ahead_m + c * left_m
        return Pose(x, y, self.z_m + up_m, self.yaw_rad + turn_rad)


@dataclass(frozen=True)
class Swing:
    """One foot from flat to flat: times [s] of heel (or toe) rise, foot off, initial contact, flat again."""

    foot: int
    rise_s: float
    off_s: float
    contact_s: float
    flat_s: float
    start: Pose
    end: Pose
    walk: WalkParams
    ground_pitch_rad: float
    ground_roll_rad: float
    scuffed: bool = False
    caught: bool = False
    slip_mm: float = 0.0

    @property
    def speed_mps(self) -> float:
        """Mean speed of the foot in swing [m/s]."""
        across = math.hypot(self.end.x_m - self.start.x_m, self.end.y_m - self.start.y_m)
        return across / max(self.contact_s - self.off_s, 1e-3)


@dataclass(frozen=True)
class SwayEvent:
    """When a loss of balance began, towards where, and how it went."""

    onset_s: float
    params: SwayParams
    course: Sway

    @property
    def end_s(self) -> float:
        return self.onset_s + self.course.duration_s


@dataclass
class Plan:
    """Everything that happens, in seconds and metres; poses are of the body between the feet."""

    swings: list[Swing] = field(default_factory=list)
    poses: list[tuple[float, Pose]] = field(default_factory=lambda: [(0.0, Pose())])
    contacts: list[tuple[float, Swing]] = field(default_factory=list)
    walking: list[tuple[float, float]] = field(default_factory=list)
    shifts: list[tuple[float, float]] = field(default_factory=list)
    rocks: list[tuple[float, RockBack]] = field(default_factory=list)
    sways: list[SwayEvent] = field(default_factory=list)
    jolts_s: list[float] = field(default_factory=list)
    duration_s: float = 0.0

    @property
    def fall(self) -> SwayEvent | None:
        """The sway that ended on the ground, if one did."""
        return next((s for s in self.sways if not s.course.recovered), None)


# shares of the stride time: heel or toe rise, swing, and lowering to flat (esangeni; Winter 1991: swing 0.38-0.40)
_SHARES = {
    "forward": (0.12, 0.40, 0.09),
    "backward": (0.10, 0.39, 0.12),
    "left": (0.14, 0.47, 0.12),
    "right": (0.14, 0.47, 0.12),
    "turn": (0.15, 0.42, 0.12),
}
_RUN_SHARES = {"forward": (0.18, 0.64, 0.12), "backward": (0.12, 0.64, 0.18)}  # Winter 1991: stance below 0.4
_TURN_STEP_DEG = 90.0  # a turn on the spot without a given angle, per stride


def shares(walk: WalkParams) -> tuple[float, float, float]:
    """Return which shares of the stride time rise, swing and lowering take."""
    if walk.style == "run":
        return _RUN_SHARES.get(walk.direction, (0.2, 0.6, 0.15))
    return _SHARES[walk.direction]


def ground(walk: WalkParams) -> tuple[float, float]:
    """Return pitch and roll [rad] of the ground under a foot whose wearer goes up (+) or down the grade."""
    slope = math.atan(walk.grade_pct / 100)
    pitch = {"forward": -slope, "backward": slope}.get(walk.direction, 0.0)
    return pitch, {"left": slope, "right": -slope}.get(walk.direction, 0.0)


class Planner:
    """Turns segments into a Plan; all randomness comes from rng."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.plan = Plan()
        self.now_s = 0.0
        self.pose = Pose()
        self.width_m = 0.12
        self.feet = [self._beside(LEFT), self._beside(RIGHT)]
        self.flat_s = [0.0, 0.0]
        self.flow: tuple[str, int] | None = None  # direction and last foot of a gait that goes on

    def run(self, segments: Sequence[Segment]) -> Plan:
        """Return the plan; ValueError for a segment that cannot be."""
        for number, segment in enumerate(segments):
            after = segments[number + 1] if number + 1 < len(segments) else None
            try:
                self._segment(segment, after)
            except ValueError as error:
                raise ValueError(f"segments[{number}]: {error}") from error
        self.plan.duration_s = self.now_s
        return self.plan

    def _segment(self, segment: Segment, after: Segment | None) -> None:
        if self.plan.fall and not isinstance(segment, Stand):
            raise ValueError("after a fall the wearer stays down, want Stand or the end")
        if isinstance(segment, Stand):
            self._stand(segment.duration_s)
        elif isinstance(segment, Walk):
            if not 1 <= segment.steps <= 5000:
                raise ValueError(f"steps: {segment.steps} is outside 1..5000")
            self._walk(segment.steps, segment.params, after)
        elif isinstance(segment, Stumble):
            length = stride_mm(segment.params)
            quick = min(220.0, segment.params.cadence_spm * 1.3)
            hasty = replace(segment.params, stride_mm=max(100.0, length * 0.5), cadence_spm=quick)
            self._walk(2, hasty, after, ({"scuffed": True}, {}))
        elif isinstance(segment, Slip):
            self._walk(2, segment.params, after, ({"slip_mm": segment.slip_mm},) * 2)
        elif isinstance(segment, Catch):
            self._walk(2, segment.params, after, ({"caught": True},) * 2)
        elif isinstance(segment, RockBack):
            self.plan.rocks.append((self.now_s + ROCK_S, segment))
            self._stand(4 * ROCK_S + segment.hold_s)
        else:
            self._lose_balance(segment.params)

    def _beside(self, foot: int) -> Pose:
        return self.pose.moved(0, self.width_m / 2 * (1 if foot == LEFT else -1))

    def _mark(self, time_s: float) -> None:
        self.plan.poses.append((time_s, self.pose))

    def _stand(self, duration_s: float) -> None:
        if not 0 < duration_s <= 3600:
            raise ValueError(f"duration_s: {duration_s:g} is outside 0..3600")
        self._mark(self.now_s)
        end = self.now_s + duration_s
        next_s = self.now_s + self.rng.uniform(0.8, 4.0)
        while next_s + 1.5 < end and not self.plan.fall:
            self.plan.shifts.append((next_s, self.rng.normal()))
            next_s += self.rng.uniform(2.0, 6.0)
        self.now_s, self.flow = end, None
        self._mark(end)

    def _walk(self, steps: int, walk: WalkParams, after: Segment | None, mishaps: Sequence[dict] = ()) -> None:
        """Walk some steps; mishaps: what goes wrong in the first of them, as fields of Swing."""
        self.width_m = walk.step_width_mm / 1000
        started = self.flow is None or self.flow[0] != walk.direction
        foot = self._first_foot(walk) if started or self.flow is None else 1 - self.flow[1]
        begun_s, step_s = self.now_s, 60 / walk.cadence_spm
        rise, swing, _ = shares(walk)
        contact_s = self.now_s + step_s
        if started:
            self._mark(self.now_s)
            contact_s = self.now_s + max(step_s, (rise + swing) * 2 * step_s)
        for k in range(steps):
            self._step(foot, contact_s, walk, mishaps[k] if k < len(mishaps) else {})
            foot = 1 - foot
            contact_s += step_s * max(0.5, 1 + walk.time_cv_pct / 100 * self.rng.normal())
        self.flow = (walk.direction, 1 - foot)
        if not self._goes_on(walk, after):
            self._close(foot, contact_s, walk)
        self.plan.walking.append((begun_s, self.now_s))

    def _goes_on(self, walk: WalkParams, after: Segment | None) -> bool:
        if isinstance(after, LoseBalance):
            return True
        return isinstance(after, (Walk, Stumble, Slip, Catch)) and after.params.direction == walk.direction

    def _first_foot(self, walk: WalkParams) -> int:
        if walk.direction in FEET:
            return FEET.index(walk.direction)
        return int(self.rng.integers(2))

    def _close(self, foot: int, contact_s: float, walk: WalkParams) -> None:
        """Bring the other foot beside the first, and end the gait there."""
        here, there = self.feet[foot], self._beside(foot)
        if math.hypot(here.x_m - there.x_m, here.y_m - there.y_m) > 0.02 or here.yaw_rad != there.yaw_rad:
            self._swing(foot, contact_s, walk)
        self.now_s = max(self.flat_s) + 0.05
        self._mark(self.now_s)
        self.flow = None

    def _step(self, foot: int, contact_s: float, walk: WalkParams, mishap: dict) -> None:
        """Advance the body by one step and let a foot land beside its new place."""
        length_m = stride_mm(walk) / 1000 * max(0.3, 1 + walk.length_cv_pct / 100 * self.rng.normal())
        turn = math.radians(walk.turn_deg_per_stride) / 2
        if walk.direction == "turn":
            turn = turn or math.radians(_TURN_STEP_DEG) / 2
            turn *= max(0.3, 1 + walk.length_cv_pct / 100 * self.rng.normal())
        sign = {"forward": 1, "backward": -1, "left": 1, "right": -1, "turn": 0}[walk.direction]
        up_m = walk.grade_pct / 100
        if walk.direction in FEET:
            advance = length_m if FEET[foot] == walk.direction else 0.0
            self.pose = self.pose.moved(0, sign * advance, up_m * advance, turn)
        else:
            for _ in range(2):  # half the step on the old heading, half on the middle one: an arc
                self.pose = self.pose.moved(sign * length_m / 4, 0, up_m * length_m / 4, turn / 2)
        self._swing(foot, contact_s, walk, **mishap)
        self._mark(contact_s)
        self.now_s = contact_s

    def _swing(self, foot: int, contact_s: float, walk: WalkParams, **mishap) -> None:
        period_s = 120 / walk.cadence_spm
        rise, swing, lower = (share * self.rng.normal(1, 0.08) for share in shares(walk))
        off_s = max(contact_s - swing * period_s, self.flat_s[foot] + 0.03 * period_s)
        rise_s = max(off_s - rise * period_s, self.flat_s[foot])
        self.flat_s[foot] = contact_s + max(0.04, lower) * period_s
        end = self._beside(foot).moved(0, self.rng.normal() * 0.006)
        pitch, roll = ground(walk)
        made = Swing(
            foot, rise_s, off_s, contact_s, self.flat_s[foot], self.feet[foot], end, walk, pitch, roll, **mishap
        )
        self.feet[foot] = end
        self.plan.swings.append(made)
        self.plan.contacts.append((contact_s, made))
        if made.scuffed or made.caught:
            self.plan.jolts_s.append((off_s + contact_s) / 2)
        elif made.slip_mm:
            self.plan.jolts_s.append(made.flat_s)

    def _lose_balance(self, params: SwayParams) -> None:
        # a gait that is under way breaks off at once; the foot last in the air has to land first
        onset_s = max(self.now_s, max(self.flat_s)) + self.rng.uniform(0, params.onset_jitter_s)
        event = SwayEvent(onset_s, params, sway(params))
        self.plan.sways.append(event)
        self._mark(onset_s)
        if event.course.recovered:
            foot = 1 - self.flow[1] if self.flow else int(self.rng.integers(2))
            self._recover(foot, event)
        self.now_s = max(event.end_s, *self.flat_s) + 0.3
        self._mark(self.now_s)
        self.flow = None

    def _recover(self, foot: int, event: SwayEvent) -> None:
        """Step into the fall, then bring the other foot beside."""
        params = event.params
        if not params.step_mm:
            return
        walk = WalkParams(
            direction=params.direction, cadence_spm=120, stride_mm=params.step_mm, time_cv_pct=0, length_cv_pct=0
        )
        along = {"forward": (1, 0), "backward": (-1, 0), "left": (0, 1), "right": (0, -1)}[params.direction]
        self.pose = self.pose.moved(along[0] * params.step_mm / 1000, along[1] * params.step_mm / 1000)
        self._swing(foot, event.onset_s + params.step_lands_s, walk)
        self._mark(event.onset_s + params.step_lands_s + 0.2)
        self._swing(1 - foot, event.onset_s + params.step_lands_s + 0.75, walk)
