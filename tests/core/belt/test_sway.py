"""The sway detector: what it does with a score, by networks made by hand, and what the pod's own says of gait."""

import itertools

import numpy as np
import pytest
from backstep.core import events
from backstep.core.belt import sway_table
from backstep.core.belt.arming import STATES
from backstep.core.belt.belt import Belt
from backstep.core.belt.lean import Lean
from backstep.core.belt.memory import Memory
from backstep.core.belt.sway import Sway
from backstep.core.settings import check
from trunks import RATE, SILENT, fall, table, tip

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session

SURE, UNSURE = table(100), table(30)
STILL = np.zeros(2 * RATE)
NAMES = [row[0] for row in STATES]


def told(samples, by, step_every=0, code=events.SWAY, **changed):
    """Return (sample, lean, rate) of what a detector tells.  step_every: samples from one step to the next."""
    lean, sway = Lean(RATE), Sway(RATE, check({"sway_arming": "always"} | changed), by)
    found = []
    for n, row in enumerate(samples.tolist()):
        lean.feed(*row)
        if step_every and n % step_every == 0:
            sway.step()
        if sway.feed(lean) == code:
            found.append((n, sway.lean_ddeg, sway.rate_ddps))
    return found


def judged(score, state="upright", by=SURE, **changed):
    return Sway(RATE, check(changed), by).judge(score, NAMES.index(state))


@pytest.mark.parametrize(
    ("state", "score", "code"),
    [
        ("upright", 50, events.SWAY), ("upright", 49, events.CAUTION), ("upright", 19, events.NOTHING),
        ("walking", 66, events.SWAY), ("walking", 65, events.CAUTION), ("walking", 20, events.CAUTION),
        ("running", 66, events.SWAY), ("running", 65, events.CAUTION), ("running", 35, events.NOTHING),
    ],
)  # fmt: skip
def test_in_gait_a_warning_takes_a_surer_score_and_a_caution_in_a_run_alone(state, score, code):
    assert judged(score, state) == code


@pytest.mark.parametrize(
    ("level", "score", "code"),
    [
        (2, 18, events.SWAY), (2, 17, events.CAUTION), (2, -12, events.CAUTION), (2, -13, events.NOTHING),
        (-4, 114, events.SWAY), (-4, 113, events.CAUTION), (-4, 84, events.CAUTION), (-4, 83, events.NOTHING),
    ],
)  # fmt: skip
def test_each_step_of_the_sensitivity_is_worth_as_much_for_warnings_and_cautions(level, score, code):
    assert judged(score, sway_sensitivity=level) == code


def test_cautions_can_be_switched_off_and_warnings_stay():
    assert judged(49, sway_caution=0) == events.NOTHING
    assert judged(50, sway_caution=0) == events.SWAY


def test_cautions_are_told_once_in_two_seconds():
    slowly = np.concatenate([STILL, np.linspace(0, 40, 5 * RATE)])
    times = [n for n, _, _ in told(tip(slowly), UNSURE, code=events.CAUTION)]
    assert len(times) == 3
    assert all(2 * RATE <= apart <= 2 * RATE + 4 for apart in np.diff(times))


def test_none_follows_at_once_on_a_warning():
    sway = Sway(RATE, check({}), SURE)
    assert sway.judge(50, NAMES.index("upright")) == events.SWAY
    assert sway.judge(49, NAMES.index("upright")) == events.NOTHING


@pytest.mark.parametrize("refractory_s", [1, 4])
def test_the_refractory_time_is_kept(refractory_s):
    jerk = np.concatenate([fall(1.0, 0.6), np.zeros(RATE)])
    course = np.concatenate([np.zeros(RATE), *[jerk] * 6])
    times = [n for n, _, _ in told(tip(course), SURE, sway_refractory_s=refractory_s)]
    assert len(times) >= 3
    assert refractory_s * RATE < min(np.diff(times)) < (refractory_s + 3) * RATE


