"""The shoe detector on simulated gait and on noise; real recordings are evaluate's tests."""

from statistics import median

import numpy as np
import pytest
from backstep.core import settings
from backstep.core.shoe import stride_figures
from backstep.core.shoe.shoe import Shoe
from found_events import found_events
from hypothesis import given
from hypothesis import strategies as st
from tried import dear

from host_tools.evaluate.scoring import Window, match
from host_tools.gait import Stand, Walk, WalkParams, Wearer, session, time_reversed, uphill_backward
from host_tools.gait.params import IDEAL_IMU

RATE = 208
MIRROR = np.array([1, -1, 1, -1, 1, -1])  # the other foot: y turned round, and the rates about x and z with it


def walk(params, steps=20, seed=1, **options):
    return session([Stand(2), Walk(steps, params), Stand(2)], "shoe", seed, **options)


def detected(samples, frame="body", rate=RATE, permille=1000):
    shoe = Shoe(rate, settings.defaults(), frame)
    shoe.true_rate(permille)
    return found_events(shoe, samples)


def matched(simulated, found):
    """Return (found, true) strides."""
    strides = simulated.truth.strides
    windows = [Window(s.foot_off - 30, s.contact + 30, s.direction) for s in strides]
    pairs = match([(f["start"] + f["contact"]) / 2 for f in found], windows)
    return [(found[i], strides[j]) for i, j in pairs]


def directions(simulated, found):
    pairs = [(true.direction, one["direction"]) for one, true in matched(simulated, found)]
    return pairs, len(simulated.truth.strides)


@pytest.mark.parametrize(
    "cadence", [90, *(pytest.param(c, marks=pytest.mark.slow) for c in (50, 60, 70, 80, 100, 110, 120, 130, 140))]
)
def test_uphill_backward_is_found_and_named(cadence):
    right = total = 0
    for grade in (0, 10, 20):
        made = walk(uphill_backward(cadence, grade), 20, seed=grade)
        named, strides = directions(made, detected(made.samples))
        right += named.count(("backward", "backward"))
        total += strides
        assert all(called in ("backward", "unknown") for _, called in named)
    assert right >= 0.99 * total or total - right <= 1


@pytest.mark.parametrize(
    ("params", "direction"),
    [
        (WalkParams(cadence_spm=100), "forward"),
        (WalkParams(cadence_spm=160, style="run"), "forward"),
        (WalkParams(cadence_spm=190, style="run"), "forward"),
        (WalkParams(cadence_spm=170, style="run", direction="backward"), "backward"),
        (WalkParams(cadence_spm=80, style="shuffle"), "forward"),
        (WalkParams(cadence_spm=100, style="shuffle"), "forward"),
        (WalkParams(cadence_spm=80, style="shuffle", direction="backward"), "backward"),
        (WalkParams(cadence_spm=80, direction="left"), "left"),
        (WalkParams(cadence_spm=80, direction="right"), "right"),
    ],
)
def test_other_gaits_are_found_and_named(params, direction):
    made = walk(params, 30)
    named, strides = directions(made, detected(made.samples))
    assert named.count((direction, direction)) >= 0.95 * strides


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_very_slow_strides_are_never_called_the_opposite(direction):
    opposite = "backward" if direction == "forward" else "forward"
    called = []
    for seed in range(4):
        made = walk(WalkParams(cadence_spm=45, direction=direction), 24, seed)
        called += [called for _, called in directions(made, detected(made.samples))[0]]
    assert called.count(direction) >= 0.9 * len(called)
    assert opposite not in called


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cadence", [30, 35, 40])
@pytest.mark.slow
def test_strides_slower_than_anybody_walks_are_called_right_or_unknown(direction, cadence):
    for seed in range(1, 4):
        made = walk(WalkParams(cadence_spm=cadence, direction=direction), 24, seed)
        strides = [event for event in detected(made.samples) if event["event"] == "stride"]
        assert {called for _, called in directions(made, strides)[0]} <= {direction, "unknown"}


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_running_has_flight_and_walking_has_none(direction):
    assert median_flight_ms(WalkParams(cadence_spm=160, style="run", direction=direction)) >= 30
    assert median_flight_ms(WalkParams(cadence_spm=90, direction=direction)) <= 20


def median_flight_ms(params):
    strides = [event for event in detected(walk(params, 30).samples) if event["stance_ms"]]
    assert len(strides) >= 10
    fields = [[stride["start"], stride["contact"], *[0] * 6, stride["stance_ms"]] for stride in strides]
    return median(stride_figures.flight_ms(each, RATE) for each in fields)


@pytest.mark.slow
@pytest.mark.parametrize("permille", [970, 1030])
@pytest.mark.parametrize("params", [WalkParams(cadence_spm=100), uphill_backward(90, 10)])
def test_a_sensor_that_is_3_percent_off_its_rate_measures_true_once_that_is_told(params, permille):
    true = blind = told = 0
    for seed in range(1, 5):
        made = walk(params, 24, seed, rate_hz=RATE * permille / 1000)
        pairs = matched(made, detected(made.samples, permille=permille))
        true += sum(stride.length_mm for _, stride in pairs)
        told += sum(one["stride_mm"] for one, _ in pairs)
        blind += sum(one["stride_mm"] for one, _ in matched(made, detected(made.samples)))
    assert abs(told / true - 1) < 0.01
    assert abs(blind / true - 1) > 0.045


