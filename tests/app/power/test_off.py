"""A pod that is to go off: what it leaves behind, and when it starts anew instead."""

import errno

import pytest
from backstep.app.leaving import leave
from backstep.core.log import log


def _go_off(pod, monkeypatch):
    def restart():
        raise SystemExit("reset")

    monkeypatch.setattr(pod.parts, "reset", restart)
    try:
        leave(pod.parts, str(pod.settings_path), None, None, pod.stdout, log.STILL, "off until it is moved")
    except SystemExit:
        return "reset"
    return pod.parts.mcu_sleep.told[-1]


def _refuse(*_):
    raise OSError(errno.ENODEV, "no such device")


def test_it_sleeps_deeply_with_the_imu_on_watch_and_the_motor_off(pod, monkeypatch):
    assert _go_off(pod, monkeypatch) == "off" and pod.imu.watches


def test_an_imu_that_does_not_watch_leaves_the_button_to_wake_it(pod, monkeypatch):
    monkeypatch.setattr(pod.imu, "watch", _refuse)
    assert _go_off(pod, monkeypatch) == "off"


def test_a_pod_that_nothing_could_wake_starts_anew(pod, monkeypatch):
    monkeypatch.setattr(pod.imu, "watch", _refuse)
    monkeypatch.setattr(pod.parts, "has_button", False)
    assert _go_off(pod, monkeypatch) == "reset"


@pytest.mark.parametrize("refused", ["stop", "rest"])
def test_a_pod_whose_motor_may_turn_starts_anew(pod, monkeypatch, refused):
    monkeypatch.setattr(pod.haptic, refused, _refuse)
    assert _go_off(pod, monkeypatch) == "reset"


@pytest.mark.parametrize("sleep", [0, 1, 2])
def test_the_usual_clock_is_back_after_the_start(pod, sleep):
    pod.settings(sleep=sleep)
    pod.run(1000)
    assert pod.parts.clocks[0] == 160
    assert sleep or pod.parts.clocks == [160]


@pytest.mark.parametrize(("sleep", "hears_usb"), [(0, True), (0, False), (1, False)])
def test_a_pod_that_does_not_sleep_loads_nothing_of_it(pod, monkeypatch, sleep, hears_usb):
    """By default neither does one behind a USB bridge: it would leave a laptop that is plugged in unheard."""
    pod.settings(sleep=sleep)
    monkeypatch.setattr(pod.parts, "hears_usb", hears_usb)
    monkeypatch.setattr(pod.parts, "mcu_sleep", None)
    assert any("stopped" in line for line in pod.run(1000))


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "hears_usb"), [({}, True), ({"sleep": 2}, False)])
def test_a_pod_on_its_battery_sleeps(pod, monkeypatch, settings, hears_usb):
    pod.settings(**settings)
    pod.parts.mcu_sleep.usb = False
    monkeypatch.setattr(pod.parts, "hears_usb", hears_usb)
    pod.run(62_000)
    assert pod.parts.mcu_sleep.told[-1][0] == "sleep"
