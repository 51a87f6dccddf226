"""Trials that lack samples are told by their sensors' lengths and their labels, not by what was found in them."""

import json

import numpy as np
import pytest

from host_tools.evaluate import steps, whole


def entry(key, trial=1, n=1000, ends_s=(9.0,), bounds_s=(0.5, 9.5)):
    events = [{"t_start": end_s - 0.4, "t_end": end_s, "foot": key.split()[0]} for end_s in ends_s]
    return {
        "key": key, "archive": "a.npz", "position": key, "subject": 1, "trial": trial, "n": n, "rate_hz": 100.0,
        "gyro": True, "frame": "body", "direction": "forward", "events": events, "trial_bounds_s": bounds_s,
    }  # fmt: skip


@pytest.mark.parametrize(("fields", "lost"), [
    ({}, False),
    ({"n": 995}, False),
    ({"n": 990}, True),
    ({"ends_s": (9.0, 9.6)}, True),
    ({"ends_s": (9.0, 10.2), "bounds_s": (0.5, 12)}, True),
])  # fmt: skip
def test_one_sensor_that_lacks_samples_spoils_its_trial_and_no_other(fields, lost):
    trials = [entry("left foot"), entry("right foot", **fields), entry("left foot 2", trial=2)]
    assert whole.lacking(trials) == ({"left foot", "right foot"} if lost else set())


def test_recordings_of_no_trial_are_taken_as_they_are():
    alone = entry("left foot", ends_s=(11.0,))
    del alone["trial"]
    assert whole.lacking([alone]) == set()


@pytest.mark.parametrize(("n", "names"), [(1000, ["x"]), (900, ["x", "x, whole trials"])])
def test_the_set_stands_there_again_without_them(tmp_path, n, names):
    folder = tmp_path / "x"
    folder.mkdir()
    still = np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (1000, 1))
    keys = ("left foot", "right foot", "left foot 2")
    np.savez(folder / "a.npz", **dict.fromkeys(keys, still))
    entries = [entry("left foot"), entry("right foot", n=n), entry("left foot 2", trial=2)]
    (folder / "index.json").write_text(json.dumps({"recordings": entries}))
    found = steps.evaluate(tmp_path)
    assert [figures.name for figures in found] == names
    assert [figures.recordings for figures in found] == [3, 1][: len(names)]
    assert found[-1].strides.missed == found[-1].recordings
