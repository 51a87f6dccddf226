"""The states in which a sway is warned of, one by one, and what moves the belt from one to the next."""

import numpy as np
import pytest
from backstep.core import events, settings
from backstep.core.belt import sway_motion
from backstep.core.belt.arming import STATES, Arming
from backstep.core.belt.belt import Belt
from backstep.core.belt.lean import Lean
from backstep.core.belt.sway import Sway
from backstep.core.belt.sway_motion import LIVELY, SUNK, UPRIGHT, USUAL_RATE, Motion
from trunks import SILENT

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, session, uphill_backward

RATE = 104
NAMES = [row[0] for row in STATES]


def motion(upright_q14=16000, lively_mg=100, settled=True):
    made = Motion(RATE)
    made.state[sway_motion._SETTLED] = settled
    made.values[UPRIGHT] = upright_q14
    made.values[LIVELY] = lively_mg
    return made


def named(arming, made):
    return NAMES[arming.state(made)]


def test_each_state_has_its_cause():
    arming = Arming(RATE, False, 4, 3)
    assert named(arming, motion()) == "upright"
    assert named(arming, motion(settled=False)) == "settling"
    assert named(arming, motion(upright_q14=9000)) == "down"
    arming.step()
    assert named(arming, motion()) == "walking"
    assert named(arming, motion(lively_mg=500)) == "running"
    assert named(arming, motion(upright_q14=9000)) == "down"
    arming.warned()
    assert named(arming, motion()) == "warned"
    arming.snooze(60)
    assert named(arming, motion()) == "snoozed"


@pytest.mark.parametrize(("begin", "seconds", "state"), [("step", 4, "walking"), ("warned", 3, "warned")])
def test_a_state_lasts_as_long_as_its_setting_says(begin, seconds, state):
    arming = Arming(RATE, False, 4, 3)
    getattr(arming, begin)()
    passing = Motion(RATE)

    def pass_samples(count):
        for _ in range(count):
            sway_motion.move(passing.state, Lean(RATE).state, passing.values, arming.left)

    pass_samples(seconds * RATE - 1)
    assert named(arming, motion()) == state
    pass_samples(1)
    assert named(arming, motion()) == "upright"


@pytest.mark.parametrize(
    ("apart", "sunk_mm", "usual_ddps", "state"),
    [
        (60, 0, 100, "walking"),
        (120, 0, 100, "upright"),  # 1.2 s
        (60, 80, 100, "upright"),  # sits down
        (60, -80, 100, "upright"),  # gets up
        (60, 0, 400, "upright"),  # bends, or rolls over
    ],
)
def test_two_contacts_of_a_level_trunk_arm_before_they_are_counted(apart, sunk_mm, usual_ddps, state):
    sway = Sway(RATE, settings.defaults(), SILENT)
    sway.motion.values[SUNK], sway.motion.values[USUAL_RATE] = sunk_mm, usual_ddps
    sway.contact(200)
    assert named(sway.arming, motion()) == "upright"
    sway.contact(200 + apart)
    assert named(sway.arming, motion()) == state


def test_a_gap_parts_two_contacts():
    sway = Sway(RATE, settings.defaults(), SILENT)
    sway.contact(200)
    sway.restart()
    sway.contact(250)
    assert named(sway.arming, motion()) == "upright"


def test_the_setting_says_which_states_warn():
    gait, always = Arming(RATE, False, 4, 3), Arming(RATE, True, 4, 3)
    assert [NAMES[k] for k in range(len(STATES)) if gait.armed(k)] == ["running", "walking"]
    assert [NAMES[k] for k in range(len(STATES)) if always.armed(k)] == ["running", "walking", "upright"]


def sways(snooze_s=0, awake_at=None, push=1.6, **changed):
    segments = [Stand(2), Walk(14, uphill_backward(100, 10)), LoseBalance(SwayParams(push_ratio=push)), Stand(2)]
    belt = Belt(RATE, settings.check(changed), "body")
    found = []
    belt.snooze(snooze_s)
    for n, row in enumerate(session(segments, "belt", 3).samples.tolist()):
        if n == awake_at:
            belt.snooze(0)
        code = belt.feed(*row)
        if code in (events.SWAY, events.CAUTION):
            found.append((code, n))
    return found


def test_snoozed_nothing_is_said_and_awake_it_is_again():
    assert [code for code, _ in sways()].count(events.SWAY) == 1
    assert sways(snooze_s=3600) == []
    assert [code for code, _ in sways(snooze_s=3600, awake_at=300)].count(events.SWAY) == 1


def test_a_caution_comes_before_the_warning_of_a_slower_sway_and_can_be_switched_off():
    assert [code for code, _ in sways(push=1.2)] == [events.CAUTION, events.SWAY]
    assert [code for code, _ in sways(push=1.2, sway_caution=0)] == [events.SWAY]


def test_a_higher_sensitivity_never_warns_later():
    found = [sways(sway_sensitivity=level) for level in (-4, -2, 0, 2, 4)]
    times = [next(n for code, n in one if code == events.SWAY) for one in found]
    assert times == sorted(times, reverse=True)
    assert times[0] > times[-1]


def test_a_belt_at_rest_has_plain_numbers():
    belt = Belt(RATE, settings.defaults(), "body")
    for _ in range(5 * RATE):
        belt.feed(0, 0, 1000, 0, 0, 0)
    values = np.array(belt.sway.motion.values)
    assert values[UPRIGHT] == pytest.approx(16384, abs=20)
    assert np.abs(np.delete(values, [UPRIGHT, 13])).max() <= 2
    assert values[13] == pytest.approx(9600, abs=10)  # no step since the start
