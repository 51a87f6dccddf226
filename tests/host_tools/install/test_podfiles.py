"""What lands on a pod: complete, hashed, and the same from a checkout and from a wheel."""

import hashlib
import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from host_tools.errors import UserError
from host_tools.install import podfiles

PROJECT = Path(__file__).resolve().parents[3]


def test_a_pod_gets_everything_and_nothing_else():
    content = podfiles.files("qtpy_s3", {"placement": "belt"}, "fw_b")
    package = {f"/fw_b/{path}" for path in podfiles.firmware_files()}
    beside = {"/main.py", "/slot.txt", "/settings.json", "/fw_b/board.json", "/fw_b/manifest.json"}
    assert set(content) == package | beside
    assert content["/slot.txt"] == b"fw_b\n"
    assert len(package) == len([path for path in firmware() if path.name != "__init__.py"])
    assert content["/fw_b/board.json"] == (PROJECT / "boards/qtpy_s3.json").read_bytes()
    assert json.loads(content["/settings.json"]) == {"placement": "belt"}


def firmware():
    return [path for path in (PROJECT / "firmware/backstep").rglob("*.py") if "__pycache__" not in path.parts]


def test_the_manifest_names_version_board_and_the_hash_of_every_file_in_the_slot():
    content = podfiles.files()
    manifest = json.loads(content["/fw_a/manifest.json"])
    assert (manifest["version"], manifest["board"]) == (version("backstep-pod"), "virtual")
    in_slot = {p.removeprefix("/fw_a/"): d for p, d in content.items() if p.startswith("/fw_a/")}
    del in_slot["manifest.json"]
    assert manifest["files"] == {path: hashlib.sha256(data).hexdigest() for path, data in in_slot.items()}


def test_the_slot_names_are_those_that_main_looks_for():
    main = podfiles.main_file().decode()
    assert set(re.findall(r"/(fw_\w)\"", main)) == set(podfiles.SLOTS)
    assert podfiles.POINTER in main and podfiles.SETTINGS in main and f"/{podfiles.MANIFEST}" in main


def test_a_faulty_board_file_or_setting_is_refused(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"name": 1}')
    with pytest.raises(UserError, match=r"mine.json: name: 1 is no text\n.*mine.json: about: missing"):
        podfiles.files(str(path))
    with pytest.raises(UserError, match="settings: sway_lean_deg: 95 is outside 5..45 deg"):
        podfiles.files(settings={"sway_lean_deg": 95})
    with pytest.raises(UserError, match="board: there is no 'chips'"):
        podfiles.files("chips")
    with pytest.raises(UserError, match="board: there is no 'nosuch.json'"):
        podfiles.files("nosuch.json")


def test_a_wheel_holds_main_and_boards_where_podfiles_looks(tmp_path, monkeypatch):
    wheel = tmp_path / "_pod"
    (wheel / "boards").mkdir(parents=True)
    (wheel / "main.py").write_bytes(b"# main of the wheel")
    (wheel / "boards/virtual.json").write_bytes((PROJECT / "boards/virtual.json").read_bytes())
    (wheel / "boards/chips.json").write_bytes((PROJECT / "boards/chips.json").read_bytes())
    monkeypatch.setattr(podfiles, "_WHEEL", wheel)
    assert podfiles.board_names() == ["virtual"]
    assert podfiles.files()["/main.py"] == b"# main of the wheel"
