"""The paths of a pod on the belt and on a wrist."""

import math

import numpy as np

from .params import ArmParams, TrunkParams, WalkParams, stride_mm
from .physics import GRAVITY_MPS2, rotation
from .plan import FEET, Plan, SwayEvent
from .track import Path, Track, restless, smoothed

_AHEAD = {"forward": 1.0, "backward": -1.0}
_TOPPLE = {"forward": ("pitch", 1, (1, 0)), "backward": ("pitch", -1, (-1, 0)),
           "left": ("roll", -1, (0, 1)), "right": ("roll", 1, (0, -1))}  # fmt: skip
_PELVIS_MEETS_GROUND_M = 0.28  # it sinks on from here while flesh and floor give way
_LYING_RAD = math.radians(80)
_FLESH_S = 0.08  # what shakes the flesh under a belt, at 3 Hz and more, shakes neither shoulder nor arm


class _Gait:
    """Phase and size of the gait's oscillations on the time grid."""

    def __init__(self, plan: Plan, params: TrunkParams, count: int, rate_hz: float) -> None:
        self.t = np.arange(count) / rate_hz
        self.rate_hz = rate_hz
        self._smooth = int(0.12 * rate_hz)
        times = [t for t, _ in plan.contacts]
        feet = [swing.foot for _, swing in plan.contacts]
        self.phase = self._smoothly(times, [k + 0.0 for k in range(len(times))])
        self.left_first = bool(feet and feet[0] == 0)
        walks = [swing.walk for _, swing in plan.contacts]
        self.walks = list(zip(times, walks, strict=True))
        self.on = self._switched(plan.walking)
        self.ahead = self._smoothly(times, [_AHEAD.get(w.direction, 0.3) for w in walks])
        self.running = self._smoothly(times, [float(w.style == "run") for w in walks])
        self.pace = self._smoothly(times, [stride_mm(w) * w.cadence_spm / 120e3 for w in walks])
        self.bob_m = self._smoothly(times, [_bob_m(w, params) for w in walks])
        self.lean = self._smoothly(times, [_lean_rad(w, params) for w in walks])

    def _smoothly(self, times: list[float], values: list[float]) -> np.ndarray:
        if not times:
            return np.zeros_like(self.t)
        return smoothed(np.interp(self.t, times, values), self._smooth)

    def _switched(self, spans: list[tuple[float, float]]) -> np.ndarray:
        on = np.zeros_like(self.t)
        for begin, end in spans:
            on[(self.t >= begin) & (self.t <= end)] = 1.0
        return smoothed(on, int(0.2 * self.rate_hz))


def _bob_m(walk: WalkParams, params: TrunkParams) -> float:
    """Return the amplitude of the vertical oscillation [m]: compass gait in walking, a spring in running."""
    if walk.style == "run":
        return params.run_bob_mm / 1000
    leg, half = params.leg_mm / 1000, min(stride_mm(walk) / 4000, 0.6 * params.leg_mm / 1000)
    return (leg - math.sqrt(leg * leg - half * half)) / 2 * params.bob_pct / 100 + 0.002


def _lean_rad(walk: WalkParams, params: TrunkParams) -> float:
    ahead = _AHEAD.get(walk.direction, 0.0)
    slope = math.degrees(math.atan(walk.grade_pct / 100))
    return math.radians(ahead * (params.lean_deg * (0.5 if ahead < 0 else 1) + params.uphill_lean_share * slope))


def trunk_track(plan: Plan, params: TrunkParams, rng: np.random.Generator, count: int, rate_hz: float) -> Track:
    """Return the trunk's motion as channels x y z [m], pitch roll yaw [rad] of the lower back."""
    track = Track(("x", "y", "z", "pitch", "roll", "yaw"), count, rate_hz)
    gait = _Gait(plan, params, count, rate_hz)
    times = [t for t, _ in plan.poses]
    for name in ("x", "y", "z", "yaw"):
        values = [getattr(p, "yaw_rad" if name == "yaw" else name + "_m") for _, p in plan.poses]
        track.add(name, smoothed(np.interp(gait.t, times, values), int(0.3 * rate_hz)))
    track.add("z", np.full(count, params.leg_mm / 1000 + 0.05))
    _oscillate(track, gait, params)
    _thuds(track, plan, params, rng)
    _stand(track, plan, gait, params, rng)
    for event in plan.sways:
        _topple(track, plan, event, params, rng)
    return track


def trunk_path(plan: Plan, params: TrunkParams, rng: np.random.Generator, count: int, rate_hz: float) -> Path:
    """Return the path (count samples at rate_hz) of a pod on the belt at the lower back."""
    read = trunk_track(plan, params, rng, count, rate_hz).read
    position = np.stack([read("x"), read("y"), read("z")], axis=1)
    return Path(position, np.stack([read("roll"), read("pitch"), read("yaw")], axis=1), rate_hz)


