"""The path of a pod on one shoe: stance, roll-off, swing, contact and its ringing."""

import math

import numpy as np

from . import mishaps
from .params import FootParams, stride_mm
from .pendulum import pendulum_m
from .physics import GRAVITY_MPS2, rotation
from .plan import FEET, Plan, Swing
from .track import Path, Track, restless, smoothed

_CHANNELS = (
    "x", "y", "z", "yaw", "pitch", "roll", "ground_pitch", "ground_roll", "pivot", "moving",
    "ring_x", "ring_y", "ring_z",
)  # fmt: skip


def foot_path(
    plan: Plan, foot: int, params: FootParams, rng: np.random.Generator, count: int, rate_hz: float
) -> Path:
    """Return the path (count samples at rate_hz) of a pod on the left (0) or right (1) foot."""
    swings = [s for s in plan.swings if s.foot == foot]
    track = Track(_CHANNELS, count, rate_hz)
    for swing in swings:
        _travel(track, swing, params, rng)
        mishaps.slip(track, swing)
        _roll(track, swing, params, rng)
        _ring(track, swing, params, rng)
    for swing in plan.swings:
        if swing.foot != foot:
            _shake(track, swing, params, rng)
    _slope(track, swings)
    _pivot(track, swings, params)
    _creep(track, swings, params)
    _shift(track, plan, rng)
    _slide(track, plan)
    mishaps.rock_back(track, plan)
    _restlessness(track, params, rng, count, rate_hz)
    start = swings[0].start if swings else None
    side = 0.06 if FEET[foot] == "left" else -0.06
    offset = np.array([start.x_m, start.y_m, start.z_m] if start else [0, side, 0])
    return _assembled(track, params, offset, rate_hz)


def pace(swing: Swing) -> float:
    """Return how brisk a swing is: 1 at 1 m/s of foot travel per stride time (walking at about 100 steps/min)."""
    across = math.hypot(swing.end.x_m - swing.start.x_m, swing.end.y_m - swing.start.y_m)
    return across * swing.walk.cadence_spm / 120


def _travel(track: Track, swing: Swing, params: FootParams, rng: np.random.Generator) -> None:
    start, end = swing.start, swing.end
    begin_s, end_s = _carried(swing)
    travel = mishaps.caught if swing.caught else Track.step
    travel(track, "x", begin_s, end_s, end.x_m - start.x_m)
    travel(track, "y", begin_s, end_s, end.y_m - start.y_m)
    track.step("z", begin_s, end_s, end.z_m - start.z_m)
    track.step("yaw", begin_s, end_s, end.yaw_rad - start.yaw_rad)
    track.bump("moving", swing.rise_s, swing.flat_s, 1.0)
    _lift(track, swing, params, rng)
    side = 1 if FEET[swing.foot] == "left" else -1
    bow = side * params.circumduction_mm / 1000 * rng.normal(1, 0.3)
    middle = (start.yaw_rad + end.yaw_rad) / 2
    track.bump("x", begin_s, end_s, -math.sin(middle) * bow)
    track.bump("y", begin_s, end_s, math.cos(middle) * bow)


def _carried(swing: Swing) -> tuple[float, float]:
    """Return when [s] the pod travels: ahead it starts while the foot still rolls off, backward it ends late."""
    rising_s, lowering_s = swing.off_s - swing.rise_s, swing.flat_s - swing.contact_s
    if swing.walk.direction == "forward":
        return swing.off_s - 0.6 * rising_s, swing.contact_s - 0.08 * (swing.contact_s - swing.off_s)
    if swing.walk.direction == "backward":
        return swing.off_s - 0.3 * rising_s, swing.contact_s + 0.6 * lowering_s
    return swing.off_s - 0.1 * rising_s, swing.contact_s


