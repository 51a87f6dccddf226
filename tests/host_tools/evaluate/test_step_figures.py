"""Times, speeds and confidence of strides against labels, and what stands in for gait nobody recorded."""

from dataclasses import replace

import numpy as np
import pytest

from host_tools.evaluate import labels, scoring, stand_ins
from host_tools.evaluate.scoring import Matched, StrideScore, Window
from host_tools.evaluate.stand_ins import Case
from host_tools.evaluate.step_figures import SetFigures, as_dict, by_speed, calibration
from host_tools.gait import ImuParams, Stand, Walk, WalkParams, Wearer, session


def swing(t_off, t_on, fwd=1.2, left=0.0, direction="forward"):
    return {"t_off": t_off, "t_on": t_on, "direction": direction, "disp_fwd_m": fwd, "disp_left_m": left}


def windows(*events):
    return labels.swing_windows({"position": "left foot", "events": list(events)})


def stride(start, contact, late=20, direction="forward", sure=90):
    return {
        "start": start, "contact": contact, "sample": contact + late, "direction": direction,
        "confidence_pct": sure,
    }  # fmt: skip


def test_a_strides_speed_is_its_way_over_the_time_from_contact_to_contact():
    found = windows(swing(1, 1.5), swing(2, 2.5, 0.8, 0.6), swing(9, 9.5, 2))
    assert [window.speed_mps for window in found] == [1.2, 1, None]  # the first's time is the second's


def test_labels_without_displacement_have_no_speed():
    event = {name: value for name, value in swing(1, 1.5).items() if not name.startswith("disp")}
    assert windows(event)[0].speed_mps is None


def test_the_motion_captures_contact_is_the_one_inside_the_strides_borders():
    borders = [{"t_start": t, "t_end": t + 1, "kind": "stride_border"} for t in (1, 2, 3)]
    contacts = [{"t_start": t, "t_end": t, "kind": "mocap_initial_contact"} for t in (1.7, 3.6)]
    entry = {"position": "left foot", "direction": "forward", "events": borders + contacts}
    assert [window.contact_s for window in labels.swing_windows(entry)] == [1.7, None, 3.6]


def test_times_are_scored_between_strides_that_follow_each_other():
    true = [Window(t - 0.5, t + 0.1, "forward", t) for t in (1, 2, 3, 4)]
    found = [stride(60, 99), stride(160, 201), stride(360, 402)]
    matched = scoring.score_strides(found, true, 100).matched
    assert [m.late_ms for m in matched] == pytest.approx([190, 210, 220])
    assert [m.time_error_ms for m in matched] == [None, pytest.approx(20), None]


def test_a_stride_nobody_labelled_between_two_breaks_the_time():
    true = [Window(0.5, 1.1, "forward", 1), Window(1.5, 2.1, "forward", 2)]
    found = [stride(60, 99), stride(115, 140), stride(160, 201)]
    assert [m.time_error_ms for m in scoring.score_strides(found, true, 100).matched] == [None, None]


def test_a_pause_is_no_stride_time():
    true = [Window(0.5, 1.1, "forward", 1), Window(5.5, 6.1, "forward", 6)]
    found = [stride(60, 99), stride(560, 601)]
    assert [m.time_error_ms for m in scoring.score_strides(found, true, 100).matched] == [None, None]


def test_contacts_at_the_belt_have_times_too():
    score = scoring.score_contacts([1.02, 1.5], [1.0, 1.5], [(1, 2)], [2.0, 1.6])
    figures = SetFigures("a", "belt")
    figures.contacts.add(score)
    numbers = as_dict(figures)
    assert numbers["late_ms"]["median"] == pytest.approx(550)
    assert numbers["time_error_ms"] == {"count": 1, "mean_abs": pytest.approx(20), "signed": pytest.approx(-20)}


def test_directions_by_speed():
    matched = [
        Matched("forward", "forward", speed_mps=0.99),
        Matched("forward", "backward", speed_mps=1.0),
        Matched("forward", "forward", speed_mps=9.0),
        Matched("backward", "unknown", speed_mps=0.5),
        Matched("forward", "forward"),
        Matched("left", "left", speed_mps=1.0),
    ]
    assert by_speed(matched) == {
        "forward": {
            "slow walk, < 1 m/s": {"forward": 1},
            "walk, 1-2 m/s": {"backward": 1},
            "sprint, > 3 m/s": {"forward": 1},
        },
        "backward": {"slow walk, < 1 m/s": {"unknown": 1}},
    }  # fmt: skip


def test_confidence_is_told_apart_from_guesses_and_turns_are_left_out():
    matched = [
        Matched("forward", "forward", 20), Matched("forward", "backward", 39), Matched("backward", "unknown", 0),
        Matched("backward", "backward", 100), Matched("turn", "forward", 100), Matched("left", "left"),
    ]  # fmt: skip
    rows = {row["confidence_pct"]: tuple(row[name] for name in ("strides", "right", "unknown", "wrong"))
            for row in calibration(matched)}  # fmt: skip
    assert rows == {
        "20, a guess": (1, 1, 0, 0), "0-39": (2, 0, 1, 1), "40-59": (0,) * 4, "60-79": (0,) * 4,
        "80-100": (1, 1, 0, 0),
    }  # fmt: skip


def test_a_set_of_one_direction_says_nothing_of_confidence():
    assert calibration([Matched("forward", "forward", 90)] * 9) == []


@pytest.mark.parametrize("name", ["uphill 10 % backward, 90/min", "forward, then backward", "pod upside down"])
@pytest.mark.slow
def test_simulated_cases_come_out_right(name):
    row = stand_ins.simulate(next(case for case in stand_ins.CASES if case.name == name))
    assert row["right"] >= row["strides"] - 1
    assert row["wrong"] == row["extra"] == 0


@pytest.mark.parametrize("case", [case for case in stand_ins.CASES if "standing" in case.name],
                         ids=lambda case: case.placement)  # fmt: skip
@pytest.mark.slow
def test_standing_with_weight_shifts_gives_no_step(case):
    row = stand_ins.simulate(case)
    assert (row["found"], row["extra"], row["steps"]) == (0, 0, 0)


def test_a_wrong_direction_shows_as_wrong(monkeypatch):
    monkeypatch.setattr(stand_ins, "SEEDS", (1,))
    turned = Wearer(imu=ImuParams(mount_yaw_deg=180))
    monkeypatch.setattr(stand_ins, "session", lambda *args, **given: as_if_in_body_axes(*args, **given))
    row = stand_ins.simulate(Case("", (Walk(12, WalkParams()),), wearer=turned))
    assert row["wrong"] == row["found"] > 0


def as_if_in_body_axes(*args, **given):
    return replace(session(*args, **given), frame="body")


def test_a_reversed_recording_is_scored_on_its_second_half_alone(tmp_path):
    made = session([Stand(2), Walk(16, WalkParams()), Stand(2)], "shoe", 1)
    np.savez(tmp_path / "all.npz", walk=made.samples)
    events = [swing(s.foot_off / 208, s.contact / 208) for s in made.truth.strides]
    entry = {"archive": "all.npz", "key": "walk", "position": "foot", "rate_hz": 208, "frame": "body"}
    score = stand_ins.measure_reversed((tmp_path, entry | {"events": events}))
    assert isinstance(score, StrideScore)
    assert score.confusion["forward", "backward"] >= len(events) - 1
    assert score.confusion["forward", "forward"] == 0
    assert score.extra == 0
