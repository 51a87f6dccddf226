"""A stranger at the pods' radios: nothing of theirs changes, nothing breaks, no memory goes."""

import json
import os

import pytest
from radio.attacker import Attacker
from radio.worn_crew import assert_whole, links, lived, lost_cues, walk_and_sway, wearing_of

from host_tools.sim import crew_figures
from host_tools.sim.crew_figures import named
from host_tools.virtual_pod.radio.ether import Ether

pytestmark = pytest.mark.slow
ATTEMPTS = int(os.environ.get("BACKSTEP_FUZZ", "1000"))
A_SECOND = 12  # attempts; measured
FIRST_S, LAST_S = 8.0, 5.0  # the pods find each other; what the stranger does last is over
HEAP_MAY_FALL = 500  # bytes, between the attack's middle and its end; what is made once is made by then
PAIR = ("belt", "wrist")


ASKED = ("get", "paired", "status")


def ask(pod, number):
    """Ask a pod all of ASKED; the answers have this id."""
    for what in ASKED:
        pod.machine.send(json.dumps({"id": number, "do": what}).encode() + b"\n")


def answers(pod, number):
    """What a pod answered, in the order of ASKED."""
    found = [line["ok"] for _, line in pod.said if line.get("id") == number]
    assert len(found) == len(ASKED), [line for _, line in pod.said if "id" in line]
    return found


@pytest.fixture(scope="module")
def attacked():
    """A belt and a wrist, open to phones and to each other; a stranger at both; then a sway."""
    lasts_s = ATTEMPTS / A_SECOND
    begin_s = -lasts_s - LAST_S
    wearing = wearing_of(walk_and_sway(), PAIR, radio="both", ready_s=FIRST_S + lasts_s + LAST_S)
    ether = Ether(1)
    attacker = Attacker(ether.device("stranger", "F0:F1:F2:F3:F4:F5"))
    tasks = []

    def begin():
        tasks.append(ether.start(attacker.attack([pod.worn.address for pod in wearing.pods], ATTEMPTS)))

    def prepare(wearing):
        wearing.at(begin_s, begin)
        for pod in wearing.pods:
            for number, at_s in ((1, begin_s - 1), (3, begin_s + lasts_s / 2), (2, -1)):
                wearing.at(at_s, lambda pod=pod, number=number: ask(pod, number))

    return wearing, lived(wearing, prepare, ether=ether), attacker, tasks


def test_it_was_attacked(attacked):
    *_, attacker, tasks = attacked
    assert tasks[0].done() and tasks[0].exception() is None
    assert attacker.done.total() >= ATTEMPTS and attacker.connections > 5
    assert set(attacker.done) == {"connect", "write", "word", "att", "noise", "pair"}


def test_nothing_breaks(attacked):
    wearing, outcomes, *_ = attacked
    for name, outcome in outcomes.items():
        assert_whole(outcome)
        assert set(outcome.summary["faults"]) <= {"radio lost"}, name
        assert named(wearing, name).machine.resets == []


@pytest.mark.parametrize("name", PAIR)
def test_nothing_changes(attacked, name):
    wearing, *_ = attacked
    pod = named(wearing, name)
    (settings, band, _), (settings_after, band_after, _) = answers(pod, 1), answers(pod, 2)
    assert settings == settings_after
    same = ("band", "me", "hub", "pods", "strap", "waits")
    assert [band[key] for key in same] == [band_after[key] for key in same]


@pytest.mark.parametrize("name", PAIR)
def test_no_memory_goes(attacked, name):
    wearing, *_ = attacked
    (*_, amid), (*_, after) = answers(named(wearing, name), 3), answers(named(wearing, name), 2)
    assert after["heap_free"] > amid["heap_free"] - HEAP_MAY_FALL


def test_the_band_holds_and_warns(attacked):
    wearing, *_ = attacked
    found = [one for one in crew_figures.warnings(wearing) if one.pattern == "sway"]
    assert found and all(one.said and one.there_ms < crew_figures.P99_MS for one in found)
    assert links(wearing, "belt")[-1][2] == 1 and lost_cues(wearing, "wrist") == []
