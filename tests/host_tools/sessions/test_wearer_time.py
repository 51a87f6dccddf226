"""Sessions in the wearer's time: the zone is the log's, over midnight and summer time, or the laptop's."""

import time
from binascii import crc32
from pathlib import Path

import pytest
from backstep.core.log import log
from backstep.core.log.log_format import Block
from backstep.core.log.log_head import HEAD

from host_tools.errors import UserError
from host_tools.sessions import session_log
from host_tools.sessions.wearer_time import shown

FIXTURES = Path(__file__).parents[2] / "fixtures" / "log"
CHANGE_S = 1_761_440_400  # 2025-10-26 01:00 UTC: Berlin's clocks go from 03:00 +02:00 to 02:00 +01:00


@pytest.fixture(autouse=True)
def in_new_york(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("unix_s", "offset_min", "words"),
    [
        (CHANGE_S - 60, 120, "2025-10-26 02:59 +02:00"),
        (CHANGE_S, 60, "2025-10-26 02:00 +01:00"),
        (CHANGE_S - 3 * 3600 + 60, 120, "2025-10-26 00:01 +02:00"),
        (CHANGE_S, -210, "2025-10-25 21:30 -03:30"),
        (CHANGE_S, None, "2025-10-25 21:00 -04:00"),
        (0, 60, "not told yet"),
    ],
)
def test_a_time_is_shown_as_the_wearers_clock_showed_it(unix_s, offset_min, words):
    assert shown(1000 * unix_s, offset_min) == words


def logged(tmp_path, *clocks):
    """Return a session of 100 Hz that began an hour before the clocks' change; clocks: (sample, offset [min])."""
    block = Block()
    block.put(log.BEGIN, 0, (0,))
    for sample, offset_min in clocks:
        block.put(log.CLOCK, sample, (CHANGE_S - 3600 + sample // 100, 0, 0, 1, offset_min))
    head = dict.fromkeys([name for name, _ in HEAD], 0) | {"rate_hz": 100, "unix_s": CHANGE_S - 3600}
    path = tmp_path / "00001-01.bsl"
    path.write_bytes(bytes(block.close(list(head.values()), crc32)))
    return session_log.load(path)


def test_the_zone_is_that_of_the_sessions_beginning(tmp_path):
    found = logged(tmp_path, (0, 120), (700_000, 60))
    assert found.utc_offset_min == 120
    assert shown(found.unix_ms, found.utc_offset_min) == "2025-10-26 02:00 +02:00"


def test_a_zone_told_late_is_better_than_none(tmp_path):
    assert logged(tmp_path, (9000, 60)).utc_offset_min == 60
    assert logged(tmp_path).utc_offset_min is None


def test_a_log_of_before_the_zone_was_told_has_none():
    assert session_log.load(FIXTURES / "v2.bsl").utc_offset_min is None


def test_a_log_of_newer_firmware_says_so(tmp_path):
    path = tmp_path / "new.bsl"
    data = bytearray((FIXTURES / "v2.bsl").read_bytes())
    data[3] = 9
    path.write_bytes(data)
    with pytest.raises(UserError, match="new.bsl: its log is of version 9, .* up to 3: update it"):
        session_log.load(path)
