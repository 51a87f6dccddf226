"""Scoring by hand-made cases, and `evaluate steps` on hand-made folders."""

import argparse
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from host_tools import evaluate
from host_tools.errors import UserError
from host_tools.evaluate import floors, labels, scoring, step_floors, steps
from host_tools.evaluate.scoring import StepCount, Window
from host_tools.evaluate.step_figures import as_dict
from host_tools.gait import Stand, Walk, WalkParams, session


def stride(start, contact, direction="forward", length=1000, height=0, late=10):
    return {
        "event": "stride", "start": start, "contact": contact, "direction": direction, "sample": contact + late,
        "stride_mm": length, "height_mm": height, "lateral_mm": 0, "steps": 2,
    }  # fmt: skip


def run(folder, *options):
    parser = argparse.ArgumentParser()
    evaluate.add_arguments(parser)
    return evaluate.run(parser.parse_args(["steps", str(folder), "--set", "made", "--jobs", "1", *options]))


def test_one_found_stride_matches_one_true_one():
    windows = [Window(1, 2, "forward"), Window(3, 4, "forward")]
    assert scoring.match([1.5, 1.6, 3.5], windows) == [(0, 0), (2, 1)]


def test_matching_keeps_the_order_of_time():
    windows = [Window(1, 3, "forward"), Window(2, 4, "forward")]
    assert scoring.match([2.5, 2.6], windows) == [(0, 0), (1, 1)]
    assert scoring.match([3.5, 2.5], windows) == [(0, 1)]


def test_the_edges_of_a_window_belong_to_it():
    assert scoring.match([1.0, 2.0], [Window(1, 1.5, "a"), Window(1.6, 2, "a")]) == [(0, 0), (1, 1)]
    assert scoring.match([0.99], [Window(1, 2, "a")]) == []


def test_swing_windows_of_the_three_kinds_of_labels():
    swing = {"position": "left foot", "events": [{"t_off": 1, "t_on": 2, "direction": "side_left"}]}
    assert labels.swing_windows(swing) == [Window(0.85, 2.15, "left", 2)]
    both = {
        "position": "right foot",
        "direction": "forward (with a turn)",
        "events": [{"t_start": 1, "t_end": 2, "foot": "left"}, {"t_start": 3, "t_end": 4, "foot": "right"}],
    }
    assert labels.swing_windows(both) == [Window(2.85, 4.15, "forward", 4)]
    borders = {
        "position": "left foot",
        "direction": "forward",
        "events": [{"t_start": 1, "t_end": 2, "kind": "stride_border"}, {"t_start": 1, "t_end": 2, "kind": "ic"}],
    }
    assert labels.swing_windows(borders) == [Window(1, 2, "forward")]


def test_strides_found_missed_and_extra():
    windows = [Window(0, 1, "forward"), Window(2, 3, "backward"), Window(4, 5, "turn"), Window(6, 7, "backward")]
    found = [stride(30, 70), stride(230, 270, "forward"), stride(330, 370), stride(430, 470, "left")]
    score = scoring.score_strides(found, windows, 100)
    assert (score.found, score.missed, score.extra, score.unscored) == (2, 1, 1, 1)
    assert score.confusion["backward", "forward"] == 1
    assert score.confusion["backward", "missed"] == 1
    assert score.called("backward", "backward") == 0
    assert score.called("forward", "forward") == 1
    assert score.latency_s == [0.1, 0.1, 0.1]
    assert score.f1 == pytest.approx(4 / 6)


def test_strides_outside_the_bounds_are_no_concern():
    windows = [Window(0, 1, "forward"), Window(6, 7, "forward")]
    score = scoring.score_strides([stride(30, 70), stride(830, 870)], windows, 100, (0, 5))
    assert (score.found, score.missed, score.extra) == (1, 0, 0)


def test_a_missed_turn_is_no_miss():
    assert scoring.score_strides([], [Window(0, 1, "turn"), Window(1, 2, "other")], 100).missed == 0


def test_step_errors():
    counts = [StepCount(110, 100, 60), StepCount(45, 50, 60), StepCount(30, 10, 60), StepCount(3, 0, 1800)]
    assert scoring.mape_pct(counts) == pytest.approx(10)
    assert scoring.signed_pct(counts) == pytest.approx(100 * 5 / 150)
    assert scoring.false_per_hour(counts) == pytest.approx(6)
    assert math.isnan(scoring.mape_pct(counts[2:]))
    assert math.isnan(scoring.false_per_hour(counts[:2]))


def test_steps_of_strides_and_single_steps_count():
    events = [stride(1, 2), {"event": "step", "steps": 1}, {"event": "sway"}, {"event": "gap", "missing": 9}]
    assert scoring.counted_steps(events) == 3


def test_contacts_count_inside_bouts_only():
    score = scoring.score_contacts([1.0, 1.6, 5.0, 9.0], [1.1, 1.5, 2.0], [(1, 2)])
    assert (score.found, score.missed, score.extra) == (2, 1, 0)
    assert scoring.score_contacts([1.0, 1.01], [1.0], [(1, 2)]).extra == 1


