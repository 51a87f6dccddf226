"""The verb `calibrate`: followed to its end at the virtual pod, and at a line with a pod's manners."""

import io
import json
import re

import numpy as np
import pytest
from backstep.core import settings as pod_settings
from backstep.core.wearing import calibration
from patient import SLOWER
from rich.console import Console
from talking import Line, command, while_running

from host_tools.gait import Stand, Walk, WalkParams, session
from host_tools.install import podfiles
from host_tools.recordings import Recording
from host_tools.talk import calibrate
from host_tools.talk.client import Client
from host_tools.talk.status import worn
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

STAND = "stand still on level ground for two seconds (waits 60 s)"
WALK = "2 of 2: now walk forward on level ground, eight steps, straight on (waits 40 s)"


def test_at_the_virtual_pod_as_its_wearer_walks():
    samples = session([Stand(8), Walk(40, WalkParams())], "shoe", 5).samples[:, [1, 0, 2, 4, 3, 5]]
    samples = np.ascontiguousarray(samples * np.array([1, -1, 1, 1, -1, 1]), np.int16)  # turned by a quarter
    board = board_model.read_board("virtual")
    world = World(Recording(samples, 208, "shoe", "body"), tuple(board["axes"]), Flaws())
    model = board_model.build(board, world, Timeline())
    with VirtualPod(model.hardware, podfiles.files("virtual")) as pod:
        said = while_running(pod, lambda port: [command(*words, "--port", port) for words in (
            ("calibrate",), ("status",), ("config", "get", "frame", "mount_y"), ("calibrate", "--cancel"),
            ("calibrate", "--forget"),
        )])  # fmt: skip
    (code, out, err), status, config, cancel, forget = said
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "calibrating, 2 steps; Ctrl-C ends it, and all stays as it was"
    at = lines.index("measured:")
    strides = [f"       stride {n} of 4: {'#' * n}{'.' * (4 - n)}" for n in (1, 2, 3)]
    told = set(lines[1:at])  # which of them is a matter of when the host looks
    assert told <= {"1 of 2: " + STAND, "       hold still", *strides, WALK} and told & {*strides, WALK}
    assert re.fullmatch(r"  up      [0-3] deg off the pod's z axis", lines[at + 1])
    assert lines[at + 2].startswith("  gyro    ") and lines[at + 2].endswith(" deg/s at rest: taken off")
    assert re.fullmatch(r"  forward (8[5-9]|9[0-5]) deg off its arrow", lines[at + 3])
    assert re.fullmatch(r"  level   .* [+-]\d\.\d %: taken off", lines[at + 4])
    assert lines[-1] == "kept: it holds from now on" and max(map(len, lines)) <= 80
    assert "worn: not judged yet; calibrated on 20" in status[1]
    frame, mount = config[1].split()
    assert frame == "frame=sensor" and int(mount.partition("=")[2]) < -15900
    assert cancel[0] == 2 and "nothing to cancel" in cancel[2]
    assert forget[1] == "forgotten, from the next start on (backstep reboot)\n"


class Calibrated(Line):
    """Goes through the steps it is told, one each time that it is asked."""

    def __init__(self, *steps, waits=()):
        super().__init__()
        self.steps, self.waits = list(steps), list(waits)

    def _calibrate(self, asked):
        return {} if asked.get("cancel") else self._calibration(asked)

    def _calibration(self, asked):
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if step == "interrupt":
            raise SystemExit
        told = {"step": step, "why": "", "moves": 0, "strides": 0, "of": 0}
        return told | ({"step": "failed", "why": step[7:]} if step.startswith("failed ") else {})

    def _status(self, asked):
        return {"waits": self.waits}

    def _get(self, asked):
        return {"settings": pod_settings.defaults()}


@pytest.fixture
def line(lines, monkeypatch):
    monkeypatch.setattr(calibrate, "LOOK_S", 0.0)
    return lines(Calibrated)


def test_a_refusal_is_told_with_its_reason(line):
    there = line("wait", "stand", "failed you climb")
    code, out, err = command("calibrate", "--port", there.port)
    assert code == 2 and err == f"backstep calibrate: {there.port}: refused: you climb\n"
    assert out.splitlines()[1:] == ["1 of 1: " + STAND, "       hold still"]


def test_every_refusal_of_the_pods_own_says_what_to_do_but_a_cancelled_one(line):
    for why, words in enumerate(calibration.REASONS):
        assert bool(calibrate._remedy(words)) == (why not in (0, calibration.CANCELLED))
    there = line("failed " + calibration.REASONS[calibration.SLOPED])
    err = command("calibrate", "--port", there.port)[2]
    assert err.endswith("walk on a level floor; find a level floor, indoors, then repeat\n")


def test_in_a_terminal_it_says_how_long_it_waits_yet(line):
    there = line("wait", "wait", "done")
    screen = Console(file=io.StringIO(), force_terminal=True, width=80)
    with Client(there.port) as pod:
        calibrate._followed(pod, pod.ask("calibrate"), screen)
    assert "waits for you to stand still: 60 s left" in screen.file.getvalue()


def test_what_holds_from_the_next_start_on_only_is_said_and_the_time_is_told_first(line):
    there = line("stand", "done", waits=["upright_x"])
    code, out, _ = command("calibrate", "--port", there.port)
    assert code == 0 and out.endswith("kept: it holds from the next start on (backstep reboot)\n")
    assert [asked["do"] for asked in there.asked][:3] == ["hello", "time", "calibrate"]


def test_for_a_program_only_the_result_is_told(line):
    there = line("wait", "done")
    _, out, _ = command("calibrate", "--json", "--port", there.port)
    assert json.loads(out)["step"] == "done"


def test_ctrl_c_cancels_it(line, monkeypatch):
    there = line("wait")

    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(calibrate.time, "sleep", interrupt)
    assert command("calibrate", "--port", there.port)[0] == 130
    fourth = there.asked[0]["id"] + 3
    assert there.asked[-1] == {"id": fourth, "do": "calibrate", "cancel": True}


def test_one_that_never_ends_is_given_up(line, monkeypatch):
    monkeypatch.setattr(calibrate, "LIMIT_S", 0.2 / SLOWER)
    there = line("wait")
    code, _, err = command("calibrate", "--port", there.port)
    assert code == 2 and "no end after" in err


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"worn": "unknown", "calibrated_day": 0}, "worn: not judged yet; no date of a calibration"),
        ({"worn": "well", "calibrated_day": 20833}, "worn: as calibrated; calibrated on 2027-01-15"),
        ({"worn": "turned", "calibrated_day": 20833}, "WORN WRONG: turned or moved (calibrated on 2027-01-15)"),
        ({"worn": "belt", "calibrated_day": 0}, "WORN WRONG: it moves like a pod at the belt, and is set to shoe"),
    ],
)
def test_how_it_is_worn_in_words(told, words):
    assert worn(told | {"placement": "shoe"}).startswith(words)