def _lift(track: Track, swing: Swing, params: FootParams, rng: np.random.Generator) -> None:
    """Lift the foot twice: little where it swings by, more where it reaches out (first when going backward)."""
    size = {"walk": 1.0, "run": 1.1, "shuffle": 0.15}[swing.walk.style] * min(1.2, 0.4 + 0.6 * pace(swing))
    early = params.early_lift_mm / 1000 * size * (2.5 if swing.walk.style == "run" else 1.0)
    late = params.late_lift_mm / 1000 * size * (0.4 if swing.walk.direction in (*FEET, "turn") else 1.0)
    spans = [(0.0, 0.65, early), (0.3, 1.0, late)]
    if swing.walk.direction == "backward":
        spans = [(1 - b, 1 - a, lift) for a, b, lift in spans]
    took = swing.contact_s - swing.off_s
    for a, b, lift in spans:
        track.bump("z", swing.off_s + a * took, swing.off_s + b * took, lift * rng.normal(1, 0.1))


def _lobes(swing: Swing, params: FootParams) -> tuple[str, float, float]:
    """Return the channel that rolls and its angles [rad] before foot off and before contact.

    The path goes 0 -> first -> -second -> 0; in backward gait the pattern of forward gait runs the other
    way round in time (Grasso 1998)."""
    direction, brisk = swing.walk.direction, pace(swing)
    scale = {"walk": 0.75 + 0.25 * min(brisk, 2.0), "run": 0.9 + 0.15 * min(brisk, 4.0), "shuffle": 0.2}
    size = math.radians(scale[swing.walk.style])
    if direction == "forward":
        length = min(1.3, max(0.5, stride_mm(swing.walk) / 1300)) if swing.walk.style == "walk" else 1.0
        return "pitch", params.push_off_deg * size * length, params.strike_deg * size
    if direction == "backward":
        return "pitch", -params.back_lift_deg * size, -params.back_land_deg * size
    if direction == "turn":
        return "pitch", params.push_off_deg * 0.35 * size, -params.push_off_deg * 0.1 * size
    tilt = params.side_roll_deg * size * (-1 if direction == "left" else 1)
    leading = FEET[swing.foot] == direction
    return "roll", tilt * (0.6 if leading else 1.0), -0.4 * tilt


def _roll(track: Track, swing: Swing, params: FootParams, rng: np.random.Generator) -> None:
    channel, first, second = _lobes(swing, params)
    first, second = first * rng.normal(1, 0.06), second * rng.normal(1, 0.08)
    track.step(channel, swing.rise_s, swing.off_s + 0.02, first)
    track.step(channel, swing.off_s - 0.02, swing.contact_s, -first - second)
    track.step(channel, swing.contact_s - 0.01, swing.flat_s, second)
    sideways = swing.walk.direction in FEET
    small = params.push_off_deg if sideways else params.side_roll_deg
    other = math.radians(small) * (0.35 if swing.walk.style == "shuffle" else 1.0)
    loose = "pitch" if channel == "roll" else "roll"
    middle = (swing.off_s + swing.contact_s) / 2
    track.bump(loose, swing.rise_s, middle, other * rng.normal(0.25, 0.1))
    track.bump(loose, middle, swing.flat_s, other * rng.normal(-0.2, 0.1))
    twist = math.radians(14 if sideways else 4)
    track.bump("yaw", swing.rise_s, middle, twist * rng.normal(1, 0.5))
    track.bump("yaw", middle, swing.flat_s, -twist * rng.normal(1, 0.5))