def test_it_is_asked_while_the_trunk_leans_back_or_drops_and_not_before():
    def asked(samples):
        return [n for n, _, _ in told(samples, SURE, sway_refractory_s=1)]

    assert asked(tip(np.zeros(6 * RATE))) == []
    assert asked(tip(np.concatenate([STILL, np.full(RATE, 8.0)])))[0] in range(2 * RATE - 2, 2 * RATE + 6)
    drop_mg = np.concatenate([STILL, np.full(RATE // 4, 400)])  # 0.4 g for 65 ms is 250 mm/s
    bent = np.concatenate([STILL, np.linspace(0, -8, RATE // 4)])
    assert asked(tip(bent, drop_mg))[0] in range(2 * RATE + 5, 2 * RATE + 17)
    assert asked(tip(bent)) == []
    assert asked(tip(fall(sign=-1))) == []


def test_who_leans_back_and_comes_up_again_is_not_asked_of():
    there, back = np.linspace(0, 25, RATE // 2), np.linspace(25, 0, RATE)
    samples = tip(np.concatenate([STILL, there, back, STILL]))
    turns = 2 * RATE + RATE // 2
    lean, sway = Lean(RATE), Sway(RATE, check({}), SURE)
    for n, row in enumerate(samples.tolist()):
        lean.feed(*row)
        if n == turns + 10:
            sway.step()  # armed from here on
        assert sway.feed(lean) == events.NOTHING
    assert told(samples, SURE)[0][0] < turns


def test_what_is_told_is_the_lean_beyond_the_posture_and_its_rate():
    course = fall()
    ((n, lean_ddeg, rate_ddps), *_) = told(tip(course), SURE)
    assert 2 * RATE < n < 2.5 * RATE
    assert lean_ddeg == pytest.approx(10 * course[n], abs=5)
    assert 100 < rate_ddps < 1000


def test_a_tilted_pod_changes_nothing_to_speak_of():
    straight = told(tip(fall()), SURE)[0][0]
    for tilt_deg in (-15, 15):
        assert abs(told(tip(fall(), tilt_deg=tilt_deg), SURE)[0][0] - straight) <= 4


def test_armed_by_gait_it_is_silent_without():
    assert told(tip(fall()), SURE, sway_arming="gait") == []
    assert told(tip(fall()), SURE, step_every=50, sway_arming="gait") != []


def test_the_first_half_second_never_warns():
    assert told(tip(fall(still_s=0.0, fall_s=0.45)), SURE, step_every=50) == []


def test_who_lies_cannot_sway():
    course = np.concatenate([np.full(4 * RATE, 80.0), fall(0, 0.5, 40) + 80])
    assert told(tip(course), SURE) == []


class Heard(Memory):
    """Keeps its scores."""

    def __init__(self, network):
        super().__init__(network)
        self.scores = []

    def step(self, values):
        self.scores.append(super().step(values))
        return self.scores[-1]


@pytest.mark.parametrize("rate_hz", [104, 208])
def test_the_network_goes_on_26_times_a_second_whatever_the_wearer_does(rate_hz):
    lean, sway = Lean(rate_hz), Sway(rate_hz, check({}), SILENT)
    sway.memory = heard = Heard(SILENT.NETWORK)
    for _ in range(3 * rate_hz):
        lean.feed(0, 0, 1000, 0, 0, 0)
        sway.feed(lean)
    assert len(heard.scores) == 26 + 3 * 26, "one second of standing ahead"


def test_behind_a_gap_the_network_says_what_it_says_after_a_start():
    def scores(*pieces):
        lean, sway = Lean(RATE), Sway(RATE, check({}), sway_table)
        sway.memory = heard = Heard(sway_table.NETWORK)
        for samples in pieces:
            lean.restart()
            sway.restart()
            for row in samples.tolist():
                lean.feed(*row)
                sway.feed(lean)
        return heard.scores

    before, fallen = tip(fall(1.0, 0.6))[:-1], tip(fall())
    assert len(before) % 4  # it goes by the samples behind the gap alone
    there = scores(fallen)
    assert scores(before, fallen)[-len(there) :] == there and len(set(there)) > 10


def steady_at(samples, step_every=50):
    """Return whether the detector calls each sample steady."""
    lean, sway = Lean(RATE), Sway(RATE, check({}), SILENT)
    found = []
    for n, row in enumerate(samples.tolist()):
        lean.feed(*row)
        if step_every and n % step_every == 0:
            sway.step()
        sway.feed(lean)
        found.append(sway.steady())
    return found


def test_who_stands_is_steady_and_who_begins_to_fall_is_not_before_the_first_warning_there_can_be():
    samples = tip(fall(still_s=3.0))
    warned = told(samples, SURE)[0][0]
    steady = steady_at(samples)
    assert all(steady[RATE : 3 * RATE])
    first = steady.index(False, 3 * RATE)
    assert first < warned and not any(steady[first : warned + 1])


def test_where_nothing_is_armed_all_is_steady():
    assert all(steady_at(tip(fall(still_s=3.0)), step_every=0))


def detected(samples, **changed):
    """Return the samples at which a whole belt warns."""
    belt = Belt(RATE, check(changed), "body")
    return [n for n, row in enumerate(samples.tolist()) if belt.feed(*row) == events.SWAY]


def lost(direction, grade_pct, cadence_spm, push):
    gait = WalkParams(direction=direction, grade_pct=grade_pct, cadence_spm=cadence_spm)
    segments = [Stand(3), Walk(9, gait), LoseBalance(SwayParams(push_ratio=push)), Stand(1)]
    return session(segments, "belt", int(10 * grade_pct + cadence_spm + 10 * push))


def warned_ms(made):
    """Return how long before its impact the one sway is warned of; nothing else is."""
    truth = made.truth.sways[0]
    (n,) = detected(made.samples)
    assert truth.onset <= n < truth.impact
    return (truth.impact - n) * 1000 / RATE


@pytest.mark.parametrize("direction", ["backward", "forward"])
@pytest.mark.parametrize("grade_pct", [0, 20])
def test_a_sway_in_gait_is_warned_of_long_before_the_impact(direction, grade_pct):
    assert warned_ms(lost(direction, grade_pct, 95, 2.0)) >= 200


@pytest.mark.slow
def test_so_is_every_one_however_steep_slow_and_hard():
    ways = itertools.product(("backward", "forward"), (0, 5, 10, 20), ((70, 1.3), (95, 1.6)))
    found = [warned_ms(lost(direction, grade_pct, *how)) for direction, grade_pct, how in ways]
    assert min(found) >= 150 and np.median(found) >= 300


@pytest.mark.parametrize(
    "gait",
    [
        WalkParams(cadence_spm=80),
        WalkParams(cadence_spm=120, grade_pct=10),
        WalkParams(cadence_spm=165, style="run"),
        WalkParams(cadence_spm=70, direction="backward", grade_pct=20),
        WalkParams(cadence_spm=100, direction="backward"),
    ],
)
def test_whoever_walks_and_stops_is_not_warned(gait):
    made = session([Stand(3), Walk(20, gait), Stand(3)], "belt", 2)
    assert detected(made.samples, sway_arming="always") == []


def sitting_down():
    """A trunk that bends 35 deg forward, sinks by 0.45 m in 1.2 s and comes up again: course and drop."""
    t = np.linspace(0, 1, round(1.2 * RATE))
    course = np.concatenate([STILL, -35 * np.sin(np.pi * t), STILL])
    drop_mg = np.concatenate([STILL, 200 * np.sin(2 * np.pi * t), STILL])
    return tip(course, drop_mg)


@pytest.mark.parametrize("step_every", [0, 50])
@pytest.mark.parametrize(
    "samples",
    [
        tip(np.zeros(10 * RATE)),
        sitting_down(),
        tip(np.concatenate([STILL, -45 * np.sin(np.linspace(0, np.pi, 2 * RATE)), STILL])),
        tip(np.concatenate([STILL, np.linspace(0, 25, 5 * RATE), np.full(5 * RATE, 25.0)])),
        tip(np.concatenate([STILL, 6 * np.sin(np.linspace(0, np.pi, RATE // 2)), STILL])),
        tip(fall(sign=-1)),
    ],
    ids=["stands", "sits down", "bends and comes up", "leans back slowly", "a small fast sway", "falls forward"],
)
def test_what_is_no_backward_fall_is_not_warned_of(samples, step_every):
    assert told(samples, sway_table, step_every) == []
