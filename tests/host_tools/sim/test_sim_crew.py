"""`backstep sim --crew`: pods of one wearer on one page, and what it refuses."""

import argparse
import importlib.util
import json
from binascii import crc32
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from backstep.core.log.chest import sealed

from host_tools.__main__ import main
from host_tools.recordings import Recording
from host_tools.sessions.folder import settings_of
from host_tools.sim import left
from host_tools.sim.banded import KEPT, banded, buzzer
from host_tools.sim.sim_crew import WIDTH, crew, line_of
from host_tools.sim.worn import Wearing, Worn, uneven
from host_tools.virtual_pod.flash_image import write_files
from host_tools.virtual_pod.pod_run import Pod


def refused(capsys, *words):
    assert main(["sim", *words]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("option", [
    ("--recording", "walk.bsr"), ("--placement", "belt"), ("--save", "a.bsr"), ("--pty",), ("--flash", "a.flash"),
    ("--faults", "absent"),
])  # fmt: skip
def test_an_option_of_one_pod_is_refused(capsys, option):
    assert f"--crew: {option[0]} is of one pod alone" in refused(capsys, "--crew", "shoe,belt", *option)


def test_without_bumble_one_sentence_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = refused(capsys, "--crew", "shoe,belt,wrist")
    assert said.strip().count("\n") == 0 and "pip install 'backstep-pod[radio]'" in said


@pytest.mark.parametrize(("word", "says"), [
    ("shoe", "two or three different ones"), ("shoe,shoe", "two or three different ones"),
    ("shoe,hat", "'hat' is none of shoe, belt, wrist"), ("", "'' is none of"),
])  # fmt: skip
def test_a_crew_is_two_or_three_different_placements(word, says):
    with pytest.raises(argparse.ArgumentTypeError, match=says):
        crew(word)


def test_the_pods_of_a_crew_are_a_band_that_each_knows_its_place_in():
    worn = banded(uneven(crew("shoe, belt,wrist"), settings={"haptic_strength_pct": 80}), 5)
    tables = [json.loads(one.files[KEPT].split(b"\n")[0])["table"] for one in worn]
    assert [table["me"] for table in tables] == [0, 1, 2] and {table["hub"] for table in tables} == {1}
    assert len({table["key"] for table in tables}) == 1 and len({pod["uid"] for pod in tables[0]["pods"]}) == 3
    assert [pod["senses"] for pod in tables[0]["pods"]] == [True, True, False]
    assert [pod["buzzes"] for pod in tables[0]["pods"]] == [False, False, True]
    assert all(one.settings == {"radio": "pods", "haptic_strength_pct": 80} for one in worn)


def test_a_buzz_is_noticed_at_the_wrist_else_at_the_belt():
    assert buzzer([Worn("shoe"), Worn("wrist"), Worn("belt")]).placement == "wrist"
    assert buzzer([Worn("shoe"), Worn("belt")]).placement == "belt"


def said_by(name, at_s, line):
    return line_of(SimpleNamespace(worn=SimpleNamespace(called=name), said=[(at_s, line)]), line)


def test_a_line_has_the_time_of_the_walk_and_the_pod_before_it():
    sway = {"event": "sway", "lean_ddeg": 89, "rate_ddps": 760}
    assert said_by("belt", 59.3, sway) == " 0:59.3  belt   SWAY: leaning back 8.9 deg at 76 deg/s"
    started = {"event": "buzz", "pattern": "start", "ms": 380}
    assert said_by("wrist", -5.6, started) == "-0:05.6  wrist  buzz: start, 380 ms"
    assert said_by("shoe", 1.0, {"event": "stride"}) == ""


def test_a_line_has_at_most_80_columns():
    words = "radio: pods with a shoe on an esp32s3 needs 184 KB of heap, this pod has 157 KB; it stays off"
    first, second = said_by("shoe", 0.0, {"text": words}).split("\n")
    assert len(first) <= WIDTH and second.startswith(" " * 16)
    assert f"{first[16:]} {second.strip()}" == words


class LivesOn:
    """A crew of which the pods named here end their session at the wrist's button."""

    def __init__(self, pods, linked):
        self.pods, self.linked, self.actions, self.runs = pods, linked, [], []

    def at(self, world_us, action):
        self.actions.append(action)

    def run(self, until_us):
        while self.actions:
            self.actions.pop()()
        self.runs.append(until_us)
        pressed = {name for name, pod in self.pods.items() if pod.run.model.pressed}
        for name in pressed | (self.linked if "wrist" in pressed else set()):
            self.pods[name].run.log.summary = {"backward": 1}


class Held:
    hardware = SimpleNamespace(now_us=5)
    pressed = 0

    def press_at(self, now_us, hold_s):
        self.pressed += 1


@pytest.mark.parametrize(("linked", "presses"), [
    ({"belt", "wrist"}, [0, 1]), ({"wrist"}, [1, 1]),
])  # fmt: skip
def test_a_pod_whose_radio_stays_off_ends_by_its_own_button_and_has_its_figures_too(linked, presses):
    pods = {
        name: SimpleNamespace(
            worn=Worn(name), run=SimpleNamespace(model=Held(), log=SimpleNamespace(summary={}, alarming=False))
        )
        for name in ("belt", "wrist")
    }
    wearing = object.__new__(Wearing)
    wearing.pods, wearing.crew, wearing.end_us = list(pods.values()), LivesOn(pods, linked), 9_000_000
    wearing._live(("wrist",))
    assert [pod.run.model.pressed for pod in pods.values()] == presses
    assert all(pod.run.log.summary for pod in pods.values()) and len(wearing.crew.runs) == 1 + presses[0]


def test_sessions_are_left_as_sync_would_fetch_them_and_never_beside_earlier_ones(tmp_path, capsys):
    (worn,) = left.on_flashes([Worn("belt", settings={"radio": "pods"})], tmp_path)
    chest = b"samples" + bytes(sealed(7, b'{"event": "sway"}', crc32))
    kept = {"/log/00001-01.bsl": b"session", "/raw/0001.raws": chest, "/kept/state.a": b"x"}
    write_files(Path(worn.flash), kept)
    pod = Pod(Recording(np.zeros((2, 6), np.int16), 104, "belt"), settings=worn.settings)
    to = tmp_path / "here"
    left.check(to, [worn])
    (file,) = left.put([SimpleNamespace(worn=worn, run=SimpleNamespace(pod=pod))], to)
    assert file == to / worn.unique_id.hex() / "00001-01.bsl" and file.read_bytes() == b"session"
    assert (file.parent / "raw" / "0001-01.bsr").read_bytes() == b"samples"
    kept = settings_of(file.parent)
    assert (kept["placement"], kept["radio"], kept["pod_name"]) == ("belt", "pods", "backstep")
    said = refused(capsys, "--crew", "shoe,belt", "--to", str(to))
    assert "has a session of this belt; want another" in said
    assert "--to: is of --crew; of one pod" in refused(capsys, "--to", str(to))
    assert "is a file, want a folder" in refused(capsys, "--crew", "shoe,belt", "--to", str(file))


@pytest.mark.vm
@pytest.mark.slow
def test_a_sway_of_the_belt_is_seen_at_the_wrist(capsys):
    assert main(["sim", "--crew", "belt,wrist", "--scenario", "sway", "--fast"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= WIDTH
    at = {
        name: next(i for i, line in enumerate(lines) if name in line and "buzz: sway" in line)
        for name in ("belt", "wrist")
    }
    assert at["belt"] < at["wrist"]
    (heads,) = [line for line in lines if line.startswith("summary")]
    assert heads.split() == ["summary", "belt", "wrist"]
    assert any(line.startswith("heap free") for line in lines)


@pytest.mark.vm
@pytest.mark.slow
def test_with_json_each_line_names_its_pod(capsys):
    assert main(["sim", "--crew", "belt,wrist", "--scenario", "sway", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["told_by"] for line in lines} == {"belt", "wrist"}
    assert [line["told_by"] for line in lines if line["event"] == "summary"] == ["belt", "wrist"]
    assert any(line["event"] == "link" and line["up"] for line in lines)
