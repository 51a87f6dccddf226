"""The band as it is kept: asked for and told over USB, every field checked, and whole after any damage."""

import copy
from types import SimpleNamespace

import pytest
from backstep.app.kept import twin
from backstep.app.radio import band_kept

ME, OTHER = "020000000001", "020000000002"  # the first is that of the tests' pod


def band(**changed):
    """Return what `backstep pair` tells a belt of a belt and a wrist."""
    roles = {"senses": True, "buzzes": False, "spots": False}
    pods = [
        {"name": "waist", "uid": ME, "placement": "belt"} | roles,
        {"name": "hand", "uid": OTHER, "placement": "wrist"} | roles | {"buzzes": True},
    ]
    table = {"band": "0a1b2c3d", "key": "00112233445566778899aabbccddeeff", "me": 0, "hub": 0, "pods": pods}
    return copy.deepcopy(table | changed)


def with_pod(number, **changed):
    table = band()
    table["pods"][number].update(changed)
    return table


@pytest.fixture
def belt(pod):
    pod.settings(placement="belt")
    return pod


def test_paired_it_says_so_without_its_key(belt, asked):
    alone = asked.ask("paired")
    assert (alone["band"], alone["pods"], alone["links"], alone["waits"]) == ("", [], [], False)
    assert asked.ask("pair", values=band()) == {"waits": True}
    told = asked.ask("paired")
    assert "key" not in told and band()["key"] not in str(told)
    assert told | band() == told | {"key": band()["key"]} and told["waits"]


def test_why_the_radio_is_off_is_told_until_something_else_is_kept(belt, asked):
    assert asked.ask("paired")["why"] == ""
    asked.running.pod.parts.radio_why = "radio: ENODEV; it stays off"
    assert asked.ask("paired")["why"] == "radio: ENODEV; it stays off"
    asked.ask("pair", values=band())
    assert asked.ask("paired")["why"] == ""


def test_who_is_connected_is_told_and_the_hub_is_no_phone(belt, asked):
    told = asked.ask("paired")
    assert (told["phones"], told["bpm"]) == (-1, -1)
    strap = SimpleNamespace(bpm=121, is_here=True, figures=dict)
    radio = SimpleNamespace(band=None, strap=strap, air=SimpleNamespace(centrals={0: 1, 2: -1, 3: -1}))
    asked.running.pod.parts.radio = radio
    told = asked.ask("paired")
    assert (told["phones"], told["bpm"]) == (3, 121)
    strap.is_here = False
    links = SimpleNamespace(links=lambda: [SimpleNamespace(conn=2)])
    clock = SimpleNamespace(known=False, spread_ms=-1)
    radio.band = SimpleNamespace(way_to=links, links=list, dropped=0, clock=clock, key=b"")
    told = asked.ask("paired")
    assert (told["phones"], told["bpm"]) == (2, -1)


def test_unpaired_it_forgets_the_key_but_not_the_strap(belt, asked, tmp_path):
    asked.ask("pair", values=band())
    assert asked.ask("strap", address="aa:bb:cc:dd:ee:0f") == {"waits": True}
    assert asked.ask("unpair") == {"waits": True}
    assert asked.ask("paired")["strap"] == "aa:bb:cc:dd:ee:0f" and asked.ask("paired")["pods"] == []
    assert asked.ask("unpair") == "unpair: this pod is in no band"
    assert asked.ask("pair", values=band()) == {"waits": True}
    assert asked.ask("paired")["strap"] == "aa:bb:cc:dd:ee:0f"
    assert asked.ask("strap", address="") == {"waits": True}
    assert asked.ask("paired")["strap"] == ""


FAULTS = [
    (band(band="0A1b2c3d"), "band: band: '0A1b2c3d' is no text of 8 hexadecimal digits"),
    (band(key="00112233445566778899aabbccddeef"), "band: key: it is no text of 32 hexadecimal digits"),
    (band(me=2), "band: me: 2 is outside 0..1"),
    (band(hub=-1), "band: hub: -1 is outside 0..1"),
    (band(hub=True), "band: hub: True is outside 0..1"),
    (band(strap="aa-bb"), "band: strap: 'aa-bb' is no address such as aa:bb:cc:dd:ee:ff"),
    (band(more=1), "band: 'more': no such field"),
    (band(pods={}), "band: pods: {}, want a list of 2..4: a hub holds no more links"),
    (band(pods=band()["pods"][:1]), "band: pods: 1, want a list of 2..4: a hub holds no more links"),
    (band(pods=band()["pods"] * 3), "band: pods: 6, want a list of 2..4: a hub holds no more links"),
    (band(pods=[1, band()["pods"][0]]), "band: pods: 0: 1 is no table"),
    (with_pod(1, name=""), "band: pods: 1: name: '' is no text of 1..24 letters"),
    (with_pod(1, uid=7), "band: pods: 1: uid: 7 is no text of 1..24 letters"),
    (with_pod(1, placement="hat"), "band: pods: 1: placement: 'hat' is none of shoe, belt, wrist"),
    (with_pod(1, buzzes=1), "band: pods: 1: buzzes: 1 is neither true nor false"),
    (with_pod(1, size=1), "band: pods: 1: 'size': no such field"),
    (with_pod(1, spots=True), "band: pods: 1: senses: a spotter's steps are not the wearer's"),
    (with_pod(0, senses=False, spots=True), "band: hub: 0 only spots, want a pod of the wearer's"),
    (with_pod(1, uid=ME), "band: pods: two have the same uid"),
    (band(me=1), "pair: me: 1 is 020000000002, this pod is 020000000001"),
    (with_pod(0, placement="shoe"), "pair: me: 0 is worn as shoe, this pod as belt"),
    ({}, "pair: pods: missing; unpair takes a pod out of its band"),
]


def test_every_fault_is_told_in_one_clear_line_and_nothing_is_lost(belt, asked):
    asked.ask("pair", values=band())
    for values, fault in FAULTS:
        assert asked.ask("pair", values=values) == fault
    several = asked.ask("pair", values=band(band="x", me=9, hub=9)).split("\n")
    assert [line.split(":")[1].strip() for line in several] == ["band", "hub", "me"]
    assert asked.ask("strap", address="AA:BB:CC:DD:EE:0F").startswith("strap: address: AA:BB")
    told = asked.ask("paired")
    assert told | band() == told | {"key": band()["key"]}


def test_damage_to_one_copy_leaves_the_other_and_to_both_a_pod_that_is_alone(belt, asked, tmp_path):
    asked.ask("pair", values=band())
    asked.ask("pair", values=band(band="11111111"))
    kept, said = asked.running.kept, []
    (tmp_path / "kept" / "band.b").write_text("{")
    assert band_kept.load(kept, said.append)["band"] == "0a1b2c3d"
    assert len(said) == 1 and said[0].startswith("band: ") and "checksum" in said[0]
    (tmp_path / "kept" / "band.a").write_text("{")
    assert band_kept.load(kept, said.append) == band_kept.empty()


def test_a_sound_file_with_wrong_fields_is_told_and_leaves_a_pod_alone(belt, asked):
    kept, said = asked.running.kept, []
    twin.write(band_kept.place(kept), band(hub=9))
    assert band_kept.load(kept, said.append) == band_kept.empty()
    assert said == ["band: hub: 9 is outside 0..1", "band: this pod is alone; pair it again: backstep pair"]
