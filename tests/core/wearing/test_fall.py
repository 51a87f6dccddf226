"""The fall alarm on made-up falls, on noise, and watched for its bounds."""

import numpy as np
import pytest
from backstep.core import events
from backstep.core.wearing.fall import Fall
from hypothesis import assume, given
from hypothesis import strategies as st
from int_bounds import Watched, WatchedArray
from tried import dear

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session, uphill_backward

RATE = 104
COUNTDOWN_S = 15
UPRIGHT, ON_THE_BACK, ON_A_SIDE = (0, 0, 1000), (-1000, 0, 0), (0, 1000, 0)


def rest(seconds, way=UPRIGHT, rate=RATE, seed=0):
    rng = np.random.default_rng(seed)
    count = round(seconds * rate)
    return np.hstack([way + rng.integers(-25, 26, (count, 3)), rng.integers(-40, 41, (count, 3))])


def restless(seconds):
    return rest(seconds) * [1, 1, 1, 20, 20, 20]


def hit(mg=4000, rate=RATE):
    return np.tile([0, 0, mg, 0, 0, 0], (round(0.05 * rate), 1))


def turned(deg, away=-1):
    """Return gravity of a trunk that leans back by so much [deg]."""
    return (round(away * 1000 * np.sin(np.radians(deg))), 0, round(1000 * np.cos(np.radians(deg))))


def told(*parts, alarm=None, placement="belt", frame="body", rate=RATE):
    """Return (code, second) of every event."""
    alarm = alarm or Fall(rate, placement, frame, COUNTDOWN_S)
    found = []
    for n, row in enumerate(np.vstack(parts).tolist()):
        code = alarm.feed(*row)
        if code:
            found.append((code, n / rate))
    return found


def codes(*parts, **how):
    return [code for code, _ in told(*parts, **how)]


@pytest.mark.parametrize("placement", ["belt", "shoe", "wrist"])
@pytest.mark.parametrize("rate", [52, 104, 208])
@pytest.mark.parametrize("way", [ON_THE_BACK, ON_A_SIDE])
def test_who_falls_and_lies_still_is_counted_down_and_alarmed_of(placement, rate, way):
    parts = rest(4, rate=rate), hit(4200, rate), rest(25, way, rate)
    alarm = Fall(rate, placement, "body", COUNTDOWN_S)
    (fall, fell_s), (over, alarmed_s) = told(*parts, alarm=alarm, placement=placement, rate=rate)
    assert (fall, over) == (events.FALL, events.FALL_ALARM)
    still_s = 1.5 if placement == "belt" else 2.5
    assert fell_s == pytest.approx(4.05 + 0.4 + still_s, abs=0.05)
    assert alarmed_s - fell_s == pytest.approx(COUNTDOWN_S, abs=0.02)
    assert list(alarm.fields)[:2] == [pytest.approx(4200, abs=8), pytest.approx(900, abs=25)]


def test_the_hardest_impact_is_told():
    alarm = Fall(RATE, "belt", "body", COUNTDOWN_S)
    told(rest(3), hit(3000), rest(0.2, ON_THE_BACK), hit(5000), hit(2600), rest(4, ON_THE_BACK), alarm=alarm)
    assert alarm.fields[0] == pytest.approx(5000, abs=8)


@pytest.mark.parametrize(("deg", "falls"), [(55, 0), (58, 0), (63, 1), (70, 1), (90, 1), (130, 1), (180, 1)])
@pytest.mark.parametrize("away", [-1, 1])
def test_who_leans_less_than_one_who_lies_has_not_fallen(deg, falls, away):
    assert len(codes(rest(4), hit(), rest(5, turned(deg, away)))) == falls


@pytest.mark.parametrize(("dropped_s", "falls"), [(0, 0), (0.02, 0), (0.12, 1), (0.25, 1)])
def test_a_trunk_that_lies_as_the_blow_comes_has_fallen_only_if_nothing_held_it(dropped_s, falls):
    leaning = [rest(0.1, turned(deg)) for deg in range(0, 91, 15)]
    drop = np.zeros((round(dropped_s * RATE), 6), int)
    assert len(codes(rest(4), *leaning, drop, hit(), rest(5, ON_THE_BACK))) == falls


@pytest.mark.parametrize(("placement", "mg"), [("belt", 2400), ("shoe", 3000), ("wrist", 3000)])
def test_who_lies_down_gently_has_not_fallen(placement, mg):
    assert codes(rest(4), hit(mg - 50), rest(6, ON_THE_BACK), placement=placement) == []
    assert codes(rest(4), hit(mg + 50), rest(6, ON_THE_BACK), placement=placement) == [events.FALL]


def test_who_stays_upright_has_not_fallen():
    assert codes(rest(4), *[part for _ in range(20) for part in (hit(6000), rest(3))]) == []


