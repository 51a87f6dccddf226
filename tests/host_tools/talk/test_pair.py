"""Pairing over USB: to all or to none, nobody's pod taken, and what is said where something is wrong."""

import json

import pytest
from talking import Line, command

from host_tools.talk import announced, band


@pytest.fixture
def three(pods):
    return pods("shoe", "foot", "01"), pods("belt", "waist", "02", "phone"), pods("wrist", "hand", "03", "both")


def test_three_pods_keep_the_same_band_and_each_its_place_in_it(three):
    code, out, err = command("pair")
    assert (code, err) == (0, "")
    shoe, belt, wrist = (pod.band for pod in three)
    assert shoe["key"] == belt["key"] == wrist["key"] and len(bytes.fromhex(shoe["key"])) == 16
    assert shoe["band"] == belt["band"] == wrist["band"] and len(bytes.fromhex(shoe["band"])) == 4
    assert [pod.band["me"] for pod in three] == [0, 1, 2] and shoe["hub"] == belt["hub"] == wrist["hub"] == 1
    assert shoe["pods"] == belt["pods"] == wrist["pods"]
    assert shoe["pods"] == [
        {"name": "foot", "uid": "01", "placement": "shoe", "senses": True, "buzzes": False, "spots": False},
        {"name": "waist", "uid": "02", "placement": "belt", "senses": True, "buzzes": False, "spots": False},
        {"name": "hand", "uid": "03", "placement": "wrist", "senses": False, "buzzes": True, "spots": False},
    ]
    assert [pod.radio for pod in three] == ["pods", "both", "both"]
    assert [pod.did for pod in three] == [["set", "pair", "reboot"], ["set", "pair", "reboot"], ["pair", "reboot"]]
    assert f"band {shoe['band']}" in out and shoe["key"] not in out


def test_another_pairing_has_another_key(three):
    command("pair")
    first = three[0].band["key"], three[0].band["band"]
    assert command("pair")[0] == 0 and not {*first} & {three[0].band["key"], three[0].band["band"]}


@pytest.mark.parametrize("words", [("belt", "shoe"), ("waist", "01"), ("02", "foot")])
def test_pods_are_named_by_placement_name_or_uid(three, words):
    assert command("pair", *words)[0] == 0
    assert [bool(pod.band) for pod in three] == [True, True, False]
    assert three[1].band["me"] == 0


def test_pods_are_named_by_their_ports_and_no_other_is_opened(three):
    shoe, belt, wrist = three
    assert command("pair", shoe.port, f"belt={belt.port}")[0] == 0
    assert belt.band["me"] == 1 and wrist.asked == []


def test_the_answer_for_programs(three):
    answer = json.loads(command("pair", "--json")[1])
    assert answer["hub"] == 1 and answer["not_restarted"] == [] and answer["band"] == three[0].band["band"]
    assert [row["port"] for row in answer["pods"]] == [pod.port for pod in three] and "key" not in str(answer)


def test_without_a_wrist_the_belt_buzzes_and_the_shoe_is_hub_where_there_is_no_belt(pods):
    shoe, belt = pods("shoe", "foot", "01"), pods("belt", "waist", "02")
    command("pair")
    assert [row["buzzes"] for row in shoe.band["pods"]] == [False, True]
    belt.placement, belt.band, shoe.band = "wrist", {}, {}
    assert command("pair")[0] == 0 and shoe.band["hub"] == 0


def test_a_hub_may_be_chosen(three):
    assert command("pair", "--hub", "foot")[0] == 0 and three[0].band["hub"] == 0
    code, _, err = command("pair", "--hub", "ear")
    assert code == 2 and "--hub ear: none of shoe foot" in err


def test_a_spotter_senses_nothing_for_the_band_and_may_be_of_any_placement(three):
    assert command("pair", "--spotter", "hand")[0] == 0
    rows = three[0].band["pods"]
    assert [row["spots"] for row in rows] == [False, False, True]
    assert [row["buzzes"] for row in rows] == [False, True, False]
    three[2].placement = "belt"
    assert command("pair", "--spotter", "hand")[0] == 0 and not three[0].band["pods"][2]["senses"]
    code, _, err = command("pair", "--spotter", "hand", "--hub", "hand")
    assert code == 2 and "is the spotter's, who may stay away" in err


