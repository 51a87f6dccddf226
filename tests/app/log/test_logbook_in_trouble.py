"""The log book on a flash that is full or refuses, after too many sessions, and at a power cut."""

import pytest
from app.book_bench import Bench, told
from backstep.app.kept import log_files, state_store
from backstep.core import events
from backstep.core.log import log

REFUSED = "log: the flash refuses (OSError: 5); nothing is logged until the next session"
FULL = "log: the flash is full, nothing is logged any more; fetch sessions: backstep sync"
ENDED_FULL = {"sample": 0, "event": "end", "reason": "full flash"}


@pytest.fixture
def bench(world, tmp_path, monkeypatch):
    return Bench(world, tmp_path, monkeypatch)


def write_blocks(book, count):
    for number in range(count):
        book.note(log.BATTERY, number)
        book.write()


def test_a_full_flash_logs_no_session_and_is_said_and_felt(bench):
    bench.free = log_files.FREE_MIN - 1
    bench.book.begin(log.AT_START)
    bench.book.note(log.BATTERY, 3900)
    bench.book.end(log.STOPPED)
    bench.rest_for(1000)
    assert (bench.said, bench.cues, bench.writes_ms) == ([FULL], ["fault"], [])
    assert (bench.book.on, bench.book.open, bench.book.session) == (False, False, 0)


def test_the_session_after_a_full_flash_is_the_first_one_where_there_is_room_again(bench):
    bench.free = 0
    bench.book.begin(log.AT_START)
    bench.free = log_files.FREE_MIN + 4096
    bench.book.begin(log.BY_BUTTON)
    bench.book.write()
    assert told(bench.records(1)) == ["begin"]
    assert bench.cues == ["fault"]


def test_a_flash_that_fills_up_ends_the_session_with_its_reason(bench):
    bench.book.begin(log.AT_START)
    bench.free = log_files.FREE_MIN + 4096  # for one block of the flash
    write_blocks(bench.book, 20)
    assert bench.book.on and bench.said == []
    write_blocks(bench.book, 80)
    assert (bench.said, bench.cues, bench.book.open) == ([FULL], ["fault"], False)
    assert bench.records()[-1] == ENDED_FULL
    size = (bench.root / "log" / "00007-01.bsl").stat().st_size
    assert 4096 < size < 4096 + 2 * 448 and [head["number"] for head, _ in bench.blocks()][-1] < 100


def test_the_record_that_found_the_flash_full_comes_not_after_the_end(bench):
    bench.book.begin(log.AT_START)
    write_blocks(bench.book, 1)
    bench.free = 0
    while bench.book.on:
        bench.book.put(events.AWAKE, 0, ())
    assert not bench.book.open
    bench.rest_for(60_000)
    assert bench.records()[-1] == ENDED_FULL


def test_a_flash_that_refuses_is_said_and_felt_once(bench):
    bench.book.begin(log.AT_START)
    bench.refuses = True
    bench.rest_for(60_000)
    assert (bench.said, bench.cues, bench.book.on, bench.book.open) == ([REFUSED], ["fault"], False, False)
    bench.book.note(log.BATTERY, 3900)
    bench.book.end(log.STOPPED)
    bench.rest_for(60_000)
    assert bench.cues == ["fault"]


def test_the_record_that_found_the_flash_refusing_is_not_tried_again(bench):
    bench.book.begin(log.AT_START)
    bench.refuses = True
    while bench.book.on:
        bench.book.put(events.AWAKE, 0, ())
    bench.rest_for(60_000)
    assert bench.cues == ["fault"]
    assert len(bench.writes_ms) == 1


def test_after_a_refusal_the_next_session_is_logged_in_its_own_file(bench):
    bench.book.begin(log.AT_START)
    bench.book.write()
    bench.refuses = True
    bench.book.note(log.BATTERY, 3900)
    bench.book.write()
    bench.refuses = False
    bench.book.begin(log.BY_BUTTON)
    bench.book.end(log.BY_BUTTON)
    bench.book.write()
    assert [told(bench.records(session)) for session in (1, 2)] == [["begin", "boot"], ["begin", "end"]]
    assert bench.blocks(2)[0][0]["number"] == 0


def test_a_flash_that_cannot_tell_its_room_logs_nothing(bench, monkeypatch):
    def refuse(kept, say, keep):
        raise OSError(5)

    monkeypatch.setattr(log_files, "make_room", refuse)
    bench.book.begin(log.AT_START)
    assert (bench.said, bench.cues, bench.book.on) == ([REFUSED], ["fault"], False)


def test_sessions_are_numbered_from_1_to_99_and_the_next_ones_are_not_logged(bench):
    for _ in range(105):
        bench.book.begin(log.BY_BUTTON)
        bench.book.end(log.BY_BUTTON)
    bench.rest_for(1000)
    assert log_files.names(f"{bench.root}/log") == [f"00007-{number:02}.bsl" for number in range(1, 100)]
    assert [told(bench.records(session)) for session in (1, 99)] == [["begin", "end"]] * 2


def test_the_days_counts_outlive_the_sessions_that_made_room(bench):
    def start():
        return state_store.begin(f"{bench.root}/kept/state", f"{bench.root}/log", "power on", 3900, bench.say)

    (bench.root / "kept").mkdir()
    bench.start(boots=start()["boots"])
    bench.totals = (5, 0, 0, 0, 0)
    bench.book.begin(log.AT_START)
    bench.book.end(log.BY_BUTTON)
    bench.book.write()
    (bench.root / "log" / "00001-01.bsl").rename(bench.root / "log" / "00001-01.old")  # a host has it
    bench.free = 0
    bench.book.begin(log.BY_BUTTON)
    assert log_files.names(f"{bench.root}/log") == []
    assert start()["counts"] == [15, 0, 0, 0, 0]
