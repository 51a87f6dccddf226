"""The files of the session log: their order, the newest head, and what may go when the flash is nearly full."""

import os
from binascii import crc32

import pytest
from backstep.app.kept import log_files, log_start
from backstep.app.running import Kept
from backstep.core import events
from backstep.core.log import log
from backstep.core.log.log_format import Block
from backstep.core.log.log_head import HEAD

SIZE = 4096  # of every file that may go [bytes]
FILES = (
    "log/00001-01.old",
    "log/00001-02.bsl",
    "log/00002-01.old",
    "log/00002-02.old",
    "log/00003-01.bsl",
    "marks/0001.bsr",
    "marks/0001.json",
    "raw/0001.raws",
)
FIRST_TO_GO = [FILES[index] for index in (0, 2, 3, 5, 6, 7)]


def block(number=0, long=False, **head):
    made = Block()
    made.put(log.BEGIN, 5, [1])
    while long and not made.full:
        made.put(events.AWAKE, 5, ())
    told = {"number": number} | head
    return bytes(made.close([told.get(name, 0) for name, _ in HEAD], crc32))


@pytest.fixture
def flash(tmp_path, monkeypatch):
    """A folder as a flash of `size` bytes."""

    class Flash:
        log, marks, root = str(tmp_path / "log"), str(tmp_path / "marks"), tmp_path

        def __init__(self):
            self.size, self.said = 10**6, []

        def put(self, name, data=b"\xa5" * SIZE):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)

        def files(self):
            return sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))

        def free(self, folder):
            used = sum([path.stat().st_size for path in tmp_path.rglob("*.*")])
            return (4096, 1, self.size, self.size - used, 0, 0, 0, 0, 0, 255)

        def make_room(self):
            kept = Kept(f"{tmp_path}/kept/settings.json", {})
            return log_files.make_room(kept, self.said.append)

        def fill(self, lacking):
            """Put all files; the flash lacks so many bytes of the room that is to stay."""
            for name in FILES:
                self.put(name)
            self.size = SIZE * len(FILES) + log_files.FREE_MIN - lacking

    flash = Flash()
    monkeypatch.setattr(os, "statvfs", flash.free)
    return flash


def newest(flash):
    return log_start.last_head(flash.log, log_files.names(flash.log))


def test_a_missing_folder_is_made_and_empty(flash):
    assert log_files.names(flash.log) == [] and os.listdir(flash.log) == []
    assert (newest(flash), log_start.last_boot([])) == (None, 0)


def test_a_folder_that_cannot_be_read_is_no_empty_one(flash):
    (flash.root / "log").write_text("a file")
    with pytest.raises(OSError):
        log_files.names(flash.log)


def test_sessions_come_by_boot_and_session_whether_fetched_or_not(flash):
    wanted = ["00002-01.old", "00002-09.bsl", "00002-10.old", "00010-01.bsl", "00099-99.old", "00100-01.bsl"]
    for name in [*wanted[::-1], "00200-01.tmp", "notes.txt"]:
        flash.put("log/" + name)
    assert log_files.names(flash.log) == wanted
    assert log_start.last_boot(log_files.names(flash.log)) == 100


def test_the_newest_head_is_of_the_last_block_of_the_last_session(flash):
    flash.put("log/00002-01.bsl", block(0, boot=2))
    flash.put("log/00002-02.old", block(0, boot=2) + block(1, boot=2, day=7) + block(2, boot=2, day=8))
    head = newest(flash)
    assert (head["number"], head["boot"], head["day"]) == (2, 2, 8)


@pytest.mark.parametrize("data", [b"", b"\xff" * 5000, block()[:-1]])
def test_sessions_without_a_sound_block_are_passed_over(flash, data):
    flash.put("log/00002-01.bsl", block(0, boot=2))
    for name in ("00003-01.bsl", "00003-02.bsl"):
        flash.put("log/" + name, data)
    assert newest(flash)["boot"] == 2
    assert log_start.last_boot(log_files.names(flash.log)) == 3


def test_the_tail_holds_the_last_whole_block_wherever_the_file_was_cut(flash):
    longest = block(1, long=True)
    for cut in range(len(longest)):
        flash.put("log/00001-01.bsl", block(0, long=True) + longest + block(2, long=True)[:cut])
        assert newest(flash)["number"] == 1, cut


