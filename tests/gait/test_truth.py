import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tried import dear

from host_tools.gait import (
    IDEAL_IMU,
    ImuParams,
    LoseBalance,
    Stand,
    Stumble,
    SwayParams,
    Walk,
    WalkParams,
    Wearer,
    session,
    time_reversed,
    uphill_backward,
    uphill_backward_session,
    walk,
)
from host_tools.gait.params import DIRECTIONS, STYLES, stride_mm
from host_tools.gait.physics import ideal_imu
from host_tools.gait.track import Path
from host_tools.recordings import Recording

gaits = st.builds(
    WalkParams,
    direction=st.sampled_from(DIRECTIONS),
    style=st.sampled_from(STYLES),
    cadence_spm=st.floats(50, 180),
    grade_pct=st.floats(-20, 20),
    turn_deg_per_stride=st.floats(-60, 60),
)


@pytest.mark.slow
@dear(25)
@given(params=gaits, steps=st.integers(1, 10), seed=st.integers(0, 2**31), side=st.sampled_from(["left", "right"]))
def test_any_gait_gives_sound_samples_and_an_orderly_truth(params, steps, seed, side):
    made = walk(params, steps, still_s=1.0, seed=seed, side=side)
    assert made.samples.dtype == np.int16 and made.samples.shape[1] == 6
    assert np.abs(made.samples[:, :3].astype(int)).max() <= 16000
    assert np.abs(made.samples[:, 3:].astype(int)).max() <= 20000
    assert np.isfinite(made.path.position_m).all()
    last = 0
    for stride in made.truth.strides:
        assert last <= stride.rise <= stride.foot_off < stride.contact < stride.flat < len(made.samples)
        assert stride.direction == params.direction
        last = stride.flat
    contacts = [step.contact for step in made.truth.steps]
    assert contacts == sorted(contacts) and steps <= len(contacts) <= steps + 1


