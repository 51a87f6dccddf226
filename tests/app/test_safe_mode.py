"""After starts that ended early in a row: a console that answers, nothing that may crash."""

import json

import pytest
from backstep.app.kept import state_store


@pytest.fixture
def crashed(pod):
    """A pod that the watchdog has just reset for the third time in a row."""
    path = str(pod.settings_path.parent / "state")
    for _ in range(state_store.EARLY_MAX):  # of which the first is a pod's first start
        state_store.begin(path, str(pod.root / "log"), "watchdog", 3900, print)
    state_store.failed(path, "stopped by an error: ValueError: a bug", print)
    pod.parts.cause = "watchdog"
    return pod


def answers(pod):
    return [json.loads(line) for line in pod.lines if line.startswith('{"id"')]


def test_it_says_why_and_senses_nothing(crashed):
    lines = crashed.run(3000)
    assert "SAFE MODE, started by watchdog" in lines[0]
    assert lines[1].startswith("safe mode: 3 starts in a row ended within a minute (stopped by an error: ")
    assert crashed.imu.started == [] and {level for _, level in crashed.haptic.writes} == {0}
    assert lines[-1] == "backstep: stopped"


def test_requests_are_answered_or_refused_with_the_reason(crashed):
    crashed.type_at(500, b'{"id": 1, "do": "hello"}\n{"id": 2, "do": "mark"}\n{"id": 3, "do": "reasons"}\n')
    crashed.type_at(900, b'{"id": 4, "do": "set", "values": {"fall_alarm": 0}}\n{"id": 5, "do": "status"}\nnix\n')
    crashed.run(3000)
    hello, mark, reasons, changed, status = answers(crashed)
    assert hello["ok"]["safe"] is True
    assert mark["error"].startswith("the pod is in safe mode")
    assert reasons["ok"]["early"] == 3 and "a bug" in reasons["ok"]["error"]
    assert changed["ok"]["changed"] == ["fall_alarm"] and status["ok"]["safe"] is True
    assert crashed.said("error: safe mode knows requests and stop")


def test_reboot_starts_as_usual_again(crashed):
    crashed.type_at(500, b'{"id": 1, "do": "reboot"}\n')
    crashed.run(None)
    assert crashed.parts.resets == 1
    crashed.parts.cause = "hard reset"
    crashed.stdout.pieces.clear()
    assert "shoe at 208 Hz" in crashed.run(2000)[0]


def test_a_power_cut_starts_as_usual_again(crashed):
    crashed.parts.cause = "power on"
    assert "shoe at 208 Hz" in crashed.run(2000)[0]


def test_a_start_that_lasts_a_minute_is_no_early_end(pod):
    pod.parts.cause = "watchdog"
    pod.run(65_000)
    path = str(pod.settings_path.parent / "state")
    assert state_store.begin(path, str(pod.root / "log"), "watchdog", 3900, print)["early"] == 1


def test_on_a_low_battery_too(pod):
    pod.parts.millivolts = 3450
    pod.run(65_000)
    path = str(pod.settings_path.parent / "state")
    assert state_store.begin(path, str(pod.root / "log"), "power on", 3450, print)["early"] == 0


def test_the_watchdog_is_fed_in_safe_mode(crashed):
    crashed.run(60_000)
    assert crashed.lines[-1] == "backstep: stopped"
