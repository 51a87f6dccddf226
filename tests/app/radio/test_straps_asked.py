"""Heart straps looked for over USB: who is near, by signal and name, and everything as before afterwards."""

from types import SimpleNamespace

import pytest
from backstep.app.faults import no_faults
from backstep.app.radio.air import Air
from backstep.app.radio.survey import Survey, name_in
from radio.fake_ble import Bluetooth

HEART, BATTERY = b"\x03\x03\x0d\x18", b"\x03\x02\x0f\x18"
OURS, THEIRS, OTHER = (bytes((number,)) * 6 for number in (0xC1, 0xC2, 0xC3))


def named(name, kind=9):
    return bytes((len(name) + 1, kind)) + name


@pytest.fixture
def air(asked):
    air = Air(Bluetooth(), "left", no_faults(), print)
    assert air.start()
    asked.running.pod.parts.radio = SimpleNamespace(air=air, strap=None, band=None)
    return air


def advertised(air, world, *adverts):
    """Have each be heard half a second after the one before."""
    for number, advert in enumerate(adverts, 1):
        world.at(world.now_us // 1000 + 500 * number, lambda advert=advert: heard(air, *advert))


def heard(air, address, data, kind=0, rssi=-60):
    air._ble.advert(address, data, kind, rssi=rssi)
    air.turn()


def test_straps_are_told_by_signal_and_name_and_the_radio_is_as_before(air, asked, world):
    air.seek(400, 60, "strap")
    advertised(
        air, world,
        (OURS, HEART, 0, -70), (OURS, named(b"Polar H10"), 4, -60), (OTHER, BATTERY + named(b"Mouse")),
        (THEIRS, BATTERY + b"\x05\x02\x00\x18\x0d\x18" + named(b"TIC\xc3", 8), 0, -80), (OURS, HEART, 0, -65),
    )  # fmt: skip
    world.at(world.now_us // 1000 + 100, lambda: listens.append((air._ble.scanning, air._ble.asks_names)))
    listens = []
    assert asked.ask("straps", seconds=3) == {
        "straps": [["c1:c1:c1:c1:c1:c1", 1, -60, "Polar H10"], ["c2:c2:c2:c2:c2:c2", 1, -80, "TIC?"]]
    }
    assert listens == [((100_000, 90_000), True)]
    assert air._ble.scanning == (400_000, 60_000) and not air._ble.asks_names
    air.turn()
    air._ble.advert(OURS, HEART)
    assert not air._rows.take()  # strangers are passed over again


def test_whom_a_client_wants_is_called_again_afterwards(air, asked, world):
    strap = SimpleNamespace(sought=OURS, wants=lambda *who: who[1] == OURS, interval_ms=0, places=1)
    air.clients.append(strap)
    air.seek(400, 60, "strap")
    advertised(air, world, (OURS, HEART))
    assert asked.ask("straps", seconds=1)["straps"] and air._ble.calling is None
    heard(air, OURS, b"", 4)
    assert air._ble.calling is None  # an answer to a question nobody asks any more
    heard(air, OURS, HEART)
    assert air._ble.calling[1] == OURS


def test_without_a_radio_and_for_no_time_it_is_refused(asked, air):
    assert asked.ask("straps", seconds=11) == "straps: seconds: 11 is outside 1..10"
    assert asked.ask("straps", seconds=0) == "straps: seconds: 0 is outside 1..10"
    assert asked.ask("straps", seconds=1) == {"straps": []}
    asked.running.pod.parts.radio = None
    assert asked.ask("straps", seconds=1).startswith("straps: the radio is off: backstep config set radio=phone")


def test_of_a_room_full_the_nearest_are_kept():
    survey = Survey()
    for number in range(20):
        dbm = -90 + 4 * (number * 7 % 20)
        data = bytes((number,)) * 6 + HEART
        survey.heard(SimpleNamespace(data=data, one=0, two=0, three=dbm))
    assert sorted(row[2] for row in survey.found) == [-90 + 4 * place for place in range(12, 20)]


@pytest.mark.parametrize(("advert", "name"), [
    (b"", ""), (b"\x00", ""), (b"\x02\x01\x06" + named(b"HRM"), "HRM"), (named(b"x" * 20)[:9], "x" * 7),
    (b"\x01\x09", ""), (b"\x09", ""),
])  # fmt: skip
def test_a_name_is_found_in_whatever_is_advertised(advert, name):
    assert name_in(advert) == name
