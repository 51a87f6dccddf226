import io
import json
import re

import numpy as np
import pytest
from rich.console import Console

from host_tools import csv_table, gait
from host_tools.__main__ import main
from host_tools.recording_files import load, save
from host_tools.recordings import Recording
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
        ({"settings": {"sway_refractory_s": 99}}, "sway_refractory_s: 99 is outside 1..30 s"),
        ({"rate_hz": 0}, "rate_hz"),
        ({"samples": np.zeros((3, 4), np.int16)}, "shape"),
        ({"samples": np.zeros((3, 6))}, "float64"),
    ],
)
def test_wrong_input_is_a_value_error(change, says):
    with pytest.raises(ValueError, match=says):
        replay(**{"samples": STILL, "rate_hz": 208, **change})


@pytest.mark.slow
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



def test_in_a_terminal_a_long_recording_tells_how_far_it_is(tmp_path, monkeypatch, capsys):
    out = io.StringIO()
    screen = Console(file=out, force_terminal=True, width=80)
    monkeypatch.setattr("host_tools.replay.Console", lambda stderr: screen)
    save(tmp_path / "still.bsr", Recording(STILL, 208))
    assert main(["replay", str(tmp_path / "still.bsr")]) == 0
    assert "replaying" in out.getvalue() and "100%" in out.getvalue()
    assert capsys.readouterr().out == "no events\n" and "no events" not in out.getvalue()


def table_of(path, rows):
    lines = ["# rate_hz=208 placement=shoe frame=body", ",".join(csv_table.COLUMNS)]
    path.write_text("\n".join([*lines, *["12,-3,1000,0,1,-1"] * rows, ""]))


@pytest.mark.parametrize("suffix", [".csv", ".bsr"])
def test_reading_a_long_file_tells_how_much_of_it_is_read(tmp_path, suffix):
    path = tmp_path / f"long{suffix}"
    rows = 3 * csv_table.AT_ONCE
    if suffix == ".csv":
        table_of(path, rows)
    else:
        save(path, Recording(np.resize(STILL, (rows, 6)), 208))
    shares = []
    load(path, on_share=shares.append)
    assert len(shares) >= 3 and shares == sorted(shares) and 0 < shares[0] < 0.5 and 0.9 < shares[-1] <= 1


@pytest.mark.parametrize("line", [["replay"], ["sim", "--save", "out.bsr", "--recording"]])
def test_reading_is_shown_in_a_terminal_alone_and_not_beside_json(tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    table_of(tmp_path / "long.csv", csv_table.AT_ONCE)
    shown = {}
    for words, terminal in (((), True), (("--json",), True), ((), False)):
        out = io.StringIO()
        screen = Console(file=out, force_terminal=terminal, width=80)
        monkeypatch.setattr("host_tools.replay.Console", lambda stderr, screen=screen: screen)
        assert main([*line, "long.csv", *words]) == 0
        shown[words, terminal] = out.getvalue()
    assert re.search(r"reading.*100%", shown.pop(((), True)))
    assert set(shown.values()) == {""}


def test_wrong_settings_are_refused_before_a_file_is_read(tmp_path, capsys):
    assert main(["replay", str(tmp_path / "none.bsr"), "--settings", "sway_refractory_s=99"]) == 2
    assert "sway_refractory_s: 99 is outside 1..30 s" in capsys.readouterr().err
