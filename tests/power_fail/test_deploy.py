"""A power cut at every program and erase of a deploy and of the first start after it: old or new starts."""

from pathlib import Path

import pytest
from deploying import deploy_to, pod_on
from patient import LAST_RESORT_S
from power_fail.boot import boot
from power_fail.journal import TORN, Journal
from slots import start

from host_tools.install import archive, bytecode, podfiles, running
from host_tools.rescue import filesystem
from host_tools.virtual_pod.flash_image import write_files

BOOTED = 8  # cuts after which the virtual pod is switched on as well
OLD_MAIN = (Path(__file__).parents[1] / "fixtures/old_layout/main.py").read_bytes()
FIRST_START_US = 70_000_000  # it has lasted by then
SETTINGS = b'{"placement": "belt"}\n'
SESSION = {"/log/00001-01.bsl": bytes(range(256)) * 30, "/marks/0001.bsr": b"mark" * 300}


def small(mark: str) -> dict[str, bytes]:
    """Return a firmware that says which it is and runs on."""
    run = f"import time\ndef run(parts, settings):\n print('backstep on {mark}')\n while 1: time.sleep(1)\n"
    return {
        "board.mpy": bytecode.compiled("def load(path, fell=''):\n open(path).close()\n", "board"),
        "pod.mpy": bytecode.compiled(run, "pod"),
    }


def old_layout(tmp_path: Path) -> dict[str, bytes]:
    """Return a pod with a small firmware in both folders, and settings and state that a run has left."""
    left = tmp_path / "left.bin"
    with pod_on(left, podfiles.files("virtual", {"placement": "belt"})) as pod:
        pod.run(until_us=3_000_000)
    kept = files_of(left.read_bytes())
    moved = {path.removeprefix("/kept"): data for path, data in kept.items() if path.startswith("/kept/")}
    slots = {
        f"/{slot}/{name}": data
        for slot in ("fw_a", "fw_b")
        for name, data in (small("old") | {"board.json": BOARD, "manifest.json": b'{"board": "virtual"}'}).items()
    }
    return {"/main.py": OLD_MAIN, "/slot.txt": b"fw_b\n"} | slots | moved


BOARD = podfiles.board_path("virtual").read_bytes()


def files_of(cells: bytes) -> dict[str, bytes]:
    """Return every file of a flash as it is mounted at a start."""
    found = filesystem.read(cells)
    assert not found.lost
    return found.files


@pytest.fixture(params=("archives", "old layout"))
def journey(request, tmp_path, monkeypatch):
    """Return the journal of a deploy and of the first minute after it, and the archive that was there before."""
    flash = tmp_path / "flash.bin"
    before = None
    if request.param == "archives":
        files = podfiles.files("virtual", {"placement": "belt"})
        older = {podfiles.MANIFEST: b"{}\n", "older.mpy": b"x" * 50_000}
        before = archive.packed(podfiles.slot_files("virtual", "x86") | older)
        files["/fw/a.pod"] = before
    else:
        files = old_layout(tmp_path)
        monkeypatch.setattr(running, "_HELLO_S", 1.0)  # it answers nothing, however long
    write_files(flash, files | SESSION)
    with pod_on(flash) as pod:
        pod.run(until_us=3_000_000)
        journal = Journal(pod)
        assert "backstep on Virtual pod (esp32s3), belt" in deploy_to(pod, "virtual")
        pod.run(until_us=pod.hardware.now_us + FIRST_START_US)
    return journal, before


def test_a_cut_at_every_flash_operation_starts_old_or_new_with_all_that_was_kept(journey, tmp_path, capsys):
    journal, before = journey
    new = archive.packed(podfiles.slot_files("virtual", "x86"))
    seen, cuts, wanted = [], 0, {len(journal.operations) * number // BOOTED for number in range(BOOTED)}
    for _, cells in journal.cuts(range(len(journal.operations))):
        number = cuts // (1 + len(TORN))
        files = files_of(cells)
        by_name = {Path(path).name: data for path, data in files.items()}  # a start puts a session on its shelf
        assert all(by_name[Path(path).name] == data for path, data in SESSION.items())
        seen.append(which(files, before, new))
        if files["/main.py"] != OLD_MAIN:
            assert boot(bytearray(cells)).settings["placement"] == "belt"
        if number in wanted:
            wanted.discard(number)
            assert greeting(tmp_path / "cut.bin", cells).startswith("backstep on ")
        cuts += 1
    with capsys.disabled():
        print(f"\n{cuts} power cuts at {len(journal.operations)} flash operations")
    assert cuts == len(journal.operations) * (1 + len(TORN)) + 1 > 500
    assert seen[0] == "old" and seen[-1] == "new" and seen == sorted(seen, reverse=True)
    assert files_of(cells)[podfiles.POINTER] in (b"a", b"b")  # it has lasted


def which(files, before, new):
    """Return whether the old or the new firmware starts."""
    if files["/main.py"] == OLD_MAIN:
        slot = next(slot for slot in ("fw_b", "fw_a") if f"/{slot}/manifest.json" in files)
        assert {name: files[f"/{slot}/{name}"] for name in small("old")} == small("old")
        assert files[f"/{slot}/board.json"] == BOARD
        assert all(f"/{name}.a" in files or f"/{name}.b" in files for name in ("settings", "state"))
        return "old"
    inside, _ = start(dict(files))
    wanted = {name: data.rstrip(b" ") for name, data in archive.unpacked(new).items()}
    if inside == wanted:
        return "new"
    assert inside == {name: data.rstrip(b" ") for name, data in archive.unpacked(before).items()}
    return "old"


def greeting(flash: Path, cells: bytearray) -> str:
    flash.write_bytes(cells)
    with pod_on(flash) as pod:
        lines = pod.lines(until_us=20_000_000, wall_s=LAST_RESORT_S)
        return next(line for line in lines if line.startswith("backstep on "))
