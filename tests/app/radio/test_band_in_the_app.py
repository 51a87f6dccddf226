"""The whole app with a band, on the strict radio: it looks for the others, a spotter begins no session."""

import pytest
from app.radio.test_band_asked import band
from backstep.app.kept import twin
from backstep.app.radio import radio_room
from radio.fake_ble import Bluetooth


@pytest.fixture
def belt(pod, monkeypatch):
    monkeypatch.setattr(radio_room, "lack", lambda *args: "")
    pod.parts.bluetooth = Bluetooth()
    pod.settings(placement="belt", radio="pods", console_events=1)
    twin.write(str(pod.settings_path.parent / "band"), band())
    return pod


def test_the_hub_runs_its_session_and_listens(belt, asked):
    told = asked.ask("paired")
    assert [row[:2] for row in told["links"]] == [[1, False]] and told["hub_up"] and not told["waits"]
    assert belt.said('"buzz"') and asked.running.sensing.keeper.band.session.number
    assert asked.running.sensing.keeper.alarm.press() is False


def test_it_seeks_while_it_runs_and_the_radio_is_off_afterwards(belt):
    seen = []
    belt.world.at(2000, lambda: seen.append(belt.parts.bluetooth.ble.scanning))
    belt.run(3000)
    assert seen == [(120_000, 30_000)] and not belt.parts.bluetooth.ble.on


def test_a_spotter_begins_no_session(belt):
    table = band(hub=1)
    table["pods"][0].update(senses=False, spots=True)
    twin.write(str(belt.settings_path.parent / "band"), table)
    seen = []
    belt.world.at(2000, lambda: seen.append(belt.parts.bluetooth.ble.advertising))
    belt.run(3000)
    assert seen[0][0] == 100_000  # it lets itself be found
    assert [event["pattern"] for event in belt.events if event["event"] == "buzz"] == []


def test_with_the_radio_off_there_is_no_band(pod, asked):
    twin.write(str(pod.settings_path.parent / "band"), band())
    keeper = asked.running.sensing.keeper
    assert keeper.band is None and asked.running.pod.parts.radio is None
    assert asked.ask("paired")["waits"]
