"""Telling the time: a laptop without its clock is warned of, a pod that was ahead is put right and says so."""

import time

import pytest
from talking import Line, command

from host_tools.talk import clock

DAY_MS = 86_400_000


@pytest.fixture
def line():
    line = Line()
    yield line
    line.close()


@pytest.fixture
def lost_clock(monkeypatch):
    """A laptop that begins in 1980 after its battery was empty."""
    monkeypatch.setattr(clock.time, "time", lambda: 315_532_800.0)
    monkeypatch.setattr(clock.time, "localtime", lambda: time.gmtime(0))


def test_a_laptop_of_before_2025_is_refused_by_time_before_a_pod_is_looked_for(lost_clock):
    code, out, err = command("time", "--port", "/dev/nosuch")
    assert (code, out) == (2, "")
    assert err.startswith("backstep time: this laptop's clock says 1980-01-01 00:00 +00:00, which is before")


def test_a_laptop_of_before_2025_is_warned_of_and_sync_goes_on(line, lost_clock, tmp_path):
    code, out, err = command("sync", "--port", line.port, "--to", tmp_path)
    assert code == 0 and out.startswith("0 new sessions")
    (said,) = [text for text in err.splitlines() if "clock" in text]
    assert said.startswith("warning: the pod was not told the time: this laptop's clock says 1980-01-01")
    assert [asked["do"] for asked in line.asked][-1] == "sessions"


@pytest.mark.parametrize(
    ("ahead_ms", "said"),
    [(40 * DAY_MS, "40.0 days"), (36 * 3_600_000, "1.5 days"), (7 * 60_000, "7 min"), (-DAY_MS, ""), (900, "")],
)
def test_sync_says_that_a_pod_was_far_ahead_and_nothing_of_a_pod_that_was_not(line, tmp_path, ahead_ms, said):
    line.ahead_ms = ahead_ms
    code, _, err = command("sync", "--port", line.port, "--to", tmp_path)
    warned = f"the pod's clock was {said} ahead: a laptop was wrong once; it is set back"
    assert code == 0 and (warned in err if said else "clock" not in err)


@pytest.mark.parametrize(
    ("ahead_ms", "said"),
    [
        (-580, "the pod's clock was 0.58 s behind; it is right now"),
        (1070, "the pod's clock was 1.07 s ahead; it is right now"),
        (0, "the pod's clock was right to the millisecond"),
        (None, "the pod knows the time now"),
    ],
)
def test_how_far_a_clock_was_off_is_said_in_seconds(ahead_ms, said):
    assert clock._said({"ahead_ms": ahead_ms, "uptime_ms": 196_000}) == said
