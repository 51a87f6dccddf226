"""Several rounds of one wearer: each pod senses each of them, whenever it samples."""

import numpy as np
import pytest
from backstep.core import detectors

from host_tools.gait import LoseBalance, Stand, SwayParams, Together, Walk, uphill_backward
from host_tools.sim import sim
from host_tools.sim.rounds import GET_UP_S, Rounds
from host_tools.sim.scenarios import SCENARIOS

SEGMENTS = [Stand(1.0), Walk(2, uphill_backward(95, 10)), LoseBalance(SwayParams(push_ratio=1.6)), Stand(1.0)]


def grid(wearer, placement):
    rate_hz = detectors.rate_hz(placement)
    return np.arange(int(wearer.duration_s * rate_hz)) / rate_hz


@pytest.mark.parametrize("placement", ["shoe", "belt"])
def test_each_round_is_the_one_that_it_is_alone(placement):
    alone = [Together(SEGMENTS, seed) for seed in (1, 2)]
    both = Rounds(alone)
    rows, times_s = both.sensed_at(placement, grid(both, placement)), grid(both, placement)
    assert len(rows) == len(times_s)
    for begin_s, wearer in zip(both.begins_s, alone, strict=True):
        inside = (times_s >= begin_s) & (times_s < begin_s + wearer.duration_s - 0.1)
        own = wearer.sensed_at(placement, times_s[inside] - begin_s)
        assert np.abs(rows[inside].astype(int) - own).max() <= 30  # noise is drawn anew


def test_between_two_rounds_the_wearer_gets_up():
    both = Rounds([Together(SEGMENTS, seed) for seed in (1, 2)])
    times_s = grid(both, "belt")
    rows = both.sensed_at("belt", times_s)
    begin_s = both.begins_s[1]
    rising = rows[(times_s > begin_s - GET_UP_S) & (times_s < begin_s)].astype(float)
    pitch = np.degrees(np.arctan2(-rising[:, 0], rising[:, 2]))
    assert abs(pitch[0]) > 60 and abs(pitch[-1]) < 10
    assert np.all(np.abs(np.diff(pitch)) < 2)


def test_the_truth_of_all_rounds_is_on_one_time_line():
    both = Rounds([Together(SEGMENTS, seed) for seed in (1, 2)])
    first, second = (wearer.sways[0].onset_s for wearer in both.wearers)
    assert both.sways_s == [first, both.begins_s[1] + second]
    assert [contact for _, contact, _ in both.strides] == sorted(contact for _, contact, _ in both.strides)


def test_getting_up_is_the_turn_that_a_pods_own_rounds_have():
    lying, upright = np.array([900, 0, 400, 0, 0, 0]), np.array([0, 0, 1000, 0, 0, 0])
    rows = sim.getting_up(lying, upright, 104)
    assert len(rows) == round(GET_UP_S * 104) and SCENARIOS["sways"].rounds == 20
    assert rows[0][0] == pytest.approx(914, abs=2) and rows[-1][2] == 1000
