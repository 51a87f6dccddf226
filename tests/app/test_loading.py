"""What a session needs is loaded while its wearer rests: on an ESP32 it takes longer than samples may wait."""

import builtins

import pytest
from app.marked_rows import walk
from backstep.core import detectors
from backstep.core import settings as rules

from host_tools.gait import Stand, Walk, session, uphill_backward

TURNS = range(600, 1000)


def loading(monkeypatch, told):
    """Have every import inside of ours tell its name."""
    plain = builtins.__import__

    def watched(name, space=None, *args):
        if (space or {}).get("__name__", "").startswith("backstep."):
            told(f"{name} {args[1:2]}")
        return plain(name, space, *args)

    monkeypatch.setattr(builtins, "__import__", watched)


def test_nothing_is_loaded_while_the_wearer_moves(pod, monkeypatch):
    pod.settings(placement="belt")
    pod.imu.rows = walk(3000, sways=(2100,), steps=range(610, 1000, 60), turning=TURNS)
    resting, moving = [], []

    def told(name):
        at = pod.detector.n - 1 if pod.detector else -1
        (moving if at in TURNS else resting if at >= 0 else []).append(name)

    loading(monkeypatch, told)
    pod.run(28_000)
    assert moving == []
    assert any("PlacementCheck" in name for name in resting) and any("pieces" in name for name in resting)


@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
def test_no_detector_loads_anything_for_a_sample(monkeypatch, placement):
    rows = session([Stand(2.0), Walk(6, uphill_backward(90, 10)), Stand(2.0)], placement, seed=1).samples.tolist()
    detector, names = detectors.make(placement, rules.check({"placement": placement}), "body"), []
    loading(monkeypatch, names.append)
    codes = {detector.feed(*row) for row in rows}
    assert names == [] and (len(codes) > 1 or placement == "wrist"), "a wrist counts later"
