"""Scoring sway warnings by hand-made cases, `evaluate sway` on a hand-made folder, floors on real recordings."""

import json

import numpy as np
import pytest

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.evaluate import sway
from host_tools.evaluate import sway_scoring as scoring
from host_tools.evaluate.sets import read_index
from host_tools.evaluate.sway_scoring import Trial, alarm_figures, counted, fall_figures, figures
from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session


def fall(*warned_s, onset_s=5.0, impact_s=5.8, activity="F15", direction="backward"):
    return Trial(activity, "a fall", direction, 10.0, warned_s, onset_s, impact_s)


def daily(*warned_s, activity="D06", duration_s=3600.0):
    return Trial(activity, "walking", "", duration_s, warned_s)


def test_a_warning_within_three_seconds_of_a_counted_one_does_not_count():
    assert counted([1, 2, 3.9, 4, 6.9, 7]) == [1, 4, 7]
    assert counted([7, 1]) == [1, 7]
    assert counted([]) == []


@pytest.mark.parametrize(
    ("warned_s", "lead_s"),
    [
        ((5.5,), 0.3),
        ((4.7,), 1.1),
        ((4.69,), None),
        ((5.8,), 0.0),
        ((5.81,), None),
        ((), None),
        ((4.0, 5.5), None),
        ((2.0, 5.5), 0.3),
        ((5.6, 5.2), 0.6),
    ],
)
def test_a_fall_is_warned_of_between_just_before_its_onset_and_its_impact(warned_s, lead_s):
    lead = fall(*warned_s).lead_s
    assert lead is None if lead_s is None else lead == pytest.approx(lead_s)


def test_fall_figures():
    found = fall_figures([fall(5.6), fall(5.61), fall(5.0), fall()])
    assert found == {
        "falls": 4, "warned": 3, "warned_pct": 75.0, "median_lead_ms": 200, "lead_200ms_pct": 50.0,
        "last_second_pct": 75.0,
    }  # fmt: skip
    assert fall_figures([fall(4.69, onset_s=5.0, impact_s=5.6)])["last_second_pct"] == 100.0
    assert fall_figures([fall(4.69, onset_s=5.0, impact_s=5.6)])["warned_pct"] == 0.0
    assert fall_figures([]) == {
        "falls": 0, "warned": 0, "warned_pct": None, "median_lead_ms": None, "lead_200ms_pct": None,
        "last_second_pct": None,
    }  # fmt: skip


def test_false_alarms_are_counted_per_hour_of_recordings_without_a_fall():
    found = alarm_figures([daily(1.0, 2.0, 9.0), daily(), daily(5.0, duration_s=1800)])
    assert (found["false_alarms"], found["hours"], found["per_hour"]) == (3, 2.5, 1.2)
    assert alarm_figures([])["per_hour"] is None


def test_figures_keep_backward_falls_other_falls_and_locomotion_apart():
    trials = [fall(5.5), fall(activity="F02"), fall(5.5, activity="F01", direction="forward"), daily(3.0)]
    trials += [daily(1.0, 5.0, activity="D14"), daily(activity="D14")]
    found = figures(trials, ("D06",))
    assert (found["backward"]["falls"], found["backward"]["warned"]) == (2, 1)
    assert (found["other_falls"]["falls"], found["other_falls"]["warned"]) == (1, 1)
    assert (found["daily"]["false_alarms"], found["locomotion"]["false_alarms"]) == (3, 1)
    assert found["daily_by_activity"]["D14"]["per_hour"] == 1.0
    assert list(found["falls_by_activity"]) == ["F01", "F02", "F15"]


@pytest.fixture
def simulated_set(tmp_path):
    """A folder like kfall with simulated trials: a fall, a fall of the other kind, a walk, a wrist."""
    lost = [Stand(2), Walk(12, WalkParams()), LoseBalance(SwayParams(push_ratio=2)), Stand(1)]
    made = session(lost, "belt", 1, rate_hz=100)
    truth = made.truth.sways[0]
    walk = session([Stand(2), Walk(20, WalkParams()), Stand(1)], "belt", 2, rate_hz=100)
    np.savez(tmp_path / "all.npz", fall=made.samples, walk=walk.samples)
    shared = {"archive": "all.npz", "position": "lower back", "rate_hz": 100.0, "gyro": True, "frame": "body"}
    entries = [
        {**shared, "key": "fall", "activity": "F15", "is_fall": True, "direction": "backward",
         "onset_s": truth.onset / 100, "impact_s": truth.impact / 100},
        {**shared, "key": "walk", "activity": "D06", "text": "Walk", "is_fall": False},
        {**shared, "key": "walk", "activity": "D06", "is_fall": False, "position": "wrist"},
        {**shared, "key": "walk", "activity": "F01", "is_fall": True},
        {**shared, "key": "walk", "steps_gt": 20},
    ]  # fmt: skip
    (tmp_path / "index.json").write_text(json.dumps({"recordings": entries}))
    return tmp_path


