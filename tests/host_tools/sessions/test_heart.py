"""Heart rate of a session: held for a while, mean and most of the whole and of its laps, gaps in between."""

import numpy as np
import pytest
import session_logs
from backstep.core import events

from host_tools.sessions import heart, session_log
from host_tools.sessions.session_figures import figures
from host_tools.sessions.timeline import timeline

RATE_HZ = 104


def loaded(path, told, seconds=60, more=()):
    records = [(events.HEART, round(at_s * RATE_HZ), (bpm, 500)) for at_s, bpm in told]
    records = sorted([*records, *more], key=lambda one: one[1])
    return session_log.load(session_logs.write(path / "a.bsl", records, "belt", RATE_HZ, seconds))


def test_a_value_holds_until_the_next_and_no_longer_than_a_strap_may_be_silent(tmp_path):
    found = loaded(tmp_path, [(10, 100), (15, 120), (17, 130), (40, 90)])
    assert heart.spans(found) == [(10, 15, 100), (15, 17, 120), (17, 24, 130), (40, 47, 90)]
    series = timeline(found).heart_bpm
    assert [int(series[second]) for second in (10, 14, 15, 16, 17, 23, 46)] == [100, 100, 120, 120, 130, 130, 90]
    assert np.isnan(series[[0, 9, 24, 39, 47, 59]]).all()


def test_mean_and_most_are_by_time_of_the_whole_and_of_each_lap(tmp_path):
    lap = [(events.LAP, 16 * RATE_HZ, (2,))]
    found = loaded(tmp_path, [(10, 100), (15, 120), (17, 130)], more=lap)
    whole, first, second = figures(found)
    assert whole["heart"] == {"mean_bpm": 118, "max_bpm": 130, "min_bpm": 100, "known_s": 14.0}
    assert first["heart"] == {"mean_bpm": 103, "max_bpm": 120, "min_bpm": 100, "known_s": 6.0}
    assert second["heart"] == {"mean_bpm": 129, "max_bpm": 130, "min_bpm": 120, "known_s": 8.0}


def test_without_a_strap_nothing_is_told(tmp_path):
    found = loaded(tmp_path, [])
    assert heart.spans(found) == [] and np.isnan(timeline(found).heart_bpm).all()
    assert "heart" not in figures(found)[0]


@pytest.mark.parametrize("told", [[(59.99, 100)], [(10, 0)]])
def test_what_holds_for_no_time_and_a_strap_without_a_heart_are_no_heart_rate(tmp_path, told):
    assert sum(end - begin for begin, end, _ in heart.spans(loaded(tmp_path, told))) < 0.02
