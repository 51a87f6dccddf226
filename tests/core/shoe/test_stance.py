"""Stance detection on made-up motion energies: rest, running without rest, and what is neither."""

from backstep.core.shoe.stance import Stance
from backstep.core.shoe.stance_kernel import (
    BLIND,
    CLOSE,
    LEAVE,
    MARK,
    MARK_CALM,
    MOVING,
    REST,
    REST_CAP,
    WAIT,
    WINDOW,
    watch,
)  # fmt: skip

RATE = 208
SWING2 = 1500 * 1500  # 600 deg/s in the squares of 0.4 deg/s


def codes(stance, energies, speeds=None):
    speeds = speeds or [0] * len(energies)
    return [watch(stance.state, e, e, s) for e, s in zip(energies, speeds, strict=True)]


def test_rest_closes_once_and_then_stays_rest():
    seen = codes(Stance(RATE), [SWING2] * 50 + [100] * 60)
    assert seen.count(CLOSE) == 1
    assert set(seen[seen.index(CLOSE) + 1 :]) == {REST}
    assert (seen.index(CLOSE) - 50) / RATE < 0.12


def test_leaving_rest_is_told_once():
    seen = codes(Stance(RATE), [SWING2] * 50 + [100] * 60 + [SWING2] * 50)
    assert seen.count(LEAVE) == 1


def test_running_closes_at_the_quietest_moment_without_rest():
    dip = [abs(k) * 6000 + 12000 for k in range(-12, 13)]
    seen = codes(Stance(RATE), [SWING2 * 4] * 60 + dip + [SWING2 * 4] * 60)
    assert REST not in seen
    assert seen.count(CLOSE) == 1
    assert MARK in seen[60 : 60 + len(dip) + 8]


def test_a_rolling_stance_closes_when_the_foot_swings_again():
    fast, slow = 300 * 300, 30 * 30
    energies = [SWING2] * 60 + [SWING2 * 2] * 4 + [SWING2 // 4] * 20 + [SWING2] * 40
    speeds = [fast] * 60 + [slow] * 24 + [fast] * 40
    seen = codes(Stance(RATE), energies, speeds)
    assert seen.index(CLOSE) == 84
    assert MARK in seen[64:84]


def test_a_dip_at_full_speed_is_no_stance():
    fast = 300 * 300
    energies = [SWING2] * 60 + [20000] * 10 + [SWING2] * 60
    assert set(codes(Stance(RATE), energies, [fast] * len(energies))) == {MOVING}


def test_quiet_long_enough_is_stance_whatever_the_speed_says():
    fast = 300 * 300
    energies = [SWING2] * 60 + [5000] * 60
    seen = codes(Stance(RATE), energies, [fast] * len(energies))
    assert MARK in seen


def test_swinging_on_gives_nothing():
    assert set(codes(Stance(RATE), [SWING2 + 1000 * (n % 7) for n in range(400)])) == {MOVING}


def test_waiting_is_bounded():
    seen = codes(Stance(RATE), [SWING2 * 4] * 60 + [12000] * 9 + [30000] * 60)
    assert seen.index(CLOSE) - seen.index(WAIT) <= 0.13 * RATE


def test_after_a_reading_past_the_range_half_the_time_without_speed_is_a_stance():
    fast = 300 * 300
    energies = [SWING2] * 60 + [5000] * 13 + [SWING2] * 60
    for blind in (0, 1):
        stance = Stance(RATE)
        seen = codes(stance, energies[:60], [fast] * 60)
        stance.state[BLIND] = blind
        seen += codes(stance, energies[60:], [fast] * 73)
        assert (CLOSE in seen) == bool(blind)
    assert not stance.state[BLIND]


def test_before_the_first_rest_a_stride_that_ends_louder_than_a_stance_is_unsound():
    stance = Stance(RATE)
    assert not stance.sound(False)  # what lies before it is not known
    codes(stance, [SWING2] * 60 + [100] * 60)
    stance.begin()
    loud = stance.state[MARK_CALM] = SWING2 // 4 * stance.state[WINDOW]
    assert stance.sound(False)  # the foot has rested since
    stance.restart()
    stance.state[MARK_CALM] = loud
    stance.begin()
    assert not stance.sound(False)
    stance.state[MARK_CALM] = 0
    stance.begin()
    assert stance.sound(False)


def test_with_a_gap_in_it_a_stride_lies_between_rests_or_nowhere():
    stance = Stance(RATE)
    stance.state[MARK_CALM] = stance.state[REST_CAP]
    stance.begin()
    assert stance.sound(True)
    stance.state[MARK_CALM] += 1
    assert not stance.sound(True)
    assert stance.sound(False)
