"""Lost samples: a few are bridged, after more what was being measured is void."""

import pytest
from backstep.core import event_names, settings
from backstep.core.shoe.shoe import Shoe

from host_tools.gait import Stand, Walk, WalkParams, session, uphill_backward, walk
from host_tools.replay import line

RATE = 208


def with_gaps(samples, gaps):
    """Return a shoe's events and the shoe; gaps: (first row, rows) that are lost."""
    shoe = Shoe(RATE, settings.defaults(), "body")
    samples = samples.copy()
    ends = {first + rows: rows for first, rows in gaps}
    void = set()
    for first, rows in gaps:
        if rows <= shoe.spans:
            samples[first : first + rows] = line(samples[first - 1], samples[first + rows], rows)
        else:
            void.update(range(first, first + rows))
    found = []
    for n, row in enumerate(samples.tolist()):
        if n in ends:
            if n - 1 in void:
                shoe.gap(ends[n])
            else:
                shoe.bridged()
        if n not in void:
            code = shoe.feed(*row)
            if code:
                found.append(event_names.decode(code, shoe.n - 1, shoe.fields))
    return found, shoe


def test_a_gap_is_counted_and_its_stride_not_invented():
    made = walk(WalkParams(), 20)
    cut = made.truth.strides[4].foot_off + 20
    found, shoe = with_gaps(made.samples, [(cut, 40)])
    assert shoe.n == len(made.samples)
    assert not [f for f in found if f["start"] < cut <= f["contact"]]
    assert len(found) >= len(made.truth.strides) - 3


@pytest.mark.parametrize("params", [WalkParams(), uphill_backward(90, 10)])
def test_a_few_lost_samples_cost_no_stride(params):
    made = walk(params, 20, seed=1)
    strides = made.truth.strides
    found, shoe = with_gaps(made.samples, [(s.foot_off + 12 * i, 6) for i, s in enumerate(strides[1:])])
    assert shoe.n == len(made.samples)
    assert [f["direction"] for f in found] == [params.direction] * len(strides)
    for stride, true in zip(found, strides, strict=True):
        assert stride["stride_mm"] == pytest.approx(true.length_mm, rel=0.2)


def test_a_runner_s_stride_with_a_gap_has_no_direction_of_its_own():
    made = walk(WalkParams(style="run", cadence_spm=170), 24)
    cuts = [s.foot_off + 30 for s in made.truth.strides[4:8]]
    found, _ = with_gaps(made.samples, [(cut, 6) for cut in cuts])
    spoilt = [f for f in found if any(f["start"] - 60 < cut < f["contact"] for cut in cuts)]
    assert len(spoilt) >= 4
    assert all(f["confidence_pct"] <= 20 for f in spoilt)
    assert not [f for f in found if f["direction"] == "backward"]


def test_a_turning_stride_with_a_gap_is_not_lent_the_direction_of_those_before():
    gait = {"style": "run", "cadence_spm": 160, "direction": "backward"}
    turning = WalkParams(**gait, turn_deg_per_stride=60)
    made = session([Stand(2), Walk(16, WalkParams(**gait)), Walk(6, turning), Stand(2)], "shoe", 1)
    strides = [s for s in made.truth.strides if abs(s.turn_deg) > 50]
    found, _ = with_gaps(made.samples, [(s.foot_off + 30, 6) for s in strides])
    turned = [f for f in found if any(f["start"] < (s.foot_off + s.contact) / 2 < f["contact"] for s in strides)]
    assert len(turned) >= 2
    assert not [f for f in turned if f["direction"] == "backward"]


def test_a_swing_that_is_taken_for_a_stance_after_a_gap_says_nothing_of_direction():
    made = walk(WalkParams(style="run", cadence_spm=160, direction="backward"), 24, seed=0)
    off = made.truth.strides[4].foot_off
    for begun in range(130, 150, 4):
        found, _ = with_gaps(made.samples, [(off + begun, 42)])
        assert len(found) >= 8
        assert not [f for f in found if f["direction"] == "forward"]
