"""A pod that no longer starts: its flash read by the real esptool, or from a file; past damage, never written."""

import errno
import json
import os
import random
import re
import sys

import kept_flash
import pytest
from esptool.util import FatalError
from kept_flash import VFS_AT, flash, kept
from patient import SLOWER
from talking import Line, command

from host_tools.rescue import chip, filesystem, rescue
from host_tools.sessions import session_log
from host_tools.talk import client
from host_tools.virtual_pod import flash_image

UID = "020000000001"


@pytest.fixture
def files(tmp_path):
    return kept(tmp_path)


def told(*words):
    code, out, err = command("rescue", *words, "--json")
    return code, json.loads(out) if out else {}, err


def test_a_pod_in_its_loader_gives_what_sync_would_have_brought(plugged_in, files, tmp_path):
    pod = plugged_in(flash(files))
    before = bytes(pod.flash)
    code, came, _ = told("--port", pod.port, "--to", tmp_path / "to")
    folder = tmp_path / "to" / UID
    assert (code, came["lost"]) == (0, [])
    assert came["sessions"] == ["00007-01.bsl", "00008-02.bsl"] and came["raw"] == ["0001.bsr", "0001-01.bsr"]
    assert (folder / "00007-01.bsl").read_bytes() == files["/log/00007-01.old"]
    assert (folder / "raw" / "0001.bsr").read_bytes() == files["/marks/0001.raw"]
    assert json.loads((folder / "raw" / "0001.json").read_text())["event"] == "sway"
    assert (folder / "raw" / "0001-01.bsr").read_bytes() == files["/marks/0001.raw"]
    assert json.loads((folder / "raw" / "0001-01.json").read_text())["event"] == "fall"
    settings = json.loads((folder / "settings.json").read_text())
    assert settings["pod_name"] == "mine" and settings["calibrated_day"] == 20000
    assert json.loads((folder / "state.json").read_text())["boots"] == 8
    assert pod.flash == before and pod.was_reset.is_set()
    assert not {"flash_begin", "flash_defl_begin", "erase_flash", "erase_region"} & set(pod.commands)
    assert pod.commands.count("read_flash") < 10, "only what is needed is read"
    code, out, _ = command("sessions", tmp_path / "to")
    assert code == 0 and "00007-01" in out
    again = told("--image", folder / "flash.bin", "--to", tmp_path / "again")[1]
    assert again["sessions"] == came["sessions"] and again["settings"] and again["state"]


def test_it_can_be_repeated_and_overwrites_nothing(files, tmp_path):
    image, to = tmp_path / "dump.bin", tmp_path / "to"
    image.write_bytes(flash(files))
    assert told("--image", image, "--to", to)[1]["had"] == 0
    assert told("--image", image, "--to", to)[1]["had"] == 4
    (to / "dump" / "00007-01.bsl").write_bytes(b"another pod's")
    assert told("--image", image, "--to", to)[1]["sessions"][0] == "00007-01_2.bsl"
    assert (to / "dump" / "00007-01.bsl").read_bytes() == b"another pod's"


def test_a_full_disk_is_told_with_the_file_and_leaves_no_half_one(files, tmp_path, monkeypatch):
    image, to = tmp_path / "dump.bin", tmp_path / "to"
    image.write_bytes(flash(files))

    def refuses(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuses)
    before = set(tmp_path.rglob("*"))
    code, _, err = command("rescue", "--image", image, "--to", to)
    assert code == 2 and err.endswith(".bsl: No space left on device; make room there, then repeat\n")
    with pytest.raises(OSError, match="new.bin"):
        flash_image.write_files(tmp_path / "new.bin", {"/a": b"a"}, 0x20000)
    assert [path for path in set(tmp_path.rglob("*")) - before if path.is_file()] == []


def test_a_filesystem_alone_and_a_pod_from_before_there_were_folders_will_do(files, tmp_path):
    old = {path.replace("/kept/", "/"): data for path, data in files.items()}
    image = tmp_path / "vfs.bin"
    image.write_bytes(filesystem.made(old, 0x80000))
    code, came, _ = told("--image", image, "--to", tmp_path)
    assert code == 0 and came["settings"] and came["state"] and len(came["sessions"]) == 2


def wiped(cells, *blocks):
    for block in blocks:
        cells[VFS_AT + block * 4096 : VFS_AT + (block + 1) * 4096] = bytes(4096)
    return cells