def test_the_first_backward_stride_after_forward_ones_is_backward_already():
    made = session(
        [Stand(2), Walk(12, WalkParams()), Walk(12, WalkParams(direction="backward")), Stand(2)], "shoe", 3
    )
    found = [f["direction"] for f in detected(made.samples) if f["direction"] in ("forward", "backward")]
    first = found.index("backward")
    assert set(found[:first]) == {"forward"}
    assert set(found[first:]) == {"backward"}


@pytest.mark.parametrize(("direction", "cadence", "error_pct"), [
    ("forward", 60, 2), ("forward", 100, 1), ("forward", 120, 0.5), ("backward", 60, 0.5), ("backward", 90, 0.5),
])  # fmt: skip
@pytest.mark.slow
def test_a_foot_that_rolls_while_it_stands_costs_no_length(direction, cadence, error_pct):
    found = true = 0
    for seed in (1, 2, 3):
        made = walk(WalkParams(direction=direction, cadence_spm=cadence), 40, seed, wearer=Wearer(imu=IDEAL_IMU))
        for one, stride in matched(made, detected(made.samples)):
            found += one["stride_mm"]
            true += stride.length_mm
    assert found == pytest.approx(true, rel=error_pct / 100)


def test_stride_length_and_height_are_close_uphill():
    made = walk(uphill_backward(90, 10), 30)
    found = detected(made.samples)
    length = sum(f["stride_mm"] for f in found) / sum(s.length_mm for s in made.truth.strides)
    height = sum(f["height_mm"] for f in found) / sum(s.height_mm for s in made.truth.strides)
    assert abs(length - 1) < 0.03
    assert abs(height - 1) < 0.3


def test_standing_gives_nothing():
    made = session([Stand(120)], "shoe", 2)
    assert detected(made.samples) == []


def test_steps_are_held_for_two_strides_and_then_given_back():
    found = detected(walk(WalkParams(), 20).samples)
    assert [f["steps"] for f in found] == [0, 0, 6] + [2] * (len(found) - 3)


def test_a_pause_holds_again():
    made = session([Stand(2), Walk(8, WalkParams()), Stand(8), Walk(8, WalkParams()), Stand(2)], "shoe", 1)
    steps = [f["steps"] for f in detected(made.samples)]
    assert steps.count(0) == 4
    assert steps.count(6) == 2


def test_two_strides_alone_are_no_steps():
    assert sum(f["steps"] for f in detected(walk(WalkParams(), 4).samples)[:2]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("mounting", [(180, 0, 0), (0, 0, 180), (90, 20, 0), (35, -60, 140), (0, 90, 0)])
def test_any_mounting_calibrates_itself(mounting):
    segments = [Stand(2), Walk(16, WalkParams()), Walk(16, WalkParams(direction="backward")), Stand(2)]
    made = session(segments, "shoe", 5)
    turned = mounted(made.samples, mounting)
    named, strides = directions(made, detected(turned, "sensor"))
    assert named.count(("forward", "forward")) + named.count(("backward", "backward")) >= strides - 2
    assert all(called in (true, "unknown") for true, called in named)


def mounted(samples, angles_deg):
    matrix = np.eye(3)
    for axis, angle in enumerate(np.radians(angles_deg)):
        a, b = [k for k in range(3) if k != axis]
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = turn @ matrix
    both = np.hstack([samples[:, :3] @ matrix.T, samples[:, 3:] @ matrix.T])
    return np.clip(np.rint(both), -32768, 32767).astype(np.int16)


def test_before_a_walk_a_sensor_of_unknown_mounting_says_unknown():
    short = WalkParams(direction="left", stride_mm=300, cadence_spm=60)
    assert {f["direction"] for f in detected(walk(short).samples, "sensor")} == {"unknown"}


@pytest.mark.slow
@dear(8)
@given(st.integers(0, 1000), st.sampled_from(["forward", "backward", "left"]))
def test_the_other_foot_counts_alike(seed, direction):
    made = walk(WalkParams(direction=direction, cadence_spm=80 + seed % 40), 10, seed)
    swap = {"left": "right", "right": "left"}
    here, there = detected(made.samples), detected(np.clip(made.samples * MIRROR, -32768, 32767))
    assert [swap.get(f["direction"], f["direction"]) for f in here] == [f["direction"] for f in there]
    pairs = [(a["stride_mm"], b["stride_mm"]) for a, b in zip(here, there, strict=True)]
    # integers floor: a tie may end a stride a sample later
    assert all(abs(a - b) <= max(30, 0.03 * a) for a, b in pairs)


@pytest.mark.slow
@dear(8)
@given(st.integers(0, 1000), st.integers(70, 130))
def test_forward_gait_reversed_in_time_is_backward(seed, cadence):
    made = walk(WalkParams(cadence_spm=cadence), 12, seed)
    found = detected(time_reversed(made.recording()).samples)
    called = [f["direction"] for f in found if f["event"] == "stride"]
    assert called.count("backward") >= len(made.truth.strides) - 1
    assert "forward" not in called


def test_the_same_strides_at_half_the_rate():
    params = uphill_backward(90, 10)
    found = detected(walk(params, 20, rate_hz=104).samples, rate=104)
    assert {f["direction"] for f in found} == {"backward"}
    assert len(found) == len(walk(params, 20).truth.strides)


@pytest.mark.slow
@dear(30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["body", "sensor"]), st.sampled_from([50, 2000, 32767]))
def test_noise_of_any_size_never_raises(seed, frame, size):
    samples = np.random.default_rng(seed).integers(-size - 1, size + 1, (1500, 6))
    for event in detected(samples, frame):
        assert 0 <= event["start"] <= event["contact"] <= event["sample"]
        assert event["stride_mm"] >= 0