def test_the_strap_of_each_pod_is_left_to_it(three):
    three[1].strap = "aa:bb:cc:dd:ee:ff"
    assert command("pair")[0] == 0
    assert three[1].strap == "aa:bb:cc:dd:ee:ff" and "strap" not in three[1].band


def test_two_wearers_are_told_apart_before_anything_is_written(three, pods):
    other = pods("shoe", "left", "04")
    code, _, err = command("pair")
    assert code == 2 and "one wearer has one shoe; pair two wearers one after the other" in err
    assert [pod.did for pod in (*three, other)] == [[], [], [], []]
    assert command("pair", "foot", "waist", "hand")[0] == 0 and other.band == {}


def test_somebody_elses_pod_is_not_taken_from_its_partners(three, pods):
    assert command("pair", "foot", "waist")[0] == 0
    mine = pods("shoe", "mine", "05")
    code, _, err = command("pair", "mine", "waist")
    assert code == 2 and "belt waist" in err and "is paired with shoe foot, not among these" in err
    assert f"backstep pair --remove --port {three[1].port}" in err and mine.band == {}
    assert three[1].band["pods"][0]["uid"] == "01"


def test_two_of_one_uid_are_refused(pods):
    made = pods("shoe", "foot", "01"), pods("belt", "waist", "01")
    code, _, err = command("pair")
    assert code == 2 and "two have the same uid" in err and not any(pod.did for pod in made)


def test_a_wrong_pod_at_a_port_is_told(three):
    code, _, err = command("pair", f"belt={three[0].port}", three[1].port)
    assert code == 2 and f"belt={three[0].port}: at that port is shoe foot" in err
    assert three[0].did == three[1].did == []


def test_a_flat_partner_is_told(three):
    three[1].close()
    code, _, err = command("pair", "shoe", "belt")
    assert code == 2 and "belt: no such pod; there is: shoe foot" in err and "flat answers when its cable" in err
    assert three[0].did == []


def test_who_does_not_answer_is_left_out_and_said(three):
    three[2].close()
    code, _, err = command("pair")
    assert code == 0 and f"left out: {three[2].port}: " in err
    assert len(three[0].band["pods"]) == 2


@pytest.mark.parametrize("placements", [("shoe",), ("wrist", "wrist"), ("shoe", "belt", *["wrist"] * 3)])
def test_what_is_no_band_is_refused(pods, placements):
    made = [pods(where, f"p{at}", f"0{at}") for at, where in enumerate(placements)]
    code, _, err = command("pair")
    assert code == 2 and ("want 2 to 4 pods" in err or "no shoe and no belt among them" in err)
    assert all(pod.did == [] for pod in made)


def test_an_old_firmware_and_a_pod_in_safe_mode_are_told(three):
    three[2].safe = True
    assert "wrist hand" in (told := command("pair")[2]) and "safe mode" in told
    three[2].requests = ["hello"]
    code, _, err = command("pair")
    assert code == 2 and f"knows no pairing: backstep deploy --port {three[2].port}" in err
    assert all(pod.did == [] for pod in three)


def test_a_radio_without_memory_is_refused_in_the_pods_words_and_the_others_are_put_back(three):
    three[1].refuses["set"] = "radio: needs 61 KB of heap beside a belt, this chip has 40"
    code, _, err = command("pair")
    assert code == 2 and "needs 61 KB of heap beside a belt, this chip has 40; nobody was paired" in err
    assert three[0].radio == "off" and three[0].band == three[2].band == {}
    assert [pod.did for pod in three] == [["set", "set"], ["set", "set"], []]


def test_where_one_cannot_be_written_the_others_forget_the_band(three):
    three[2].refuses["pair"] = "/kept/band: no room"
    code, _, err = command("pair")
    assert code == 2 and "wrist hand" in err and "/kept/band: no room; nobody was paired" in err
    assert [pod.band for pod in three] == [{}, {}, {}] and [pod.radio for pod in three] == ["off", "phone", "both"]
    assert "paired with nobody now" not in err


def test_where_a_band_was_before_it_is_said_that_it_is_gone(three):
    command("pair")
    three[2].refuses["pair"] = "no"
    assert "paired with nobody now, repeat when that is mended" in command("pair")[2]
    three[0].refuses["unpair"] = "no"
    assert f"not put back: shoe foot ({three[0].port})" in command("pair")[2]


