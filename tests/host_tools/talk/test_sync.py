"""What is fetched, over a line with a pod's manners."""

import errno
import json
import os

import pytest
from backstep.app.desk.ask_log import piece_line
from hypothesis import given
from hypothesis import strategies as st
from talking import command

from host_tools.errors import UserError
from host_tools.talk import announced, fetching, find
from host_tools.talk.client import Client
from host_tools.talk.pieces import STRETCH, Sound, piece

LOG = {"log/00001-01.bsl": os.urandom(3000), "log/00001-02.bsl": os.urandom(100), "log/00002-01.bsl": b""}


def test_sync_fetches_what_is_missing_and_says_so(line, tmp_path):
    there = line(files=LOG)
    code, out, _ = command("sync", "--port", there.port, "--to", tmp_path)
    folder = tmp_path / "01"
    assert code == 0 and out == f"3 new sessions in {folder}; 0 here before\n"
    assert {f"log/{path.name}": path.read_bytes() for path in folder.iterdir()} == LOG
    assert [asked["path"] for asked in there.asked if asked["do"] == "synced"] == list(LOG)
    reads = len([asked for asked in there.asked if asked["do"] == "read"])
    code, out, _ = command("sync", "--port", there.port, "--to", tmp_path, "--json")
    assert json.loads(out) == {"folder": str(folder), "new": [], "had": 3, "raw": [], "running": [], "removed": 0}
    assert len([asked for asked in there.asked if asked["do"] == "read"]) == reads


def test_several_pods_are_all_fetched_from_each_into_its_folder(line, tmp_path):
    line("shoe", "01", LOG), line("belt", "02", {"log/00001-01.bsl": b"belt's"})
    code, out, err = command("sync", "--to", tmp_path)
    assert (code, err) == (0, "") and f"3 new sessions in {tmp_path / '01'}" in out
    assert (tmp_path / "02" / "00001-01.bsl").read_bytes() == b"belt's"
    told = json.loads(command("sync", "--to", tmp_path, "--json")[1])
    assert [(one["folder"], one["had"]) for one in told] == [(str(tmp_path / "01"), 3), (str(tmp_path / "02"), 1)]


def test_simulated_pods_are_fetched_from_where_none_is_on_usb(line, tmp_path, monkeypatch):
    pods = [line(f"pod {uid}", uid, files={"log/00001-01.bsl": b"session"}) for uid in ("01", "02")]
    monkeypatch.setattr(announced, "ports", lambda: [one.port for one in pods])
    found = find.ports
    monkeypatch.setattr(find, "ports", list)
    for words in ((), ("--pod", "sim")):
        code, out, err = command("sync", "--to", tmp_path / str(len(words)), *words)
        assert code == 0 and out.count("1 new session in ") == 2, err
        assert ("no pod on USB; simulated, whose" in err) == (not words)
    assert command("sync", "--to", tmp_path / "one", "--pod", "pod 01")[1].count("1 new session in ") == 1
    pods.pop()
    assert command("sync", "--to", tmp_path / "one")[1].startswith("0 new sessions in ")
    monkeypatch.setattr(find, "ports", lambda: found()[:1])
    assert "simulated" not in command("sync", "--to", tmp_path / "usb")[2]
    pods.clear()
    monkeypatch.setattr(find, "ports", list)
    code, out, err = command("sync", "--to", tmp_path / "none")
    assert (code, out) == (2, "") and "no pod on USB; plug one in" in err and err.count("\n") == 1


def test_of_several_pods_one_that_cannot_be_reached_holds_up_none(line, tmp_path):
    gone, _ = line("shoe", "01", LOG), line("belt", "02", LOG)
    gone.close()
    code, out, err = command("sync", "--to", tmp_path)
    assert code == 2 and f"backstep sync: {gone.port}: " in err and f"3 new sessions in {tmp_path / '02'}" in out


def test_sync_goes_on_where_a_broken_cable_left_off(line, tmp_path, monkeypatch):
    there, read = line(files=LOG), Client.read
    left = 2

    def breaks(self, path, offset):
        nonlocal left
        if not left:
            raise UserError("connection lost")
        left -= 1
        return read(self, path, offset)

    monkeypatch.setattr(Client, "read", breaks)
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 2
    folder = tmp_path / "01"
    assert [(path.name, path.stat().st_size) for path in folder.iterdir()] == [("00001-01.bsl.part", 1536)]
    monkeypatch.setattr(Client, "read", read)
    there.asked.clear()
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert next(asked["offset"] for asked in there.asked if asked["do"] == "read") == 1536
    assert {f"log/{path.name}": path.read_bytes() for path in folder.iterdir()} == LOG


def test_a_pod_that_streams_is_asked_once_for_many_pieces(line, tmp_path):
    there = line(files=LOG | {"log/00003-01.bsl": os.urandom(STRETCH + 9)})
    there.requests = ["stream"]
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert {f"log/{path.name}": path.read_bytes() for path in (tmp_path / "01").iterdir()} == there.files
    assert [asked["do"] for asked in there.asked].count("stream") == len(there.files) + 1
    assert "read" not in [asked["do"] for asked in there.asked]


