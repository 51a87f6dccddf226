"""The battery as the whole pod logs it: low, flat, and a dip that is neither."""

import pytest
from app.fakes import Parts
from backstep.core.log import log

from host_tools.sessions import session_log


@pytest.fixture
def logged(pod, monkeypatch):
    def run(voltage_mv, for_ms=3000):
        monkeypatch.setattr(Parts, "battery_mv", lambda parts: voltage_mv(pod.world.now_us / 1e6))
        pod.run(for_ms)
        return session_log.load(next((pod.root / "log").iterdir()))

    return run


@pytest.mark.slow
def test_the_voltage_is_logged_every_ten_minutes(logged):
    found = logged(lambda s: 3900, 700_000)
    assert [record["mv"] for record in found.records if record["event"] == "battery"] == [3900] * 2


def test_a_low_battery_is_said_and_felt(pod, logged):
    logged(lambda s: 3480)
    assert pod.said("battery: 3480 mV, low: 3 %")
    lengths_ms = [to - since for since, to in pod.haptic.on_spans() if to - since > 500]
    assert lengths_ms == pytest.approx([900], abs=15)


@pytest.mark.slow
def test_a_flat_battery_ends_the_session_with_its_reason(pod, logged):
    found = logged(lambda s: 3600 if s < 70 else 3200, 200_000)
    assert found.ended == "flat battery"
    assert pod.said("battery: 3200 mV, flat: the session ends")


@pytest.mark.slow
def test_a_dip_while_the_motor_runs_is_no_flat_battery(logged):
    found = logged(lambda s: 3200 if 59 < s < 61 else 3600, 200_000)
    assert found.ended == "stop"


def test_a_board_that_cannot_measure_logs_none(logged):
    found = logged(lambda s: -1)
    assert "battery" not in [record["event"] for record in found.records]
    assert log.BATTERY_FLAT != log.STOPPED


@pytest.mark.parametrize("why", ["300 mV are no battery's, is its divider wired?", ""])
def test_a_battery_that_is_not_measured_is_said_once_and_nothing_ends(pod, why):
    pod.parts.millivolts, pod.parts.battery_why = -1, why
    pod.settings(session_log=1)
    pod.run(40_000)
    assert pod.said("battery") == [f"battery: not measured: {why}"] * bool(why)
    assert not pod.said("flat")
