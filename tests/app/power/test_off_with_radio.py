"""A pod with its radio on that lies still: it goes off as one without does, and ends its connections first."""

import pytest
from app.radio.test_band_asked import band
from backstep.app.kept import twin
from backstep.app.radio import radio_room
from radio.fake_ble import Bluetooth

OFF_S = 121


@pytest.fixture
def still(pod, monkeypatch):
    """A pod on its battery, on a table; ended: what its radio held as each of its connections was ended."""
    monkeypatch.setattr(radio_room, "lack", lambda *args: "")
    pod.parts.bluetooth = Bluetooth()
    pod.parts.mcu_sleep.usb = False
    pod.ble = pod.parts.bluetooth.ble
    pod.ended = []
    hang_up = pod.ble.hang_up
    pod.ble.hang_up = lambda conn: (pod.ended.append((conn, pod.ble.on)), hang_up(conn))
    return pod


def test_it_goes_off_and_hangs_up_on_a_phone_first(still):
    still.settings(radio="phone", off_min=2)
    still.world.at(30_000, still.ble.phone)
    still.run(None)
    assert still.said("off until it is moved") and still.parts.mcu_sleep.told == ["off"]
    assert still.ended == [(0, True)] and not still.ble.on and still.imu.watches
    assert OFF_S * 1_000_000 <= still.world.now_us + 2_000_000 <= (OFF_S + 6) * 1_000_000


def test_a_hub_alone_goes_off_too(still):
    still.settings(placement="belt", radio="pods", off_min=2)
    twin.write(str(still.settings_path.parent / "band"), band())
    still.run(None)
    assert still.parts.mcu_sleep.told == ["off"] and not still.ble.on


@pytest.mark.parametrize("settings", [{"sleep": 0}, {"metronome_spm": 60}])
def test_what_keeps_a_pod_without_radio_on_keeps_this_one(still, settings):
    """Nothing of power is loaded: it would ask the MCU, which is none."""
    still.settings(radio="phone", **settings)
    still.parts.mcu_sleep = None
    assert any("stopped" in line for line in still.run(1000))
    assert still.said("no light sleep: the radio is on")