def _ring(track: Track, swing: Swing, params: FootParams, rng: np.random.Generator) -> None:
    """Add the contact's ringing, small ones where the foot leaves and where it is flat, one more if it scuffs."""
    hardness = {"run": 0.3, "walk": 0.27, "shuffle": 0.4}[swing.walk.style]
    brisk = swing.speed_mps * (0.36 if swing.walk.direction == "backward" else hardness)
    peak = params.ring_mg_per_mps / 1000 * GRAVITY_MPS2 * max(0.12, brisk)
    tilt = math.radians(params.ring_deg_per_mps) * (2 * math.pi * params.ring_hz) ** 2 * max(0.12, brisk)
    blows = [(swing.contact_s, 1.0), (swing.off_s, 0.15), (swing.flat_s - 0.02, 0.12)]
    if swing.scuffed:
        blows.append(((swing.off_s + swing.contact_s) / 2, 0.9))
    for when_s, share in blows:
        for name, weight in (("ring_x", 0.7), ("ring_y", 0.45), ("ring_z", 0.9)):
            size = peak * share * weight * rng.normal(1, 0.3) * (1 if name == "ring_z" else rng.choice((-1, 1)))
            track.ring(name, when_s, size, params.ring_hz * rng.uniform(0.8, 1.25), params.ring_decay_s)
        for name in ("roll", "pitch", "yaw"):
            size = tilt * share * rng.normal()
            track.ring(name, when_s, size, params.ring_hz * rng.uniform(0.7, 1), params.ring_decay_s)


def _shake(track: Track, swing: Swing, params: FootParams, rng: np.random.Generator) -> None:
    """Let the ground and the body pass on a little of the other foot's contact."""
    peak = params.ring_mg_per_mps / 1000 * GRAVITY_MPS2 * 0.006 * swing.speed_mps
    for name in ("ring_x", "ring_y", "ring_z"):
        track.ring(name, swing.contact_s, peak * rng.normal(), params.ring_hz * 0.7, 2 * params.ring_decay_s)


def _slope(track: Track, swings: list[Swing]) -> None:
    """Let each swing take the foot from the ground it stood on to the ground it lands on."""
    pitch = roll = 0.0
    for swing in swings:
        track.step("ground_pitch", swing.off_s, swing.contact_s, swing.ground_pitch_rad - pitch)
        track.step("ground_roll", swing.off_s, swing.contact_s, swing.ground_roll_rad - roll)
        pitch, roll = swing.ground_pitch_rad, swing.ground_roll_rad


def _pivot(track: Track, swings: list[Swing], params: FootParams) -> None:
    """Move the point the foot rolls over: -1 at the heel, +1 at the ball, 0 under the pod."""
    at, free_s = 0.0, -1.0
    for swing in swings:
        channel, first, second = _lobes(swing, params)
        leaves, lands = (math.copysign(1, first), -math.copysign(1, second)) if channel == "pitch" else (0.0, 0.0)
        begin = max(free_s, swing.rise_s - 0.4)
        track.step("pivot", begin, swing.rise_s + 0.3 * (swing.off_s - swing.rise_s), leaves - at)
        track.step("pivot", swing.off_s, swing.contact_s, lands - leaves)
        at, free_s = lands, swing.contact_s + 0.7 * (swing.flat_s - swing.contact_s)


def _creep(track: Track, swings: list[Swing], params: FootParams) -> None:
    """Let the foot roll on slowly between contact and the next rise; a runner's never stops."""
    for now, after in zip(swings, swings[1:], strict=False):
        if after.rise_s - now.flat_s > 3:
            continue
        running = now.walk.style == "run"
        angle = math.radians(params.run_roll_deg if running else params.creep_deg)
        angle *= 1.0 if now.walk.direction == "forward" else 0.6
        track.step("pitch", now.contact_s, after.off_s, angle)
        track.step("pitch", after.off_s, after.contact_s, -angle)
        _unhurried(track, now, after, math.radians(params.heel_rise_deg))


def _unhurried(track: Track, now: Swing, after: Swing, angle: float) -> None:
    """Begin the heel's rise before the push-off; going backward, end its lowering late."""
    lead_s = min(0.15, 0.5 * (after.rise_s - now.flat_s))
    if now.walk.direction == "forward" == after.walk.direction:
        track.step("pitch", after.rise_s - lead_s, after.off_s, angle)
        track.step("pitch", after.off_s, after.contact_s, -angle)
    elif now.walk.direction == "backward" == after.walk.direction:
        track.step("pitch", now.off_s, now.contact_s, angle)
        track.step("pitch", now.contact_s, now.flat_s + lead_s, -angle)


