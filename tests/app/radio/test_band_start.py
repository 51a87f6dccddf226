"""The radio as it starts in a pod of a band: what it advertises and looks for, and when it stays alone."""

import errno
import sys
from types import SimpleNamespace

import pytest
from app.radio.test_band_asked import ME, OTHER, band
from backstep.app.faults import no_faults
from backstep.app.kept import twin
from backstep.app.radio import band_kept, radio_room, radio_start
from backstep.core import settings as rules
from radio import fake_ble
from radio.fake_ble import Ble, Bluetooth


class Made:
    """A pod with a band in its flash, its radio on as the settings want it."""

    def __init__(self, tmp_path, table, radio="pods", placement="belt", uid=ME):
        self.kept = SimpleNamespace(path=str(tmp_path / f"kept{uid}" / "settings.json"))
        twin.write(band_kept.place(self.kept), table)
        self.bluetooth = Bluetooth()
        self.ble = self.bluetooth.ble
        self.parts = SimpleNamespace(
            bluetooth=self.bluetooth, uid=uid, mcu="esp32s3", name="x", radio=None, battery_mv=lambda: 3900
        )
        full = rules.check({"radio": radio, "placement": placement, "pod_name": "a pod of 24 letters long"})
        self.said = []
        self.radio = radio_start.begin(self.parts, full, self.kept, no_faults(), self.said.append)


@pytest.fixture(autouse=True)
def room(monkeypatch):
    monkeypatch.setattr(radio_room, "lack", lambda *args: "")


@pytest.mark.parametrize("radio", ["pods", "both"])
def test_the_hub_wants_a_pod_by_what_that_advertises_before_its_name(world, tmp_path, radio):
    hub = Made(tmp_path, band(), radio)
    member = Made(tmp_path, band(me=1), radio, "wrist", OTHER)
    member.radio.band.way_to.turn(0)
    _, advert, response, _ = member.ble.advertising
    assert b"a pod of 24 letters long" in advert + response
    hub.radio.band.way_to.turn(0)
    assert hub.ble.scanning == (120_000, 30_000)
    hub.ble.advert(bytes(range(6)), advert)
    hub.radio.air.turn()
    assert hub.ble.calling == (1, bytes(range(6)), 29_000)  # of 1.25 ms NimBLE makes 23 of them


@pytest.mark.parametrize("changed", [{"band": "0a1b2c3e"}, {"me": 0, "hub": 1}])
def test_another_band_or_the_hub_itself_is_not_wanted(world, tmp_path, changed):
    hub = Made(tmp_path, band())
    table = band() | {"me": 1} | changed
    other = Made(tmp_path, table, "pods", *(("belt", ME) if table["me"] == 0 else ("wrist", OTHER)))
    other.radio.band.way_to.turn(0)
    hub.radio.band.way_to.turn(0)
    hub.ble.advert(bytes(6), other.ble.advertising[1])
    hub.radio.air.turn()
    assert hub.ble.calling is None


IN_NONE = "radio: this pod is in no band; make one: backstep pair"
AS_ANOTHER = "radio: paired as belt %s, this is %s %s; it stays alone; pair it again: backstep pair"


@pytest.mark.parametrize(("table", "placement", "uid", "words"), [
    (band_kept.empty(), "belt", ME, IN_NONE),
    (band(), "shoe", ME, AS_ANOTHER % (ME, "shoe", ME)),
    (band(), "belt", OTHER, AS_ANOTHER % (ME, "belt", OTHER)),
])  # fmt: skip
def test_without_a_band_of_its_own_the_radio_stays_off(world, tmp_path, table, placement, uid, words):
    made = Made(tmp_path, table, "pods", placement, uid)
    assert made.radio is None and made.said == [words] and not made.ble.on
    assert made.parts.radio_why == words


def test_why_a_radio_that_is_wanted_stays_off_is_kept_to_be_told(world, tmp_path):
    made = Made(tmp_path, band())
    assert made.radio and made.parts.radio_why == ""
    made.ble.refuses = OSError(19)
    full = rules.check({"radio": "pods", "placement": "belt"})
    assert radio_start.begin(made.parts, full, made.kept, no_faults(), made.said.append) is None
    assert made.parts.radio_why == made.said[-1] and made.parts.radio_why.endswith("; it stays off")
    made.parts.bluetooth = None
    assert radio_start.begin(made.parts, full, made.kept, no_faults(), made.said.append) is None
    assert made.parts.radio_why == made.said[-1] == "radio: this MicroPython has no Bluetooth; it stays off"


LARGE = "backstep.app.radio.phone", "backstep.app.radio.band"


def test_it_is_on_before_our_modules_grow_the_heap_over_what_it_needs(world, tmp_path, monkeypatch):
    loaded = []
    for name in LARGE:
        monkeypatch.delitem(sys.modules, name, raising=False)

    class Watched(Ble):
        def active(self, on=None):
            loaded.append([name for name in LARGE if name in sys.modules])
            return super().active(on)

    monkeypatch.setattr(fake_ble, "Ble", Watched)
    assert Made(tmp_path, band(), "both").radio.air.is_on
    assert loaded == [[]]  # once: a second time would start it anew


def test_one_that_cannot_be_switched_on_loads_no_more(world, tmp_path, monkeypatch):
    for name in LARGE:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(Ble, "active", lambda self, on=None: self._refuse(errno.ENOMEM))
    made = Made(tmp_path, band(), "both")
    assert made.radio is None and len(made.said) == 1 and made.said[0].endswith("it stays off")
    assert not [name for name in LARGE if name in sys.modules]
