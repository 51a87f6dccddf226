"""The trunk's lean and the sway detector's rule, on motions made by hand; its trees are away."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from backstep.core import events
from backstep.core.angle import angle_ddeg
from backstep.core.belt import lean as lean_module
from backstep.core.belt import sway_motion
from backstep.core.belt.arming import STATES
from backstep.core.belt.lean import BACK_DDEG, BACK_DDPS, LIFT_MG, Lean
from backstep.core.belt.sway import Sway
from backstep.core.settings import check

from host_tools.train.examples import MUTE

RATE = 104
SURE = SimpleNamespace(**{**vars(MUTE), "OFFSET": 100, "WARN_SCORE": 50})


def tip(course_deg, drop_mg=0, tilt_deg=0.0, bias_ddps=0):
    """Samples of a trunk that leans backward along course_deg [deg per sample], worn tilted by tilt_deg."""
    lean = np.radians(np.asarray(course_deg, float) + tilt_deg)
    rate = np.gradient(lean) * RATE
    weight = 1000 - np.broadcast_to(drop_mg, lean.shape)
    zero = np.zeros_like(lean)
    rows = [weight * np.sin(lean), zero, weight * np.cos(lean), zero, -np.degrees(rate) * 10 + bias_ddps, zero]
    return np.rint(np.stack(rows, axis=1)).astype(int)


def warnings(samples, lean_deg=10, rate_dps=60, refractory_s=3, walking=True):
    changed = {"sway_lean_deg": lean_deg, "sway_rate_dps": rate_dps, "sway_refractory_s": refractory_s}
    lean, sway = Lean(RATE), Sway(RATE, check(changed), MUTE)
    found = []
    for n, row in enumerate(samples.tolist()):
        lean.feed(*row)
        if walking and n % 50 == 0:
            sway.step()
        if sway.feed(lean) == events.SWAY:
            found.append((n, sway.lean_ddeg, sway.rate_ddps))
    return found


def fall(still_s=2.0, fall_s=0.8, to_deg=60.0, sign=1):
    t = np.arange(int(fall_s * RATE)) / RATE
    return np.concatenate([np.zeros(int(still_s * RATE)), sign * to_deg * (t / fall_s) ** 2])


def test_lean_follows_a_slow_and_a_fast_turn():
    for seconds in (0.3, 3):
        course = np.concatenate([np.zeros(RATE), np.linspace(0, 40, int(seconds * RATE)), np.full(8, 40)])
        lean = Lean(RATE)
        for row in tip(course).tolist():
            lean.feed(*row)
        assert lean.state[BACK_DDEG] == pytest.approx(400, abs=12)
        assert lean.up_q14 == pytest.approx(16384 * math.cos(math.radians(40)), abs=300)


def test_lean_gives_the_rate_and_the_lift():
    course = np.concatenate([np.zeros(RATE), np.arange(20) * 50 / RATE])
    lean = Lean(RATE)
    for row in tip(course, drop_mg=300).tolist():
        lean.feed(*row)
    assert lean.state[BACK_DDPS] == pytest.approx(500, abs=15)
    assert lean.state[LIFT_MG] == pytest.approx(-300, abs=15)


def test_the_gyro_bias_is_learnt_at_standstill_only():
    lean = Lean(RATE)
    for row in tip(np.zeros(6 * RATE), bias_ddps=40).tolist():
        lean.feed(*row)
    assert abs(lean.state[BACK_DDPS]) <= 1
    turning = Lean(RATE)
    for row in tip(np.concatenate([np.zeros(20), 15 * np.sin(np.arange(6 * RATE) / 30)]), bias_ddps=40).tolist():
        turning.feed(*row)
    assert turning.state[lean_module._BIAS + 1] == 0


def test_a_lean_finds_up_from_any_first_sample():
    for row in ([0, 0, 0, 0, 0, 0], [0, 0, -1000, 0, 0, 0], [32767, 32767, 32767, 0, 0, 0]):
        lean = Lean(RATE)
        lean.feed(*row)
        for _ in range(12 * RATE):
            lean.feed(600, 0, 800, 0, 0, 0)
        assert lean.state[BACK_DDEG] == pytest.approx(369, abs=12)
        assert abs(lean.state[LIFT_MG]) < 20


@pytest.mark.parametrize("angle_deg", range(-90, 91, 5))
def test_sine_to_angle(angle_deg):
    sine = round(16384 * math.sin(math.radians(angle_deg)))
    assert angle_ddeg(sine) == pytest.approx(10 * angle_deg, abs=2 if abs(angle_deg) < 85 else 7)
    assert angle_ddeg(40000) == 900


def test_a_backward_fall_is_warned_of_once_and_before_the_ground():
    course = fall()
    found = warnings(tip(course))
    assert len(found) == 1
    n, lean_ddeg, rate_ddps = found[0]
    assert 5 <= course[n] <= 45
    assert 10 * course[n] - 50 <= lean_ddeg <= 10 * course[n]  # the posture has begun to follow
    assert 500 < rate_ddps < 1500


def test_a_forward_fall_is_no_backward_sway():
    assert warnings(tip(fall(sign=-1))) == []
    assert warnings(tip(fall(sign=-1), drop_mg=np.repeat([0, 500], [208, 83]))) == []


def test_a_dropping_trunk_is_warned_of_earlier():
    course = fall()
    drop = np.where(np.arange(len(course)) > 2 * RATE + 10, 500, 0)
    assert warnings(tip(course, drop))[0][0] <= warnings(tip(course))[0][0] - 6


def test_a_slow_lean_is_posture_and_no_sway():
    course = np.concatenate([np.zeros(2 * RATE), np.linspace(0, 25, 5 * RATE), np.full(5 * RATE, 25.0)])
    assert warnings(tip(course)) == []


def test_coming_back_up_from_bending_forward_is_no_sway():
    bend = -45 * np.sin(np.linspace(0, math.pi, 2 * RATE))
    assert warnings(tip(np.concatenate([np.zeros(RATE), bend, np.zeros(RATE)]))) == []


def test_a_small_fast_sway_that_recovers_is_not_warned_of():
    wobble = 6 * np.sin(np.linspace(0, math.pi, RATE // 2))
    assert warnings(tip(np.concatenate([np.zeros(2 * RATE), wobble, np.zeros(RATE)]))) == []


@pytest.mark.parametrize("tilt_deg", [-15, 0, 15])
def test_a_tilted_pod_changes_little(tilt_deg):
    straight = warnings(tip(fall()))[0][0]
    found = warnings(tip(fall(), tilt_deg=tilt_deg))
    assert len(found) == 1
    assert abs(found[0][0] - straight) <= 8


def test_settings_move_the_threshold():
    early = warnings(tip(fall()), lean_deg=5, rate_dps=30)[0][0]
    late = warnings(tip(fall()), lean_deg=15, rate_dps=60)[0][0]
    assert early < warnings(tip(fall()))[0][0] < late


def test_the_refractory_time_is_kept():
    jerk = np.concatenate([fall(1.0, 0.6), np.zeros(RATE)])
    course = np.concatenate([np.zeros(RATE), jerk, jerk, jerk, jerk])
    times = [n for n, _, _ in warnings(tip(course), refractory_s=4)]
    assert len(times) >= 2
    assert min(np.diff(times)) > 4 * RATE


def test_without_gait_the_rule_is_silent():
    assert warnings(tip(fall()), walking=False) == []


def asked(samples):
    """Return the samples at which the trees are asked, by trees that always say that this is a fall."""
    lean, sway = Lean(RATE), Sway(RATE, check({"sway_refractory_s": 1, "sway_arming": "always"}), SURE)
    found = []
    for n, row in enumerate(samples.tolist()):
        lean.feed(*row)
        if sway.feed(lean) == events.SWAY:
            found.append(n)
    return found


def test_the_trees_are_asked_when_the_trunk_leans_back_or_drops_and_not_before():
    still = np.zeros(2 * RATE)
    assert asked(tip(np.zeros(6 * RATE))) == []
    assert asked(tip(np.concatenate([still, np.full(RATE, 8.0)])))[0] in range(2 * RATE - 2, 2 * RATE + 2)
    drop_mg = np.concatenate([still, np.full(RATE // 4, 400)])  # 0.4 g for 65 ms is 250 mm/s
    bent = np.concatenate([still, np.linspace(0, -8, RATE // 4)])
    assert asked(tip(bent, drop_mg))[0] in range(2 * RATE + 5, 2 * RATE + 13)
    assert asked(tip(bent)) == []


@pytest.mark.parametrize(("rate_ddps", "code"), [(10, events.SWAY), (0, events.NOTHING), (-10, events.NOTHING)])
def test_the_rule_is_silent_while_the_trunk_comes_back_up_however_it_drops(rate_ddps, code):
    values = [0] * sway_motion.COUNT
    values[sway_motion.LEAN], values[sway_motion.SOON], values[sway_motion.DROP] = 400, 390, 500
    walking = [row[0] for row in STATES].index("walking")
    assert Sway(RATE, check({}), MUTE).judge(SimpleNamespace(values=values, rate_ddps=rate_ddps), walking) == code


@pytest.mark.parametrize(("score", "code"), [(-60, events.SWAY), (-61, events.NOTHING)])
def test_the_rule_is_silent_where_the_trees_have_given_up(score, code):
    table = SimpleNamespace(**{**vars(MUTE), "OFFSET": score, "LEAST": -60})
    values = [0] * sway_motion.COUNT
    values[sway_motion.LEAN], values[sway_motion.SOON], values[sway_motion.DROP] = 400, 390, 500
    walking = [row[0] for row in STATES].index("walking")
    assert Sway(RATE, check({}), table).judge(SimpleNamespace(values=values, rate_ddps=10), walking) == code


@pytest.mark.parametrize(
    ("state", "score", "code"),
    [
        ("upright", 50, events.SWAY), ("upright", 49, events.CAUTION), ("upright", 19, events.NOTHING),
        ("walking", 66, events.SWAY), ("walking", 65, events.CAUTION), ("walking", 20, events.CAUTION),
        ("running", 66, events.SWAY), ("running", 65, events.CAUTION), ("running", 35, events.NOTHING),
    ],
)  # fmt: skip
def test_in_gait_a_warning_takes_a_surer_score_and_a_caution_in_a_run_alone(state, score, code):
    table = SimpleNamespace(**{**vars(MUTE), "OFFSET": score, "WARN_SCORE": 50, "CAUTION_SCORE": 20})
    motion = SimpleNamespace(values=[0] * sway_motion.COUNT, rate_ddps=0)
    assert Sway(RATE, check({}), table).judge(motion, [row[0] for row in STATES].index(state)) == code


def test_the_first_half_second_never_warns():
    assert warnings(tip(fall(still_s=0.0, fall_s=0.45))) == []


def test_who_lies_cannot_sway():
    course = np.concatenate([np.full(4 * RATE, 80.0), fall(0, 0.5, 40) + 80])
    assert warnings(tip(course)) == []


def steady_at(samples, walking=True):
    """Return whether the detector calls each sample steady."""
    lean, sway = Lean(RATE), Sway(RATE, check({}), MUTE)
    found = []
    for n, row in enumerate(samples.tolist()):
        lean.feed(*row)
        if walking and n % 50 == 0:
            sway.step()
        sway.feed(lean)
        found.append(sway.steady())
    return found


def test_who_stands_is_steady_and_who_begins_to_fall_is_not_long_before_the_warning():
    samples = tip(fall(still_s=3.0), drop_mg=0)
    (warned, _, _), *_ = warnings(samples)
    steady = steady_at(samples)
    assert all(steady[RATE : 3 * RATE])
    first = steady.index(False, 3 * RATE)
    assert warned - first >= 0.1 * RATE and not any(steady[first:warned])


def test_where_nothing_is_armed_all_is_steady():
    assert all(steady_at(tip(fall(still_s=3.0)), walking=False))