def test_a_set_is_run_in_both_armings_and_only_what_can_be_scored(simulated_set):
    found = sway.evaluate(simulated_set)[simulated_set.name]
    assert list(found) == ["always", "gait"]
    for one in found.values():
        assert one["backward"]["falls"] == one["backward"]["warned"] == 1
        assert one["backward"]["median_lead_ms"] > 100
        assert one["daily"]["recordings"] == 1
        assert one["daily"]["false_alarms"] == 0


def test_settings_reach_the_detector(simulated_set):
    def lead_ms(**settings):
        found = sway.evaluate(simulated_set, settings=settings)[simulated_set.name]
        return found["always"]["backward"]["median_lead_ms"]

    assert lead_ms(sway_sensitivity=-4) < lead_ms()


def test_the_command_prints_tables_and_json(simulated_set, capsys):
    assert main(["evaluate", "sway", str(simulated_set), "--jobs", "1"]) == 0
    shown = capsys.readouterr().out
    assert "F15" in shown
    assert "D06 Walk" in shown
    assert main(["evaluate", "sway", str(simulated_set), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[simulated_set.name]["gait"]["backward"]["warned"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no sound JSON"),
        ('{"recordings": 3}', "want"),
        ("[]", "want"),
        ('{"recordings": [{"key": "a"}]}', "recording 0 has no archive"),
        ('{"recordings": []}', "no belt recording"),
    ],
)
def test_a_bad_index_is_said_plainly(tmp_path, text, message):
    (tmp_path / "index.json").write_text(text)
    with pytest.raises(UserError, match=message):
        sway.evaluate(tmp_path)


def test_a_missing_or_broken_archive_is_said_plainly(simulated_set):
    (simulated_set / "all.npz").write_bytes(b"no archive")
    with pytest.raises(UserError, match=r"all.npz: no sound .npz"):
        sway.evaluate(simulated_set)
    (simulated_set / "all.npz").unlink()
    with pytest.raises(UserError, match="all.npz"):
        sway.evaluate(simulated_set)


def some(folder, without=()):
    """Return the figures of both armings, but for falls to front and side, of which no floor tells."""
    (name,) = (path.name for path in folder.iterdir())
    entries = [entry for entry in read_index(folder / name) if entry["activity"] not in without]
    entries = [entry for entry in entries if not entry["is_fall"] or entry["direction"] == "backward"]
    trials = [sway.measure((folder / name, entry, {})) for entry in entries]
    return [figures([trial[k] for trial in trials], scoring.LOCOMOTION[name]) for k in range(2)]


# The network was learnt from these people too: these floors hold what lies on the pod, they are no proof of it.


def test_floors_on_kfall(some_people):
    always, gait = some(some_people(kfall={"S24"}))
    assert always["backward"]["warned_pct"] >= 98.5
    assert always["backward"]["median_lead_ms"] >= 350
    assert always["backward"]["lead_200ms_pct"] >= 78
    assert always["locomotion"]["per_hour"] <= 1
    assert always["daily"]["per_hour"] <= 8
    assert gait["falls_by_activity"]["F15"]["warned_pct"] >= 99
    assert gait["falls_by_activity"]["F15"]["median_lead_ms"] >= 350
    assert gait["locomotion"]["per_hour"] <= 1
    assert gait["daily"]["per_hour"] <= 3


def test_floors_on_sisfall_old_and_young(some_people):
    daily = [f"D{number:02}" for number in range(2, 20) if number not in (3, 5)]  # D01, 3, 5: walk, jog, stairs
    always, gait = some(some_people(sisfall={"SA18", "SE06"}), without=daily)
    assert always["backward"]["warned_pct"] >= 70
    assert always["backward"]["last_second_pct"] >= 85
    assert always["locomotion"]["per_hour"] <= 5
    assert gait["falls_by_activity"]["F02"]["last_second_pct"] >= 90
    assert gait["locomotion"]["per_hour"] <= 5
