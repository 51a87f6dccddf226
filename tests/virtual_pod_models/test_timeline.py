"""What the motor did, as intervals and amplitude."""

import math

import pytest

from host_tools.virtual_pod.timeline import ERM_RISE_MS, Timeline, percentile


def timeline(*changes) -> Timeline:
    made = Timeline()
    for time_us, level in changes:
        made.drive(level, "rtp", time_us)
    return made


def test_changes_become_intervals_with_their_strongest_level():
    made = timeline((1_000, 60), (5_000, 127), (9_000, 0), (20_000, 10))
    found = [(buzz.start_ms, buzz.end_ms, buzz.level) for buzz in made.buzzes(30_000)]
    assert found == [(1.0, 9.0, 127), (20.0, 30.0, 10)]


def test_first_drive_looks_only_into_its_window():
    made = timeline((1_000, 60), (5_000, 0), (9_000, 127))
    assert made.first_drive(1_001).time_us == 9_000
    assert made.first_drive(1_001, 9_000) is None
    assert made.first_drive(1_000).level == 60


def test_an_erm_follows_its_drive_in_first_order():
    made = timeline((0, 127), (500_000, 0))
    assert made.amplitude(round(1000 * ERM_RISE_MS)) == pytest.approx(127 * (1 - math.exp(-1)), rel=1e-6)
    assert made.amplitude(500_000) > 126
    assert made.amplitude(800_000) < 1


def test_changes_are_told_as_they_come():
    told = []
    made = Timeline(on_change=told.append)
    made.drive(127, "rtp", 42)
    assert [(change.time_us, change.level) for change in told] == [(42, 127)]


def test_percentiles_by_nearest_rank():
    values = list(range(1, 101))
    assert (percentile(values, 50), percentile(values, 99), percentile(values, 100)) == (50, 99, 100)
    assert percentile([7.0], 99) == 7.0
    assert math.isnan(percentile([], 50))
