"""Sleep by default stands on this: on the costs of an ESP32 it loses no sample or step, and delays no warning."""

import pytest

from host_tools.bench.reality_power import slept

pytestmark = [pytest.mark.vm, pytest.mark.slow]


def test_a_belt_that_sleeps_between_drains_loses_nothing_and_warns_in_time():
    found = slept("uphill", 1)
    session = found.session
    assert found.asleep_pct > 25
    assert (session.samples_lost, session.strides_differing) == (0, 0) and session.strides > 50
    assert session.cue_ms and session.cue_p99_ms < 25
    assert session.outcome.crash == "" and session.outcome.summary["faults"] == {}
