"""The belt detector on simulated walking and sways, on noise, and watched for its bounds."""

import numpy as np
import pytest
from backstep.core import settings, still
from backstep.core.belt import bounce, lean, sway_motion
from backstep.core.belt.belt import Belt
from found_events import found_events
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched, watch_kernels
from tried import dear

from host_tools.evaluate.scoring import score_contacts
from host_tools.gait import (
    ImuParams,
    LoseBalance,
    Stand,
    SwayParams,
    Walk,
    WalkParams,
    Wearer,
    session,
    uphill_backward,
)

RATE = 104
MIRROR = np.array([1, -1, 1, -1, 1, -1])
STILL = [0, 0, 1000, 0, 0, 0]


def detected(samples, frame="body", rate=RATE, gaps=(), **changed):
    return found_events(Belt(rate, settings.check(changed), frame), samples, gaps)


def named(found, name):
    return [event for event in found if event["event"] == name]


def swaying(push_ratio, seed=3, direction="backward", **options):
    sway = LoseBalance(SwayParams(push_ratio=push_ratio, direction=direction))
    return session([Stand(2), Walk(14, uphill_backward(100, 10)), sway, Stand(3)], "belt", seed, **options)


@pytest.mark.parametrize(
    "params",
    [
        WalkParams(cadence_spm=80),
        WalkParams(cadence_spm=120),
        WalkParams(cadence_spm=165, style="run"),
        uphill_backward(60, 20),
        uphill_backward(100, 10),
        uphill_backward(140, 5),
    ],
)
def test_simulated_gait_is_counted(params):
    made = session([Stand(3), Walk(40, params), Stand(3)], "belt", 2)
    steps = named(detected(made.samples), "step")
    true = [step.contact / RATE for step in made.truth.steps]
    assert abs(len(steps) - len(true)) <= 4
    score = score_contacts([s["contact"] / RATE for s in steps], true, [(true[0], true[-1])])
    assert score.f1 >= 0.85


@pytest.mark.slow
def test_falls_and_knocks_do_not_deafen_the_count():
    falls = [swaying(1.6, seed=seed) for seed in range(8)]  # from lying to upright at once: no body does that
    found = detected(np.vstack([made.samples for made in falls]))
    ends = np.cumsum([len(made.samples) for made in falls])
    counts = np.histogram([event["contact"] for event in named(found, "step")], [0, *ends])[0]
    assert counts.min() >= 10, counts
    assert len(named(found, "sway")) == len(falls)


