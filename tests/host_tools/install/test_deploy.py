"""Deploying, against a pod of files in memory: what is copied, in what order, and what a cut leaves behind."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from memory_pod import CutError, PodInMemory

from host_tools.errors import UserError
from host_tools.install import deploy, podfiles
from host_tools.install.deploy import Deployment, active_slot


def firmware(mark: str, board: str = "virtual") -> dict[str, bytes]:
    """Return a small firmware of a version: some files the same in each, some not, some in one only."""
    return {
        "backstep/__init__.py": b"",
        "backstep/board.py": f"# {mark}".encode(),
        "backstep/core/same.py": b"# the same in every version\n" * 40,
        f"backstep/core/only_{mark}.py": b"# only here",
        "board.json": podfiles.board_path(board).read_bytes(),
    }


def put(pod: PodInMemory, inside, settings=None) -> Deployment:
    deployment = Deployment(pod, inside, "virtual", settings)
    deployment.run(lambda done, total: None)
    return deployment


def started(files: dict[str, bytes]) -> dict[str, bytes] | None:
    """Return the files of the slot that the pod's own main.py starts, None when it has no main."""
    if podfiles.MAIN not in files:
        return None

    def fake_open(path):
        if path not in files:
            raise OSError(2)
        return io.StringIO(files[path].decode())

    class Os:
        @staticmethod
        def stat(path):
            fake_open(path)

    source = files[podfiles.MAIN].decode().replace("start(_slot())", "")
    names = {"open": fake_open}
    exec(compile(source, "main.py", "exec"), names)
    names["os"] = Os
    slot = names["_slot"]()
    return {p.removeprefix(f"{slot}/"): d for p, d in files.items() if p.startswith(f"{slot}/")}


def test_a_new_pod_gets_all_of_it_and_starts_it():
    pod = PodInMemory()
    put(pod, firmware("one"))
    inside = started(pod.files)
    assert inside.pop("manifest.json")
    assert inside == firmware("one")
    assert "/settings.json" not in pod.files
    assert not [path for path in pod.files if path.endswith(".new")]


def test_a_second_deployment_copies_nothing():
    pod = PodInMemory()
    put(pod, firmware("one"))
    before = dict(pod.files)
    assert put(pod, firmware("one")).copied == 0
    assert pod.files == before


def test_a_damaged_file_on_the_pod_is_mended():
    pod = PodInMemory()
    put(pod, firmware("one"))
    pod.files["/fw_a/backstep/board.py"] = b"# bad"
    put(pod, firmware("one"))
    inside = started(pod.files)
    assert inside["backstep/board.py"] == b"# one"


def test_an_update_fills_the_other_slot_and_copies_what_is_the_same_on_the_pod():
    pod = PodInMemory()
    put(pod, firmware("one"))
    pod.written.clear()
    put(pod, firmware("two"))
    assert pod.files["/slot.txt"] == b"fw_b\n"
    assert "/fw_b/backstep/core/same.py.new" not in pod.written
    assert started(pod.files)["backstep/board.py"] == b"# two"
    put(pod, firmware("three"))
    assert "/fw_a/backstep/core/only_one.py" not in pod.files
    assert started(pod.files)["backstep/board.py"] == b"# three"


def test_settings_on_the_pod_stay_unless_others_are_given():
    pod = PodInMemory({"/settings.json": b'{"placement": "belt"}'})
    put(pod, firmware("one"))
    assert pod.files["/settings.json"] == b'{"placement": "belt"}'
    put(pod, firmware("one"), settings=b"{}")
    assert pod.files["/settings.json"] == b"{}"


