"""Floors of belt and wrist steps on real recordings; skipped where they are not."""

import pytest

from host_tools.evaluate import scoring, steps


@pytest.fixture
def figures(recordings_dir):
    def of(*names):
        found = steps.evaluate(recordings_dir, names)
        assert len(found) == len(names)
        return found

    return of


def test_mobgap_initial_contacts(figures):
    assert figures("mobgap_lowerback")[0].contacts.f1 >= 0.84


def test_oxford_phones_in_hand_arm_and_pocket(figures):
    counts = figures("oxford_stepcounter")[0].counts
    assert len(counts) >= 20
    assert scoring.mape_pct(counts) <= 3


@pytest.mark.parametrize("name", ["banglejs_wrist", "rieck_wrist_mag"])
def test_wrist_walks_and_what_is_no_walk(figures, name):
    counts = figures(name)[0].counts
    assert scoring.mape_pct([count for count in counts if count.taken >= 99]) <= 5
    assert scoring.false_per_hour(counts) <= 10
