"""Two wearers side by side, a spotter, and pods that do not belong to each other."""

import json
from dataclasses import replace

import pytest
from radio.worn_crew import assert_whole, contacts, links, lived, replayed, walk_and_sway

from host_tools.sim import crew_figures
from host_tools.sim.banded import KEPT, S3_HEAP, banded, kept
from host_tools.sim.crew_figures import buzzes, named
from host_tools.sim.worn import Wearing, Worn

pytestmark = pytest.mark.slow


def pair_of(wearer, seed, on_s, spotters=()):
    """Belt and wrist of a wearer, named after him."""
    worn = [Worn(place, f"{place}_{wearer}", on_s + n / 3) for n, place in enumerate(("belt", "wrist"))]
    return banded(worn, seed, spotters)


@pytest.fixture(scope="module")
def two():
    """One sways after ten steps, the other after thirty; a friend of the first wears a spotter."""
    friend = [Worn("wrist", "friend", 0.9)]
    mine, theirs = pair_of("a", 1, 0.0, friend), pair_of("b", 2, 0.2)
    beside = [(walk_and_sway(2, steps=26), theirs)]
    wearing = Wearing(walk_and_sway(1), mine, beside=beside, heap=S3_HEAP)
    return wearing, lived(wearing, pressed=("wrist_a", "wrist_b"))


@pytest.mark.parametrize(("belt", "wrist", "others"), [
    ("belt_a", "wrist_a", ("belt_b", "wrist_b")),
    ("belt_b", "wrist_b", ("belt_a", "wrist_a", "friend")),
])  # fmt: skip
def test_nobodys_buzz_is_on_the_others_wrist(two, belt, wrist, others):
    wearing, _ = two
    found = [one for one in crew_figures.warnings(wearing, belt, wrist) if one.pattern == "sway"]
    assert len(found) == 1 and found[0].said and found[0].there_ms < crew_figures.P99_MS
    for other in others:
        heard = buzzes(named(wearing, other), "sway")
        assert not [at_s for at_s in heard if found[0].at_s <= at_s < found[0].at_s + 2], other


def test_while_one_sways_no_motor_of_the_other_moves(two):
    wearing, _ = two
    (sway,) = [one for one in crew_figures.warnings(wearing, "belt_a", "wrist_a") if one.pattern == "sway"]
    assert [crew_figures.motor_ms(named(wearing, other), sway.at_s) for other in ("belt_b", "wrist_b")] == [
        None,
        None,
    ]


def test_the_friend_is_told_of_the_sway_and_the_fall_and_of_nothing_else(two):
    wearing, _ = two
    friend = named(wearing, "friend")
    (sway,) = [one for one in crew_figures.warnings(wearing, "belt_a", "friend") if one.pattern == "sway"]
    assert sway.said and sway.there_ms < crew_figures.P99_MS
    played = {line["pattern"] for _, line in friend.said if line.get("event") == "buzz"}
    assert "sway" in played and played <= {"start", "sway", "fall_countdown", "fall_alarm", "link_lost", "stop"}


def test_each_has_a_session_of_his_own(two):
    wearing, outcomes = two
    ids = {
        pod.worn.called: {
            (line["session_hi"], line["session_lo"]) for _, line in pod.said if line.get("event") == "band"
        }
        for pod in wearing.pods
    }
    assert ids["belt_a"] == ids["wrist_a"] and ids["belt_b"] == ids["wrist_b"]
    assert len(ids["belt_a"]) == 1 and ids["belt_a"] != ids["belt_b"]
    for name, outcome in outcomes.items():
        if name == "friend":
            assert outcome.summary == {}  # a spotter has no session
        else:
            assert_whole(outcome)


@pytest.fixture(scope="module")
def strangers():
    """A wrist that has another key under the same band's name, and a shoe that was never paired."""
    belt, _ = pair_of("a", 1, 0.0)
    _, forged = pair_of("a", 1, 0.0)
    key = banded([Worn("belt"), Worn("wrist")], 7)[0].files[KEPT]
    wrong = replace(forged, files={KEPT: rekeyed(forged.files[KEPT], key)})
    alone = Worn("shoe", "alone", 0.5, settings={"radio": "pods"})
    wearing = Wearing(walk_and_sway(1), [belt, wrong, alone], heap=S3_HEAP)
    return wearing, lived(wearing, pressed=None)


def rekeyed(kept_file, other):
    """A band's file with the key of another's."""
    table, others = (json.loads(data.split(b"\n")[0])["table"] for data in (kept_file, other))
    return kept(table | {"key": others["key"]})


def test_a_pod_with_the_wrong_key_never_becomes_one_of_the_band(strangers):
    wearing, _ = strangers
    assert links(wearing, "belt_a") == [] and links(wearing, "wrist_a") == []
    assert crew_figures.warnings(wearing, "belt_a", "belt_a") != []
    assert buzzes(named(wearing, "wrist_a"), "sway") == []


def test_beside_it_each_pod_goes_on_as_if_it_were_alone(strangers):
    _, outcomes = strangers
    for outcome in outcomes.values():
        assert_whole(outcome)
        assert contacts(outcome.found) == contacts(replayed(outcome))


def test_one_that_was_never_paired_says_so(strangers):
    wearing, _ = strangers
    said = [line.get("text", "") for _, line in named(wearing, "alone").said]
    assert any("this pod is in no band; make one: backstep pair" in text for text in said)
