"""Requests for sessions and their files: what is there, pieces of it, and what may be deleted."""

import asyncio
import base64
from binascii import crc32

import pytest
from backstep.app.kept import log_start
from backstep.core import events


def test_sessions_begin_end_and_are_read_and_deleted(asked):
    asked.running.sensing.keeper.begin()
    assert asked.ask("begin") == "begin: a session runs"
    assert asked.ask("end") == {} and asked.ask("end") == "end: no session runs"
    log_start.shelve(asked.running.kept.root + "log")
    paths = [row[0] for row in asked.ask("sessions")["files"]]
    assert paths == ["log/00001-01.bsl", "log/00001-02.bsl"]
    data = whole(asked, paths[1])
    same = {"size": len(data), "crc32": crc32(data)}
    assert "the pod has" in asked.ask("delete", path=paths[1], size=len(data), crc32=5)
    assert asked.ask("synced", path=paths[1], **same) == {"path": "log/00001-02.old"}
    assert asked.ask("synced", path=paths[1], **same) == {"path": "log/00001-02.old"}  # its answer was lost
    assert asked.ask("sessions", after=paths[0])["files"] == [["log/00001-02.old", len(data), True, False]]
    assert asked.ask("delete", path=paths[1], **same) == {}
    assert [row[0] for row in asked.ask("sessions")["files"]] == paths[:1]
    last = asked.ask("reasons")["sessions"]
    assert last == [["log/00001-01.bsl", "start", "stop"]]


@pytest.mark.parametrize(("do", "least"), [("reasons", 10), ("sessions", 2), ("marks", 13)])
def test_what_looks_through_many_files_lets_samples_be_drained_in_between(asked, monkeypatch, tmp_path, do, least):
    """One after another at once were a stall of 0.2 to 0.4 s on an ESP32."""
    (tmp_path / "marks").mkdir(exist_ok=True)
    for number in range(16):
        (tmp_path / "marks" / f"{number:04}.bsr").write_bytes(b"x")
    asked.running.sensing.keeper.begin()
    for number in range(500):
        asked.running.sensing.keeper.log.put(events.STRIDE, 9 * number, [number % 7] * events.FIELD_COUNT)
    asked.ask("end")
    asked.ask("sessions")
    turns, sleep_ms = [], asyncio.sleep_ms
    monkeypatch.setattr(asyncio, "sleep_ms", lambda ms: turns.append(ms) or sleep_ms(ms))
    asked.ask(do)
    assert len(turns) >= least


@pytest.mark.parametrize("name", ["..", ".", "new", "", "0001.bsr/..", ".hidden.bsr"])
def test_what_is_no_file_of_the_folder_is_not_read(asked, tmp_path, name):
    (tmp_path / "marks").mkdir(exist_ok=True)
    (tmp_path / "marks" / "new").write_bytes(b"x")
    (tmp_path / "marks" / ".hidden.bsr").write_bytes(b"x")
    refused = asked.ask("read", path="marks/" + name, offset=0, length=9)
    assert refused == f"path: {'marks/' + name!r} is no file of the log or of the marks"


def whole(asked, path):
    data = b""
    while True:
        told = asked.ask("read", path=path, offset=len(data), length=100)
        piece = base64.b64decode(told["data"])
        assert crc32(piece) == told["crc32"]
        data += piece
        if len(data) == told["size"]:
            return data


def test_the_session_that_runs_is_neither_marked_nor_deleted(asked):
    asked.running.sensing.keeper.begin()
    asked.running.sensing.keeper.log.write()
    path = asked.running.sensing.keeper.log.path[len(asked.running.kept.root) :]
    assert asked.ask("sessions")["files"][-1][3] is True
    for do in ("synced", "delete"):
        assert asked.ask(do, path=path, size=0, crc32=0) == f"{do}: {path}: its session still runs"


def test_pages_of_many_sessions_follow_each_other(asked):
    folder = asked.running.kept.root + "log/"
    for number in range(2, 40):
        open(f"{folder}{number:05d}-01.bsl", "w").close()
    seen, more = [], True
    while more:
        page = asked.ask("sessions", after=seen[-1]) if seen else asked.ask("sessions")
        seen += [row[0] for row in page["files"]]
        more = page["more"]
    assert len(seen) == 39 and seen == sorted(seen)


@pytest.mark.parametrize("path", ["log", "log/", "/log/x", "../main.py", "log/../settings.a", "settings.a"])
def test_only_files_of_the_log_and_the_marks_are_read(asked, path):
    assert asked.ask("read", path=path, offset=0, length=9).startswith("path: ")


@pytest.mark.parametrize(("offset", "length"), [(0, 0), (0, 769), (-1, 9), (10**6, 9)])
def test_a_piece_lies_inside_the_file(asked, offset, length):
    error = asked.ask("read", path="log/00001-01.bsl", offset=offset, length=length)
    assert error.startswith("read: ") and "is outside" in error
