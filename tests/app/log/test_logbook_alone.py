"""The log book with nothing around it: when a block is due, and what is in it."""

import pytest
from app.book_bench import Bench, told
from backstep.app.log import logbook
from backstep.core import events
from backstep.core.log import log

NOON_MS = 1_764_244_800_123
DAY = NOON_MS // 86_400_000
DUE_MS, LATEST_MS = 20_000, 40_000


@pytest.fixture
def bench(world, tmp_path, monkeypatch):
    return Bench(world, tmp_path, monkeypatch)


def test_what_it_takes_is_what_is_read(bench):
    bench.book.begin(log.AT_START)
    bench.samples = 500
    bench.book.put(events.STRIDE, 480, [400, 470, events.BACKWARD, 900, 30, -2, 2, 95, 600, 1, -84, 5120, 0])
    bench.book.buzz("milestone", 480, 100)
    bench.samples = 600
    bench.book.note(log.BATTERY, 3900)
    bench.book.end(log.BY_BUTTON)
    bench.book.write()
    assert bench.records() == [
        {"sample": 0, "event": "begin", "reason": "start"},
        {"sample": 0, "event": "boot", "cause": "power on", "early_ends": 2},
        {"sample": 480, "event": "stride", "start": 400, "contact": 470, "direction": "backward", "stride_mm": 900,
         "height_mm": 30, "lateral_mm": -2, "steps": 2, "confidence_pct": 95, "stance_ms": 600, "landing": "toe",
         "pitch_ddeg": -84, "impact_mg": 5120, "clipped": 0},
        {"sample": 500, "event": "buzz", "pattern": "milestone", "ms": 480, "level": 100},
        {"sample": 600, "event": "battery", "mv": 3900, "pct": 63},
        {"sample": 600, "event": "end", "reason": "button"},
    ]  # fmt: skip


def test_a_later_session_of_a_start_tells_no_boot(bench):
    bench.parts.cause = "a cause from the future"
    bench.start()
    for why in (log.AT_START, log.BY_BUTTON):
        bench.book.begin(why)
        bench.book.end(log.BY_CONSOLE)
    bench.book.write()
    assert bench.records(1)[1]["cause"] == "unknown"
    assert told(bench.records(2)) == ["begin", "end"]


