"""The shoe's cues on simulated mishaps, and none without one."""

from dataclasses import replace

import numpy as np
import pytest
from backstep.core import event_names, events, settings
from backstep.core.shoe.shoe import Shoe

from host_tools.gait import Catch, RockBack, Slip, Stand, Walk, WalkParams, session, uphill_backward
from host_tools.gait.params import stride_mm

CUES = (events.SLIDE, events.CATCH, events.TOE_LIFT, events.RECOVERY)


def cues(segments, seed=1, **changed):
    """Return (event, row) of each cue of a simulated session, and its truth."""
    made = session(segments, "shoe", seed)
    shoe = Shoe(208, settings.check(changed), "body")
    found = []
    for row in made.samples.tolist():
        code = shoe.feed(*row)
        if code in CUES:
            found.append((event_names.decode(code, shoe.n - 1, shoe.fields), shoe.n - 1))
    return found, made.truth


def names(segments, seed=1, **changed):
    return [event["event"] for event, _ in cues(segments, seed, **changed)[0]]


def around(mishap, gait):
    return [Stand(3), Walk(16, gait), mishap, Walk(8, gait), Stand(2)]


def hurried(gait):
    return replace(gait, stride_mm=0.45 * stride_mm(gait), cadence_spm=1.5 * gait.cadence_spm)


GAITS = [uphill_backward(cadence, grade) for cadence in (60, 90, 120) for grade in (0, 10, 20)]


@pytest.mark.parametrize("gait", GAITS)
@pytest.mark.slow
def test_nothing_is_said_of_backward_gait(gait):
    assert names([Stand(3), Walk(40, gait), Stand(3)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("style,cadence", [("walk", 70), ("walk", 120), ("run", 170), ("shuffle", 90)])
def test_nothing_is_said_of_forward_gait(style, cadence):
    assert names([Stand(3), Walk(40, WalkParams(style=style, cadence_spm=cadence)), Stand(3)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("gait", GAITS)
def test_a_foot_that_slides_after_landing(gait):
    found, truth = cues(around(Slip(gait), gait))
    assert [event["event"] for event, _ in found] == ["slide"]
    event, row = found[0]
    landed = max(stride.flat for stride in truth.strides if stride.flat <= row)
    assert row - landed < 0.3 * 208  # while it slides, 0.24 s after it lay flat
    assert event["speed_mm_s"] >= 800


def test_a_short_slow_slip_is_let_pass():
    gait = uphill_backward(90, 10)
    assert names(around(Slip(gait, slip_mm=40), gait)) == []


@pytest.mark.slow
@pytest.mark.parametrize("gait", [gait for gait in GAITS if gait.cadence_spm > 60])
def test_a_foot_caught_in_its_swing(gait):
    found, truth = cues(around(Catch(gait), gait))
    assert [event["event"] for event, _ in found][:1] == ["catch"]
    event, row = found[0]
    assert any(stride.foot_off < row < stride.contact for stride in truth.strides)
    assert event["way_mm"] < 0.45 * event["usual_mm"]


def test_toes_lifted_in_standing():
    gait = uphill_backward(90, 10)
    found, _ = cues([Stand(3), Walk(16, gait), Stand(3), RockBack(lift_deg=12), Stand(2)])
    assert [event["event"] for event, _ in found] == ["toe_lift"]
    assert 80 <= found[0][0]["lift_ddeg"] <= 130
    assert names([Stand(3), Walk(16, gait), Stand(3), RockBack(lift_deg=4), Stand(2)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("gait", GAITS)
def test_two_hurried_strides(gait):
    found = names([Stand(3), Walk(16, gait), Walk(4, hurried(gait)), Walk(8, gait), Stand(2)])
    assert found.count("recovery") == 1
    assert not {"slide", "toe_lift"} & set(found)


@pytest.mark.slow
@pytest.mark.parametrize("setting,mishap", [("slide_mm_s", Slip), ("catch_pct", Catch)])
def test_each_has_its_switch(setting, mishap):
    gait = uphill_backward(100, 10)
    assert names(around(mishap(gait), gait))
    assert names(around(mishap(gait), gait), **{setting: 0}) == []


def test_toe_lift_and_recovery_have_theirs():
    gait = uphill_backward(100, 10)
    rocked = [Stand(3), Walk(16, gait), Stand(3), RockBack(), Stand(2)]
    assert names(rocked, toe_lift_deg=0) == []
    rushed = [Stand(3), Walk(16, gait), Walk(4, hurried(gait)), Walk(8, gait), Stand(2)]
    assert "recovery" not in names(rushed, recovery_pct=0)


def test_all_switched_off_load_nothing_and_change_no_stride():
    off = dict.fromkeys(("slide_mm_s", "catch_pct", "toe_lift_deg", "recovery_pct"), 0)
    samples = session(around(Slip(GAITS[4]), GAITS[4]), "shoe", 2).samples.tolist()
    plain, watched = Shoe(208, settings.check(off), "body"), Shoe(208, settings.defaults(), "body")
    strides = [], []
    for row in samples:
        for shoe, found in zip((plain, watched), strides, strict=True):
            if shoe.feed(*row) == events.STRIDE:
                found.append(list(shoe.fields)[:7])
    assert len(strides[0]) >= 10 and strides[0] == strides[1]
    assert plain._cues is None


def test_a_gap_forgets_what_was_usual():
    gait = uphill_backward(100, 10)
    made = session(around(Slip(gait), gait), "shoe", 1)
    shoe = Shoe(208, settings.defaults(), "body")
    slid = next(row for event, row in cues(around(Slip(gait), gait))[0])
    codes = []
    for n, row in enumerate(made.samples.tolist()):
        if n == slid - 104:
            shoe.gap(30)
        codes.append(shoe.feed(*row))
    assert not set(CUES) & set(codes[: slid + 60])


def test_noise_never_raises():
    rng = np.random.default_rng(5)
    shoe = Shoe(208, settings.defaults(), "body")
    walk = session(around(Catch(GAITS[1]), GAITS[1]), "shoe", 1).samples
    for block in (walk[:2500], rng.integers(-32768, 32768, (800, 6)), walk):
        for row in block.tolist():
            code = shoe.feed(*row)
            if code:
                event_names.decode(code, shoe.n, shoe.fields)
