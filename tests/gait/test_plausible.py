"""Each gait's coarse figures inside bands around those of real recordings, so that a change cannot make it absurd.

Shoe: the 10th to 90th percentile of esangeni_foot (one runner's left foot), widened; a run there has no
mid-stance to measure, its gyro band is a choice. Belt and falls: around kfall's medians. The simulator's
defaults were tuned to the same sets, so these bands guard it and prove nothing new."""

import numpy as np
import pytest

from host_tools.gait import IDEAL_IMU, LoseBalance, Stand, SwayParams, Walk, WalkParams, Wearer, session, walk
from host_tools.gait.params import FootParams
from host_tools.gait.pendulum import _lean, pendulum_m, sway

W = WalkParams
# gait: swing gyro peak [deg/s], accel peak [g], longest still time in stance [s], gyro in mid-stance [deg/s]
SHOE = {
    "slow walk": (W(cadence_spm=71, stride_mm=1300), (500, 830), (2.5, 9), (0.35, 0.85), (2, 12)),
    "fast walk": (W(cadence_spm=94, stride_mm=1540), (750, 1200), (4, 14), (0.15, 0.6), (4, 18)),
    "jog": (W(style="run", cadence_spm=138, stride_mm=1830), (700, 1150), (6, 18), (0, 0.1), (10, 60)),
    "run": (W(style="run", cadence_spm=160, stride_mm=2380), (1000, 1700), (9, 27), (0, 0.06), (10, 90)),
    "sprint": (W(style="run", cadence_spm=171, stride_mm=2640), (1150, 1800), (12, 28), (0, 0.06), (10, 90)),
    "slow back": (W("backward", cadence_spm=72, stride_mm=1120), (270, 580), (2.5, 12), (0.35, 0.85), (1.5, 12)),
    "fast back": (W("backward", cadence_spm=92, stride_mm=1390), (450, 700), (4, 19), (0.2, 0.6), (2, 18)),
    "left": (W("left", cadence_spm=148, stride_mm=1110), (450, 980), (3, 15), (0.08, 0.35), (3, 18)),
}


