"""The figures of a session: simulated walks against their truth, laps against the whole, nothing from nothing."""

import json
from pathlib import Path

import pytest
import session_logs
from backstep.core import events
from backstep.core.log import log
from talking import command

from host_tools.__main__ import main
from host_tools.gait.params import WalkParams
from host_tools.gait.segments import Stand, Walk
from host_tools.gait.session import session
from host_tools.sessions import session_log
from host_tools.sessions.session_figures import figures

FIXTURES = Path(__file__).parents[2] / "fixtures" / "log"
BACK = WalkParams(direction="backward", cadence_spm=90, grade_pct=10)
PLAIN = WalkParams(direction="forward", cadence_spm=100, grade_pct=0)


@pytest.fixture(scope="module")
def walked():
    """A walk backward up 10 %, and one forward on the level, with a rest between."""
    return session([Stand(3), Walk(88, BACK), Stand(5), Walk(48, PLAIN), Stand(3)], "shoe", seed=5)


@pytest.fixture(scope="module")
def records(walked):
    return session_logs.heard(walked.recording())


@pytest.fixture(scope="module")
def seconds(walked):
    return len(walked.recording().samples) // 208


def told(tmp_path, records, kg=0.0, **about):
    return figures(session_log.load(session_logs.write(tmp_path / "a.bsl", records, **about)), kg)


def truth(walked, direction, field):
    return [getattr(stride, field) / 1000 for stride in walked.truth.strides if stride.direction == direction]


@pytest.mark.slow
def test_a_simulated_walk_comes_to_what_was_simulated(walked, records, seconds, tmp_path):
    (one,) = told(tmp_path, records, seconds=seconds)
    for direction, spm in (("backward", 90), ("forward", 100)):
        lengths_m = truth(walked, direction, "length_mm")
        found = one[direction]
        assert found["strides"] == len(lengths_m)
        assert found["distance_m"] == pytest.approx(sum(lengths_m), rel=0.05)
        assert found["cadence_spm"] == pytest.approx(spm, abs=2)
        assert 1 < found["time_cv_pct"] < 6 and 2 < found["length_cv_pct"] < 8
    assert one["ascent_m"] == pytest.approx(sum(truth(walked, "backward", "height_mm")), rel=0.1)
    assert one["descent_m"] < 0.5
    assert one["grade"]["median_pct"] == pytest.approx(10, abs=1)
    assert one["backward_uphill_min"] == pytest.approx(88 / 90, abs=0.1)
    assert one["seconds"] == pytest.approx(seconds, abs=1) and one["moving_s"] < seconds - 8
    assert one["running_pct"] < 3
    assert sum(one["landing_pct"].values()) in (99, 100, 101)
    assert one["impact"]["p95_mg"] > one["impact"]["median_mg"] > 500


@pytest.mark.slow
def test_times_are_by_the_true_rate_that_the_log_tells(records, seconds, tmp_path):
    """Lengths are already: the pod measures them by it."""
    (plain,) = told(tmp_path, records, seconds=seconds)
    (true,) = told(tmp_path, [(log.RATE, 0, (1030,)), *records], seconds=seconds)
    back, by_rate = plain["backward"], true["backward"]
    assert true["seconds"] == pytest.approx(plain["seconds"] / 1.03, abs=1)
    assert by_rate["cadence_spm"] == pytest.approx(1.03 * back["cadence_spm"], abs=1)
    assert by_rate["distance_m"] == back["distance_m"] and by_rate["strides"] == back["strides"]


def lap_after(records, index, number):
    return [*records[:index], (events.LAP, records[index - 1][1] + 1, (number,)), *records[index:]]


