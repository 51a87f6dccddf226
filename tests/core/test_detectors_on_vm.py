"""Every detector on the real MicroPython: the same numbers as here, and no allocation per sample."""

import numpy as np
import pytest
from backstep.core import events
from vm_events import FORMS, Wearing, on_cpython, on_vm
from wrist_rhythms import carried

from host_tools.gait import (
    Catch,
    LoseBalance,
    RockBack,
    Slip,
    Stand,
    SwayParams,
    Walk,
    WalkParams,
    session,
    uphill_backward,
)

BELT, WRIST = Wearing("belt", 104), Wearing("wrist", 52)
pytestmark = pytest.mark.parametrize("arch", FORMS)
QUIET = np.array([0, 0, 1000, 0, 0, 0], np.int16)


def rhythm(seconds, step_hz=1.9):
    t = np.arange(seconds * 52) / 52
    rows = np.zeros((len(t), 6))
    rows[:, 0] = 150 * np.sin(np.pi * step_hz * t)
    rows[:, 2] = 1000 + 250 * np.sin(2 * np.pi * step_hz * t)
    return np.rint(rows).astype(np.int16)


@pytest.mark.parametrize(
    ("params", "wearing"),
    [
        (uphill_backward(100, 12), Wearing("shoe", 208)),
        (WalkParams(cadence_spm=170, style="run"), Wearing("shoe", 208)),
        (WalkParams(cadence_spm=110), Wearing("shoe", 104, "sensor")),
    ],
)
def test_strides(params, wearing, arch, tmp_path):
    samples = session([Stand(2), Walk(12, params), Stand(1)], "shoe", 4, rate_hz=wearing.rate_hz).samples[:3000]
    here = on_cpython(samples, wearing)
    assert len(here) >= 5
    assert on_vm(samples, wearing, tmp_path, arch) == here


def test_a_pod_switched_on_in_mid_stride(arch, tmp_path):
    samples = session([Walk(14, uphill_backward(100, 12)), Stand(1)], "shoe", 4).samples[150:]
    here = on_cpython(samples, Wearing("shoe", 208))
    assert len(here) >= 3
    assert on_vm(samples, Wearing("shoe", 208), tmp_path, arch) == here


@pytest.mark.parametrize("mishap", [Slip, Catch])
def test_cues_of_the_shoe(mishap, arch, tmp_path):
    gait = uphill_backward(100, 12)
    samples = session([Stand(2), Walk(14, gait), mishap(gait), RockBack(), Stand(1)], "shoe", 4).samples
    here = on_cpython(samples, Wearing("shoe", 208))
    cues = {event[1] for event in here} - {events.STRIDE}
    assert cues >= {events.SLIDE if mishap is Slip else events.CATCH}
    assert on_vm(samples, Wearing("shoe", 208), tmp_path, arch) == here


def test_steps_and_a_fall_at_the_belt(arch, tmp_path):
    segments = [Stand(2), Walk(24, uphill_backward(100, 12)), LoseBalance(SwayParams(push_ratio=2)), Stand(1)]
    samples = session(segments, "belt", 4).samples
    here = on_cpython(samples, BELT)
    assert len(here) >= 20
    assert [event[1] for event in here].count(events.SWAY) == 1
    assert on_vm(samples, BELT, tmp_path, arch) == here


def test_steps_at_the_wrist(arch, tmp_path):
    samples = np.vstack([rhythm(12), np.tile(QUIET, (300, 1)), rhythm(8, 2.5)])
    here = on_cpython(samples, WRIST)
    assert len(here) >= 35
    assert on_vm(samples, WRIST, tmp_path, arch) == here


@pytest.mark.parametrize("turn_ddps", [0, 150])
def test_a_walk_at_the_hand_that_slows_down(turn_ddps, arch, tmp_path):
    brisk, slow = carried(2.0, 12, 250, 0, turn_ddps), carried(1.15, 24, 110, 80, turn_ddps)
    samples = np.vstack([np.tile(QUIET, (100, 1)), brisk, slow, np.tile(QUIET, (150, 1))]).astype(np.int16)
    here = on_cpython(samples, WRIST)
    assert len(here) >= 45
    assert on_vm(samples, WRIST, tmp_path, arch) == here


@pytest.mark.parametrize("placement,rate_hz", [("shoe", 208), ("belt", 104), ("wrist", 52)])
def test_a_fall_counted_down_twice_once_to_its_alarm(placement, rate_hz, arch, tmp_path):
    def lasting(seconds, *row):
        return np.tile(np.array([*row, 0, 0, 0], np.int16), (round(seconds * rate_hz), 1))

    fallen = [lasting(3, 0, 0, 1000), lasting(0.1, 900, 0, 4000), lasting(4, -700, 700, 20)]
    samples = np.vstack([*fallen, *fallen, lasting(7, -700, 700, 20)])
    wearing = Wearing(placement, rate_hz, changed={"fall_countdown_s": 7}, whole=True)
    here = on_cpython(samples, wearing)
    assert [event[1] for event in here] == [events.FALL, events.FALL_OVER, events.FALL, events.FALL_ALARM]
    assert on_vm(samples, wearing, tmp_path, arch) == here


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("placement,rate_hz", [("shoe", 208), ("belt", 104), ("wrist", 52)])
def test_noise(placement, rate_hz, whole, arch, tmp_path):
    rng = np.random.default_rng(11)
    wearing = Wearing(placement, rate_hz, changed={"sway_arming": "always"}, whole=whole)
    walk = session([Stand(1), Walk(10, WalkParams()), Stand(1)], placement, 1).samples
    calm = [np.tile(QUIET, (120, 1)), walk]
    blocks = [b for k in range(6) for b in (rng.integers(-32768, 32768, (130, 6)), calm[k % 2])]
    samples = np.vstack(blocks).astype(np.int16)
    assert on_vm(samples, wearing, tmp_path, arch) == on_cpython(samples, wearing)
