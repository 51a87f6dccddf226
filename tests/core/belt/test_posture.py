"""The posture of a walker: its mean, the band, and when it is told of; alone, at the belt and on a VM."""

import numpy as np
import pytest
from backstep.core import event_names, events, settings
from backstep.core.belt.belt import Belt
from backstep.core.belt.posture import Posture
from hypothesis import given
from hypothesis import strategies as st
from int_bounds import Watched
from vm_events import Wearing, on_cpython, on_vm

from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session
from host_tools.gait.params import TrunkParams
from host_tools.gait.session import Wearer

FEEDS_HZ = 34
RATE = 104


def made(**changed):
    return Posture(FEEDS_HZ, settings.check({"posture_s": 10} | changed))


def told(posture, leans_ddeg, walking=True):
    """Return (second, lean, seconds outside) of every word; leans_ddeg: forward lean of each second."""
    found = []
    for second, lean in enumerate(leans_ddeg, 1):
        for _ in range(FEEDS_HZ):
            if posture.feed(-lean, walking):
                found.append((second, posture.lean_ddeg, posture.seconds))
    return found


def test_upright_is_not_told_of_at_either_edge_of_the_band():
    assert told(made(), [250] * 60) == told(made(), [-100] * 60) == told(made(), [0] * 60) == []


@pytest.mark.parametrize("lean", [251, -101, 900, -900])
def test_out_of_the_band_is_told_of_after_the_set_time_and_again_after_half_a_minute(lean):
    assert told(made(), [lean] * 75) == [(10, lean, 10), (40, lean, 40), (70, lean, 70)]
    assert told(made(posture_s=120), [lean] * 125) == [(120, lean, 120)]


def test_a_moment_back_in_the_band_begins_the_time_anew():
    assert [second for second, *_ in told(made(), [300] * 8 + [0] * 3 + [300] * 20)] == [25]  # the mean takes five


def test_what_sways_with_every_stride_averages_out():
    assert told(made(), [400, 0, 400, 0] * 20) == []
    (first, *_) = told(made(), [500, 200, 500, 200] * 10)
    assert first[1] > 250


def test_standing_is_not_minded_and_a_walk_after_it_begins_anew():
    posture = made()
    assert told(posture, [400] * 9) == []
    assert told(posture, [400] * 30, walking=False) == []
    assert told(posture, [400] * 10) == [(10, 400, 10)]


def test_after_a_warning_of_a_sway_it_keeps_silent():
    posture = made(posture_s=5)
    assert told(posture, [400] * 4) == []
    posture.hold()
    assert [second for second, *_ in told(posture, [400] * 20)] == [10]


@given(st.lists(st.tuples(st.integers(-900, 900), st.booleans()), max_size=300), st.integers(5, 120))
def test_any_lean_stays_in_bounds_and_words_come_half_a_minute_apart(leans, patience):
    posture = made(posture_s=patience)
    words = []
    for second, (lean, walking) in enumerate(leans):
        for _ in range(FEEDS_HZ):
            if posture.feed(Watched(lean), walking):
                words.append(second)
                assert not -100 <= posture.lean_ddeg <= 250 and posture.seconds >= patience
    assert all(later - sooner >= 30 for sooner, later in zip(words, words[1:], strict=False))


def detected(samples, **changed):
    belt = Belt(RATE, settings.check(changed), changed.get("frame", "body"))
    found = []
    for row in samples.tolist():
        code = belt.feed(*row)
        if code:
            found.append(event_names.decode(code, belt.n - 1, belt.fields))
    return found


def bent(lean_deg, seconds=30, segments=()):
    wearer = Wearer(trunk=TrunkParams(lean_deg=lean_deg))
    walk = Walk(seconds, WalkParams(cadence_spm=95))
    return session([Stand(3), walk, *segments, Stand(3)], "belt", 3, wearer=wearer).samples


def test_a_simulated_walk_bent_forward_is_told_of_and_an_upright_one_is_not():
    words = [
        event for event in detected(bent(18), posture_s=8, posture_high_deg=10) if event["event"] == "posture"
    ]
    assert len(words) == 1 and 120 <= words[0]["lean_ddeg"] <= 240 and words[0]["seconds"] == 8
    assert RATE * 11 <= words[0]["sample"] <= RATE * 16
    assert not any(e["event"] == "posture" for e in detected(bent(3), posture_s=8, posture_high_deg=10))


def test_it_is_off_at_nought_and_where_forward_is_not_known():
    samples = bent(18)
    assert not any(e["event"] == "posture" for e in detected(samples, posture_high_deg=10))
    askew = detected(samples, posture_s=8, posture_high_deg=10, frame="sensor")
    assert not any(e["event"] == "posture" for e in askew)


def test_posture_changes_nothing_else():
    samples = bent(18, 14, [LoseBalance(SwayParams(push_ratio=2))])
    plain = detected(samples)
    with_words = [e for e in detected(samples, posture_s=5, posture_high_deg=5) if e["event"] != "posture"]
    assert with_words == plain and any(e["event"] == "sway" for e in plain)


def test_its_number_is_known():
    assert event_names.decode(events.POSTURE, 5, np.array([-120, 11])) == {
        "sample": 5, "event": "posture", "lean_ddeg": -120, "seconds": 11,
    }  # fmt: skip


def test_the_same_words_on_the_vm_without_an_allocation(tmp_path):
    samples = bent(18, 16)
    wearing = Wearing("belt", RATE, changed={"posture_s": 5, "posture_high_deg": 10})
    here = on_cpython(samples, wearing)
    assert [event[1] for event in here].count(events.POSTURE) == 1
    assert {event[3] for event in here if event[1] == events.STEP} == {events.UNKNOWN, events.FORWARD}
    assert on_vm(samples, wearing, tmp_path) == here