@pytest.mark.parametrize("sound", [0, 3])
def test_a_stream_that_a_pulled_cable_cut_goes_on_where_it_ended(line, tmp_path, sound):
    there = line(files=LOG)
    there.requests, there.pieces_left = ["stream"], sound
    code, _, err = command("sync", "--port", there.port, "--to", tmp_path)
    assert code == 2 and "connection lost" in err
    (part,) = (tmp_path / "01").iterdir()
    assert (part.name, part.stat().st_size) == ("00001-01.bsl.part", 768 * sound)
    there = line(files=LOG)
    there.requests = ["stream"]
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert next(asked["offset"] for asked in there.asked if asked["do"] == "stream") == 768 * sound
    assert {f"log/{path.name}": path.read_bytes() for path in (tmp_path / "01").iterdir()} == LOG


@pytest.mark.parametrize("damage", [1, 3, 6])
def test_what_a_stream_damages_is_asked_for_again(line, tmp_path, damage):
    there = line(files=LOG)
    there.requests, there.damage = ["stream"], damage
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert {f"log/{path.name}": path.read_bytes() for path in (tmp_path / "01").iterdir()} == LOG


@pytest.mark.parametrize(
    ("lines", "sound"),
    [
        ([(0, b"ab"), (2, b"cd")], b"abcd"),
        ([(0, b"ab"), (4, b"ef"), (2, b"cd")], b"abcd"),
        ([(0, b"ab"), (0, b"ab")], b"ab"),
        ([(2, b"cd")], b""),
    ],
)
def test_only_pieces_in_order_are_sound(lines, sound):
    found = bytearray()
    taken = Sound(0, found.extend)
    for offset, data in lines:
        taken.take(piece_line(offset, data)[:-1])
    assert found == sound and taken.end == len(sound)


@given(st.binary(min_size=1), st.integers(0, 10**7), st.integers(0), st.integers(1, 255))
def test_a_piece_comes_back_and_no_damage_passes_for_sound(data, offset, where, change):
    line = piece_line(offset, data)[:-1]
    assert b"\n" not in line and b"\r" not in line and piece(line + b"\r") == (offset, data)
    damaged = bytearray(line)
    damaged[where % len(line)] ^= change
    found = piece(bytes(damaged))
    assert found[1] in (b"", data)  # a digit of the offset: Sound wants the right one


def test_a_full_disk_is_told_with_the_file_and_what_to_do(line, tmp_path, monkeypatch):
    there = line(files=LOG)

    def full(*words):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(fetching, "_append", full)
        code, _, err = command("sync", "--port", there.port, "--to", tmp_path)
    part = tmp_path / "01" / "00001-01.bsl.part"
    says = f"{part}: No space left on device; make room and repeat: it goes on from there\n"
    assert code == 2 and err.endswith(says) and list(part.parent.iterdir()) == []
    there.requests = ["get"]
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        code, _, err = command("sync", "--port", there.port, "--to", tmp_path)
    says = f"{part.with_name('settings.json')}: No space left on device; make room there, then repeat\n"
    assert code == 2 and err.endswith(says) and list(part.parent.iterdir()) == []
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0


def test_what_is_damaged_on_its_way_is_asked_for_again(line, tmp_path):
    there = line(files=LOG)
    there.damage = 2
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    there.damage = 99
    there.files["log/00009-01.bsl"] = b"x" * 50
    code, _, err = command("sync", "--port", there.port, "--to", tmp_path)
    assert code == 2 and "damaged on its way 3 times at 0; is the cable sound?" in err


@pytest.mark.parametrize("rest", [b"other", b"x" * 9000])
def test_a_part_of_another_session_is_begun_anew(line, tmp_path, rest):
    there = line(files=LOG)
    (tmp_path / "01").mkdir()
    (tmp_path / "01" / "00001-01.bsl.part").write_bytes(rest)
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert (tmp_path / "01" / "00001-01.bsl").read_bytes() == LOG["log/00001-01.bsl"]


def test_a_session_of_the_same_name_is_not_overwritten(line, tmp_path):
    there = line(files=LOG)
    (tmp_path / "01").mkdir()
    (tmp_path / "01" / "00001-02.bsl").write_bytes(b"from before the pod was erased")
    assert command("sync", "--port", there.port, "--to", tmp_path)[0] == 0
    assert (tmp_path / "01" / "00001-02.bsl").read_bytes() == b"from before the pod was erased"
    assert (tmp_path / "01" / "00001-02_2.bsl").read_bytes() == LOG["log/00001-02.bsl"]
    assert "0 new" in command("sync", "--port", there.port, "--to", tmp_path)[1]


def test_only_what_is_here_is_removed(line, tmp_path):
    there = line(files=LOG)
    assert "3 removed from the pod" in command("sync", "--port", there.port, "--to", tmp_path, "--remove")[1]
    assert there.files == {} and len(list((tmp_path / "01").iterdir())) == 3
