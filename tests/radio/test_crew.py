"""Three pods on one wearer: the shoe knows the way, the belt feels the sway, the wrist buzzes."""

import pytest
from radio.worn_crew import (
    about_turn,
    assert_whole,
    contacts,
    lived,
    lost_cues,
    replayed,
    walk_and_sway,
    wearing_of,
)

from host_tools.sim import crew_figures
from host_tools.sim.crew_figures import P99_MS, named
from host_tools.sim.rounds import Rounds
from host_tools.sim.worn import S

pytestmark = pytest.mark.slow
CLOCKS_MS = 5


@pytest.fixture(scope="module")
def crew():
    """Forward, about turn, backward uphill, a stumble, a fall; up again, and another sway."""
    wearing = wearing_of(Rounds([about_turn(1), walk_and_sway(2)]))
    return wearing, lived(wearing)


def test_each_pod_senses_all_that_is_its_own(crew):
    _, outcomes = crew
    for name, outcome in outcomes.items():
        assert_whole(outcome)
        assert outcome.summary["faults"] == {}, name
    wanted = contacts(replayed(outcomes["shoe"]))
    assert contacts(outcomes["shoe"].found) == wanted and len(wanted) > 15


def test_the_belts_steps_have_the_shoes_direction(crew):
    wearing, outcomes = crew
    found = crew_figures.ways(wearing)
    steps = sum(event["event"] == "step" for event in outcomes["belt"].found)
    assert found.wrong == () and found.share == 1.0
    assert found.named >= 0.8 * steps and steps > 30


def test_a_belt_alone_would_not_know_them(crew):
    """What the shoe adds: of the same samples, replayed without it, most steps are uncertain on a hill."""
    _, outcomes = crew
    alone, together = contacts(replayed(outcomes["belt"])), contacts(outcomes["belt"].found)
    differing = sum(one != other for one, other in zip(alone, together, strict=True))
    assert differing > 0.2 * len(alone)


def test_the_wrist_buzzes_for_each_warning_of_the_belt_in_time(crew):
    wearing, _ = crew
    found = crew_figures.warnings(wearing)
    assert sum(one.pattern == "sway" for one in found) == 2
    for one in found:
        assert one.said and one.there_ms is not None and one.there_ms < P99_MS, one
        assert one.here_ms is not None and one.here_ms < 40, one


def test_the_session_is_one_and_the_clocks_agree(crew):
    wearing, _ = crew
    told = {pod.worn.called: [line for _, line in pod.said if line.get("event") == "band"] for pod in wearing.pods}
    ids = {(line["session_hi"], line["session_lo"]) for lines in told.values() for line in lines}
    assert len(ids) == 1 and all(told.values())
    hub = named(wearing, "belt").run.model.hardware.clock
    for name, lines in told.items():
        for line in lines:
            true_us = hub.own_us(named(wearing, name).world_us(line["sample"]))
            assert abs(true_us / 1000 - line["hub_ms"]) <= CLOCKS_MS, (name, line)


def test_all_sessions_end_with_the_one_whose_button_is_held(crew):
    wearing, outcomes = crew
    ends = [at_s for pod in wearing.pods for at_s, line in pod.said if line.get("event") == "summary"]
    assert len(ends) == 3 and max(ends) - min(ends) < 1.0
    assert min(ends) > (wearing.end_us - wearing.walk_us) / S


def test_nobody_tells_of_a_lost_link(crew):
    wearing, _ = crew
    assert [lost_cues(wearing, pod.worn.called) for pod in wearing.pods] == [[], [], []]
