"""What is written here is whole or not there, never in the place of a device, and told by its name."""

import errno
import os

import numpy as np
import pytest
from talking import command

from host_tools import whole_file
from host_tools.errors import UserError
from host_tools.recording_files import save
from host_tools.recordings import Recording


def full(number):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_what_was_there_and_is_told_by_the_name(tmp_path, monkeypatch):
    monkeypatch.setattr(whole_file.os, "fsync", full)
    path = tmp_path / "a.bsr"
    path.write_bytes(b"before")
    with pytest.raises(OSError, match="No space left") as told:
        save(path, Recording(np.ones((3, 6), np.int16), 208, "shoe", "body"))
    assert told.value.filename == str(path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.bsr"] and path.read_bytes() == b"before"


@pytest.mark.parametrize(
    "words",
    [
        ("export", "{log}", "--to", "csv", "--out", "{out}"),
        ("report", "{log}", "--out", "{out}"),
        ("doctor", "--port", "{log}", "--bundle", "{out}"),
    ],
)
def test_a_device_stays_what_it_is(tmp_path, words):
    log, out = tmp_path / "a.bsl", tmp_path / "pipe"
    log.touch()
    os.mkfifo(out)
    code, _, err = command(*(word.format(log=log, out=out) for word in words))
    assert (code, err) == (2, f"backstep {words[0]}: {out}: is no plain file, want the name of a file\n")
    assert out.is_fifo() and set(tmp_path.iterdir()) == {log, out}


@pytest.mark.parametrize("verb", ["sync", "marks", "rescue", "tour --yes", "flash qtpy_s3"])
def test_a_folder_that_cannot_be_one_is_told_before_a_pod_is_looked_for(tmp_path, monkeypatch, verb):
    file, no_port = tmp_path / "a", () if verb.startswith("tour") else ("--port", "/dev/nosuch")
    option = "--saved" if verb.startswith("flash") else "--to"
    file.touch()
    words = (*verb.split(), *no_port, option)
    told = f"backstep {verb.split()[0]}: "
    assert command(*words, file / "sub") == (2, "", f"{told}{file}: is a file, want a folder\n")
    monkeypatch.setattr(whole_file.os, "access", lambda path, how: False)
    says = f"{told}{tmp_path}: nothing may be written there; want a folder of your own\n"
    assert command(*words, tmp_path / "new" / "sub") == (2, "", says)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UserError, match="is a folder"):
        whole_file.check(tmp_path)
