"""The session log of the whole app: when it is written, what is in it, how it ends."""

from binascii import crc32
from types import SimpleNamespace

import pytest
from app.book_bench import NOBODY
from app.fake_chips import REST
from app.fakes import MARK
from app.log.test_marks import free_bytes
from backstep.app.kept import folders, log_files
from backstep.app.log import logbook
from backstep.app.running import Kept, Pod, Sensing
from backstep.core import events, settings
from backstep.core.log import log
from backstep.core.log.log_format import RECORDS_MAX
from backstep.core.log.log_reader import Reader

from host_tools.sessions import session_log

BACKWARD = (MARK + events.STRIDE, events.BACKWARD, 0, 0, 0, 0)
SWAY = (MARK + events.SWAY, 0, 0, 0, 0, 0)
TURNING = (0, 0, 1000, 0, 900, 0)


@pytest.fixture
def folder(pod):
    return pod.root / "log"


@pytest.fixture
def writes(pod, monkeypatch):
    """The times [ms] at which the log is written."""
    found = []

    def watched(path, mode="r"):
        found.append(pod.world.now_us / 1000)
        return open(path, mode)

    monkeypatch.setattr(logbook, "open", watched, raising=False)
    return found


def only(folder):
    (path,) = folder.iterdir()
    return session_log.load(path)


def names(found):
    return [record["event"] for record in found.records]


def test_a_session_is_logged_from_its_beginning_to_its_end(pod, folder):
    pod.imu.rows = [REST] * 300 + [BACKWARD] + [REST] * 100 + [SWAY]
    pod.run(5000)
    found = only(folder)
    assert names(found)[:2] == ["begin", "boot"] and names(found)[-1] == "end"
    assert sorted(names(found)[2:-1]) == ["battery", "buzz", "buzz", "rate", "stride", "sway"]
    assert (found.began, found.ended, found.boot, found.session) == ("start", "stop", 1, 1)
    assert found.counts.backward == 2 and found.counts.sways == 1
    assert session_log.what_is_missing(found) == ""
    stride = next(record for record in found.records if record["event"] == "stride")
    assert (stride["sample"], stride["direction"], stride["stride_mm"]) == (300, "backward", 700)


def test_a_lap_parts_what_was_counted_before_it_from_what_came_after(pod, folder):
    pod.imu.rows = [REST] * 300 + [BACKWARD] + [REST] * 600 + [BACKWARD] + [REST] * 100 + [BACKWARD]
    pod.type_at(3000, b"lap\n")
    pod.run(8000)
    whole, *laps = only(folder).parts()
    assert [(part.name, part.steps["backward"]) for part in (whole, *laps)] == [
        ("session", 6), ("lap 1", 2), ("lap 2", 4)
    ]  # fmt: skip
    assert laps[0].seconds + laps[1].seconds == pytest.approx(whole.seconds)


def test_what_is_known_of_the_wearer_is_told_at_the_beginning(pod, folder):
    pod.settings(placement="shoe", wearer_kg=71, wearer_cm=168, upright_z=16384, calibrated_day=20400)
    pod.run(2000)
    found = only(folder)
    assert names(found)[:3] == ["begin", "boot", "wearer"]
    assert found.records[2] == {"event": "wearer", "sample": 0, "calibrated": 1, "day": 20400, "kg": 71, "cm": 168}
    assert found.is_level and found.wearer_kg == 71


@pytest.mark.parametrize(("raised", "said"), [(KeyboardInterrupt, "Ctrl-C"), (SystemExit, "exit")])
def test_it_ends_with_its_reason_whatever_the_way_out(pod, folder, raised, said):
    def interrupt():
        raise raised

    pod.world.at(2500, interrupt)
    pod.run(None)
    assert only(folder).ended == said


def test_an_error_is_its_reason_and_is_kept(pod, folder, monkeypatch):
    from backstep.app import health

    async def fail(self, watchdog):
        raise ValueError("a bug")

    monkeypatch.setattr(health.Health, "run", fail)
    pod.run(None)
    kept = pod.settings_path.parent
    assert "a bug" in (kept / "state.a").read_text() + (kept / "state.b").read_text()


def test_the_button_ends_a_file_and_begins_the_next(pod, folder):
    pod.parts.press_at(2000, 1300)
    pod.parts.press_at(5000, 1300)
    pod.run(8000)
    found = [session_log.load(path) for path in sorted(folder.iterdir())]
    assert [(one.began, one.ended) for one in found] == [("start", "button"), ("button", "stop")]
    assert [one.session for one in found] == [1, 2]