def rescued(cells, tmp_path):
    image = tmp_path / "dump.bin"
    image.parent.mkdir(exist_ok=True)
    image.write_bytes(cells)
    code, came, _ = told("--image", image, "--to", tmp_path / "to")
    return code, came, tmp_path / "to" / "dump"


def test_without_a_superblock_sessions_and_tables_are_found_by_their_checksums(tmp_path):
    files = kept(tmp_path, steps=2000)
    code, came, folder = rescued(wiped(flash(files), 0, 1), tmp_path)
    assert code == 1 and "its filesystem cannot be mounted (damaged)" in came["lost"]
    assert came["sessions"] == ["00007-01.bsl", "00008-02.bsl"] and came["settings"] and came["state"]
    assert json.loads((folder / "settings.json").read_text())["pod_name"] == "mine"
    whole = len(files["/log/00007-01.old"])
    assert whole > (folder / "00007-01.bsl").stat().st_size > 0.8 * whole
    found = session_log.load(folder / "00007-01.bsl")
    assert found.missing and found.damaged_bytes == 0, "blocks over two blocks of flash are lost, and that is said"


def test_a_folder_that_is_gone_is_told_and_the_rest_comes(tmp_path):
    cells = flash(kept(tmp_path))
    image = bytes(cells[VFS_AT:])
    pair = [at // 4096 for at in (m.start() for m in re.finditer(rb"00008-02.bsl", image))]
    code, came, _ = rescued(wiped(cells, *{block ^ side for block in pair for side in (0, 1)}), tmp_path)
    assert code == 1 and came["raw"] == ["0001.bsr", "0001-01.bsr"] and came["settings"] and came["state"]
    assert any(line.startswith("a folder, or a part of one, is damaged (blocks ") for line in came["lost"])
    assert came["sessions"] == ["00007-01.bsl", "00008-02.bsl"], "by their blocks"


def test_half_of_the_first_pair_that_is_gone_may_hide_what_was_newer(tmp_path):
    for block in (0, 1):
        code, came, _ = rescued(wiped(flash(kept(tmp_path)), block), tmp_path)
        assert code == 1 and any(f"block {block} is damaged" in line for line in came["lost"])
        assert len(came["sessions"]) == 2 and came["settings"]


def test_a_session_with_damage_in_it_is_told(tmp_path):
    cells = flash(kept(tmp_path, steps=2000))
    at = cells.index(b"BSL\x03", VFS_AT + 5 * 4096)
    cells[at : at + 20] = bytes(20)
    code, came, _ = rescued(cells, tmp_path)
    assert code == 1 and any("00007-01.bsl: " in line and "are damaged" in line for line in came["lost"])


def test_a_table_that_cannot_be_read_leads_to_a_search_of_the_whole_flash(tmp_path):
    cells = flash(kept(tmp_path))
    cells[0x8000:0x8100] = bytes(0x100)
    code, came, _ = rescued(cells, tmp_path)
    assert code == 0 and len(came["sessions"]) == 2 and came["settings"]


def test_any_damage_ends_in_words_and_never_in_a_file_that_differs_unsaid(tmp_path):
    files = kept(tmp_path)
    sound, draw = flash(files), random.Random(3)
    used = [at for at in range(VFS_AT, len(sound), 4096) if sound[at : at + 4096].strip(b"\xff")]
    for number in range(60):
        cells = bytearray(sound)
        for at in draw.sample(used, draw.randrange(1, 4)):
            start = at + draw.randrange(4000)
            cells[start : start + 96] = draw.randbytes(96)
        found = filesystem.read(bytes(cells[VFS_AT:]))
        assert found.lost or set(found.files) <= set(files)
        code, came, folder = rescued(cells, tmp_path / str(number)) if number % 6 == 0 else (0, {}, None)
        if came and code == 0:
            assert (folder / "00008-02.bsl").read_bytes() == files["/log/00008-02.bsl"]


@pytest.mark.parametrize(
    ("cells", "said"),
    (
        (b"", "its filesystem is empty: nothing was ever kept on it"),
        (b"\xeb\x3c\x90MSDOS5.0".ljust(510, b"\0") + b"\x55\xaa", "holds a FAT filesystem, as CircuitPython's"),
        ({"/boot.py": b"# another program"}, "no firmware of ours has kept anything on it"),
        (random.Random(1).randbytes(9000), "no filesystem of a pod, and no piece of one"),
    ),
)
def test_where_there_is_nothing_one_sentence_says_why(plugged_in, tmp_path, cells, said):
    image = tmp_path / "dump.bin"
    image.write_bytes(flash(cells))
    code, _, err = command("rescue", "--image", image, "--to", tmp_path / "to")
    assert code == 2 and said in err and err.count("\n") == 1
    if len(cells) < 9000:  # which would all be read
        code, _, err = command("rescue", "--port", plugged_in(flash(cells)).port, "--to", tmp_path / "to")
        assert code == 2 and said in err.splitlines()[-1]


def test_wrong_input_is_told_in_one_line(tmp_path):
    short, early = tmp_path / "short.bin", tmp_path / "early.bin"
    short.write_bytes(b"BSL")
    early.write_bytes(flash({})[:0x100000])
    cases = (
        (("--image", tmp_path / "nosuch", "--to", tmp_path), "No such file"),
        (("--image", short, "--to", tmp_path), "3 bytes: no flash of a pod"),
        (("--image", early, "--to", tmp_path), "ends at 0x100000, before its filesystem at 0x200000"),
        (("--image", short, "--to", short), "is a file, want a folder"),
        (("--port", tmp_path / "nosuch", "--to", tmp_path), "there is no such port; is the pod plugged in?"),
    )
    for words, said in cases:
        code, _, err = command("rescue", *words)
        assert code == 2 and said in err.splitlines()[-1]


def test_a_cable_that_comes_out_leaves_nothing_half_done(plugged_in, files, tmp_path):
    pod = plugged_in(flash(files))
    pod.cut_after = "read_flash", 3
    code, _, err = command("rescue", "--port", pod.port, "--to", tmp_path / "to")
    assert code == 2 and "again, at 460800 baud" in err and not (tmp_path / "to").exists()


def test_a_line_that_is_too_fast_is_tried_slower(plugged_in, files, tmp_path):
    pod = plugged_in(flash(files))
    pod.fastest = kept_flash.SLOW
    code, _, err = command("rescue", "--port", pod.port, "--to", tmp_path / "to")
    assert code == 0 and "again, at 115200 baud" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Failed to connect to Espressif device: No serial data received.\nFor troubleshooting", "no chip in its"),
        ("Failed to connect to Espressif device: Wrong boot mode detected (0x8)!", "the chip runs its program"),
    ],
)
def test_what_is_in_no_loader_is_told_in_our_words_alone(words, says, monkeypatch, tmp_path):
    def talks(port, **options):
        print("Connecting......")
        print("WARNING: set --before to no-reset", file=sys.stderr)
        raise FatalError(words)

    monkeypatch.setattr(chip, "detect_chip", talks)
    for module, name in ((rescue, "_HELLO_S"), (client, "_HELLO_S")):
        monkeypatch.setattr(module, name, 0.3 / SLOWER)
    line = Line(name="left")
    runs = command("rescue", "--port", line.port, "--to", tmp_path / "to")
    line.mute = True
    silent = command("rescue", "--port", line.port, "--to", tmp_path / "to")
    line.close()
    looks = f"{line.port}: looks for the chip's loader\n"
    sync = f"backstep rescue: {line.port}: left runs there: backstep sync --to {tmp_path / 'to'} fetches all"
    assert runs[:2] == (2, "") and runs[2] == f"{looks}{sync} it has\n"
    assert silent[0] == 2 and silent[2].startswith(f"{looks}backstep rescue: {line.port}: {says}")
    assert silent[2].endswith("; hold BOOT, press and release RESET, release BOOT, then repeat\n")


def test_a_file_whose_move_a_power_cut_ended_hides_no_other(monkeypatch):
    cells = bytearray(filesystem.made({"/log/1.bsl": b"1", "/log/2.bsl": b"2", "/log/boots/0.bsl": b"0"}, 1 << 17))
    states, put = [], filesystem.Cells._put

    def noted(self, at, data):
        states.append(bytes(self.cells))
        return put(self, at, data)

    monkeypatch.setattr(filesystem.Cells, "_put", noted)
    filesystem.littlefs_on(cells).rename("/log/1.bsl", "/log/boots/1.bsl")
    monkeypatch.undo()
    for state in (*states, bytes(cells)):
        found = filesystem.read(state)
        assert sorted(path[-5:] for path in found.files) == ["0.bsl", "1.bsl", "2.bsl"] and not found.lost
    assert len(states) > 1