def test_a_cut_at_every_point_of_an_update_leaves_a_pod_that_starts_the_old_or_the_new_firmware():
    before, whole = PodInMemory(), PodInMemory()
    put(before, firmware("one"))
    put(before, firmware("two"))
    whole.files = dict(before.files)
    put(whole, firmware("three"), settings=b'{"cue_every_steps": 5}')
    assert whole.verbs > 30
    new_ones = 0
    for verbs in range(whole.verbs):
        pod = PodInMemory(before.files, verbs_left=verbs)
        with pytest.raises(CutError):
            put(pod, firmware("three"), settings=b'{"cue_every_steps": 5}')
        inside = started(pod.files)
        assert inside.pop("manifest.json")
        assert inside in (firmware("two"), firmware("three")), f"after verb {verbs}"
        new_ones += inside == firmware("three")
        without_pointer = started({path: data for path, data in pod.files.items() if path != "/slot.txt"})
        assert_whole(without_pointer)
        json.loads(pod.files.get("/settings.json", b"{}"))
        again = PodInMemory(pod.files)
        put(again, firmware("three"), settings=b'{"cue_every_steps": 5}')
        assert started(again.files) == started(whole.files)
    assert new_ones < 2  # the pointer is the last thing that changes


def assert_whole(slot: dict[str, bytes]) -> None:
    """Assert that a slot holds what its manifest says."""
    for path, digest in json.loads(slot["manifest.json"])["files"].items():
        assert hashlib.sha256(slot[path]).hexdigest() == digest, path


def test_a_cut_on_a_new_pod_never_starts_a_part_of_the_firmware():
    whole = PodInMemory()
    put(whole, firmware("one"))
    for verbs in range(whole.verbs):
        pod = PodInMemory(verbs_left=verbs)
        with pytest.raises(CutError):
            put(pod, firmware("one"))
        try:
            inside = started(pod.files)
        except OSError as nothing_yet:
            assert "backstep deploy" in str(nothing_yet)
            continue
        assert inside is None or set(firmware("one")) < set(inside)


def test_a_copy_that_arrives_damaged_is_refused_and_the_old_firmware_stays():
    pod = PodInMemory()
    put(pod, firmware("one"))
    pod.damaged = "only_two"
    with pytest.raises(UserError, match=r"only_two.py: the copy differs \(SHA-256\); the old firmware stays"):
        put(pod, firmware("two"))
    assert started(pod.files)["backstep/board.py"] == b"# one"


def test_no_room_is_said_before_anything_is_touched():
    pod = PodInMemory(free=30_000)
    with pytest.raises(UserError, match=r"no room: 29 KiB free on the pod, \d+ KiB needed"):
        put(pod, firmware("one"))
    assert pod.files == {}


@pytest.mark.parametrize(
    ("files", "slot"),
    (
        ({}, None),
        ({"/slot.txt": b"fw_b\n"}, None),
        ({"/slot.txt": b"fw_b\n", "/fw_a/manifest.json": b"{}"}, "fw_a"),
        ({"/slot.txt": b"fw_b\n", "/fw_a/manifest.json": b"", "/fw_b/manifest.json": b""}, "fw_b"),
        ({"/fw_a/manifest.json": b"", "/fw_b/manifest.json": b""}, "fw_a"),
        ({"/slot.txt": b"\xff\xfe", "/fw_b/manifest.json": b""}, "fw_b"),
    ),
)
def test_host_and_main_agree_on_the_slot(files, slot):
    assert active_slot(PodInMemory(files)) == slot
    if slot and files.get("/slot.txt") != b"\xff\xfe":
        files = {path: data or slot.encode() for path, data in files.items()} | {"/main.py": podfiles.main_file()}
        assert started(files)["manifest.json"] == files[f"/{slot}/manifest.json"]


def test_progress_ends_at_the_total():
    seen = []
    Deployment(PodInMemory(), firmware("one"), "virtual", None).run(lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0


def test_a_settings_file_is_checked_before_a_pod_is_looked_for(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"sway_lean_deg": 95}')
    with pytest.raises(UserError, match="mine.json: .*sway_lean_deg: 95 is outside"):
        deploy.read_settings(path)
    path.write_text("{")
    with pytest.raises(UserError, match="mine.json: no JSON"):
        deploy.read_settings(path)
    with pytest.raises(UserError, match="nosuch.json: No such file"):
        deploy.read_settings(Path("nosuch.json"))
