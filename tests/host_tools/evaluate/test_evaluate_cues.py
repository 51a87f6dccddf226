"""`backstep evaluate cues`: every cue where nobody falls is counted, by set and by how it was played."""

import json
from dataclasses import replace

import numpy as np
import pytest

from host_tools.__main__ import main
from host_tools.errors import UserError
from host_tools.evaluate import cues, sets
from host_tools.gait import Slip, Stand, Walk, session, uphill_backward


@pytest.fixture
def folder(tmp_path):
    gait = uphill_backward(100, 10)
    made = session([Stand(3), Walk(16, gait), Slip(gait), Walk(6, gait), Stand(2)], "shoe", 1)
    np.savez(tmp_path / "all.npz", slipped=made.samples, belt=made.samples)
    shared = {"archive": "all.npz", "rate_hz": made.rate_hz, "gyro": True, "frame": "body"}
    placed = {"slipped": "left foot", "belt": "waist"}
    entries = [{**shared, "key": key, "position": position} for key, position in placed.items()]
    (tmp_path / "index.json").write_text(json.dumps({"recordings": entries}))
    return tmp_path


def test_cues_are_counted_where_they_are(folder):
    recorded, turned = cues.evaluate(folder)
    assert (recorded["played"], recorded["slide"], recorded["catch"]) == ("recorded", 1, 0)
    assert recorded["backward"] >= 8 and recorded["hours"] == pytest.approx(turned["hours"])
    assert cues.evaluate(folder, settings={"slide_mm_s": 0})[0]["slide"] == 0


def test_table_and_json(folder, capsys):
    assert main(["evaluate", "cues", str(folder), "--jobs", "1"]) == 0
    assert "all are false" in capsys.readouterr().out
    assert main(["evaluate", "cues", str(folder), "--jobs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["slide"] == 1


def test_any_cue_as_recorded_misses_the_floor(folder, capsys, monkeypatch):
    row = replace(cues.FLOORS[0], set=folder.name)
    monkeypatch.setattr(cues, "FLOORS", [row])
    assert main(["evaluate", "cues", str(folder), "--jobs", "1", "--floors"]) == 1
    assert "recorded: cues where nobody falls: 1.00, want <= 0" in capsys.readouterr().err
    without = {**dict.fromkeys(cues.CUES, 0), "backward": 9}
    assert [row.measure({**without, name: 2}) for name in cues.CUES] == [2] * len(cues.CUES)


def test_a_folder_without_feet_is_refused(folder):
    (folder / "index.json").write_text(json.dumps({"recordings": []}))
    with pytest.raises(UserError, match="no foot recording with a gyro"):
        cues.evaluate(folder)


def test_no_cue_in_recordings_of_people_who_do_not_fall(some_people):
    people = some_people(esangeni_foot=None, esangeni_clipped=None, gaitmap_foot=None, ipol_gait1={3, 17})
    found = cues.evaluate(people)
    recorded = [row for row in found if row["played"] == "recorded"]
    assert sum(row["hours"] for row in recorded) > 0.3 and sum(row["backward"] for row in recorded) >= 80
    assert [sum(row[name] for name in cues.CUES) for row in recorded] == [0] * len(recorded)
    turned = [row for row in found if row["played"] == "reversed"]
    assert sum(row[name] for row in turned for name in cues.CUES) <= 0.01 * sum(row["backward"] for row in turned)


def test_each_process_opens_an_archive_of_its_own(folder):
    """One that is open already would be read on from where another process has left off."""
    entry, _ = sets.read_index(folder)
    sets.array(folder, entry, "belt")
    assert [*sets.measured(archives_open, [1, 2], 2, False)] == [0, 0]


def archives_open(task):
    return sets._opened.cache_info().currsize