@pytest.mark.slow
@dear(15)
@given(params=gaits, seed=st.integers(0, 2**31))
def test_strides_add_up_to_where_the_foot_ends(params, seed):
    made = walk(params, 9, seed=seed)
    truth, path = made.truth, made.path.position_m
    went = 1000 * (path[-1] - path[0])
    assert went == pytest.approx(np.subtract(truth.end_mm, truth.start_mm), abs=15)
    assert sum(s.height_mm for s in truth.strides) == pytest.approx(truth.end_mm[2] - truth.start_mm[2], abs=1e-6)
    factor = round(made.path.rate_hz / made.rate_hz)
    flats, rises = [0, *(s.flat for s in truth.strides)], [*(s.rise for s in truth.strides), len(made.samples) - 1]
    stances = [(flat + rise) // 2 * factor for flat, rise in zip(flats, rises, strict=True)]
    for stride, before, after in zip(truth.strides, stances, stances[1:], strict=False):
        moved = 1000 * (path[after] - path[before])
        assert math.hypot(*moved[:2]) == pytest.approx(stride.length_mm, abs=20)
        assert moved[2] == pytest.approx(stride.height_mm, abs=12)


@pytest.mark.slow
@pytest.mark.parametrize("grade", [-10, 0, 5, 20])
@pytest.mark.parametrize("direction", ["forward", "backward", "left", "right"])
def test_a_grade_lifts_every_stride_and_tilts_the_standing_foot(grade, direction):
    made = walk(WalkParams(direction=direction, grade_pct=grade), 16, seed=2, wearer=Wearer(imu=IDEAL_IMU))
    length = sum(s.length_mm for s in made.truth.strides)
    height = sum(s.height_mm for s in made.truth.strides)
    assert height == pytest.approx(grade / 100 * length, abs=0.01 * length)
    still = made.samples[-150:].mean(axis=0)
    slope = 1000 * math.sin(math.atan(grade / 100))
    axis, sign = {"forward": (0, 1), "backward": (0, -1), "left": (1, 1), "right": (1, -1)}[direction]
    assert still[axis] == pytest.approx(sign * slope, abs=25)


@pytest.mark.parametrize("direction", ["forward", "backward", "left", "right"])
def test_each_direction_goes_where_it_says(direction):
    truth = walk(WalkParams(direction=direction), 12, seed=1).truth
    x, y, _ = np.subtract(truth.end_mm, truth.start_mm)
    ahead, left = {"forward": (1, 0), "backward": (-1, 0), "left": (0, 1), "right": (0, -1)}[direction]
    assert ahead * x + left * y > 2000
    assert abs(left * x + ahead * y) < 60
    for stride in truth.strides:
        assert stride.lateral_mm == pytest.approx(left * stride.length_mm, abs=60)


def test_turns_add_up():
    truth = walk(WalkParams(direction="turn", turn_deg_per_stride=-60, length_cv_pct=0), 12, seed=1).truth
    assert sum(s.turn_deg for s in truth.strides) == pytest.approx(-360, abs=0.1)


@pytest.mark.slow
def test_cadence_and_stride_length_are_the_ones_asked_for():
    made = walk(WalkParams(cadence_spm=80, stride_mm=1200), 200, seed=8)
    contacts = np.array([s.contact for s in made.truth.steps]) / made.rate_hz
    assert 60 / np.diff(contacts).mean() == pytest.approx(80, rel=0.02)
    inner = [s.length_mm for s in made.truth.strides[1:-1]]
    assert np.mean(inner) == pytest.approx(1200, rel=0.02)
    assert 0.005 < np.std(inner) / 1200 < 0.08


@pytest.mark.slow
def test_the_same_arguments_give_the_same_samples_and_another_seed_others():
    first, again, other = (uphill_backward_session(seed) for seed in (5, 5, 6))
    assert np.array_equal(first.samples, again.samples) and first.truth == again.truth
    assert first.samples.shape != other.samples.shape or not np.array_equal(first.samples, other.samples)


@pytest.mark.slow
def test_both_shoes_belt_and_wrist_share_one_timeline():
    rates = {"shoe": 208, "belt": 104, "wrist": 52}
    made = {name: uphill_backward_session(3, name) for name in rates}
    seconds = {n: [s.contact / rates[n] for s in m.truth.steps] for n, m in made.items()}
    assert seconds["shoe"] == pytest.approx(seconds["belt"], abs=0.02)
    assert seconds["shoe"] == pytest.approx(seconds["wrist"], abs=0.03)
    right = uphill_backward_session(3, "shoe", side="right")
    steps = len(made["shoe"].truth.steps)
    assert len(right.truth.strides) + len(made["shoe"].truth.strides) == steps
    assert right.truth.steps == made["shoe"].truth.steps


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_the_built_in_session_holds_what_it_promises(seed):
    shoe, belt = uphill_backward_session(seed), uphill_backward_session(seed, "belt")
    assert 60 <= len(shoe.samples) / shoe.rate_hz <= 90
    assert np.abs(shoe.samples[:600, 3:]).max() < 150, "3 s of standing"
    totals = shoe.truth.stride_totals()
    assert totals["forward"]["strides"] >= 4 and totals["backward"]["strides"] >= 24
    assert totals["backward"]["height_mm"] == pytest.approx(0.1 * totals["backward"]["length_mm"], rel=0.05)
    held, lost = belt.truth.sways
    assert held.recovered and held.impact is None
    assert not lost.recovered and lost.impact is not None and lost.onset > held.end
    assert 0.4 < (lost.impact - lost.onset) / belt.rate_hz < 0.9
    assert belt.truth.strides == () and belt.truth.step_totals() == shoe.truth.step_totals()


def test_samples_clip_at_the_sensors_full_scale():
    sprint = WalkParams(style="run", cadence_spm=175, stride_mm=2700)
    assert np.abs(walk(sprint, 30).samples[:, :3].astype(int)).max() == 16000
    narrow = Wearer(imu=ImuParams(full_scale_mg=2000, full_scale_dps=250))
    samples = np.abs(walk(WalkParams(), 6, wearer=narrow).samples.astype(int))
    assert samples[:, :3].max() == 2000 and samples[:, 3:].max() == 2500


@pytest.mark.parametrize(
    ("angles", "turned"),
    [
        ({"mount_yaw_deg": 180}, lambda x, y, z: (-x, -y, z)),
        ({"mount_yaw_deg": 90}, lambda x, y, z: (y, -x, z)),
        ({"mount_roll_deg": 180}, lambda x, y, z: (x, -y, -z)),
        ({"mount_pitch_deg": 90}, lambda x, y, z: (-z, y, x)),
    ],
)
def test_a_mounting_turns_all_six_axes_and_calls_the_frame_sensor(angles, turned):
    body = walk(WalkParams(), 6, wearer=Wearer(imu=IDEAL_IMU))
    mounted = walk(WalkParams(), 6, wearer=Wearer(imu=replace(IDEAL_IMU, **angles)))
    assert (body.frame, mounted.frame) == ("body", "sensor")
    for group in (slice(0, 3), slice(3, 6)):
        wanted = np.stack(turned(*body.samples[:, group].T.astype(int)), axis=1)
        assert np.abs(wanted - mounted.samples[:, group]).max() <= 1
    assert body.truth == mounted.truth


def test_bias_and_noise_are_as_large_as_asked():
    quiet = Wearer(imu=replace(IDEAL_IMU, gyro_bias_dps=3, accel_bias_mg=40, gyro_noise_dps=1))
    made = [session([Stand(4)], seed=s, wearer=quiet).samples.astype(float) for s in range(12)]
    offsets = np.array([m.mean(axis=0) - [0, 0, 1000, 0, 0, 0] for m in made])
    assert 15 < offsets[:, :3].std() < 70
    assert 12 < offsets[:, 3:].std() < 50
    assert 8 < np.median([m[:, 3:].std(axis=0) for m in made]) < 14


def test_lost_samples_are_stated_gaps():
    losing = Wearer(imu=ImuParams(drops_per_min=20, drop_max_samples=30))
    full, lossy = (uphill_backward_session(4, wearer=w) for w in (Wearer(), losing))
    missing = sum(count for _, count in lossy.gaps)
    assert len(lossy.gaps) > 3 and len(lossy.samples) + missing == len(full.samples)
    assert lossy.recording().gaps == lossy.gaps
    row, before = 0, 0
    for row, count in lossy.gaps:
        assert np.array_equal(lossy.samples[row - 1], full.samples[row - 1 + before])
        assert np.array_equal(lossy.samples[row], full.samples[row + before + count])
        before += count
    assert len(full.truth.strides) == len(lossy.truth.strides)
    assert max(s.flat for s in lossy.truth.strides) < len(lossy.samples)


def test_a_stumble_is_two_hasty_steps():
    truth = session([Stand(1), Walk(6), Stumble(), Stand(1)], seed=2).truth
    assert len(truth.steps) in (8, 9)
    assert min(s.length_mm for s in truth.strides[1:]) < 0.8 * stride_mm(WalkParams())


def test_stride_length_follows_cadence_unless_given():
    assert stride_mm(WalkParams(cadence_spm=100)) == pytest.approx(1300)
    assert stride_mm(uphill_backward(100, 10)) < 1300
    assert stride_mm(uphill_backward(100, 10, stride_mm=900)) == 900


def test_a_time_reversed_recording_runs_backward_and_says_so():
    made = walk(WalkParams(), 10, seed=3, wearer=Wearer(imu=ImuParams(drops_per_min=40))).recording()
    assert made.gaps
    back = time_reversed(made)
    assert back.origin == "time-reversed"
    assert np.array_equal(back.samples[0, :3], made.samples[-1, :3])
    assert np.array_equal(back.samples[0, 3:], -made.samples[-1, 3:])
    assert back.gaps[0] == (len(made.samples) - made.gaps[-1][0], made.gaps[-1][1])
    twice = time_reversed(back)
    assert np.array_equal(twice.samples, made.samples) and twice.gaps == made.gaps


def test_time_reversal_is_what_a_sensor_on_the_reversed_path_would_measure():
    path = walk(WalkParams(), 6, seed=3).path
    turned = Path(path.position_m[::-1], path.euler_rad[::-1], path.rate_hz)
    there, back = (np.clip(np.rint(ideal_imu(p)), -32000, 32000).astype(np.int16) for p in (path, turned))
    reversed_samples = time_reversed(Recording(there, path.rate_hz)).samples
    assert np.abs(reversed_samples.astype(int) - back)[2:-2].max() <= 1


def test_a_sway_in_the_middle_lets_a_recovered_walk_go_on():
    up = uphill_backward(90, 10)
    truth = session([Stand(1), Walk(6, up), LoseBalance(SwayParams(push_ratio=0.5)), Walk(6, up)], "belt").truth
    assert truth.sways[0].recovered
    assert sum(step.contact > truth.sways[0].end for step in truth.steps) >= 6