def test_heel_lengths_take_the_heel_where_it_rests():
    t = np.arange(400) / 100
    x = np.clip((t - 1.0) / 0.5, 0, 1) * 1200
    heel = np.stack([x, 0 * t, np.clip((t - 1.0) / 0.5, 0, 1) * 50], axis=1)
    rows = scoring.heel_lengths([stride(200, 300, length=1188, height=40)], 200, heel, 100)
    assert rows.tolist() == [[1188, 1200, 40, 50]]
    heel[160:] = np.nan
    assert len(scoring.heel_lengths([stride(200, 320)], 200, heel, 100)) == 0


@pytest.fixture
def folder(tmp_path):
    made = session([Stand(2), Walk(20, WalkParams(direction="backward")), Stand(2)], "shoe", 1)
    path = tmp_path / "made"
    path.mkdir()
    np.savez(path / "all.npz", walk=made.samples)
    labels = [
        {"t_off": s.foot_off / 208, "t_on": s.contact / 208, "direction": s.direction} for s in made.truth.strides
    ]
    entry = {
        "archive": "all.npz", "key": "walk", "position": "left foot", "rate_hz": 208, "gyro": True,
        "frame": "body", "events": labels, "steps_gt": 20,
    }  # fmt: skip
    (path / "index.json").write_text(json.dumps({"recordings": [entry]}))
    return tmp_path


def test_a_folder_is_evaluated_end_to_end(folder, capsys):
    numbers = as_dict(steps.evaluate(folder)[0])
    assert numbers["strides"]["f1"] == 1
    assert list(numbers["confusion"]) == ["backward"]
    assert numbers["confusion"]["backward"].keys() == {"backward"}
    assert numbers["steps_mape_pct"] <= 10
    assert run(folder / "made") == 0
    assert "backward" in capsys.readouterr().out


def test_two_processes_give_the_same_figures(folder):
    assert as_dict(steps.evaluate(folder, jobs=2)[0]) == as_dict(steps.evaluate(folder)[0])


def edit(folder, change):
    file = folder / "made" / "index.json"
    index = json.loads(file.read_text())
    change(index)
    file.write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "made" / "index.json").unlink(), "no index.json"),
        (lambda f: (f / "made" / "index.json").write_text("{"), "no sound JSON"),
        (lambda f: (f / "made" / "index.json").write_text("[]"), "want"),
        (lambda f: (f / "made" / "all.npz").unlink(), "no archive all.npz"),
        (lambda f: (f / "made" / "all.npz").write_bytes(b"PK"), "no sound .npz"),
        (lambda f: np.save((f / "made" / "all.npz").open("wb"), np.zeros((9, 6), np.int16)), "no sound .npz"),
        (lambda f: edit(f, lambda i: i["recordings"][0].pop("rate_hz")), "recording 0 has no rate_hz"),
        (lambda f: edit(f, lambda i: i["recordings"][0].update(key="other")), "no array 'other'"),
        (lambda f: edit(f, lambda i: i["recordings"].clear()), "no recording with labelled"),
    ],
)
def test_a_wrong_folder_is_answered_plainly(folder, spoil, said):
    spoil(folder)
    with pytest.raises(UserError, match=said):
        steps.evaluate(folder)


def test_no_folder_and_no_such_set(folder):
    with pytest.raises(UserError, match="no such folder"):
        steps.evaluate(folder / "nowhere")
    with pytest.raises(UserError, match="--set other: not in"):
        steps.evaluate(folder, ["other"])


def said_by(folder, capsys, *options):
    code = run(folder, *options)
    return code, capsys.readouterr()


def test_json_has_the_sets_and_the_floors(folder, capsys):
    code, said = said_by(folder, capsys, "--json")
    shown = json.loads(said.out)
    assert code == 0
    assert shown["sets"][0]["set"] == "made"
    assert {row["met"] for row in shown["floors"]} == {"not measured"}
    assert shown["simulated"] == shown["time_reversed"] == []


def test_floors_that_are_missed_are_named_and_end_with_1(folder, capsys, monkeypatch):
    row = floors.Floor("made", "shoe", "recordings", "", True, 2, 3, lambda found: found.recordings)
    monkeypatch.setattr(step_floors, "FLOORS", (row,))
    code, said = said_by(folder, capsys, "--floors")
    assert (code, said.err) == (1, "floor missed: made, shoe: recordings: 1.00, want >= 2\n")
    assert "missed" in said.out
    assert said_by(folder, capsys)[0] == 0
    monkeypatch.setattr(step_floors, "FLOORS", (replace(row, floor=1),))
    assert said_by(folder, capsys, "--floors")[0] == 0


def test_floors_of_sets_that_are_not_there_are_not_met(folder, capsys):
    with pytest.raises(UserError, match="--floors: none of the sets"):
        run(folder, "--floors")
    assert "not measured" in capsys.readouterr().out


def test_labels_without_their_times_are_named(folder):
    edit(folder, lambda index: index["recordings"][0]["events"][3].pop("t_on"))
    with pytest.raises(UserError, match="recording walk: its labels: no 't_on'"):
        steps.evaluate(folder)