def test_a_pod_that_does_not_start_anew_is_named(three):
    three[0].refuses["reboot"] = "not now"
    code, out, _ = command("pair")
    assert code == 0 and f"shoe foot ({three[0].port}): did not start anew: backstep reboot" in out


def test_the_longest_band_fits_a_line_of_the_pod(monkeypatch):
    who = [{"name": "n" * 24, "uid": f"{at:012x}", "placement": where} for at, where in
           enumerate(("shoe", "belt", "wrist", "wrist"))]  # fmt: skip
    links = [type("Link", (), {"who": one, "port": "p"})() for one in who]
    members = [band.Member(link, {"strap": "aa:bb:cc:dd:ee:ff"}, "off") for link in links]
    asked = {"id": 0x3FFFFFFF, "do": "pair", "values": band.planned(members, spotter=f"{3:012x}").values(3)}
    assert len(json.dumps(asked)) <= 1024


def test_the_list_tells_partners_links_and_strap(three):
    command("pair")
    three[1].links = [[0, True, 400, 81], [2, False, 90000, -1]]
    three[2].links, three[2].spread_ms = [[1, True, 100, 50]], 3
    three[0].strap = "aa:bb:cc:dd:ee:ff"
    code, out, _ = command("pair", "--list")
    assert code == 0 and "the hub\n  shoe foot: up, heard 0.4 s ago, its battery 81 %" in out
    assert out.count("the hub's clock was told within 3 ms in the last minute") == 1
    assert "  wrist hand: DOWN, heard 90.0 s ago" in out
    assert "  wrist hand: not looked for" in out and "  shoe foot: by way of the hub" in out
    assert "  heart rate from aa:bb:cc:dd:ee:ff" in out and three[0].band["key"] not in out
    told = json.loads(command("pair", "--list", "--json", "--pod", "waist")[1])
    assert len(told) == 1 and told[0]["links"] == three[1].links and "key" not in told[0]


def test_the_list_says_why_a_radio_stays_off_and_asks_for_no_start_in_vain(three):
    command("pair")
    for pod in three:
        pod.waits, pod.why = True, ""
    assert command("pair", "--list")[1].count("backstep reboot") == 3
    three[0].why = "radio: ENODEV; it stays off"
    out = command("pair", "--list")[1]
    assert out.count("  radio: ENODEV; it stays off\n") == 1 and out.count("backstep reboot") == 2


def test_removing_forgets_switches_the_radio_off_and_names_who_has_it_still(three):
    command("pair")
    code, out, _ = command("pair", "--remove", "foot", "waist")
    assert code == 0 and "shoe foot" in out and "wrist hand (uid 03) has the band still" in out
    assert [bool(pod.band) for pod in three] == [False, False, True]
    assert [pod.radio for pod in three] == ["off", "phone", "both"]
    out = command("pair", "--remove", "foot")[1]
    assert "was not paired" in out and three[0].did[-1] == "reboot"


def test_old_firmware_has_no_list(lines, monkeypatch):
    monkeypatch.setattr(announced, "ports", list)
    there = lines(Line)()
    there._hello = lambda asked: {"name": "old", "uid": "1", "placement": "shoe", "requests": ["hello"]}
    code, _, err = command("pair", "--list")
    assert code == 2 and "shoe old" in err and "knows no pairing" in err


def test_config_passes_on_why_a_radio_is_refused(pods):
    pod = pods("belt", "waist", "02")
    pod.refuses["set"] = "radio: needs 61 KB of heap beside a belt, this chip has 40"
    code, out, err = command("config", "set", "radio=both", "--port", pod.port)
    assert (code, out) == (2, "") and "radio: needs 61 KB of heap beside a belt, this chip has 40" in err


def test_options_that_do_not_belong_together_are_refused(three):
    assert "pods to pair are named as words" in command("pair", "--pod", "foot")[2]
    assert "--off: forgets the strap" in command("pair", "--off")[2]
    assert "--first: takes the nearest heart strap" in command("pair", "--first")[2]
    assert "shoe foot" in (told := command("pair", "foot", "foot")[2]) and "is named twice" in told


def test_where_a_cable_is_pulled_the_others_are_put_back(three):
    three[1].pulled = "pair"
    code, _, err = command("pair")
    assert code == 2 and "nobody was paired" in err and "not put back: belt waist" in err
    assert three[0].radio == "off" and three[0].band == {} and "pair" not in three[2].did