def _longest_run(still: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _shoe_figures(params: WalkParams) -> np.ndarray:
    made = walk(params, 40, seed=7, rate_hz=200)
    x = made.samples.astype(float)
    gyro, force = np.linalg.norm(x[:, 3:], axis=1) / 10, np.linalg.norm(x[:, :3], axis=1) / 1000
    strides = made.truth.strides[1:-1]
    rows = []
    for now, after in zip(strides, strides[1:], strict=False):
        stance = slice(now.flat - 10, after.rise)
        middle = gyro[(2 * now.flat + after.rise) // 3 : (now.flat + 2 * after.rise) // 3 + 1]
        still = _longest_run((gyro[stance] < 40) & (np.abs(force[stance] - 1) < 0.15)) / 200
        swing = slice(now.rise, now.flat)
        rows.append((gyro[swing].max(), force[swing].max(), still, np.median(middle)))
    return np.median(rows, axis=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOE)
def test_the_shoe_looks_like_a_real_one(name):
    params, *bands = SHOE[name]
    figures = _shoe_figures(params)
    for figure, (low, high), what in zip(figures, bands, ("gyro", "accel", "still", "stance gyro"), strict=True):
        assert low <= figure <= high, f"{name} {what}: {figure:.3g} is outside {low}..{high}"


def test_the_pitch_rate_tells_forward_from_backward_as_in_real_feet():
    ahead = walk(WalkParams(), 20, seed=1)
    back = walk(WalkParams(direction="backward"), 20, seed=1)
    for made, sign in ((ahead, 1), (back, -1)):
        for stride in made.truth.strides[1:-1]:
            pitch_rate = made.samples[stride.rise : stride.flat, 4].astype(int)
            peak = np.abs(pitch_rate).argmax()
            assert np.sign(pitch_rate[peak]) == sign
            early = peak < len(pitch_rate) / 2
            assert early == (sign > 0), "forward rolls off at the start, backward lowers the heel at the end"


@pytest.mark.parametrize(("direction", "when"), [("forward", (0.55, 0.85)), ("backward", (0.15, 0.45))])
def test_the_foot_is_highest_where_it_reaches_out(direction, when):
    made = walk(W(direction, cadence_spm=76), 20, seed=2)  # esangeni: 120-135 mm at 0.66, backward 125 mm at 0.30
    factor = round(made.path.rate_hz / made.rate_hz)
    tops = []
    for stride in made.truth.strides[1:-1]:
        z_mm = 1000 * made.path.position_m[stride.rise * factor : stride.flat * factor, 2]
        tops.append((z_mm.max() - z_mm[0], z_mm.argmax() / len(z_mm)))
    top_mm, at = np.median(tops, axis=0)
    assert 80 < top_mm < 170
    assert when[0] < at < when[1]


def test_a_shuffle_lifts_the_foot_less():
    full, low = (walk(WalkParams(style=style), 12, seed=1) for style in ("walk", "shuffle"))
    lift = [m.path.position_m[:, 2].max() - m.path.position_m[0, 2] for m in (full, low)]
    assert lift[1] < 0.4 * lift[0]
    assert np.abs(low.samples[:, 4]).max() < 0.4 * np.abs(full.samples[:, 4]).max()


BELT = {  # std of vertical force [mg], of pitch rate [deg/s], 99th percentile of force [g], main frequency [Hz]
    "walk": (WalkParams(cadence_spm=102, stride_mm=1250), (120, 320), (8, 24), (1.3, 1.9), 1.7),
    "run": (WalkParams(style="run", cadence_spm=156, stride_mm=1600), (550, 950), (18, 50), (2.3, 3.5), 2.6),
    "backward": (WalkParams(direction="backward", cadence_spm=84), (50, 250), (5, 20), (1.1, 1.7), 1.4),
}


@pytest.mark.parametrize("name", BELT)
def test_the_belt_looks_like_a_real_one(name):
    params, force, pitch, top, main_hz = BELT[name]
    x = walk(params, 50, placement="belt", seed=3, rate_hz=100).samples[350:-350].astype(float)
    power = np.abs(np.fft.rfft(x[:, 2] - x[:, 2].mean()))
    hz = np.fft.rfftfreq(len(x), 0.01)
    assert force[0] < x[:, 2].std() < force[1]
    assert pitch[0] < x[:, 4].std() / 10 < pitch[1]
    assert top[0] < np.percentile(np.linalg.norm(x[:, :3], axis=1), 99) / 1000 < top[1]
    assert hz[power.argmax()] == pytest.approx(main_hz, abs=0.12)


def test_a_backward_fall_takes_as_long_and_hits_as_hard_as_real_ones():
    rows = []
    for seed in range(12):
        push = SwayParams(push_ratio=1.5 + seed / 8)
        made = session([Stand(1), Walk(4), LoseBalance(push), Stand(2)], "belt", seed=seed)
        fall, x = made.truth.sways[0], made.samples.astype(float)
        hit = np.linalg.norm(x[fall.impact - 20 : fall.impact + 30, :3], axis=1).max() / 1000
        lean = -x[fall.onset : fall.impact, 4].sum() / 10 / made.rate_hz
        rows.append(((fall.impact - fall.onset) / made.rate_hz, hit, lean, -x[fall.impact, 4] / 10))
    took_s, hit_g, lean_deg, rate_dps = np.median(rows, axis=0)
    assert 0.5 < took_s < 0.75  # kfall F15: 0.52-0.73 s
    assert 3.8 < hit_g < 6  # 4.2-5.6 g
    assert 35 < lean_deg < 55  # median 44 deg
    assert 130 < rate_dps < 320  # median 220 deg/s


def test_a_small_untouched_lean_grows_as_the_inverted_pendulum_says():
    params = SwayParams(push_s=0.03, reaction_s=0.6)
    leans, _ = _lean(params, 0.05)
    omega = np.sqrt(9.80665 / pendulum_m(params))
    t = np.arange(0, 250) * 0.002
    assert leans[249] == pytest.approx(0.05 / omega * np.sinh(omega * (t[-1] - 0.015)), rel=0.02)


def test_the_push_decides_between_recovery_and_fall():
    outcome = [sway(SwayParams(push_ratio=r)).recovered for r in (0.3, 0.6, 0.9, 1.1, 1.5, 3)]
    assert outcome == [True, True, True, False, False, False]


def test_a_wider_base_and_a_faster_reaction_hold_a_larger_push():
    usual = sway(SwayParams()).critical_rad_s
    assert sway(SwayParams(base_mm=120)).critical_rad_s > usual
    assert sway(SwayParams(step_mm=0)).critical_rad_s < usual
    assert sway(SwayParams(reaction_s=0.3)).critical_rad_s < usual


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [("backward", 4, -1), ("forward", 4, 1), ("left", 3, -1), ("right", 3, 1)]
)
def test_a_fall_leans_the_way_it_says(direction, axis, sign):
    push = SwayParams(direction=direction, push_ratio=2)
    made = session([Stand(2), LoseBalance(push), Stand(1)], "belt", seed=2)
    fall = made.truth.sways[0]
    swung = made.samples[fall.onset : fall.impact, axis].sum() / 10 / made.rate_hz
    assert sign * swung == pytest.approx(45, abs=8)


def test_stance_wobbles_more_when_asked_to():
    quiet, loose = (
        session([Stand(5)], seed=1, wearer=Wearer(foot=FootParams(wobble_deg=w), imu=IDEAL_IMU)).samples
        for w in (0.0, 1.0)
    )
    assert loose[:, 3:].std() > 3 * quiet[:, 3:].std()
