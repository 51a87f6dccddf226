"""`evaluate sway --floors`: each person by a network that has not seen him, on a hand-made folder and by fakes."""

import json
import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from backstep.core.belt import sway_table

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.evaluate import floors, held_out, sway, sway_floors
from host_tools.evaluate.held_out import Folds, digest
from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, WalkParams, session
from host_tools.train import examples

MUTE = examples.MUTE  # warns of nothing
OTHER = SimpleNamespace(NETWORK=(b"\x01" * 9, b"\x02", b"\x03\xff"), WARN_SCORE=9, CAUTION_SCORE=-4)
GROUP = {("kfall", "S1"): 0, ("kfall", "S2"): 1, ("other", "S1"): 1}


def test_what_is_written_is_read_again(tmp_path):
    file = tmp_path / "folds.json"
    held_out.write(str(file), sway_table, [MUTE, OTHER], GROUP)
    folds = held_out.read(file).checked()
    assert folds.group == GROUP
    assert [folds.table(number) for number in (0, 1)] == [MUTE, OTHER]
    assert folds.group_of("kfall", {"subject": "S2"}) == 1
    stranger = folds.group_of("other", {"subject": "S2"})
    assert stranger is folds.group_of("other", {}) is folds.table(stranger) is None
    handed_over = pickle.loads(pickle.dumps([folds.table(number) for number in (None, 0, 1)]))
    assert handed_over == [None, *folds.tables], "to other processes"
    with pytest.raises(UserError, match="no_such"):
        held_out.write(str(tmp_path / "no_such" / "folds.json"), sway_table, [MUTE], GROUP)


def test_networks_learnt_beside_another_than_the_pods_are_refused():
    with pytest.raises(UserError, match=r"another network than the pod's, want both anew: backstep train sway"):
        Folds(digest(MUTE), (MUTE,), GROUP).checked()


def test_those_that_are_kept_belong_to_the_pods():
    folds = held_out.read().checked()
    assert len(folds.tables) >= 4
    assert {number for number in folds.group.values()} == set(range(len(folds.tables)))
    assert digest(sway_table) not in map(digest, folds.tables)


@pytest.fixture
def folder(tmp_path):
    """A set of two people, each with the same simulated fall."""
    lost = [Stand(2), Walk(12, WalkParams()), LoseBalance(SwayParams(push_ratio=2)), Stand(1)]
    made = session(lost, "belt", 1, rate_hz=100)
    truth = made.truth.sways[0]
    np.savez(tmp_path / "all.npz", fall=made.samples)
    entry = {
        "archive": "all.npz", "key": "fall", "position": "lower back", "rate_hz": 100.0, "gyro": True,
        "frame": "body", "activity": "F15", "is_fall": True, "direction": "backward",
        "onset_s": truth.onset / 100, "impact_s": truth.impact / 100,
    }  # fmt: skip
    recordings = [{**entry, "subject": subject} for subject in ("S1", "S2")]
    (tmp_path / "index.json").write_text(json.dumps({"recordings": recordings}))
    return tmp_path


def test_each_is_measured_by_a_network_that_has_not_seen_him(folder, capsys, monkeypatch):
    """What is learnt without S1 is mute, so that his fall is missed; S2 is a stranger to the pod's own."""
    folds = Folds(digest(sway_table), (MUTE,), {(folder.name, "S1"): 0})
    monkeypatch.setattr(held_out, "read", lambda: folds)
    rows = [floors.Floor(folder.name, "gait", "warned", "%", True, 99, 99, sway_floors.FLOORS[0].measure)]
    monkeypatch.setattr(sway, "FLOORS", rows)
    sensitive = ["--settings", "sway_sensitivity=4"]
    asked = ["evaluate", "sway", str(folder), "--jobs", "1", *sensitive]
    assert main(asked) == 0
    assert f"learnt from 1 people of {folder.name}; held out: --floors" in capsys.readouterr().out
    assert main([*asked, "--floors"]) == 1
    said = capsys.readouterr()
    assert "Each of 1 people by a network that has not seen him" in said.out
    assert "gait: warned: 50.00, want >= 99 %" in said.err
    assert main([*asked, "--floors", "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["sets"][folder.name]["always"]["backward"]["warned"] == 1
    assert [one[folder.name]["always"]["backward"]["warned"] for one in shown["groups"]] == [0]
    assert shown["floors"][0]["met"] == "missed"


def test_each_floor_reads_its_figure():
    back = {"warned_pct": 1, "median_lead_ms": 2, "lead_200ms_pct": 3, "last_second_pct": 4}
    slip = {"F15": {"warned_pct": 7}}
    case = {"backward": back, "daily": {"per_hour": 5}, "locomotion": {"per_hour": 6}, "falls_by_activity": slip}
    found = {("kfall", "always"): case, ("kfall", "gait"): case, ("sisfall", "always"): case}
    measured = [row["measured"] for row in floors.judged(sway_floors.FLOORS, found)]
    assert measured == [1, 2, 3, 5, 6, 7, 6, 4, 5]
    (row,) = floors.judged(sway_floors.FLOORS[5:6], {("kfall", "gait"): {**case, "falls_by_activity": {}}})
    assert row["measured"] is None