def _shift(track: Track, plan: Plan, rng: np.random.Generator) -> None:
    """Tilt the foot a little when the weight shifts in standing, and back later."""
    for when_s, amount in plan.shifts:
        for name in ("roll", "pitch"):
            track.bump(name, when_s, when_s + 1.5, math.radians(0.5) * amount * rng.uniform(0.3, 1))


def _slide(track: Track, plan: Plan) -> None:
    """In a fall the feet shoot out the other way, then lie with the toes up."""
    fall = plan.fall
    if fall is None:
        return
    params = fall.params
    reach = pendulum_m(params) * math.sin(math.radians(params.impact_lean_deg)) * (1 - params.pelvis_share)
    pose = [p for t, p in plan.poses if t <= fall.onset_s][-1]
    away = {"forward": (-1, 0), "backward": (1, 0), "left": (0, -1), "right": (0, 1)}[params.direction]
    moved = pose.moved(away[0] * reach, away[1] * reach)
    late = fall.onset_s + 0.35 * fall.course.duration_s
    track.step("x", late, fall.end_s + 0.1, moved.x_m - pose.x_m)
    track.step("y", late, fall.end_s + 0.1, moved.y_m - pose.y_m)
    track.step("pitch", late + 0.1, fall.end_s + 0.25, math.radians(-50 if params.direction == "backward" else 40))
    for name, peak in (("ring_x", 2.0), ("ring_z", 3.0)):
        track.ring(name, fall.end_s, peak * GRAVITY_MPS2, 20.0, 0.04)


def _restlessness(track: Track, params: FootParams, rng: np.random.Generator, count: int, rate_hz: float) -> None:
    """Add sway of the standing foot and, in motion, the roughness of soft tissue and strap."""
    moving = smoothed(np.sqrt(np.clip(track.read("moving"), 0, 1)), int(0.03 * rate_hz))
    for name in ("roll", "pitch", "yaw"):
        still = restless(rng, count, rate_hz, 0.3, 5) * math.radians(params.wobble_deg)
        rough = restless(rng, count, rate_hz, 4, 18) * math.radians(params.rough_mm * 0.4)
        track.add(name, still * (0.35 + moving) + rough * moving)
    for name in ("ring_x", "ring_y", "ring_z"):
        track.add(name, restless(rng, count, rate_hz, 4, 20) * moving * (params.rough_mm / 1000))


def _assembled(track: Track, params: FootParams, start: np.ndarray, rate_hz: float) -> Path:
    """Return the pod's path: the sole's place, plus the roll over heel or toe, plus ringing."""
    read = track.read
    tilt = read("pitch")
    ground = np.stack([read("ground_roll"), read("ground_pitch"), read("yaw")], axis=1)
    euler = ground + np.stack([read("roll"), tilt, np.zeros_like(tilt)], axis=1)
    at = read("pivot")
    pivot = np.zeros((len(tilt), 3))
    ahead, behind = params.toe_ahead_mm / 1000, params.heel_behind_mm / 1000
    pivot[:, 0] = (ahead + behind) / 2 * at + (ahead - behind) / 2 * at * at
    pod = np.array([0, 0, params.pod_height_mm / 1000])
    arm = np.einsum("nij,nj->ni", rotation(euler), pod - pivot)
    position = arm + np.einsum("nij,nj->ni", rotation(ground), pivot)
    position += start + np.stack([read("x"), read("y"), read("z")], axis=1)
    ringing = np.stack([read("ring_x"), read("ring_y"), read("ring_z")], axis=1)
    return Path(position + np.einsum("nij,nj->ni", rotation(ground), ringing), euler, rate_hz)
