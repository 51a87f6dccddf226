"""The wrist detector on rhythms made by hand, gestures and noise, and watched for its bounds."""

import math

import numpy as np
import pytest
from backstep.core import settings
from backstep.core.wrist.wrist import Wrist
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched, WatchedArray
from tried import dear
from wrist_rhythms import RATE, bounce, detected, still

from host_tools.gait import Stand, Walk, WalkParams, session, uphill_backward


@pytest.mark.parametrize("step_hz", [1.3, 1.7, 2.0, 2.4, 2.9])
@pytest.mark.parametrize("share", [0, 0.5, 0.8])
def test_steps_are_counted_however_much_the_arm_swings(step_hz, share):
    rows = np.vstack([still(5), bounce(step_hz, 40, 200, 200 * share), still(5)])
    assert len(detected(rows)) == pytest.approx(40 * step_hz, rel=0.06)


def test_the_way_the_sensor_lies_changes_nothing():
    rows = np.vstack([still(3), bounce(1.9, 20), still(3)])
    turned = rows[:, [2, 0, 1, 3, 4, 5]] * np.array([-1, 1, 1, 1, 1, 1])
    assert detected(rows) == detected(turned)


def test_events_come_in_order_one_a_sample_and_never_look_ahead():
    found = detected(np.vstack([still(3), bounce(2.1, 20), still(3)]))
    contacts = [event["contact"] for event in found]
    assert contacts == sorted(contacts)
    assert len({event["sample"] for event in found}) == len(found)
    assert all(e["contact"] <= e["sample"] and e["direction"] == "unknown" and e["steps"] == 1 for e in found)
    assert np.median(np.diff(contacts)) == pytest.approx(RATE / 2.1, abs=2)


def test_a_short_gesture_is_no_walk():
    for seconds in (0.5, 1):
        gesture = np.vstack([still(4), bounce(2, seconds, 400)] * 8 + [still(4)])
        assert detected(gesture) == []


def test_irregular_handling_is_no_walk():
    rng = np.random.default_rng(3)
    rows = still(120).astype(float)
    for _ in range(150):
        at, length = rng.integers(0, len(rows) - 60), rng.integers(5, 60)
        rows[at : at + length, rng.integers(0, 3)] += rng.normal(0, 300) * np.hanning(length)
    assert len(detected(np.rint(rows).astype(int))) <= 8


def test_stillness_and_sensor_noise_give_nothing():
    rng = np.random.default_rng(0)
    rows = still(60)
    rows[:, :3] += rng.integers(-15, 16, (len(rows), 3))
    assert detected(rows) == []


@pytest.mark.parametrize("step_hz", [1.4, 1.9, 2.5])
def test_the_first_and_last_steps_of_a_walk_are_not_lost(step_hz):
    rows = np.vstack([still(5), bounce(step_hz, 12), still(5)])
    found = detected(rows)
    assert len(found) == pytest.approx(12 * step_hz, abs=2)
    assert found[0]["contact"] <= (5 + 1.5) * RATE


def test_a_walk_goes_on_through_a_gesture_and_its_steps_are_counted():
    rows = np.vstack([still(3), bounce(2, 40), still(3)])
    t = np.arange(3 * RATE) / RATE
    at = slice(20 * RATE, 23 * RATE)
    rows[at, 2] += np.rint(1500 * np.sin(2 * math.pi * 0.9 * t) * np.sin(math.pi * t / 3)).astype(int)
    assert len(detected(rows)) == pytest.approx(80, abs=4)


def test_standing_between_two_walks_is_no_walk():
    rows = np.vstack([still(3), bounce(2, 15), still(6), bounce(2, 15), still(3)])
    found = detected(rows)
    assert len(found) == pytest.approx(60, abs=4)
    assert not [e for e in found if 19.5 * RATE < e["contact"] < 23 * RATE]


@pytest.mark.parametrize("hz", [1.5, 2, 3])
def test_a_hand_that_moves_sideways_only_is_no_walk(hz):
    rows = still(40)
    t = np.arange(len(rows)) / RATE
    rows[:, 0] += np.rint(700 * np.sin(2 * math.pi * hz * t) ** 3).astype(int)
    rows[:, 1] += np.rint(500 * np.sin(2 * math.pi * hz * t + 1) ** 3).astype(int)
    assert detected(rows) == []


def driven(seed, minutes=5):
    """A hand in a car, simulated: the body on its springs, bends, and a gesture now and then.

    Of a road the vertical speed is white (ISO 8608), so what shakes the springs rises with the frequency; a
    car's seat shakes at 0.25 to 0.6 m/s^2.
    """
    rng = np.random.default_rng(seed)
    count = int(minutes * 60 * RATE)
    hz = np.fft.rfftfreq(count, 1 / RATE)
    ratio = hz / rng.uniform(1.1, 1.6)
    damped = 2j * rng.uniform(0.2, 0.35) * ratio
    passed = ratio * (1 + damped) / (1 - ratio**2 + damped)
    shaken = np.fft.irfft(np.fft.rfft(rng.normal(size=count)) * passed, count)
    bends = np.fft.irfft(np.fft.rfft(rng.normal(size=(2, count))) * (hz < 0.3), count)
    rows = np.vstack([900 * bends, 1000 + rng.uniform(25, 60) * shaken / shaken.std(), np.zeros((3, count))]).T
    for at in rng.integers(0, count - 100, 8 * minutes):
        length = rng.integers(15, 90)
        rows[at : at + length, rng.integers(0, 3)] += rng.normal(0, 300) * np.hanning(length)
    return np.rint(rows).astype(int)


@pytest.mark.slow
def test_simulated_driving_is_hardly_a_walk():
    assert sum(len(detected(driven(seed))) for seed in range(12)) <= 20  # the hour of it


@pytest.mark.slow
@pytest.mark.parametrize("walk", [WalkParams(cadence_spm=100), uphill_backward(100, 8), uphill_backward(115, 12)])
def test_steps_of_a_simulated_arm(walk):
    arms = [session([Stand(4), Walk(40, walk), Stand(4)], "wrist", seed) for seed in range(3)]
    counted = [len(detected(arm.samples)) for arm in arms]
    assert np.mean(counted) == pytest.approx(40, rel=0.15)


def test_a_gap_starts_afresh():
    rows = np.vstack([still(3), bounce(2, 20), still(1)])
    found = detected(rows, gaps=[(600, 1000)])
    after = [event for event in found if event["sample"] >= 1600]
    assert after
    assert all(event["contact"] >= 1600 for event in after)


@pytest.mark.slow
@dear(15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([26, 52, 104]), st.integers(1, 40))
def test_any_noise_stays_in_bounds(seed, rate, longest):
    rng = np.random.default_rng(seed)
    wrist = Wrist(rate, settings.defaults(), "sensor")
    wrist._rhythm._likeness = WatchedArray(wrist._rhythm._likeness)
    for _ in range(40):
        row = rng.integers(-32768, 32768, 6).tolist() if rng.random() < 0.8 else [32767] * 6
        for _ in range(rng.integers(1, longest + 1)):
            wrist.feed(*(Watched(value) for value in row))


def test_the_loudest_rhythm_stays_in_bounds():
    wrist = Wrist(RATE, settings.defaults(), "sensor")
    wrist._rhythm._likeness = WatchedArray(wrist._rhythm._likeness)
    counted = sum(bool(wrist.feed(*(Watched(v) for v in row))) for row in bounce(2, 12, 20000).tolist())
    assert counted >= 10