@pytest.mark.parametrize("axis", range(6))
def test_who_does_not_lie_still_is_no_case_for_an_alarm(axis):
    lying = rest(12, ON_THE_BACK)
    lying[::104, axis] += 300  # once a second
    assert codes(rest(4), hit(), lying) == []


def test_who_lies_still_only_long_after_an_impact_did_not_fall_then():
    moving = rest(9, ON_THE_BACK)
    moving[::20, 1] += 500
    assert codes(rest(4), hit(), moving, rest(5, ON_THE_BACK)) == []


def test_at_the_belt_only_who_stood_can_fall():
    assert codes(rest(4, ON_A_SIDE), hit(), rest(5, ON_THE_BACK)) == []
    assert codes(rest(4, ON_A_SIDE), hit(), rest(5, ON_THE_BACK), frame="sensor") == [events.FALL]
    assert codes(rest(4, ON_A_SIDE), hit(), rest(5, ON_THE_BACK), placement="wrist") == [events.FALL]


def test_a_pod_that_starts_on_a_runner_knows_where_up_is_by_his_blows():
    flight, blow = np.tile([-400, 0, 350, 0, 0, 0], (26, 1)), np.tile([1040, 0, 2690, 0, 0, 0], (10, 1))
    run = [flight, blow] * 10  # 1 g upward in the mean, without the blows 49 deg askew
    assert codes(*run, hit(), rest(5, ON_THE_BACK)) == [events.FALL]
    assert codes(*run, hit(), rest(5)) == []


def test_a_pod_that_starts_on_a_runners_arm_takes_no_stop_for_a_fall():
    made = session([Stand(3), Walk(24, WalkParams(cadence_spm=170, style="run")), Stand(5)], "wrist", 1)
    rate = int(made.rate_hz)
    for begun in range(3 * rate, 4 * rate, 2):
        assert events.FALL not in codes(made.samples[begun:], placement="wrist", rate=rate)


def test_an_impact_before_anything_is_known_is_no_fall():
    assert codes(rest(0.3), hit(), rest(6, ON_THE_BACK)) == []


@pytest.mark.parametrize("way", [UPRIGHT, ON_A_SIDE, turned(70)])
def test_whoever_turns_ends_the_countdown(way):
    found = told(rest(4), hit(), rest(6, ON_THE_BACK), rest(20, way))
    assert [code for code, _ in found] == [events.FALL, events.FALL_OVER]
    assert 10.05 < found[1][1] < 11


@pytest.mark.parametrize("frequency_hz", [5, 30, 51, 52])
def test_the_countdowns_own_buzz_does_not_end_it(frequency_hz):
    lying = rest(25, ON_THE_BACK)
    t = np.arange(len(lying)) / RATE
    shaken = (t > 3) & (t % 1 < 0.4)
    for axis, size in ((0, 700), (1, 700), (2, 700), (4, 600)):
        lying[:, axis] += np.rint(shaken * size * np.sin(2 * np.pi * frequency_hz * t + axis)).astype(int)
    assert codes(rest(4), hit(), lying) == [events.FALL, events.FALL_ALARM]


def test_after_an_alarm_and_after_a_fall_that_is_over_the_next_fall_is_told():
    fallen = rest(4), hit(), rest(20, ON_THE_BACK)
    risen = rest(4), hit(), rest(4, ON_THE_BACK)
    assert codes(*fallen, *risen, *risen, rest(1)) == [
        events.FALL, events.FALL_ALARM, *2 * (events.FALL, events.FALL_OVER)
    ]  # fmt: skip


def test_a_press_ends_the_countdown_once():
    alarm = Fall(RATE, "belt", "body", COUNTDOWN_S)
    assert not alarm.call_off()
    assert codes(rest(4), hit(), rest(4, ON_THE_BACK), alarm=alarm) == [events.FALL]
    assert alarm.call_off()
    assert not alarm.call_off()
    assert told(rest(20, ON_THE_BACK), alarm=alarm) == [(events.FALL_OVER, 0)]


def test_a_countdown_outlasts_a_gap_and_counts_it():
    alarm = Fall(RATE, "belt", "body", COUNTDOWN_S)
    assert codes(rest(4), hit(), rest(4, ON_THE_BACK), alarm=alarm) == [events.FALL]
    alarm.gap(10 * RATE)
    ((code, at_s),) = told(rest(20, ON_THE_BACK), alarm=alarm)
    assert code == events.FALL_ALARM
    assert at_s < 3.5


@pytest.mark.parametrize(("missing_s", "told_of"), [(0.2, [events.FALL]), (3, [])])
def test_gravity_outlasts_a_short_gap(missing_s, told_of):
    alarm = Fall(RATE, "belt", "body", COUNTDOWN_S)
    assert codes(rest(4), alarm=alarm) == []
    alarm.gap(round(missing_s * RATE))
    assert codes(hit(), rest(5, ON_THE_BACK), alarm=alarm) == told_of