def _oscillate(track: Track, gait: _Gait, params: TrunkParams) -> None:
    """Add what repeats with every step (bob, surge, pitch) and every stride (shift, roll, yaw)."""
    step, stride = 2 * np.pi * gait.phase, np.pi * gait.phase
    sign = 1.0 if gait.left_first else -1.0
    on, brisk = gait.on, np.clip(0.5 + 0.5 * gait.pace, 0, 1.6)
    heading = track.read("yaw")
    bob = -gait.bob_m * (np.cos(step) + 0.15 * np.cos(2 * step + 0.6))
    surge = params.surge_mm / 1000 * brisk * gait.ahead * (np.sin(step) + 0.25 * np.sin(2 * step))
    surge *= 1 - 0.65 * gait.running
    shift = params.shift_mm / 1000 * sign * (1 - 0.5 * gait.running) * np.cos(stride)
    track.add("z", on * bob)
    track.add("x", on * (np.cos(heading) * surge - np.sin(heading) * shift))
    track.add("y", on * (np.sin(heading) * surge + np.cos(heading) * shift))
    more = 1 + 0.5 * gait.running
    track.add("pitch", on * (gait.lean + math.radians(params.pitch_deg) * brisk * more * np.sin(step + 0.5)))
    track.add("roll", on * sign * math.radians(params.roll_deg) * brisk * np.sin(stride + 0.4))
    track.add("yaw", on * sign * math.radians(params.yaw_deg) * brisk * gait.ahead * np.cos(stride + 0.3))


def _thuds(track: Track, plan: Plan, params: TrunkParams, rng: np.random.Generator) -> None:
    for when_s, swing in plan.contacts:
        running = 1.5 if swing.walk.style == "run" else 1.0
        speed = max(0.25, stride_mm(swing.walk) * swing.walk.cadence_spm / 120e3)
        peak = params.thud_mg_per_mps / 1000 * GRAVITY_MPS2 * speed * running
        for name, share in (("x", 0.8), ("y", 0.7), ("z", 1.0)):
            size = peak * share * rng.normal(1, 0.25) * (1 if name == "z" else rng.choice((-1, 1)))
            track.ring(name, when_s, size, params.thud_hz * rng.uniform(0.8, 1.2), params.thud_decay_s)
        for name in ("pitch", "roll"):
            track.ring(name, when_s, peak * rng.normal(0, 0.8), params.thud_hz * 0.8, params.thud_decay_s)


def _stand(track: Track, plan: Plan, gait: _Gait, params: TrunkParams, rng: np.random.Generator) -> None:
    """Add postural sway, slow weight shifts, the jolts of a stumble and the softness under the belt."""
    count, rate_hz = track.count, track.rate_hz
    for name in ("pitch", "roll", "yaw"):
        track.add(name, restless(rng, count, rate_hz, 0.05, 0.6) * math.radians(params.stand_sway_deg))
        track.add(name, gait.on * restless(rng, count, rate_hz, 3, 10) * np.radians(0.12 + 0.12 * gait.pace))
    for name in ("x", "y", "z"):
        track.add(name, gait.on * restless(rng, count, rate_hz, 4, 12) * 0.0003 * (0.5 + gait.pace))
    for when_s, amount in plan.shifts:
        track.bump("y", when_s, when_s + 1.8, amount * params.weight_shift_mm / 1000)
        track.bump("roll", when_s, when_s + 1.8, amount * math.radians(1.0))
    for when_s in plan.jolts_s:
        ahead = _AHEAD.get(next((w.direction for t, w in gait.walks if t > when_s), "forward"), 0.5)
        track.bump("pitch", when_s, when_s + 0.9, ahead * math.radians(rng.uniform(5, 8)))
        track.bump("z", when_s, when_s + 0.7, -0.03)


def _topple(track: Track, plan: Plan, event: SwayEvent, params: TrunkParams, rng: np.random.Generator) -> None:
    """Lay a loss of balance over the trunk: lean from the pendulum, then either upright again or the ground."""
    channel, sign, along = _TOPPLE[event.params.direction]
    t = np.arange(track.count) / track.rate_hz - event.onset_s
    lean = _lean_course(event, t)
    lean = smoothed(lean, int(0.02 * track.rate_hz))
    track.add(channel, sign * lean)
    share = event.params.pelvis_share if not event.course.recovered else 1.0
    height = params.leg_mm / 1000 + 0.05
    heading = [p for at, p in plan.poses if at <= event.onset_s][-1].yaw_rad
    reach = height * share * np.sin(lean)
    track.add("x", (math.cos(heading) * along[0] - math.sin(heading) * along[1]) * reach)
    track.add("y", (math.sin(heading) * along[0] + math.cos(heading) * along[1]) * reach)
    _struggle(track, event, rng)
    if event.course.recovered:
        track.add("z", height * (np.cos(lean) - 1))
        return
    track.add("z", _dropped(event, t, height, track.rate_hz))
    for name, jerk in (("pitch", 260), ("roll", 120), ("yaw", 120)):
        track.ring(name, event.end_s, rng.normal(0, jerk), 7, 0.08)
    for name in ("x", "y", "z"):
        track.ring(name, event.end_s, 0.8 * GRAVITY_MPS2 * rng.normal(), 12, 0.06)