@pytest.mark.parametrize("index", [1, 30, 60])
def test_laps_add_up_to_the_session(records, seconds, tmp_path, index):
    whole, *laps = told(tmp_path, lap_after(lap_after(records, index, 2), 65, 3), seconds=seconds)
    assert [lap["part"] for lap in laps] == ["lap 1", "lap 2", "lap 3"]
    for name in ("seconds", "moving_s", "backward_steps", "forward_steps", "other_steps"):
        assert sum(lap[name] for lap in laps) == pytest.approx(whole[name], abs=0.2), name
    of_laps = [lap["backward"]["distance_m"] for lap in laps if lap.get("backward")]
    assert sum(of_laps) == pytest.approx(whole["backward"]["distance_m"], abs=0.2)


@pytest.mark.slow
def test_a_simulated_run_is_a_run_and_its_walk_is_none(tmp_path):
    run = WalkParams(direction="backward", cadence_spm=160, style="run")
    made = session([Stand(3), Walk(60, run), Stand(5), Walk(60, PLAIN), Stand(3)], "shoe", seed=6)
    (one,) = told(tmp_path, session_logs.heard(made.recording()), seconds=80)
    assert one["running_pct"] == pytest.approx(50, abs=7)


def test_without_a_calibrated_level_there_is_no_grade(records, seconds, tmp_path):
    (one,) = told(tmp_path, records, seconds=seconds, wearer=None)
    assert one["grade"] is None and one["backward_uphill_min"] is None and one["energy"] is None
    assert one["ascent_m"] > 1


def test_the_mass_of_the_log_is_asked_before_the_one_told(records, seconds, tmp_path):
    (of_log,) = told(tmp_path, records, seconds=seconds, kg=100.0)
    (of_word,) = told(tmp_path, records, seconds=seconds, kg=100.0, wearer=(1, 20000, 0, 0))
    assert of_word["energy"]["low_kcal"] == pytest.approx(of_log["energy"]["low_kcal"] / 0.7, rel=0.02)


def test_a_few_strides_have_no_variability_and_no_grade(records, tmp_path):
    (one,) = told(tmp_path, records[:8])
    assert one["backward"]["time_cv_pct"] is None and one["grade"] is None and one["backward_uphill_min"] == 0


@pytest.mark.parametrize("placement", ["belt", "wrist"])
def test_what_a_placement_does_not_sense_is_left_out(placement, tmp_path):
    steps = [(events.STEP, 104 * i // 2 + 9, (104 * i // 2, 0, 1)) for i in range(1, 21)]
    (one,) = told(tmp_path, steps, placement=placement, rate_hz=104)
    assert one["other_steps"] + one["forward_steps"] == 20 and one["cadence_spm"] == 120 and one["moving_s"] == 9.5
    assert "ascent_m" not in one and "impact" not in one and "backward" not in one


def test_a_log_of_before_strides_had_all_their_fields_still_shows():
    (one,) = figures(session_log.load(FIXTURES / "v1.bsl"))
    assert one["backward"]["strides"] >= 1 and one["landing_pct"] is None and one["impact"] is None
    assert one["running_pct"] is None


def test_it_is_shown_in_80_columns_or_as_json(records, seconds, tmp_path):
    path = session_logs.write(tmp_path / "a.bsl", lap_after(records, 50, 2), seconds=seconds)
    code, out, _ = command("sessions", path, "--figures")
    assert code == 0 and max(map(len, out.splitlines())) <= 80
    assert "lap 2" in out and "kcal" in out and "not what a knee bears" in out and "backward uphill" in out
    code, out, _ = command("sessions", path, "--figures", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["part"] for row in rows] == ["session", "lap 1", "lap 2"]
    assert "Minetti" in rows[0]["energy"]["above_rest_by"]


def test_figures_of_no_path_say_where_they_come_from():
    code, _, err = command("sessions", "--figures")
    assert code == 2 and "name DIR" in err


@pytest.mark.parametrize(("word", "wanted"), [("7", "20 to 250 kg"), ("much", "20 to 250 kg")])
def test_a_mass_that_is_none_is_refused(word, wanted, capsys):
    with pytest.raises(SystemExit):
        main(["sessions", str(FIXTURES), "--figures", "--kg", word])
    assert wanted in capsys.readouterr().err