def test_a_block_waits_for_a_calm_moment(pod, writes):
    pod.imu.rows = [REST] * 300 + [TURNING] * (208 * 26) + [REST] * 2000
    pod.run(32_000)
    first_ms = writes[0]
    assert first_ms >= (300 + 208 * 26) * 1000 / 208  # it was due after 20 s
    assert first_ms < 28_500


def test_without_a_calm_moment_it_is_written_all_the_same(pod, writes):
    pod.imu.rows = [REST] * 300 + [TURNING] * (208 * 60)
    pod.run(50_000)
    assert 39_000 < writes[0] < 42_000


def test_no_block_is_written_while_a_pattern_plays(pod, writes):
    pod.imu.rows = [REST] * 3900 + [SWAY] + [REST] * 2000
    pod.run(25_000)
    assert writes
    spans = pod.haptic.on_spans()
    assert not [ms for ms in writes[:-1] if any(since <= ms <= to for since, to in spans)]


def test_many_strides_are_due_before_their_time(pod, folder, writes):
    pod.imu.rows = [REST] * 300 + ([BACKWARD] + [REST] * 20) * 100
    pod.run(12_000)
    assert len(writes) >= 3
    found = only(folder)
    assert found.counts.backward == 200 and found.missing == []


def test_a_full_flash_ends_the_log_with_a_cue(pod, folder, monkeypatch):
    free_bytes(monkeypatch, folders.FREE_MIN - 4096)
    pod.run(3000)
    assert pod.said("log: the flash is full, nothing is logged any more; fetch sessions: backstep sync")
    assert list(folder.iterdir()) == []
    assert len(pod.haptic.on_spans()) > 4  # fault


def test_a_flash_that_fills_up_ends_it_in_the_file_too(pod, folder, monkeypatch):
    free_bytes(monkeypatch, folders.FREE_MIN)
    pod.run(30_000)
    found = only(folder)
    assert found.ended == "full flash"


def test_a_flash_that_refuses_is_said_and_tried_again_with_the_next_session(pod, folder, monkeypatch):
    def refuse(path, mode="r"):
        if pod.world.now_us < 3_000_000:
            raise OSError(5)
        return open(path, mode)

    monkeypatch.setattr(logbook, "open", refuse, raising=False)
    pod.parts.press_at(500, 1300)
    pod.parts.press_at(4000, 1300)
    pod.run(8000)
    assert pod.said("log: the flash refuses (OSError: 5); nothing is logged until the next session")
    assert [session_log.load(path).began for path in folder.iterdir()] == ["button"]


def test_no_log_where_it_is_switched_off(pod, folder):
    pod.settings(session_log=0)
    pod.run(3000)
    assert list(folder.iterdir()) == []


def test_a_hundredth_session_of_one_start_is_not_logged(pod, folder):
    book = book_of(pod)
    for _ in range(120):
        book.begin(log.BY_BUTTON)
        book.end(log.BY_BUTTON)
    book.write()
    assert len(list(folder.iterdir())) == 99


def book_of(pod):
    root = str(pod.root) + "/"
    log_files.names(root + "log")
    still = SimpleNamespace(calm=lambda: True, samples=0)
    quiet = SimpleNamespace(busy=False, cue=lambda name: None)
    keeper = SimpleNamespace(totals=(0, 0, 0, 0, 0))
    clock = SimpleNamespace(ms=0, start_unix_ms=0, unix_ms=0, day=0)
    day = SimpleNamespace(day=0, now=lambda totals: [0] * 5)
    state = {"boots": 1, "early": 0}
    running = SimpleNamespace(
        pod=Pod(pod.parts, settings.defaults(), 208), kept=Kept(root + "kept/settings.json", state), clock=clock,
        writer=SimpleNamespace(say=lambda text: None), sensing=Sensing(None, still, quiet, keeper, NOBODY),
    )  # fmt: skip
    return logbook.LogBook(running, day)


def test_more_than_a_block_holds_is_written_before_it_is_lost(pod, folder):
    book = book_of(pod)
    book.begin(log.AT_START)
    for number in range(500):
        book.put(events.STRIDE, 200 * number, [200 * number - 150, 200 * number - 20, 2, 900 + number] + [0] * 9)
    book.write()
    (path,) = folder.iterdir()
    reader = Reader(path.read_bytes(), crc32)
    lengths = [length for _, _, length in reader.blocks()]
    assert max(lengths) <= RECORDS_MAX and len(lengths) > 5
    assert len([name for name in names(session_log.load(path)) if name == "stride"]) == 500
