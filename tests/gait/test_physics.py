"""The samples must be those of a body on the path: integrating them gives the path back."""

from dataclasses import replace

import numpy as np
import pytest

from host_tools.gait import IDEAL_IMU, LoseBalance, Stand, SwayParams, Walk, WalkParams, Wearer, session, walk
from host_tools.gait.physics import ideal_imu, rotation, strapdown
from host_tools.gait.sensor import decimated
from host_tools.gait.track import Path, restless, smoothed

IDEAL = Wearer(imu=replace(IDEAL_IMU, full_scale_mg=32000, full_scale_dps=3200))
GAITS = (
    WalkParams(cadence_spm=110),
    WalkParams(direction="backward", grade_pct=15),
    WalkParams(direction="left", cadence_spm=120),
    WalkParams(direction="turn", cadence_spm=90),
    WalkParams(style="run", cadence_spm=160),
    WalkParams(turn_deg_per_stride=30),
)


def test_a_body_at_rest_measures_gravity_up():
    path = Path(np.zeros((9, 3)), np.zeros((9, 3)), 100.0)
    assert np.allclose(ideal_imu(path), [[0, 0, 1000, 0, 0, 0]] * 9)


def test_a_nose_down_body_feels_gravity_behind_and_pitch_is_positive_rate_about_y():
    pitch = np.radians(np.linspace(0, 30, 301))
    euler = np.stack([0 * pitch, pitch, 0 * pitch], axis=1)
    samples = ideal_imu(Path(np.zeros((301, 3)), euler, 100.0))
    assert samples[-1, 0] == pytest.approx(-500, abs=1)  # x points down: the support pushes along -x
    assert samples[150, 4] == pytest.approx(100, abs=1)  # 10 deg/s


def test_a_body_on_a_circle_feels_centripetal_force():
    angle = np.linspace(0, 2 * np.pi, 2001)  # 20 s at 100 Hz, radius 2 m, facing along the path
    position = np.stack([2 * np.sin(angle), 2 - 2 * np.cos(angle), 0 * angle], axis=1)
    samples = ideal_imu(Path(position, np.stack([0 * angle, 0 * angle, angle], axis=1), 100.0))
    rate = 2 * np.pi / 20
    assert samples[1000, 1] == pytest.approx(rate**2 * 2 / 9.80665 * 1000, rel=1e-3)
    assert samples[1000, 5] == pytest.approx(np.degrees(rate) * 10, rel=1e-3)


def _strapdown_error_m(path: Path) -> tuple[float, float]:
    """Return the largest errors of position [m] and attitude (matrix element) of integrating a path's samples."""
    position, attitude = strapdown(ideal_imu(path), path.rate_hz, rotation(path.euler_rad[:1])[0])
    coasted = np.outer(np.arange(len(position)), path.position_m[1] - path.position_m[0])
    error = position + coasted - (path.position_m - path.position_m[0])
    return np.abs(error).max(), np.abs(attitude - rotation(path.euler_rad)).max()


@pytest.mark.slow
@pytest.mark.parametrize("params", GAITS, ids=lambda w: f"{w.direction}-{w.style}-{w.turn_deg_per_stride}")
def test_strapdown_of_the_ideal_shoe_returns_its_path(params):
    path = walk(params, 4, still_s=0.5, seed=3, wearer=IDEAL).path
    position_m, attitude = _strapdown_error_m(path)
    assert position_m < 0.02 and attitude < 2e-3


@pytest.mark.parametrize("placement", ["belt", "wrist"])
def test_strapdown_of_the_ideal_belt_and_wrist_returns_their_path(placement):
    segments = [Stand(0.5), Walk(4), LoseBalance(SwayParams(push_ratio=2.5)), Stand(1)]
    path = session(segments, placement, seed=4, wearer=IDEAL).path
    position_m, attitude = _strapdown_error_m(path)
    assert position_m < 0.02 and attitude < 2e-3


@pytest.mark.parametrize("params", GAITS[:4], ids=lambda w: w.direction)
def test_integer_samples_at_the_pods_rate_still_hold_every_stride(params):
    made = walk(params, 12, seed=5, wearer=IDEAL)
    factor = round(made.path.rate_hz / made.rate_hz)
    velocity = np.gradient(made.path.position_m, axis=0) * factor  # metres per sample at the pod's rate
    for stride in made.truth.strides:
        a, b = max(0, stride.rise - 8), stride.flat + 12
        rows = slice(a * factor, b * factor, factor)
        placed, euler = made.path.position_m[rows], made.path.euler_rad[rows]
        position, _ = strapdown(made.samples[a:b].astype(float), made.rate_hz, rotation(euler[:1])[0])
        coasted = velocity[a * factor] * (b - a - 1)
        error = position[-1] + coasted - (placed[-1] - placed[0])
        assert np.linalg.norm(error) < 0.02 + 0.01 * stride.length_mm / 1000


def test_the_band_limit_keeps_slow_motion_and_removes_what_would_alias():
    t = np.arange(0, 4, 1 / 1248)
    slow, fast = np.sin(2 * np.pi * 10 * t), np.sin(2 * np.pi * 190 * t)
    kept = decimated(np.stack([slow, fast], axis=1), 6)
    assert np.allclose(kept[50:-50, 0], slow[::6][50:-50], atol=0.01)
    assert np.abs(kept[50:-50, 1]).max() < 0.03


def test_noise_has_the_stated_band_and_size():
    noise = restless(np.random.default_rng(0), 20000, 1000, 5, 20)
    power = np.abs(np.fft.rfft(noise)) ** 2
    hz = np.fft.rfftfreq(20000, 1e-3)
    assert 0.8 < noise.std() < 1.2
    assert power[(hz > 4) & (hz < 21)].sum() > 0.97 * power.sum()


def test_smoothing_neither_shifts_nor_scales():
    step = np.repeat([0.0, 1.0], 200)
    soft = smoothed(step, 21)
    assert soft[0] == 0 and soft[-1] == pytest.approx(1)
    assert soft[199] + soft[200] == pytest.approx(1)
    assert (np.diff(soft) >= -1e-12).all()
