"""From a simulated sway to its raw seconds on the laptop: buzz, press, flash, `backstep marks`, `replay`."""

import json
import os
import shutil
import threading

import numpy as np
import pytest
from talking import Line, command

from host_tools.__main__ import main
from host_tools.gait import LoseBalance, Stand, SwayParams, Walk, session, uphill_backward
from host_tools.recording_files import load
from host_tools.recordings import as_sensed
from host_tools.talk import marks
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.pod_run import Pod, PodRun
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod
from host_tools.virtual_pod.world import Flaws, World

RATE_HZ = 104
PRESS_AFTER_S = 2.0
BOOT_US = 3_000_000


@pytest.fixture(scope="module")
def walked():
    """A walk with a sway, then a rest."""
    segments = [Stand(3.0), Walk(10, uphill_backward(95, 10)), LoseBalance(SwayParams(push_ratio=1.6)), Stand(9.0)]
    return session(segments, "belt", seed=1).recording()


@pytest.fixture(scope="module")
def marked(walked, tmp_path_factory):
    """Return the outcome of a pod that was pressed after each sway, and the flash it left."""
    flash = tmp_path_factory.mktemp("marked") / "flash.bin"

    def press_after_a_sway(line):
        if line.get("event") == "sway":
            run.model.press_at(run.model.hardware.now_us + round(PRESS_AFTER_S * 1e6), 0.1)

    pod = Pod(walked, settings={"fall_alarm": 0}, flash=str(flash))  # or the press would be for that
    run = PodRun(pod, on_line=press_after_a_sway)
    return run.run(), flash


@pytest.fixture
def flash(marked, tmp_path):
    return shutil.copy(marked[1], tmp_path / "flash.bin")


def backstep(flash, walked, *words):
    """Run a command that takes --port while the pod on this flash lives; return its exit code."""
    board = board_model.read_board("virtual")
    model = board_model.build(board, World(walked, tuple(board["axes"]), Flaws()), Timeline())
    code = []
    with VirtualPod(model.hardware, flash=flash) as pod:
        pod.run(until_us=BOOT_US)
        port = pod.serve_pty()
        command = [*map(str, words), "--port", port]
        thread = threading.Thread(target=lambda: code.append(main(command)), daemon=True)
        thread.start()
        while thread.is_alive() and pod.is_on:
            pod.run(wall_s=0.05)
        pod.unserve_pty()
        thread.join()
    return code[0]


def test_a_sway_buzzes_a_press_marks_it_and_its_rows_lie_on_flash(marked):
    outcome, _ = marked
    assert not outcome.crash
    found = [event for event in outcome.found if event["event"] in ("sway", "mark")]
    assert [event["event"] for event in found] == ["sway", "mark"]
    assert found[1]["false_alarm"] == 1 and found[1]["ago_ms"] == pytest.approx(1000 * PRESS_AFTER_S + 470, abs=80)
    patterns = [cue["pattern"] for cue in outcome.cues_said]
    assert patterns.index("sway") < patterns.index("mark")
    assert "mark: raw seconds kept as /raw/0001.bsrs" in outcome.notes
    assert (outcome.summary["marks"], outcome.summary["false_alarms"]) == (1, 1)


def test_the_marks_are_fetched_and_replayed(marked, flash, walked, tmp_path, capsys):
    assert backstep(flash, walked, "marks", "--to", tmp_path / "mine") == 0
    shown = capsys.readouterr().out
    assert "0001.bsrs" in shown and "sway" in shown and "yes" in shown
    (sway,) = [event for event in marked[0].found if event["event"] == "sway"]
    fetched = load(tmp_path / "mine" / "0001-01.bsr")
    about = json.loads((tmp_path / "mine" / "0001-01.json").read_text())
    first = about["sample"] - about["row"]
    sensed = as_sensed(walked, RATE_HZ).samples[first : first + len(fetched.samples)]
    assert (fetched.rate_hz, fetched.placement, fetched.frame) == (RATE_HZ, "belt", "body")
    assert np.array_equal(fetched.samples, sensed) and len(sensed) == 2 * RATE_HZ
    assert about == sway | {"sample": about["sample"], "row": about["row"], "false_alarm": True}
    words = ("replay", tmp_path / "mine" / "0001-01.bsr", "--json", "--settings", "sway_arming=always")
    assert main([*map(str, words)]) == 0
    replayed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (again,) = [event for event in replayed if event["event"] == "sway"]
    late = again["sample"] - about["row"]  # the network knows nothing of what was before these seconds
    assert -0.25 * RATE_HZ <= late <= 0.5 * RATE_HZ


def test_marks_are_removed_once_they_are_copied(flash, walked, tmp_path, capsys):
    for words in (("--to", tmp_path, "--remove"), ()):
        assert backstep(flash, walked, "marks", *words) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "no marks on the pod"
    assert sorted(path.name for path in tmp_path.glob("0*")) == ["0001-01.bsr", "0001-01.json", "0001.bsrs"]