def test_the_head_tells_which_block_it_is_when_and_what_the_day_comes_to(bench):
    bench.book.begin(log.AT_START)
    bench.world.now_us += 5_000_000
    bench.totals = (3, 2, 1, 4, 5)
    bench.book.write()
    bench.clock.set(NOON_MS, 0)
    bench.world.now_us += 1_000_000
    bench.book.note(log.BATTERY, 3900)
    bench.book.write()
    heads = [head for head, _ in bench.blocks()]
    same = {"sample": 0, "boot": 7, "session": 1, "placement": 1, "rate_hz": 104, "sways": 4, "falls": 5}
    same |= {"forward": 2, "other": 1}
    start_ms = NOON_MS - 5000
    known = {"unix_s": start_ms // 1000, "unix_ms": start_ms % 1000, "day": DAY, "backward": 3}
    unknown = {"unix_s": 0, "unix_ms": 0, "day": 0, "backward": 13}
    assert heads == [
        same | unknown | {"number": 0, "closed_ms": 5000},
        same | known | {"number": 1, "closed_ms": 6000},
    ]


def test_the_counts_of_the_day_go_on_over_sessions(bench):
    bench.start(day=DAY)
    bench.clock.set(NOON_MS, 0)
    bench.totals = (5, 0, 0, 0, 1)
    bench.book.end_counts()
    bench.totals = (1, 1, 0, 0, 0)
    assert bench.book.counts() == (DAY, [16, 1, 0, 0, 1])
    bench.clock.set(NOON_MS + 86_400_000, 0)
    assert bench.book.counts() == (DAY + 1, [0] * 5)


def test_a_session_begins_with_the_time_and_the_wearers_zone_where_they_are_known(bench):
    bench.clock.set(NOON_MS, -210)
    bench.book.begin(log.BY_BUTTON)
    bench.book.write()
    now = {"unix_s": NOON_MS // 1000, "unix_ms": NOON_MS % 1000, "utc_offset_min": -210}
    assert bench.records()[-1] == {"sample": 0, "event": "clock", "ahead_ms": 0, "known": 1} | now


def test_a_block_is_written_when_it_is_20_s_old(bench):
    bench.book.begin(log.AT_START)
    bench.rest_for(3 * DUE_MS)
    assert bench.writes_ms == [DUE_MS]
    bench.book.note(log.BATTERY, 3900)
    bench.rest_for(3 * DUE_MS)
    assert bench.writes_ms == [DUE_MS, 4 * DUE_MS]


@pytest.mark.parametrize("why", ["turns", "buzzes"])
@pytest.mark.parametrize("until_ms", [DUE_MS + 100, 33_000, LATEST_MS, LATEST_MS + 100, 90_000])
def test_a_block_that_is_due_waits_for_a_quiet_moment_at_most_20_s_more(bench, why, until_ms):
    def disturb(now_ms):
        bench.calms = why != "turns" or now_ms >= until_ms
        bench.busy = why == "buzzes" and now_ms < until_ms

    bench.book.begin(log.AT_START)
    bench.rest_for(95_000, disturb)
    assert bench.writes_ms == [min(until_ms, LATEST_MS)]


def test_no_record_waits_longer_than_40_s_for_the_flash(bench):
    waits_ms = []

    def disturb_and_note(now_ms):
        bench.calms = False
        if now_ms % 7000 == 0:
            bench.book.note(log.BATTERY, now_ms)

    bench.book.begin(log.AT_START)
    bench.rest_for(300_000, disturb_and_note)
    for head, records in bench.blocks():
        waits_ms += [head["closed_ms"] - record["mv"] for record in records if record["event"] == "battery"]
    assert len(waits_ms) > 30 and max(waits_ms) <= LATEST_MS


@pytest.mark.parametrize(("records", "due"), [(146, False), (147, True)])
def test_300_bytes_are_due_when_it_is_quiet(bench, records, due):
    bench.book.begin(log.AT_START)  # seven bytes, and two for each of the others
    for _ in range(records):
        bench.book.put(events.AWAKE, 0, ())
    bench.calms = False
    bench.rest_for(1000)
    bench.calms = True
    bench.rest_for(200)
    assert bench.writes_ms == [1100] * due


def test_the_end_of_a_session_is_due_when_it_is_quiet(bench):
    bench.book.begin(log.AT_START)
    bench.book.end(log.STOPPED)
    assert not bench.book.on and bench.book.open
    bench.busy = True
    bench.rest_for(1000)
    bench.busy = False
    bench.rest_for(300)
    assert bench.writes_ms == [1100]
    assert not bench.book.open


def test_a_full_block_is_written_before_a_record_is_lost(bench):
    bench.calms = False
    bench.book.begin(log.AT_START)
    for sample in range(1000):
        bench.book.put(events.STRIDE, 100 * sample, [100 * sample - 90, 100 * sample - 10, 2, 900] + [0] * 9)
    bench.book.write()
    assert [record["sample"] for record in bench.records()[2:]] == [100 * sample for sample in range(1000)]
    assert [head["number"] for head, _ in bench.blocks()] == list(range(len(bench.blocks())))


def test_nothing_is_taken_before_a_session_and_after_it(bench):
    bench.book.note(log.BATTERY, 1)
    bench.book.begin(log.AT_START)
    bench.book.end(log.STOPPED)
    bench.book.note(log.BATTERY, 2)
    bench.book.end(log.EXIT)
    bench.rest_for(300)
    assert told(bench.records()) == ["begin", "boot", "end"] and bench.records()[-1]["reason"] == "stop"


def test_the_true_rate_is_told_once_and_in_every_session(bench):
    bench.book.begin(log.AT_START)
    for permille in (1024, 1024, 1024):
        bench.book.rate(permille)
    bench.book.end(log.STOPPED)
    bench.book.begin(log.BY_BUTTON)
    bench.book.write()
    for session in (1, 2):
        assert [record["permille"] for record in bench.records(session) if record["event"] == "rate"] == [1024]


def test_in_one_turn_the_flash_erases_once_at_most(bench, monkeypatch):
    """Each write and each close may have it erase a block, which takes 80 ms; loading takes as long."""

    class Slow:
        def __init__(self, path, mode):
            self.file = open(path, mode)  # noqa: SIM115

        def write(self, data):
            bench.world.now_us += 80_000
            done.append("write")
            return self.file.write(data)

        def close(self):
            done.append("close")
            self.file.close()

        def tell(self):
            return self.file.tell()

    done, turns = [], []
    monkeypatch.setattr(logbook, "open", Slow, raising=False)
    monkeypatch.setattr(logbook, "keep_counts", lambda book, keep: done.append("keep"))
    monkeypatch.setattr(logbook, "_counts_keeper", lambda: done.append("load") or "loaded")
    bench.book.begin(log.AT_START)
    for _ in range(30):
        bench.book.note(log.BATTERY, 3900)
    bench.book._day.news = True
    bench.book.end(log.STOPPED)
    while bench.book.rest():
        turns.append(tuple(done))
        done.clear()
    assert turns[-3:] == [("close",), ("load",), ("keep",)]
    assert len(turns) > 4 and set(turns[:-3]) == {("write",)}
    assert len(bench.records()) == 33


def test_a_file_that_cannot_be_closed_is_a_flash_that_refuses(bench):
    bench.book.begin(log.AT_START)
    bench.refuses_to_close = True
    bench.rest_for(60_000)
    assert len(bench.said) == 1 and bench.said[0].startswith("log: the flash refuses") and not bench.book.on


def test_without_a_calm_moment_a_late_block_is_ended_part_by_part_all_the_same(bench):
    bench.calms = False
    bench.book.begin(log.AT_START)
    turns = []
    while not turns or turns[-1]:
        bench.world.now_us += LATEST_MS * 1000 if not turns else 100_000
        turns.append(bench.book.rest())
        bench.book.note(log.BATTERY, 3900)
    assert turns == [True, True, True, False]
    assert told(bench.records()) == ["begin", "boot"]


@pytest.mark.parametrize("full", [False, True])
def test_no_block_is_written_while_a_warning_is_near_however_late_or_full_it_is(bench, full):
    """An erase that began there made the cue 48 ms late; what comes meanwhile finds room in the block."""
    bench.calms = bench.steadies = False
    bench.book.begin(log.AT_START)
    while full and not bench.book._block.full:
        bench.book.put(events.AWAKE, 0, ())
    bench.rest_for(LATEST_MS + 5000, lambda now_ms: now_ms % 5000 or bench.book.put(events.SWAY, 0, [1, 2, 0]))
    assert bench.writes_ms == []
    bench.steadies = True
    bench.rest_for(100)
    bench.steadies = False  # in the middle of it
    bench.rest_for(1000)
    bench.steadies = True
    bench.rest_for(300)
    assert bench.writes_ms == [LATEST_MS + 5100]
    assert told(bench.records()).count("sway") == 9


def test_a_record_that_does_not_fit_is_not_lost_though_a_warning_is_near(bench):
    bench.calms = bench.steadies = False
    bench.book.begin(log.AT_START)
    for _ in range(300):
        bench.book.put(events.SWAY, 0, [1, 2, 0])
    bench.book.write()
    assert told(bench.records()).count("sway") == 300


def test_a_full_block_is_written_part_by_part_before_a_record_needs_its_room(bench):
    bench.calms = False
    bench.book.begin(log.AT_START)
    turns = []
    while len(turns) < 4:
        bench.world.now_us += 50_000
        if not turns:
            bench.book.put(events.AWAKE, 0, ())
        if turns or bench.book._block.full:
            turns.append(bench.book.rest())
    assert turns == [True, True, True, False]
    assert len(bench.blocks()) == 1
