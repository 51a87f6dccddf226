"""The table of sessions: eighty columns hold it, with the wearer's time and zone."""

import session_logs
from backstep.core import events
from backstep.core.log import log
from talking import command


def test_the_table_fits_80_columns_and_tells_the_wearers_time(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    stride = [0, 0, events.BACKWARD, 1700, 130, 0, 2, 95, 600, 1, 0, 3000, 0]
    records = [(log.CLOCK, 0, (1_764_412_200, 0, 0, 1, -210))]
    records += [(events.STRIDE, 100 * n, [100 * n - 40, 100 * n, *stride[2:]]) for n in range(1, 36_000, 5)]
    session_logs.write(tmp_path / "00012-01.bsl", records, rate_hz=100, seconds=36_000, unix_s=1_764_412_200)
    code, said, _ = command("sessions", tmp_path)
    head, row, about = said.splitlines()
    assert code == 0 and max(len(line) for line in (head, row, about)) <= 80
    assert head.split() == ["session", "began", "length", "back", "fwd", "other", "m", "back", "m", "up", "sways"]
    assert row.split()[:5] == ["00012-01", "2025-11-29", "07:00", "-03:30", "10:00:00"]