def test_a_slow_walk_after_a_jog_is_counted():
    made = session([Stand(2), Walk(30, WalkParams(cadence_spm=165, style="run")), Stand(6),
                    Walk(30, WalkParams(cadence_spm=70, direction="backward")), Stand(2)], "belt", 5)  # fmt: skip
    slow = [step.contact for step in made.truth.steps if step.direction == "backward"]
    steps = [event["contact"] for event in named(detected(made.samples), "step")]
    assert sum(contact >= slow[0] - RATE // 4 for contact in steps) >= 0.8 * len(slow)


def test_a_step_event_never_looks_ahead():
    made = session([Stand(2), Walk(20, WalkParams(cadence_spm=110)), Stand(1)], "belt", 5)
    steps = named(detected(made.samples), "step")
    assert [s["contact"] for s in steps] == sorted({s["contact"] for s in steps})
    assert all(s["contact"] <= s["sample"] and s["steps"] == 1 for s in steps)
    assert [s["sample"] for s in steps] == sorted({s["sample"] for s in steps})


@pytest.mark.parametrize("push_ratio", [1.2, 2])
def test_a_simulated_fall_is_warned_of_before_it_ends(push_ratio):
    made = swaying(push_ratio)
    truth = made.truth.sways[0]
    assert not truth.recovered
    sways = named(detected(made.samples), "sway")
    assert len([s for s in sways if truth.onset <= s["sample"] < truth.impact - 0.15 * RATE]) == 1
    assert all(s["lean_ddeg"] > 0 for s in sways)


@pytest.mark.parametrize(("push_ratio", "direction"), [(0.6, "backward"), (2, "forward")])
def test_a_sway_that_recovers_or_goes_forward_is_not_warned_of(push_ratio, direction):
    assert named(detected(swaying(push_ratio, direction=direction).samples, sway_arming="always"), "sway") == []


def test_armed_by_gait_a_fall_from_standing_is_not_warned_of():
    made = session([Stand(6), LoseBalance(SwayParams(push_ratio=2)), Stand(2)], "belt", 1)
    assert named(detected(made.samples), "sway") == []
    assert len(named(detected(made.samples, sway_arming="always"), "sway")) == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slip_with_the_third_step_is_warned_of(seed):
    slip = LoseBalance(SwayParams(push_ratio=2))
    made = session([Stand(3), Walk(3, WalkParams()), slip, Stand(2)], "belt", seed)
    truth = made.truth.sways[0]
    sways = named(detected(made.samples), "sway")
    assert any(truth.onset <= sway["sample"] < truth.impact - 0.2 * RATE for sway in sways)


def test_gait_stays_recent_as_long_as_the_setting_says():
    def after(still_s, recent_s):
        made = session(
            [Stand(2), Walk(12, WalkParams()), Stand(still_s), LoseBalance(SwayParams(push_ratio=2)), Stand(2)],
            "belt", 1,
        )  # fmt: skip
        return len(named(detected(made.samples, gait_recent_s=recent_s), "sway"))

    assert after(6, 4) == 0
    assert after(6, 12) == 1


def test_the_other_side_of_the_body_gives_the_same_events():
    for made in (swaying(2), session([Stand(2), Walk(30, WalkParams()), Stand(2)], "belt", 2)):
        here, there = detected(made.samples), detected(made.samples * MIRROR)
        assert len(named(here, "step")) == len(named(there, "step"))
        assert [s["sample"] for s in named(here, "sway")] == [s["sample"] for s in named(there, "sway")]


def test_without_known_axes_steps_are_counted_and_no_sway_is_warned_of():
    made = swaying(2, wearer=Wearer(imu=ImuParams(mount_yaw_deg=120, mount_pitch_deg=40)))
    assert made.frame == "sensor"
    found = detected(made.samples, "sensor", sway_arming="always")
    assert named(found, "sway") == []
    assert abs(len(named(found, "step")) - len(made.truth.steps)) <= 3
    assert {step["direction"] for step in named(found, "step")} == {"unknown"}


def test_a_gap_is_counted_and_nothing_is_papered_over():
    made = session([Stand(2), Walk(30, WalkParams()), Stand(2)], "belt", 2)
    found = named(detected(made.samples, gaps=[(900, 500)]), "step")
    before = [s for s in found if s["sample"] < 900]
    after = [s for s in found if s["sample"] >= 900]
    assert before and after
    assert all(s["contact"] >= 1400 for s in after)


def test_holding_a_still_pod_any_way_up_gives_nothing():
    rng = np.random.default_rng(0)
    for way in ([0, 0, 1000], [1000, 0, 0], [0, -700, -700], [-500, 500, 707]):
        rows = np.hstack([np.tile(way, (3000, 1)), np.zeros((3000, 3), int)])
        rows[:, :3] += rng.integers(-12, 13, (3000, 3))
        rows[:, 3:] += rng.integers(-9, 10, (3000, 3)) + 30
        assert detected(rows, sway_arming="always") == []


@pytest.fixture(scope="module")
def watched():
    with pytest.MonkeyPatch.context() as patch:
        watch_kernels(patch, bounce, lean, still, sway_motion)
        yield


@pytest.mark.usefixtures("watched")
@dear(15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([104, 208]), st.sampled_from(["body", "sensor"]))
@pytest.mark.slow
def test_full_range_noise_stays_in_bounds(seed, rate, frame):
    rng = np.random.default_rng(seed)
    belt = Belt(rate, settings.check({"sway_arming": "always"}), frame)
    for row in rng.integers(-32768, 32768, (500, 6)).tolist():
        belt.feed(*(Watched(value) for value in row))


@pytest.mark.usefixtures("watched")
@dear(12)
@given(st.integers(0, 2**32 - 1), st.integers(1, 200))
@pytest.mark.slow
def test_full_range_steps_with_pauses_stay_in_bounds(seed, longest):
    rng = np.random.default_rng(seed)
    belt = Belt(RATE, settings.check({"sway_arming": "always"}), "body")
    for _ in range(10):
        row = rng.choice([-32768, 32767, 0], 6) if rng.random() < 0.7 else np.array(STILL)
        for _ in range(rng.integers(1, longest + 1)):
            belt.feed(*(Watched(int(value)) for value in row))


@pytest.mark.slow
@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("row", [(32767,) * 6, (-32768,) * 6, (32767, -32768) * 3, (15990, 0, 0, 0, 22936, 0)])
def test_held_extremes_stay_in_bounds(row):
    belt = Belt(RATE, settings.check({"sway_arming": "always"}), "body")
    for _ in range(800):
        belt.feed(*(Watched(value) for value in row))