@pytest.mark.parametrize("size", [0, 1, log_files.TAIL, log_files.TAIL + 1, 5 * log_files.TAIL])
def test_the_tail_is_the_end_of_a_file(flash, size):
    data = bytes([at % 251 for at in range(size)])
    flash.put("log/00001-01.bsl", data)
    assert log_files.tail(flash.log + "/00001-01.bsl") == data[-log_files.TAIL :]


@pytest.mark.parametrize("lacking", [-SIZE, 0])
def test_with_room_enough_nothing_goes(flash, lacking):
    flash.fill(lacking)
    assert flash.make_room()
    assert flash.files() == list(FILES) and flash.said == []


@pytest.mark.parametrize("count", range(1, len(FIRST_TO_GO) + 1))
@pytest.mark.parametrize("part", [1, SIZE])
def test_fetched_sessions_go_first_the_oldest_first_and_then_raw_seconds(flash, count, part):
    flash.fill(SIZE * (count - 1) + part)
    assert flash.make_room()
    gone = FIRST_TO_GO[:count]
    assert flash.files() == [name for name in FILES if name not in gone]
    assert flash.said == [f"log: the flash is nearly full: {flash.root}/{name} removed" for name in gone]


def test_a_session_that_no_host_has_never_goes(flash):
    flash.fill(SIZE * len(FILES))
    assert not flash.make_room()
    assert flash.files() == ["log/00001-02.bsl", "log/00003-01.bsl"]
    assert len(flash.said) == len(FIRST_TO_GO)
    assert not flash.make_room()


def test_without_raw_seconds_there_are_none_to_go(flash):
    flash.put("log/00001-01.bsl")
    flash.size = 0
    assert not flash.make_room()
    assert flash.files() == ["log/00001-01.bsl"] and flash.said == []


def test_a_flash_that_refuses_is_no_flash_with_room(flash, monkeypatch):
    def refuse(path):
        raise OSError(5)

    flash.fill(1)
    monkeypatch.setattr(os, "remove", refuse)
    with pytest.raises(OSError):
        flash.make_room()
    assert flash.files() == list(FILES) and flash.said == []


def on_shelves(flash):
    return [str(path.relative_to(flash.root / "log")) for path in sorted((flash.root / "log").rglob("*-*"))]


def test_sessions_of_before_are_put_on_shelves_some_at_each_start(flash):
    for name in ("00001-01.old", "00014-01.bsl", "00015-01.bsl", "00015-02.old", "00016-01.bsl", "00031-01.bsl"):
        flash.put("log/" + name)
    (flash.root / "log" / "notes.txt").write_text("")
    names = log_files.names(flash.log)
    log_start.shelve(flash.log)
    assert on_shelves(flash) == [
        "00001-01.old", "00014-01.bsl",
        "boots/0000/00015-01.bsl", "boots/0000/00015-02.old", "boots/0001/00016-01.bsl", "boots/0001/00031-01.bsl",
    ]  # fmt: skip
    assert log_files.names(flash.log) == names
    log_start.shelve(flash.log)
    flash.put("log/00032-01.bsl")
    assert log_start.newest(flash.log) == ["00016-01.bsl", "00031-01.bsl", "00032-01.bsl"]
    places = [log_files.place(flash.log, name) for name in log_files.names(flash.log)]
    assert sorted(os.path.relpath(path, flash.log) for path in places) == on_shelves(flash)


def test_a_shelf_that_is_left_empty_goes(flash):
    for name in ("00001-01.old", "00002-01.old"):
        flash.put("log/" + name)
    log_start.shelve(flash.log)
    kept = Kept(f"{flash.root}/kept/settings.json", {})
    for name, left in (("00001-01.old", ["0000"]), ("00002-01.old", [])):
        log_files.remove_session(kept, log_files.place(flash.log, name))
        assert os.listdir(flash.log + "/boots") == left


def test_what_was_shelved_goes_first_as_well_when_the_flash_is_nearly_full(flash):
    flash.put("log/00001-01.old")
    flash.put("log/00001-02.bsl")
    log_start.shelve(flash.log)
    flash.size = 2 * SIZE + log_files.FREE_MIN - 1
    assert flash.make_room() and on_shelves(flash) == ["boots/0000/00001-02.bsl"]