def test_removing_without_copying_is_refused(capsys):
    assert main(["marks", "--port", "/dev/null", "--remove"]) == 2
    assert capsys.readouterr().err == "backstep marks: --remove: only what was copied is removed, want --to DIR\n"


FILES = {
    "marks/0001.bsr": b"1",
    "marks/0001.json": b"[",
    "marks/0002.raw": os.urandom(2000),
    "marks/0002.json": b'{"event": "sway", "lean_ddeg": 123, "false_alarm": false}',
    "marks/0003.rec": b"333",
    "marks/notes.txt": b"",
}


@pytest.fixture
def line():
    there = Line(files=FILES)
    there.growing = "marks/0003.rec"
    yield there
    there.close()


def test_what_is_no_mark_is_left_alone_and_an_event_that_cannot_be_read_is_unknown(line):
    code, out, _ = command("marks", "--port", line.port, "--json")
    rows = [(row["path"], row["size"], row["growing"], row["about"]) for row in json.loads(out)]
    assert rows == [
        ("marks/0001.bsr", 1, False, {}),
        ("marks/0002.raw", 2000, False, {"event": "sway", "lean_ddeg": 123, "false_alarm": False}),
        ("marks/0003.rec", 3, True, {}),
    ]
    shown = command("marks", "--port", line.port)[1]
    assert "grows" in shown and "12.3 deg" in shown


def test_the_table_fits_80_columns_with_every_figure_and_the_longest_folder(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    about = {"event": "near_fall", "lean_ddeg": -1234, "rate_ddps": 1234, "false_alarm": True}
    folder = "/home/somebody/with/a/long/way/to/" + "the sessions of last winter/" * 2
    rows = [{"path": "marks/0001.bsr", "size": 1234567, "growing": False, "about": about}]
    rows[0]["file"] = folder + "0001_2.bsr"
    head, row, where = marks.shown(rows).splitlines()
    assert head.split()[:5] == ["recording", "bytes", "event", "false", "about"] and len(row) <= 80
    assert row.split()[:4] == ["0001.bsr", "1234567", "near_fall", "yes"] and row.endswith("deg/s 0001_2.bsr")
    assert where == f"copied into {folder.rstrip('/')}"


def test_a_warning_of_a_trunk_that_drops_says_so():
    about = {"event": "sway", "lean_ddeg": -157, "rate_ddps": 1162}
    row = {"path": "marks/0001.bsr", "size": 7, "growing": False, "about": about, "file": None}
    assert "dropping, 15.7 deg forward" in marks.shown([row])


def test_nothing_in_the_folder_is_overwritten_and_nothing_copied_twice(line, tmp_path):
    (tmp_path / "0001.bsr").write_bytes(b"another pod's")
    for _ in range(2):
        assert command("marks", "--port", line.port, "--to", tmp_path)[0] == 0
    found = {path.name: path.read_bytes() for path in tmp_path.glob("*.bsr")}
    assert found == {"0001.bsr": b"another pod's", "0001_2.bsr": b"1", "0002.bsr": FILES["marks/0002.raw"]}
    assert json.loads((tmp_path / "0002.json").read_text())["event"] == "sway"
    reads = [asked for asked in line.asked if asked.get("path") == "marks/0002.raw" and asked["do"] == "read"]
    assert len(reads) == 3


def test_sync_brings_them_beside_the_sessions(line, tmp_path):
    line.files["log/00001-01.bsl"] = b"session"
    line.requests = ["marks"]
    code, out, _ = command("sync", "--port", line.port, "--to", tmp_path, "--json")
    folder = tmp_path / line.uid
    assert json.loads(out) == {
        "folder": str(folder), "new": ["00001-01.bsl"], "had": 0, "raw": ["0001.bsr", "0002.bsr"],
        "running": ["0003.bsr"], "removed": 0,
    }  # fmt: skip
    assert (folder / "raw" / "0002.bsr").read_bytes() == FILES["marks/0002.raw"]
    assert "0 here before" not in command("sync", "--port", line.port, "--to", tmp_path, "--remove")[1]
    assert [path for path in line.files if path.endswith((".bsr", ".raw", ".bsl"))] == []


def test_sync_keeps_the_settings_as_they_are_now_beside_the_sessions(line, tmp_path):
    line.requests = ["get"]
    for level in (1, 2):
        line.settings = {"programme_level": level}
        assert command("sync", "--port", line.port, "--to", tmp_path)[0] == 0
        assert json.loads((tmp_path / line.uid / "settings.json").read_text()) == {"programme_level": level}
    assert list((tmp_path / line.uid).glob("*.part")) == []


def test_a_pod_of_before_that_has_no_such_request_is_synced_all_the_same(line, tmp_path):
    assert "0 new sessions" in command("sync", "--port", line.port, "--to", tmp_path)[1]
    assert "marks" not in [asked["do"] for asked in line.asked]


def test_minutes_are_recorded_and_fetched(walked, flash, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["record", "61"])
    assert backstep(flash, walked, "record", 1) == 0
    assert "raw samples: recorded for 1 min from now on" in capsys.readouterr().out
