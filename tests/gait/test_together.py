"""One wearer, several pods: what each senses is of the same plan, whenever it samples."""

import numpy as np
import pytest
from backstep.core import detectors

from host_tools.gait import LoseBalance, Stand, SwayParams, Together, Walk, session, uphill_backward

SEGMENTS = [Stand(1.5), Walk(4, uphill_backward(95, 10)), LoseBalance(SwayParams(push_ratio=1.6)), Stand(1.0)]
WEARER = Together(SEGMENTS, seed=3)


@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
def test_on_the_nominal_grid_it_is_what_a_session_gives(placement):
    made = session(SEGMENTS, placement, 3)
    times_s = np.arange(len(made.samples)) / detectors.rate_hz(placement)
    assert np.array_equal(WEARER.sensed_at(placement, times_s), made.samples)


def test_a_pod_that_samples_late_and_fast_senses_the_same_impact_at_the_same_time():
    nominal_s = np.arange(0, WEARER.duration_s, 1 / 104)
    own_s = np.arange(-2.0, WEARER.duration_s, 1 / (104 * 1.03)) + 0.0037
    impacts = []
    for times_s in (nominal_s, own_s):
        force = np.linalg.norm(WEARER.sensed_at("belt", times_s)[:, :3].astype(float), axis=1)
        impacts.append(times_s[int(np.argmax(force))])
    assert impacts[0] == pytest.approx(impacts[1], abs=1.5 / 104)


def test_before_the_session_the_wearer_stands_as_at_its_begin():
    rows = WEARER.sensed_at("belt", np.arange(-3.0, 0.0, 1 / 104))
    assert np.abs(rows - np.median(rows, axis=0)).max() < 15  # the sensor's noise, nothing else
    assert len({tuple(row) for row in rows.tolist()}) > 100  # and no two samples need be alike


def test_the_truth_is_one_for_all():
    assert [swing.contact_s for swing in WEARER.strides] == [
        swing.contact_s for swing in WEARER.plan.swings if swing.foot == 0
    ]
    assert len(WEARER.sways) == 1 and not WEARER.sways[0].course.recovered
