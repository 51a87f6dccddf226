"""What lands on a pod: complete, hashed, and the same from a checkout and from a wheel."""

import json
from pathlib import Path

import pytest

from host_tools.errors import UserError
from host_tools.install import archive, podfiles

PROJECT = Path(__file__).resolve().parents[3]


def test_a_pod_gets_everything_and_nothing_else():
    content = podfiles.files("qtpy_s3", {"placement": "belt"}, "b")
    starters = {"/main.py", "/fw/starting.mpy", "/fw/archive.mpy"}
    assert set(content) == {"/fw/b.pod", "/fw/slot", "/kept/settings.json"} | starters
    assert content["/fw/slot"] == b"b"
    inside = archive.unpacked(content["/fw/b.pod"])
    assert {"manifest.json", "board.json", "board.mpy", "pod.mpy", "shoe.mpy", "settings.mpy"} <= inside.keys()
    assert inside["board.json"].strip() == (PROJECT / "boards/qtpy_s3.json").read_bytes().strip()
    assert json.loads(content["/kept/settings.json"]) == {"placement": "belt"}


def test_the_names_are_those_that_the_pod_looks_for():
    start = (podfiles.PACKAGE / "starting.py").read_text() + podfiles.main_file().decode()
    for path in (podfiles.POINTER, podfiles.SETTINGS, f"/f/{podfiles.BOARD}", '"/fw/%s.pod" % slot'):
        assert path in start
    assert podfiles.archive_path("x") == "/fw/x.pod"


def test_a_faulty_board_file_or_setting_is_refused(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"name": 1}')
    with pytest.raises(UserError, match=r"mine.json: name: 1 is no text\n.*mine.json: about: missing"):
        podfiles.files(str(path))
    with pytest.raises(UserError, match="settings: sway_refractory_s: 95 is outside 1..30 s"):
        podfiles.files(settings={"sway_refractory_s": 95})
    with pytest.raises(UserError, match="board: there is no 'chips'"):
        podfiles.files("chips")
    with pytest.raises(UserError, match="board: there is no 'nosuch.json'"):
        podfiles.files("nosuch.json")


@pytest.mark.slow
def test_a_wheel_holds_main_and_boards_where_podfiles_looks(tmp_path, monkeypatch):
    wheel = tmp_path / "_pod"
    (wheel / "boards").mkdir(parents=True)
    (wheel / "main.py").write_bytes(b"# main of the wheel")
    (wheel / "boards/virtual.json").write_bytes((PROJECT / "boards/virtual.json").read_bytes())
    (wheel / "boards/chips.json").write_bytes((PROJECT / "boards/chips.json").read_bytes())
    made = podfiles.firmware_files()  # of another main.py it would be made anew
    monkeypatch.setattr(podfiles, "firmware_files", lambda arch: made)
    monkeypatch.setattr(podfiles, "_WHEEL", wheel)
    assert podfiles.board_names() == ["virtual"]
    assert podfiles.files()["/main.py"] == b"# main of the wheel"