def test_a_gap_forgets_an_impact_and_keeps_a_press():
    alarm = Fall(RATE, "belt", "body", COUNTDOWN_S)
    assert codes(rest(4), hit(), alarm=alarm) == []
    alarm.gap(5)
    assert codes(rest(20, ON_THE_BACK), alarm=alarm) == []
    alarm.gap(5)
    assert codes(rest(4), hit(), rest(4, ON_THE_BACK), alarm=alarm) == [events.FALL]
    alarm.call_off()
    alarm.gap(5)
    assert codes(rest(1, ON_THE_BACK), alarm=alarm) == [events.FALL_OVER]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("direction", ["forward", "backward", "left", "right"])
def test_simulated_falls_at_the_belt_and_walks_on_every_placement(direction, seed):
    fall = LoseBalance(SwayParams(push_ratio=1.8, direction=direction))
    made = session([Stand(3), Walk(10, WalkParams(cadence_spm=100)), fall, Stand(20)], "belt", seed)
    assert codes(made.samples) == [events.FALL, events.FALL_ALARM]


@pytest.mark.parametrize("placement", ["belt", "shoe", "wrist"])
@pytest.mark.parametrize("params", [uphill_backward(100, 12), WalkParams(cadence_spm=170, style="run")])
def test_simulated_gait_is_no_fall(placement, params):
    made = session([Stand(3), Walk(30, params), Stand(10)], placement, 1)
    assert codes(made.samples, placement=placement, rate=int(made.rate_hz)) == []


@pytest.mark.parametrize(("placement", "told_of"), [("wrist", [events.NEAR_FALL]), ("belt", []), ("shoe", [])])
@pytest.mark.parametrize("after", [rest(9), restless(9)])
def test_a_burst_of_blows_without_a_fall_is_a_near_fall_at_the_wrist(placement, told_of, after):
    alarm = Fall(RATE, placement, "body", COUNTDOWN_S)
    assert codes(rest(4), hit(5000), rest(0.3), hit(3500), after, placement=placement, alarm=alarm) == told_of
    if told_of:
        assert alarm.fields[0] == pytest.approx(5000, abs=8)


@pytest.mark.parametrize("every_s", [0.35, 1.0, 4.0])
def test_blows_that_go_on_and_a_fall_are_no_near_fall(every_s):
    blows = [part for _ in range(6) for part in (hit(4000), restless(every_s))]
    assert codes(rest(4), *blows, rest(9), placement="wrist") == []
    assert codes(rest(4), hit(), rest(4, ON_THE_BACK), placement="wrist") == [events.FALL]


def watched(placement="belt", frame="body"):
    alarm = Fall(RATE, placement, frame, COUNTDOWN_S)
    alarm.mean = WatchedArray(alarm.mean)
    alarm._first = WatchedArray(alarm._first)
    return alarm


def feed(alarm, rows):
    found = []
    for row in np.asarray(rows).tolist():
        code = alarm.feed(*(Watched(value) for value in row))
        if code:
            found.append(code)
    return found


@dear(15)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["belt", "shoe", "wrist"]))
def test_full_range_noise_stays_in_bounds(seed, placement):
    feed(watched(placement), np.random.default_rng(seed).integers(-32768, 32768, (500, 6)))


@dear(25)
@given(
    st.lists(st.tuples(*[st.sampled_from([-32768, -1000, 0, 1000, 32767])] * 3), min_size=2, max_size=4),
    st.sampled_from(["belt", "wrist"]),
)
def test_full_range_poses_stay_in_bounds(ways, placement):
    alarm = watched(placement)
    for way in ways:
        feed(alarm, np.tile([*way, 0, 0, 0], (400, 1)))
        feed(alarm, np.tile([-32768] * 3 + [0] * 3, (2, 1)))


def test_a_fall_at_full_range_stays_in_bounds():
    rows = np.vstack([rest(3), hit(32767), rest(18, ON_THE_BACK)])
    assert feed(watched(), rows) == [events.FALL, events.FALL_ALARM]


@dear(15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_a_mirrored_wearer_gets_the_same(seed, fall_at):
    rng = np.random.default_rng(seed)
    way = tuple(int(value) for value in rng.integers(-800, 801, 3))
    turned_deg = np.degrees(np.arccos(way[2] / max(1, np.linalg.norm(way))))
    assume(abs(turned_deg - 60) > 1)  # integers floor: on the threshold itself either side may win
    rows = np.vstack([rest(2 + fall_at / 100, seed=seed), hit(), rest(5, way, seed=seed)])
    mirrored = rows * [1, -1, 1, -1, 1, -1]
    assert [code for code, _ in told(rows)] == [code for code, _ in told(mirrored)]