def _struggle(track: Track, event: SwayEvent, rng: np.random.Generator) -> None:
    """Add the irregular fight for balance, and the knock of a foot that slips and catches."""
    params, count, rate_hz = event.params, track.count, track.rate_hz
    t = np.arange(count) / rate_hz
    until_s = min(event.end_s, event.onset_s + 1.2)
    hold = smoothed(((t > event.onset_s) & (t < until_s)).astype(float), int(0.1 * rate_hz))
    size = params.struggle_dps * min(1.0, 0.5 * params.push_ratio)
    for name in ("pitch", "roll", "yaw"):
        track.add(name, hold * restless(rng, count, rate_hz, 1.5, 6) * math.radians(size) / (2 * math.pi * 4))
    knock_s = event.onset_s + rng.uniform(0.2, 0.45)
    peak = params.kick_mg / 1000 * GRAVITY_MPS2 * min(1.0, 0.5 * params.push_ratio)
    for name in ("x", "y", "z"):
        track.ring(name, knock_s, peak * rng.normal(), 9, 0.05)


def _lean_course(event: SwayEvent, t: np.ndarray) -> np.ndarray:
    """Return the lean [rad] at times t [s] from the onset; after an impact it swings on to lying."""
    course = event.course
    grid = np.arange(len(course.lean_rad)) / course.rate_hz
    lean = np.interp(t, grid, course.lean_rad, left=0.0)
    if course.recovered:
        return lean * np.clip((course.duration_s + 0.5 - t) / 0.5, 0, 1)
    rate = (course.lean_rad[-1] - course.lean_rad[-11]) * course.rate_hz / 10
    after, settle_s = np.maximum(t - course.duration_s, 0), 0.12
    start = course.lean_rad[-1] - _LYING_RAD
    swing = _LYING_RAD + (start + (rate + start / settle_s) * after) * np.exp(-after / settle_s)
    return np.where(t > course.duration_s, swing, lean)


def _dropped(event: SwayEvent, t: np.ndarray, height_m: float, rate_hz: float) -> np.ndarray:
    """Return how far the pelvis is below standing [m, negative]: near free fall, then stopped by the ground."""
    took, drop = event.course.duration_s, height_m - _PELVIS_MEETS_GROUND_M
    fall_s = min(took, 0.75)  # knees and hips give way only late
    power = 2.4
    into = np.clip((t - (took - fall_s)) / fall_s, 0, 1)
    after, stop_s = np.maximum(t - took, 0), event.params.impact_s
    sink = power * drop / fall_s * after * np.exp(-after / stop_s)
    return smoothed(-drop * into**power - sink, max(1, int(0.012 * rate_hz)))


def wrist_path(
    plan: Plan, trunk: TrunkParams, arm: ArmParams, hand: int, rng: np.random.Generator, count: int, rate_hz: float
) -> Path:
    """Return the path of a pod on the left (0) or right (1) wrist; hanging, its axes are the body's."""
    shaken = trunk_track(plan, trunk, rng, count, rate_hz).read

    def read(name: str) -> np.ndarray:
        return smoothed(shaken(name), int(_FLESH_S * rate_hz))

    gait = _Gait(plan, trunk, count, rate_hz)
    sign = (1.0 if gait.left_first else -1.0) * (1.0 if FEET[hand] == "left" else -1.0)
    size = math.radians(arm.swing_deg) * np.clip(gait.pace / 1.2, 0.2, 1.8) * np.where(gait.ahead < 0, 0.7, 1)
    size = smoothed(size, int(0.2 * rate_hz))
    tremor = math.radians(arm.tremor_deg) * (0.3 + gait.on)
    shaking = [restless(rng, count, rate_hz, 0.8, 4) * tremor for _ in range(3)]
    # the arm is ahead when the foot of the same side is behind
    swing = gait.on * sign * size * np.cos(np.pi * gait.phase)
    bend = math.radians(arm.walk_elbow_deg) + gait.running * gait.on * math.radians(
        arm.run_elbow_deg - arm.walk_elbow_deg
    )
    flung = _flung(plan, gait, rate_hz)
    upper = np.stack([shaking[0], swing - flung, read("yaw")], axis=1)
    lower = upper + np.stack([0 * swing, -bend + shaking[1], shaking[2]], axis=1)
    torso = np.stack([read("roll"), read("pitch"), read("yaw")], axis=1)
    side = 0.2 if FEET[hand] == "left" else -0.2
    half = np.array([0, 0, -arm.arm_mm / 2000])
    position = np.stack([read("x"), read("y"), read("z")], axis=1)
    position = position + rotation(torso) @ np.array([0, side, 0.45])
    position = position + rotation(upper) @ half + rotation(lower) @ half
    return Path(position, lower, rate_hz)


def _flung(plan: Plan, gait: _Gait, rate_hz: float) -> np.ndarray:
    """Return how far the arms are thrown up in losses of balance [rad]."""
    up = np.zeros_like(gait.t)
    for event in plan.sways:
        lean = _lean_course(event, gait.t - event.onset_s)
        up += smoothed(np.clip(lean * 2, 0, 1.2), int(0.05 * rate_hz))
    return up
