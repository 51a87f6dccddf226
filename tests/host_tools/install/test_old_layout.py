"""A pod of the layout before archives: its settings and state come along, and a cut anywhere starts old or new."""

import io
import json

import pytest
from memory_pod import CutError, PodInMemory
from slots import started

from host_tools.install import deploy, podfiles
from host_tools.install.deploy import Deployment

OLD_MAIN = b'with open("/slot.txt") as file:\n    pass  # and so on\n'
MANIFEST = b'{"board": "qtpy_s3"}'
KEPT = {"settings.a": b"sa", "settings.b": b"sb", "state.a": b"ta", "settings.json": b"{}"}
OTHERS = {  # not ours, or to stay: a blank in a name may not make another file go
    "/log/00001-01.bsl": b"session",
    "/marks/0001.raw": b"mark",
    "/settings.bad.a": b"bad",
    "/boot.py": b"#",
    "/fw_a/my notes.txt": b"mine",
    "/fw_b/x /settings.a y": b"mine",
}


def old_pod(verbs_left: int = 10**9, named: bytes = b"fw_b\n") -> PodInMemory:
    board = podfiles.board_path("qtpy_s3").read_bytes()
    slots = {
        f"/{slot}/{name}": data
        for slot in ("fw_a", "fw_b")
        for name, data in (("manifest.json", MANIFEST), ("board.json", board), ("pod.mpy", slot.encode()))
    }  # fmt: skip
    root = {f"/{name}": data for name, data in KEPT.items()}
    return PodInMemory(slots | root | OTHERS | {"/main.py": OLD_MAIN, "/slot.txt": named}, verbs_left)


@pytest.fixture(autouse=True)
def starters(monkeypatch):
    made = {"/fw/archive.mpy": b"archive", "/fw/starting.mpy": b"starting", podfiles.MAIN: b"main"}
    monkeypatch.setattr(podfiles, "starters", lambda: dict(made))


INSIDE = {"board.json": b"{}", "pod.mpy": b"new"}


def put(pod):
    Deployment(pod, INSIDE, None).run(lambda done, total: None)


def starts(files) -> str:
    """Return whether the old or the new firmware starts; its settings and state are whole."""
    if files[podfiles.MAIN] == OLD_MAIN:  # as it chose: the named slot, else the other one, with a manifest
        slots = ("fw_b", "fw_a") if io.BytesIO(files["/slot.txt"]).read().strip() == b"fw_b" else ("fw_a", "fw_b")
        slot = next(slot for slot in slots if f"/{slot}/manifest.json" in files)
        assert files[f"/{slot}/pod.mpy"] == slot.encode() and f"/{slot}/board.json" in files
        assert {name: files.get(f"/{name}") for name in KEPT} == KEPT
        return "old"
    assert started(files) == INSIDE
    assert {name: files.get(f"/kept/{name}") for name in KEPT} == KEPT
    return "new"


@pytest.mark.parametrize("named", (b"fw_a\n", b"fw_b\n"))
def test_an_update_takes_settings_and_state_along_and_removes_its_own_files_only(named):
    pod = old_pod(named=named)
    put(pod)
    assert starts(pod.files) == "new"
    new = {"/fw/a.pod", "/fw/slot", *podfiles.starters(), *(f"/kept/{name}" for name in KEPT)}
    assert pod.files.keys() == new | OTHERS.keys()
    assert {path: pod.files[path] for path in OTHERS} == OTHERS


def test_a_cut_anywhere_starts_old_or_new_with_all_that_was_kept_and_the_next_deploy_ends_it():
    whole = old_pod()
    put(whole)
    seen = []
    for verbs in range(whole.verbs):
        pod = old_pod(verbs)
        with pytest.raises(CutError):
            put(pod)
        seen.append(starts(pod.files))
        if seen[-1] == "new":  # it has run meanwhile, and what it keeps is newer
            pod.files["/kept/settings.a"] = b"newer"
        again = PodInMemory(pod.files)
        put(again)
        assert again.files.keys() == whole.files.keys()
        assert again.files["/kept/settings.a"] == (b"newer" if seen[-1] == "new" else b"sa")
    assert seen.count("old") > 20 and seen.count("new") > 10 and seen == sorted(seen, reverse=True)


def test_the_board_is_that_of_the_slot_that_starts():
    inside, name = deploy._wanted(old_pod(), None, "Generic ESP32S3 module with ESP32S3")
    assert name == "qtpy_s3"
    assert json.loads(inside["board.json"]) == json.loads(podfiles.board_path("qtpy_s3").read_text())
