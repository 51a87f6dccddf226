"""Directions at the belt: recorded forward gait, the same in reverse, simulated gait, and bounds."""

from collections import Counter

import numpy as np
import pytest
from backstep.core import events
from backstep.core.belt.trunk_direction import TrunkDirection
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched
from tried import dear

from host_tools.evaluate import sets
from host_tools.gait import Stand, Walk, WalkParams, session, uphill_backward
from host_tools.recordings import Recording
from host_tools.replay import replay, replay_recording

RATE = 104
MIRROR = np.array([1, -1, 1, -1, 1, -1])
FORWARD_GAIT = {
    "kfall": ("D06", "D07", "D08", "D09", "D20", "D21"),
    "sisfall": ("D01", "D02", "D03", "D04", "D05", "D06"),
}


def reversed_in_time(samples):
    return (samples[::-1] * np.array([1, 1, 1, -1, -1, -1])).astype(np.int16)


def directions(samples, rate_hz=RATE):
    found = replay(samples, rate_hz, "belt")
    return Counter(event["direction"] for event in found if event["event"] == "step")


def walked(params, seconds=40):
    return session([Stand(3), Walk(seconds, params), Stand(3)], "belt", 2).samples


@pytest.mark.slow
@pytest.mark.parametrize("params", [WalkParams(cadence_spm=80), WalkParams(cadence_spm=100)])
def test_simulated_level_walking_reads_its_way_and_reversed_the_other(params):
    samples = walked(params)
    ahead, back = directions(samples), directions(reversed_in_time(samples))
    assert ahead["forward"] >= 25 and not ahead["backward"]
    assert back["backward"] >= 25 and not back["forward"]
    assert directions(samples * MIRROR)["forward"] >= 25


def test_simulated_backward_walking_reads_backward():
    found = directions(walked(uphill_backward(90, 5)))
    assert found["backward"] >= 25 and not found["forward"]


@pytest.mark.parametrize(
    "params", [WalkParams(cadence_spm=165, style="run"), WalkParams(direction="left", cadence_spm=80)]
)
def test_simulated_running_and_side_steps_have_no_direction(params):
    assert set(directions(walked(params, 20))) == {"unknown"}


def recordings(folder, each):
    entries = [entry for entry in sets.read_index(folder) if entry["activity"] in FORWARD_GAIT[folder.name]]
    return [(entry, sets.array(folder, entry, entry["key"])) for entry in entries[::each]]


@pytest.mark.parametrize(("name", "each"), [("kfall", 24), ("sisfall", 24)])
def test_recorded_forward_gait_never_reads_backward_nor_reversed_forward(recordings_dir, name, each):
    ahead, back = Counter(), Counter()
    for entry, samples in recordings(recordings_dir / name, each):
        for way, total in ((samples, ahead), (reversed_in_time(samples), back)):
            found = replay_recording(Recording(way, entry["rate_hz"], "belt", "body"))
            total.update(event["direction"] for event in found if event["event"] == "step")
    assert ahead["forward"] >= 0.02 * sum(ahead.values()) and not ahead["backward"]
    assert back["backward"] >= 0.02 * sum(back.values()) and not back["forward"]


def feed(direction, n, lift_mg, fore_mg):
    if not n % direction.every:
        direction.feed(n, lift_mg, fore_mg)


def told(lift_mg, ahead_mg, lead, step=60, steps=30):
    """Return the directions of steps that are sines: amplitudes [mg], how far fore-aft leads upward [steps]."""
    direction = TrunkDirection(RATE)
    found = []
    for n in range(step * steps):
        turn = 2 * np.pi * n / step
        feed(direction, n, round(lift_mg * np.cos(turn)), round(ahead_mg * np.cos(turn + 2 * np.pi * lead)))
        if n % step == 20 and n > step:  # told a little later than it was
            found.append(direction.contact(n, n - 20))
    return found


@pytest.mark.parametrize("step", [48, 60, 80])
def test_a_quarter_step_ahead_is_forward_and_behind_backward(step):
    lift = 3500 * 150 // step**2
    assert set(told(lift, lift, 0.25, step)[9:]) == {events.FORWARD}
    assert set(told(lift, lift, -0.25, step)[9:]) == {events.BACKWARD}
    assert set(told(lift, lift, 0.25, step)[:7]) == {events.UNKNOWN}


@pytest.mark.parametrize(
    ("lift_mg", "ahead_mg", "lead", "step"),
    [
        (150, 150, 0, 60),
        (150, 150, 0.5, 60),
        (150, 60, 0.25, 60),
        (320, 320, 0.25, 50),
        (150, 150, 0.25, 40),
        (250, 250, 0.25, 75),
    ],
)
def test_no_phase_no_surge_too_lively_too_quick_or_too_high_is_unknown(lift_mg, ahead_mg, lead, step):
    assert set(told(lift_mg, ahead_mg, lead, step)) == {events.UNKNOWN}


def test_uneven_steps_and_a_restart_begin_anew():
    direction = TrunkDirection(RATE)
    found = []
    for n in range(60 * 40):
        turn = 2 * np.pi * n / 60
        if n == 1800:
            direction.restart(n)
        feed(direction, n, round(150 * np.cos(turn)), round(-150 * np.sin(turn)))
        if n % 60 == 20 and n // 60 != 14:  # one contact is missed
            found.append(direction.contact(n, n - 20))
    ways = "".join(str(way) for way in found)
    assert ways.strip("0") and "2" not in ways
    assert ways.count("01") == 3  # found, and found again after the missed one and after the restart


@dear(20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([52, 104, 208]))
def test_full_range_noise_stays_in_bounds(seed, rate):
    rng = np.random.default_rng(seed)
    direction = TrunkDirection(rate)
    at = 0
    for n, (lift, fore) in enumerate(rng.choice([-8200, 8200, 0], (1200, 2)).tolist()):
        direction.feed(Watched(n), Watched(lift), Watched(fore))
        if rng.random() < 0.02 and n > at:
            at = n
            assert direction.contact(Watched(n), Watched(n - int(rng.integers(0, 40)))) in (0, 1, 2)


def test_hours_without_a_contact_stay_in_bounds():
    direction = TrunkDirection(RATE)
    direction.feed(Watched(0), Watched(0), Watched(0))
    assert direction.contact(Watched(2**29), Watched(2**29 - 10)) == events.UNKNOWN
