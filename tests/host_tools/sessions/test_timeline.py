"""A session second by second: against the walk that was simulated and the session's own counts."""

import numpy as np
import pytest
import session_logs
from backstep.core import events
from backstep.core.log import log
from backstep.core.log.log_format import MAGIC

from host_tools.gait.params import WalkParams
from host_tools.gait.segments import Stand, Walk
from host_tools.gait.session import session
from host_tools.sessions import session_log
from host_tools.sessions.session_figures import figures
from host_tools.sessions.timeline import timeline

BACK = WalkParams(direction="backward", cadence_spm=90, grade_pct=10)
PLAIN = WalkParams(direction="forward", cadence_spm=100, grade_pct=0)


@pytest.fixture(scope="module")
def walked():
    return session([Stand(3), Walk(60, BACK), Stand(8), Walk(40, PLAIN), Stand(3)], "shoe", seed=5)


@pytest.fixture(scope="module")
def found(walked, tmp_path_factory):
    path = tmp_path_factory.mktemp("log") / "a.bsl"
    records = session_logs.heard(walked.recording())
    return session_log.load(session_logs.write(path, records, seconds=len(walked.samples) // 208))


@pytest.mark.slow
def test_steps_and_ways_add_up_to_the_session(found):
    series, counts = timeline(found), found.counts
    assert {way: int(steps.sum()) for way, steps in series.steps.items()} == {
        "backward": counts.backward, "forward": counts.forward, "other": counts.other,
    }  # fmt: skip
    assert series.distance_m[-1] == pytest.approx((counts.backward_mm + counts.forward_mm) / 1000, abs=0.01)
    assert series.height_m[-1] == pytest.approx((counts.ascent_mm - counts.descent_mm) / 1000, abs=0.01)
    assert series.seconds == int(np.ceil(found.seconds)) == len(series.direction) == len(series.impact_mg)


def test_a_simulated_walk_has_its_cadence_speed_and_grade_at_their_seconds(walked, found):
    series = timeline(found)
    for way, spm, grade in (("backward", 90, 10), ("forward", 100, 0)):
        true = [stride for stride in walked.truth.strides if stride.direction == way]
        inside = slice(int(true[2].contact / 208) + 1, int(true[-2].contact / 208))
        assert set(series.direction[inside]) == {way}
        assert np.median(series.cadence_spm[inside]) == pytest.approx(spm, abs=3)
        length_m = np.mean([stride.length_mm for stride in true[2:-2]]) / 1000
        assert np.mean(series.stride_m[inside]) == pytest.approx(length_m, rel=0.05)
        assert np.mean(series.speed_m_s[inside]) == pytest.approx(length_m * spm / 120, rel=0.06)
        assert np.nanmean(series.grade_pct[inside]) == pytest.approx(grade, abs=2)  # the level is not calibrated
        assert 300 < np.nanmedian(series.stance_ms[inside]) < 1100
    (median_mg,) = (one["impact"]["median_mg"] for one in figures(found))
    assert np.nanmedian(series.impact_mg) == pytest.approx(median_mg, rel=0.1)


def test_while_nobody_walks_there_is_no_cadence_and_the_way_stands(found):
    series = timeline(found)
    still = [second for second in range(3, series.seconds) if series.direction[second] == ""]
    pause = [second for second in still if 45 < second < 52]
    assert len(pause) >= 4
    assert np.isnan(series.cadence_spm[pause]).all() and np.isnan(series.speed_m_s[pause]).all()
    assert np.ptp(series.distance_m[pause]) == 0 and np.isnan(series.grade_pct[pause]).all()


def test_events_are_told_at_their_second_but_for_strides(found, tmp_path):
    path = session_logs.write(tmp_path / "b.bsl", [(events.MARK, 1040, (0, 0)), (log.BUZZ, 2080, (0, 870, 127))])
    told = timeline(session_log.load(path)).events
    assert [(at_s, one["event"]) for at_s, one in told] == [
        (0.0, "begin"), (0.0, "wearer"), (5.0, "mark"), (10.0, "buzz"), (60.0, "end"),
    ]  # fmt: skip
    assert not any(one["event"] == "stride" for _, one in timeline(found).events)


@pytest.mark.parametrize("placement", ["belt", "wrist"])
def test_steps_alone_have_cadence_and_no_way(placement, tmp_path):
    steps = [(events.STEP, 52 * i + 9, (52 * i, 2, 1)) for i in range(1, 41)]
    path = session_logs.write(tmp_path / "a.bsl", steps, placement=placement, rate_hz=104, seconds=30)
    series = timeline(session_log.load(path))
    assert series.steps["backward"].sum() == 40 and series.cadence_spm[10] == 120
    for values in (series.distance_m, series.stride_m, series.impact_mg):
        assert np.isnan(values).all()
    assert series.direction[10] == "backward" and series.direction[25] == ""


def test_without_a_calibrated_level_there_is_no_grade(walked, tmp_path):
    records = session_logs.heard(walked.recording())
    path = session_logs.write(tmp_path / "a.bsl", records, seconds=100, wearer=None)
    assert np.isnan(timeline(session_log.load(path)).grade_pct).all()


def test_samples_that_the_pod_missed_are_not_known(tmp_path):
    path = session_logs.write(tmp_path / "a.bsl", [(events.GAP, 208 * 20, (208 * 4,))], seconds=30)
    series = timeline(session_log.load(path))
    assert series.known.tolist() == [not 16 <= second < 20 for second in range(30)]


def test_a_lost_block_is_not_known(found, tmp_path, walked):
    records = session_logs.heard(walked.recording())
    path = session_logs.write(tmp_path / "a.bsl", records, seconds=len(walked.samples) // 208)
    data = bytearray(path.read_bytes())
    data[data.index(MAGIC, 100) + 60] ^= 1
    path.write_bytes(data)
    damaged = session_log.load(path)
    ((begin, end),) = damaged.lost
    assert damaged.missing == [1] and 0 < begin < end
    series = timeline(damaged)
    assert not series.known[begin // 208 : end // 208].any() and series.known[end // 208 + 1 :].all()
    assert series.distance_m[-1] < timeline(found).distance_m[-1]


def test_a_session_of_a_moment_has_one_second(tmp_path):
    path = session_logs.write(tmp_path / "a.bsl", [], seconds=0)
    series = timeline(session_log.load(path))
    assert series.seconds == 1 and series.steps["backward"].sum() == 0 and series.direction[0] == ""
