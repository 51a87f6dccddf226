"""Deploying, against a pod of files in memory: what is copied, in what order, and what a cut leaves behind."""

import json
from pathlib import Path

import pytest
from memory_pod import CutError, PodInMemory
from slots import started

from host_tools.errors import UserError
from host_tools.install import archive, deploy, podfiles
from host_tools.install.deploy import Deployment, active_slot

SLOT_A, SLOT_B = map(podfiles.archive_path, podfiles.SLOTS)


@pytest.fixture(autouse=True)
def starters(monkeypatch):
    """Small files for what starts a slot: a test can make another version of them."""
    made = {"/fw/archive.mpy": b"archive", "/fw/starting.mpy": b"starting", podfiles.MAIN: b"main"}
    monkeypatch.setattr(podfiles, "starters", lambda: dict(made))
    return made


def firmware(mark: str, board: str = "virtual") -> dict[str, bytes]:
    """Return a small firmware of a version."""
    return {
        "board.json": podfiles.board_path(board).read_bytes().strip(),
        "board.mpy": f"# {mark}".encode(),
        f"only_{mark}.mpy": b"# only here" * 40,
    }


def put(pod: PodInMemory, inside, settings=None) -> Deployment:
    deployment = Deployment(pod, inside, settings)
    deployment.run(lambda done, total: None)
    return deployment


def test_a_new_pod_gets_all_of_it_and_starts_it():
    pod = PodInMemory()
    assert put(pod, firmware("one")).copied == 5  # archive, what starts it, and the slot's name
    assert started(pod.files) == firmware("one")
    assert pod.files[podfiles.POINTER] == b"a"
    assert podfiles.SETTINGS not in pod.files
    assert not [path for path in pod.files if path.endswith(".new")]


def test_a_second_deployment_copies_nothing():
    pod = PodInMemory()
    put(pod, firmware("one"))
    before = dict(pod.files)
    assert put(pod, firmware("one")).copied == 0
    assert pod.files == before


def test_an_archive_damaged_on_the_pod_is_mended():
    pod = PodInMemory()
    put(pod, firmware("one"))
    pod.files[SLOT_A] = pod.files[SLOT_A][:-1] + b"?"
    put(pod, firmware("one"))
    assert started(pod.files) == firmware("one")


def test_an_update_fills_the_other_slot_with_one_file_that_has_to_last():
    pod = PodInMemory()
    put(pod, firmware("one"))
    pod.written.clear()
    put(pod, firmware("two"))
    assert pod.written == [SLOT_B + ".new", podfiles.POINTER + ".new"]
    assert pod.files[podfiles.POINTER] == b"b 0"
    assert started(pod.files) == firmware("two")
    put(pod, firmware("three"))
    assert pod.files[podfiles.POINTER] == b"a 0" and started(pod.files) == firmware("three")


def test_settings_on_the_pod_stay_unless_others_are_given():
    pod = PodInMemory({podfiles.SETTINGS: b'{"placement": "belt"}'})
    put(pod, firmware("one"))
    assert pod.files[podfiles.SETTINGS] == b'{"placement": "belt"}'
    put(pod, firmware("one"), settings=b"{}")
    assert pod.files[podfiles.SETTINGS] == b"{}"


def test_a_cut_at_every_point_of_an_update_leaves_a_pod_that_starts_the_old_or_the_new_firmware(starters):
    before, whole = PodInMemory(), PodInMemory()
    put(before, firmware("one"))
    put(before, firmware("two"))
    starters.update({"/fw/starting.mpy": b"newer", podfiles.MAIN: b"newer"})
    whole.files = dict(before.files)
    put(whole, firmware("three"), settings=b'{"cue_every_steps": 5}')
    assert whole.verbs > 20
    new_ones = 0
    for verbs in range(whole.verbs):
        pod = PodInMemory(before.files, verbs_left=verbs)
        with pytest.raises(CutError):
            put(pod, firmware("three"), settings=b'{"cue_every_steps": 5}')
        inside = started(pod.files)
        assert inside in (firmware("two"), firmware("three")), f"after verb {verbs}"
        new_ones += inside == firmware("three")
        without_pointer = started({path: data for path, data in pod.files.items() if path != podfiles.POINTER})
        assert without_pointer in [firmware(mark) for mark in ("one", "two", "three")]
        json.loads(pod.files.get(podfiles.SETTINGS, b"{}"))
        again = PodInMemory(pod.files)
        put(again, firmware("three"), settings=b'{"cue_every_steps": 5}')
        assert started(again.files) == started(whole.files)
    assert new_ones < 2  # the pointer is the last thing that changes


def test_a_cut_on_a_new_pod_never_starts_a_part_of_the_firmware():
    whole = PodInMemory()
    put(whole, firmware("one"))
    for verbs in range(whole.verbs):
        pod = PodInMemory(verbs_left=verbs)
        with pytest.raises(CutError):
            put(pod, firmware("one"))
        assert started(pod.files) in (None, firmware("one"))


def test_a_copy_that_arrives_damaged_is_refused_and_the_old_firmware_stays():
    pod = PodInMemory()
    put(pod, firmware("one"))
    pod.damaged = SLOT_B
    with pytest.raises(UserError, match=r"/fw/b.pod: the copy differs \(SHA-256\); the old firmware stays"):
        put(pod, firmware("two"))
    assert started(pod.files) == firmware("one")


def test_no_room_is_said_before_anything_is_touched():
    pod = PodInMemory(free=30_000)
    with pytest.raises(UserError, match=r"no room: 29 KiB free on the pod, \d+ KiB needed"):
        put(pod, firmware("one"))
    assert pod.files == {}


@pytest.mark.parametrize(
    ("files", "slot"),
    (
        ({}, None),
        ({podfiles.POINTER: b"b"}, None),
        ({podfiles.POINTER: b"b", SLOT_A: b""}, "a"),
        ({podfiles.POINTER: b"b", SLOT_A: b"", SLOT_B: b""}, "b"),
        ({podfiles.POINTER: b"b 2", SLOT_A: b"", SLOT_B: b""}, "b"),
        ({podfiles.POINTER: b"b 3", SLOT_A: b"", SLOT_B: b""}, "a"),
        ({podfiles.POINTER: b"b 3", SLOT_B: b""}, "b"),
        ({SLOT_A: b"", SLOT_B: b""}, "a"),
        ({podfiles.POINTER: b"\xff\xfe", SLOT_B: b""}, "b"),
    ),
)
def test_host_and_pod_agree_on_the_slot(files, slot):
    assert active_slot(PodInMemory(files)) == slot
    if slot:
        whole = {path: archive.packed({"slot.json": path.encode()}) for path in (SLOT_A, SLOT_B) if path in files}
        assert started(files | whole | {podfiles.MAIN: b""})["slot.json"].decode() == podfiles.archive_path(slot)


def test_progress_ends_at_the_total():
    seen = []
    Deployment(PodInMemory(), firmware("one"), None).run(lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0


def test_a_settings_file_is_checked_before_a_pod_is_looked_for(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"sway_refractory_s": 95}')
    with pytest.raises(UserError, match="mine.json: .*sway_refractory_s: 95 is outside"):
        deploy.read_settings(path)
    path.write_text("{")
    with pytest.raises(UserError, match="mine.json: no JSON"):
        deploy.read_settings(path)
    with pytest.raises(UserError, match="nosuch.json: No such file"):
        deploy.read_settings(Path("nosuch.json"))
