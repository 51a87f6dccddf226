"""The list of sessions that were fetched: in 80 columns, those too that never ended."""

from session_logs import STRIDE, write
from talking import command

from host_tools.talk import sessions


def test_the_table_fits_80_columns_and_keeps_its_head_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for number in (1, 2):
        write(tmp_path / f"0000{number}-01.bsl", [STRIDE] * 400, seconds=2 * 3600 + 59)
    code, out, _ = command("sessions", tmp_path)
    head, *rows = out.splitlines()
    assert code == 0 and head.split() == [
        "session", "began", "length", "back", "fwd", "other", "m", "back", "m", "up", "sways",
    ]  # fmt: skip
    assert len(rows) == 4 and rows[0].startswith("00001-01 ")
    assert max(map(len, out.splitlines())) <= 80


def test_a_session_that_never_ended_is_listed_from_what_is_here_of_it(tmp_path):
    whole = write(tmp_path / "00001-01.bsl", [STRIDE] * 400)
    whole.rename(tmp_path / "00001-01.bsl.part")
    data = (tmp_path / "00001-01.bsl.part").read_bytes()
    (tmp_path / "00001-01.bsl.part").write_bytes(data[:-30])
    code, out, _ = command("sessions", tmp_path)
    assert code == 0 and "00001-01 " in out
    assert "00001-01.bsl.part: ended by nothing that was logged; missing: " in out
    assert "no end: cut off, or not fetched whole" in out


def test_a_part_with_nothing_whole_in_it_and_a_folder_without_a_session_are_said(tmp_path):
    (tmp_path / "00001-01.bsl.part").write_bytes(b"BSL")
    code, out, err = command("sessions", tmp_path)
    told = "no sessions there: backstep sync --to DIR fetches a pod's, backstep tour makes one\n"
    assert (code, out) == (0, told) == command("sessions", "--figures", tmp_path)[:2]
    assert "00001-01.bsl.part: nothing of it is whole yet: sync fetches the rest" in err


def test_a_folder_that_may_not_be_read_is_not_told_as_empty(tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(sessions.os, "scandir", refused)
    told = f"backstep sessions: {tmp_path}: Permission denied\n"
    assert command("sessions", tmp_path) == (2, "", told)


def test_a_damaged_file_is_told_with_the_verb_before_it_and_the_sound_ones_are_shown(tmp_path):
    write(tmp_path / "00001-01.bsl", [STRIDE] * 40)
    (tmp_path / "00002-01.bsl").write_bytes(b"no log")
    code, out, err = command("sessions", tmp_path)
    assert code == 2 and "00001-01 " in out
    told = f"backstep sessions: {tmp_path / '00002-01.bsl'}: no session log"
    assert err.startswith(told) and err.count("\n") == 1
