import json
import re

import numpy as np
import pytest

from host_tools import gait
from host_tools.__main__ import main
from host_tools.recordings import Recording, save
from host_tools.replay import replay

STILL = np.tile(np.array([0, 0, 1000, 0, 0, 0], np.int16), (400, 1))


@pytest.fixture(scope="module")
def walk():
    return gait.uphill_backward_session(1).recording()


def test_a_still_pod_says_nothing():
    for placement in ("shoe", "belt", "wrist"):
        assert replay(STILL, rate_hz=208, placement=placement) == []


def test_strides_carry_what_the_api_promises(walk):
    found = replay(walk.samples, rate_hz=walk.rate_hz, placement="shoe")
    strides = [event for event in found if event["event"] == "stride"]
    assert len(strides) > 10
    for event in strides:
        assert {"start", "contact", "direction", "stride_mm", "height_mm", "steps"} <= set(event)
        assert 0 <= event["start"] < event["contact"] <= event["sample"] < len(walk.samples)
    emitted = [event["sample"] for event in found]
    assert emitted == sorted(emitted)


def test_nothing_looks_ahead(walk):
    whole = replay(walk.samples, rate_hz=walk.rate_hz)
    cut = whole[len(whole) // 2]["sample"] + 1
    assert replay(walk.samples[:cut], rate_hz=walk.rate_hz) == [e for e in whole if e["sample"] < cut]


def test_another_rate_finds_the_same_walk(walk):
    half = walk.samples[::2]
    whole, halved = (
        sum(e.get("steps", 0) for e in replay(samples, rate_hz=rate))
        for samples, rate in ((walk.samples, walk.rate_hz), (half, walk.rate_hz / 2))
    )
    assert abs(whole - halved) <= 4


def test_a_gap_is_stated_in_its_place(walk):
    found = replay(walk.samples, rate_hz=walk.rate_hz, gaps=[(3000, 200)])
    (gap,) = [event for event in found if event["event"] == "gap"]
    assert gap["sample"] == 3000


@pytest.mark.parametrize(
    "change,says",
    [
        ({"placement": "hat"}, "placement"),
        ({"frame": "moon"}, "frame"),
        ({"settings": {"sway_lean_deg": 99}}, "sway_lean_deg: 99 is outside 5..45 deg"),
        ({"rate_hz": 0}, "rate_hz"),
        ({"samples": np.zeros((3, 4), np.int16)}, "shape"),
        ({"samples": np.zeros((3, 6))}, "float64"),
    ],
)
def test_wrong_input_is_a_value_error(change, says):
    with pytest.raises(ValueError, match=says):
        replay(**{"samples": STILL, "rate_hz": 208, **change})


def test_the_command_prints_what_the_api_returns(tmp_path, capsys, walk):
    save(tmp_path / "walk.bsr", Recording(walk.samples, walk.rate_hz))
    assert main(["replay", str(tmp_path / "walk.bsr"), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == replay(walk.samples, rate_hz=walk.rate_hz)
    assert main(["replay", str(tmp_path / "walk.bsr")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(lines) + 6  # a line an event, its head, and what they add up to
    assert max(map(len, told)) <= 80
    steps = [int(number) for number in re.findall(r"(\d+) (?:backward|forward|other)", told[-5])]
    assert sum(steps) == sum(event.get("steps", 0) for event in lines) and steps[0] > 40
    metres = sum(event["stride_mm"] for event in lines if event.get("direction") == "backward") / 1000
    assert told[-4].startswith(f"{metres:.1f} m backward, ")
    assert told[-2].startswith("heights: against a level that is not calibrated")


def test_a_recording_without_an_event_is_said_to_have_none(tmp_path, capsys):
    save(tmp_path / "still.bsr", Recording(STILL, 208))
    assert main(["replay", str(tmp_path / "still.bsr")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "no events", "0 backward, 0 forward, 0 other steps in 1.9 s", "no sway, no fall",
    ]  # fmt: skip
