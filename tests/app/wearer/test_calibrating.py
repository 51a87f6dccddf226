"""Calibrating on the virtual pod: by request and button, kept over a start, felt, and refused with its reason."""

import os
import re
from types import SimpleNamespace

import numpy as np
import pytest
from app.walking import walked
from backstep.app.kept import settings_store, twin
from backstep.app.running import Kept
from backstep.app.wearer import calibrating
from backstep.core import settings as rules

from host_tools.gait import Stand, Walk, WalkParams

TURN = np.array([[0, 0, 1], [-1, 0, 0], [0, -1, 0]])  # from a shoe's axes to those of a pod at its heel
HEEL_FORWARD, HEEL_UP = [0, -16384, 0], [16384, 0, 0]


def test_a_pod_at_the_heel_by_request_and_it_holds_after_a_start(pods):
    pod = pods(walked("shoe", Stand(9), Walk(14, WalkParams()), Stand(2), turn=TURN))
    pod.ask(1, "time", unix_ms=1_800_000_000_000, utc_offset_min=60)
    assert pod.ask(2, "calibrate")["step"] in ("wait", "stand")
    assert pod.ask(3, "calibrate") == "calibrate: it goes on already; cancel ends it"
    pod.run(20)
    lines = [line.partition(": ")[2] for line in pod.said("calibration: ")]
    assert lines[0].startswith("stand still on level ground") and lines[-1] == "done"
    assert [line for line in lines if "stride" in line] == ["stride 1 of 4", "stride 2 of 4", "stride 3 of 4"]
    assert [line[6:] for line in pod.said("buzz: ")] == ["start", "stand", "walk", "done"]
    told = pod.ask(20, "calibration")
    assert (told["step"], told["why"], told["strides"], told["of"]) == ("done", "", 4, 4)
    status = pod.ask(21, "status")
    assert (status["calibrated_day"], status["waits"]) == (20833, [])
    kept = pod.ask(22, "get")["settings"]
    assert rules.check(kept) == kept and kept["frame"] == "sensor"
    axes = [[kept[f"{name}_{axis}"] for axis in "xyz"] for name in ("mount", "upright")]
    for found, wanted in zip(axes, (HEEL_FORWARD, HEEL_UP), strict=True):
        assert np.dot(found, wanted) / 16384**2 > 0.995  # 6 deg; the simulated pod is off by some itself
    pod.vm.close()
    pod = pods(walked("shoe", Stand(3), Walk(14, WalkParams(direction="backward")), Stand(2), turn=TURN))
    pod.run(18)
    assert re.search(r"back +[1-9]", pod.text) and not re.search(r"(fwd|other) +[1-9]", pod.text)
    assert pod.ask(18, "status")["calibrated_day"] == 20833
    assert set(pod.ask(19, "calibrate", forget=True)["changed"]) >= {"calibrated_day", "mount_y", "upright_x"}


def test_what_is_refused_is_said_and_felt_and_changes_nothing(pods):
    pod = pods(walked("shoe", Stand(6), Walk(14, WalkParams(grade_pct=18)), Stand(2)))
    before = pod.ask(1, "get")["settings"]
    pod.ask(2, "calibrate")
    pod.run(22)
    (line,) = pod.said("calibration: refused: ")
    assert "level floor" in line
    assert pod.said("buzz: ")[-1] == "buzz: failed"
    told = pod.ask(23, "calibration")
    assert told["step"] == "failed" and "level floor" in told["why"]
    assert pod.ask(24, "get")["settings"] == before
    assert pod.ask(25, "calibrate", cancel=True) == "calibrate: nothing to cancel: it does not go on"


@pytest.mark.parametrize("placement", ["belt", "wrist"])
def test_a_belt_or_wrist_only_stands(pods, placement):
    pod = pods(walked(placement, Stand(12)))
    pod.ask(1, "calibrate")
    assert pod.ask(8, "calibration")["step"] == "done"
    assert "upright_z" in pod.ask(9, "status")["waits"]
    kept = pod.ask(10, "get")["settings"]
    assert kept["frame"] == "body" and (kept["upright_z"] > 15500 or placement == "wrist")
    pod.vm.close()
    pod = pods(walked(placement, Stand(6)))
    pod.run(5)
    assert pod.said("KB free  ok")  # a belt's detector has its samples turned now


def test_a_belt_whose_forward_is_not_known_is_refused(pods):
    pod = pods(walked("belt", Stand(4)), frame="sensor")
    assert "must be worn with its arrow forward" in pod.ask(1, "calibrate")


