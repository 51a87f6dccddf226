"""`backstep sim`: the whole firmware on the virtual pod, through registers, driver, FIFO and app."""

import argparse
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import patient
import pytest
from app.test_in_the_virtual_pod import HEAP_FREE_FLOOR
from patient import LAST_RESORT_S

from host_tools.__main__ import main
from host_tools.gait import ImuParams, Stand, Walk, WalkParams, Wearer, session, uphill_backward
from host_tools.gait.params import TrunkParams
from host_tools.recording_files import save
from host_tools.sim import sim

pytestmark = pytest.mark.vm
SWAY_BUDGET_MS = 40


@pytest.fixture
def uphill(tmp_path):
    """A short backward walk up a hill, as a pod's own recording."""
    made = session([Stand(3.0), Walk(12, uphill_backward(90, 10)), Stand(2.0)], "shoe", seed=4)
    save(tmp_path / "uphill.bsr", made.recording())
    return tmp_path / "uphill.bsr"


def json_lines(capsys, *words) -> tuple[int, list[dict]]:
    """Run the command and return its exit code and JSON lines."""
    code = main([*map(str, words)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def detected(lines: list[dict]) -> list[dict]:
    return [line for line in lines if line["event"] not in ("buzz", "summary")]


def test_prints_the_events_of_replay_number_for_number(capsys, uphill):
    code, simulated = json_lines(capsys, "sim", "--recording", uphill, "--json")
    _, replayed = json_lines(capsys, "replay", uphill, "--json")
    assert code == 0
    assert len([event for event in replayed if event["event"] == "stride"]) >= 4
    assert detected(simulated) == replayed


def test_a_pod_worn_anyhow_learns_its_frame_as_replay_does(capsys, tmp_path):
    wearer = Wearer(imu=ImuParams(mount_yaw_deg=70, mount_roll_deg=25))
    segments = [Stand(3.0), Walk(16, WalkParams()), Stand(1.0), Walk(12, uphill_backward(90, 10)), Stand(2.0)]
    save(tmp_path / "askew.bsr", session(segments, "shoe", seed=4, wearer=wearer).recording())
    _, simulated = json_lines(capsys, "sim", "--recording", tmp_path / "askew.bsr", "--json")
    _, replayed = json_lines(capsys, "replay", tmp_path / "askew.bsr", "--json")
    assert [event["direction"] for event in replayed].count("backward") >= 5
    assert detected(simulated) == replayed


def test_a_walk_bent_forward_is_told_felt_and_counted_at_the_belt(capsys, tmp_path):
    wearer = Wearer(trunk=TrunkParams(lean_deg=18))
    made = session([Stand(3.0), Walk(16, WalkParams(cadence_spm=95)), Stand(1.0)], "belt", seed=3, wearer=wearer)
    save(tmp_path / "bent.bsr", made.recording())
    wanted = ("--settings", "posture_s=5", "posture_high_deg=10", "--json")
    code, simulated = json_lines(capsys, "sim", "--recording", tmp_path / "bent.bsr", *wanted)
    _, replayed = json_lines(capsys, "replay", tmp_path / "bent.bsr", *wanted)
    assert code == 0 and detected(simulated) == replayed
    assert [event["event"] for event in replayed].count("posture") == 1
    assert [line["pattern"] for line in simulated if line["event"] == "buzz"].count("posture") == 1
    assert simulated[-1]["postures"] == 1 and simulated[-1]["forward"] >= 5


def test_real_strides_come_out_as_in_replay(capsys, recordings_dir):
    folder = recordings_dir / "esangeni_foot"
    entry = json.loads((folder / "index.json").read_text())["recordings"][0]
    words = (folder / entry["archive"], "--key", entry["key"], "--json")
    code, simulated = json_lines(capsys, "sim", "--recording", *words)
    _, replayed = json_lines(capsys, "replay", *words)
    backward = [event for event in replayed if event.get("direction") == "backward"]
    assert code == 0
    assert len(backward) >= 10
    assert [json.dumps(event) for event in detected(simulated)] == [json.dumps(event) for event in replayed]


def test_a_sway_buzzes(capsys):
    code, lines = json_lines(capsys, "sim", "--scenario", "sway", "--json")
    assert code == 0
    assert [line["event"] for line in lines].count("sway") == 1
    assert "sway" in [line["pattern"] for line in lines if line["event"] == "buzz"]
    assert lines[-1]["fifo_overflows"] == 0 and lines[-1]["sways"] == 1
    assert 0 < lines[-1]["latency_ms"][0] <= lines[-1]["latency_ms"][-1] <= SWAY_BUDGET_MS


def test_whoever_falls_and_lies_still_is_counted_down_and_alarmed_of(capsys):
    code, lines = json_lines(capsys, "sim", "--scenario", "fall", "--json")
    assert code == 0
    of_the_fall = [line for line in lines if line["event"].startswith("fall")]
    assert [line["event"] for line in of_the_fall] == ["fall", "fall_alarm"]
    assert of_the_fall[1]["sample"] - of_the_fall[0]["sample"] == 15 * 104
    felt = [line["pattern"] for line in lines if line["event"] == "buzz"]
    assert felt.index("sway") < felt.index("fall_countdown") < felt.index("fall_alarm") < felt.index("stop")
    assert felt.count("fall_countdown") == 7
    assert (lines[-1]["falls"], lines[-1]["fall_alarms"]) == (1, 1)


def test_whoever_gets_up_again_ends_the_countdown(capsys, tmp_path):
    rise = sim.Scenario("", lambda: [*sim.SCENARIOS["sway"].segments(), Stand(5.0)], ("belt",), 2)
    recording = sim.walked(rise, "belt", 1)
    save(tmp_path / "risen.bsr", replace(recording, samples=recording.samples[: len(recording.samples) * 3 // 5]))
    _, lines = json_lines(capsys, "sim", "--recording", tmp_path / "risen.bsr", "--json")
    _, replayed = json_lines(capsys, "replay", tmp_path / "risen.bsr", "--json")
    assert [line["event"] for line in lines if line["event"].startswith("fall")] == ["fall", "fall_over"]
    assert detected(lines) == replayed
    assert "fall_alarm" not in [line["pattern"] for line in lines if line["event"] == "buzz"]


@pytest.mark.usefixtures("pod_words")
@pytest.mark.parametrize("logged", HEAP_FREE_FLOOR)
@pytest.mark.parametrize("placement", ["shoe", "belt", "wrist"])
def test_the_app_leaves_heap_free(capsys, placement, logged):
    what = ("--placement", placement, "--settings", f"session_log={logged}")
    _, lines = json_lines(capsys, "sim", "--scenario", "still", "--json", *what)
    assert lines[-1]["heap_free"] >= HEAP_FREE_FLOOR[logged]


def test_the_same_run_twice_says_the_same(capsys):
    def run():
        _, lines = json_lines(capsys, "sim", "--scenario", "still", "--json")
        lines[-1].pop("latency_vm_ms")
        return lines

    assert run() == run()


def test_a_pipe_gets_plain_lines(capsys):
    assert main(["sim", "--scenario", "still"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "steps backward" in out
    assert "shoe   buzz: start" in out


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("absent", "lsm6dsox at 0x6a: no answer"),
        ("wrong-id", "lsm6dsox at 0x6a: who_am_i is 0x33, want 0x6c"),
        ("no-haptic", "drv2605l at 0x5a: no answer"),
    ],
)
def test_a_missing_chip_is_named_and_does_not_crash_the_pod(capsys, fault, says):
    assert main(["sim", "--scenario", "still", "--faults", fault]) == 0
    assert says in capsys.readouterr().out


def test_a_broken_interrupt_wire_loses_nothing(capsys, uphill):
    code, simulated = json_lines(capsys, "sim", "--recording", uphill, "--json", "--faults", "no-interrupt")
    _, replayed = json_lines(capsys, "replay", uphill, "--json")
    assert code == 0
    assert detected(simulated) == replayed


def test_bus_errors_are_survived(capsys, uphill):
    code, lines = json_lines(capsys, "sim", "--recording", uphill, "--json", "--faults", "bus-errors")
    assert code == 0
    assert lines[-1]["strides"] >= 4


@pytest.mark.parametrize("board", ["devkit_esp32_erm", "qtpy_s3"])
def test_other_boards_run_too(capsys, board):
    code, lines = json_lines(capsys, "sim", "--scenario", "still", "--json", "--board", board)
    assert code == 0
    assert "start" in [line["pattern"] for line in lines if line["event"] == "buzz"]


def test_an_access_the_chip_forbids_ends_with_1_and_names_it(capsys, monkeypatch):
    from host_tools.virtual_pod.chips.lsm6dso import Lsm6dsox
    from host_tools.virtual_pod.chips.register_chip import Register

    monkeypatch.setitem(Lsm6dsox.registers, 0x19, Register("CTRL10_C", writable=0))
    assert main(["sim", "--scenario", "still", "--json"]) == 1
    assert "lsm6dsox at 0x6a: write of 0x20 to read-only CTRL10_C (0x19)" in capsys.readouterr().err


def test_a_scenarios_frame_can_be_unknown_to_the_pod():
    parser = argparse.ArgumentParser()
    sim.add_arguments(parser)
    for words, frame in ((["--frame", "sensor"], "sensor"), ([], "body")):
        (made,) = sim.recordings(parser.parse_args(["--scenario", "still", *words]))
        assert made.frame == frame


def test_an_app_that_died_is_quoted_without_the_repls_greeting(capsys):
    assert main(["sim", "--scenario", "still", "--heap", "60K"]) == 1
    err = capsys.readouterr().err
    assert "MemoryError" in err
    assert "MicroPython v" not in err


@pytest.mark.parametrize(
    ("words", "number", "code", "says"),
    [
        (("--scenario", "still", "--realtime"), signal.SIGINT, 130, "backstep sim: interrupted, switches off\n"),
        (("--scenario", "still", "--pty", "pod"), signal.SIGTERM, 143, ""),
        (("--scenario", "still", "--pty", "pod"), signal.SIGHUP, 129, ""),
    ],
)
def test_a_run_that_is_ended_leaves_nothing_behind(tmp_path, words, number, code, says):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "host_tools", "sim", *words]
    environment = os.environ | {"TMPDIR": str(scratch)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as simulator:
        simulator.stdout.readline()
        simulator.send_signal(number)
        _, err = simulator.communicate(timeout=LAST_RESORT_S)
    assert (simulator.returncode, err) == (code, says)
    assert [path.name for path in tmp_path.iterdir()] == ["scratch"]
    assert not any(scratch.iterdir())


def test_a_pty_is_a_pods_serial_port_for_mpremote(tmp_path):
    link, flash = tmp_path / "pod", tmp_path / "flash.bin"
    command = [sys.executable, "-m", "host_tools", "sim", "--pty", str(link), "--flash", str(flash)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        try:
            assert str(link) in simulator.stdout.readline()
            words = [sys.executable, patient.__file__, "connect", str(link), "fs", "ls"]
            done = subprocess.run(words, capture_output=True, text=True, timeout=LAST_RESORT_S, check=True)
        finally:
            simulator.send_signal(signal.SIGINT)
            last = simulator.communicate(timeout=LAST_RESORT_S)[0].splitlines()[-1]
            code = simulator.returncode
    assert last == "the pod is switched off"
    assert "main.py" in done.stdout
    assert "fw" in done.stdout
    assert code == 0
    assert not link.exists()
    assert flash.stat().st_size == 2 << 20


def test_a_simulated_walk_is_kept_as_a_recording(capsys, tmp_path):
    file = tmp_path / "walk.bsr"
    assert main(["sim", "--scenario", "forward", "--save", str(file)]) == 0
    assert "shoe" in capsys.readouterr().out
    _, replayed = json_lines(capsys, "replay", file, "--json")
    assert [event["direction"] for event in replayed].count("forward") >= 15
    assert main(["sim", "--save", str(tmp_path / "walk.wav")]) == 2
    assert "want a name that ends in .bsr" in capsys.readouterr().err