def press_and_hold_at(pod, at_ms):
    pod.parts.press_at(at_ms)
    pod.parts.press_at(at_ms + 250, 1400)


def test_a_short_press_then_a_held_one_begins_it_and_again_ends_it(pod):
    pod.settings(placement="belt")
    press_and_hold_at(pod, 1000)
    press_and_hold_at(pod, 6000)
    press_and_hold_at(pod, 7700)
    pod.run(14_000)
    buzzes = [line[6:] for line in pod.said("buzz: ")]
    assert buzzes == ["start", "stand", "done", "stand", "failed", "stop"]
    assert pod.said("calibration: refused: cancelled")


def test_a_flash_that_refuses_is_said(pod, monkeypatch):
    def refuse(path, table):
        raise OSError(28)

    pod.settings(placement="belt")
    press_and_hold_at(pod, 1000)
    pod.world.at(1500, lambda: monkeypatch.setattr(twin, "pieces", refuse))
    pod.run(8000)
    assert pod.said("calibration: refused: the flash did not take it")


def test_a_button_in_the_wrong_frame_is_answered(asked):
    asked.running.pod.frame, asked.running.pod.placement = "sensor", "belt"
    calibrating.begin_or_cancel(asked.running)
    assert any("arrow forward" in line for line in asked.running.writer.buffer)


class Stood:
    """A belt that has stood still long enough, and what a Calibrating asks around it."""

    def __init__(self, folder):
        self.said, self.quiet = [], lambda: True
        self.detecting = SimpleNamespace(taps=(), hears=(), rested=())
        self.wearer = SimpleNamespace(
            heading=None, calibrating=None, calibration={}, cue=lambda name: None, say=self.said.append
        )
        self.kept = Kept(f"{folder}/kept/settings.json", {})
        self.calibrating = calibrating.Calibrating(
            SimpleNamespace(
                pod=SimpleNamespace(rate_hz=104, placement="belt"), kept=self.kept, sensing=self,
                clock=SimpleNamespace(day=20833), writer=SimpleNamespace(say=self.said.append),
            )
        )  # fmt: skip
        for _ in range(300):
            self.detecting.taps[0].feed(0, 0, 1000, 1, 0, 0)

    def rest(self):
        """Let it have turns until it is over; return what each of them did to a file."""
        turns = []
        while self.detecting.rested:
            self.done = []
            self.detecting.rested[0]()
            turns.append(self.done)
        return [done for done in turns if done]

    def open(self, path, mode="r"):
        """Open as twin does, and note what is done to what is written."""
        file = open(path, mode)  # noqa: SIM115
        if mode == "w":
            self.done.append("open")
            return Noted(file, lambda what: self.done.append(what))
        return file


class Noted:
    """A file that notes what is done to it."""

    def __init__(self, file, note):
        self._file, self._note = file, note

    def write(self, text):
        self._note("write")
        self._file.write(text)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self._note("close")
        self._file.close()


def kept_by(stood):
    return settings_store.stored(stood.kept.path, print)


def test_what_is_found_is_kept_in_turns_between_which_samples_are_drained(tmp_path, monkeypatch):
    """In one turn it were a stall of 150 ms on an ESP32: reading, an erase, the folder's metadata."""
    stood = Stood(tmp_path)
    monkeypatch.setattr(twin, "open", stood.open, raising=False)
    assert stood.rest() == [["open"], ["write", "write"], ["close"]]
    assert stood.said[-1] == "calibration: done" and "upright_z" in stood.kept.waits
    assert kept_by(stood)["upright_z"] > 16000


def test_a_calibration_for_which_memory_was_short_is_kept_all_the_same(tmp_path, monkeypatch):
    stood, lacks = Stood(tmp_path), [1, 1]

    def short_of_memory(text):
        if lacks:
            lacks.pop()
            raise MemoryError
        return plain(text)

    plain = twin.json.dumps
    monkeypatch.setattr(twin.json, "dumps", short_of_memory)
    for _ in range(2):
        with pytest.raises(MemoryError):  # Detecting collects garbage, and asks again
            stood.rest()
    stood.rest()
    assert stood.said[-1] == "calibration: done"
    assert kept_by(stood)["upright_z"] > 16000


def test_it_waits_while_a_program_changes_the_settings_and_holds_that_off(tmp_path):
    stood = Stood(tmp_path)
    (rest,) = stood.detecting.rested
    stood.kept.changing = True
    rest()
    assert not stood.said and not os.listdir(tmp_path)
    stood.kept.changing = False
    rest()
    assert stood.kept.changing
    stood.rest()
    assert stood.said[-1] == "calibration: done" and not stood.kept.changing
