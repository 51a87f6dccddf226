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

from host_tools.sessions import partners
from host_tools.sim import crew_figures, left
from host_tools.sim.crew_figures import P99_MS, named
from host_tools.sim.rounds import Rounds
from host_tools.sim.worn import S
from host_tools.virtual_pod.costs import Costs

pytestmark = pytest.mark.slow
CLOCKS_MS = 5
TRUE_RATE_SAMPLES = 3  # a pod's detector knows its IMU's true rate, replay takes the nominal one


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    """Forward, about turn, backward uphill, a stumble, a fall; up again, and another sway."""
    flashes = tmp_path_factory.mktemp("flashes")
    wearing = wearing_of(Rounds([about_turn(1), walk_and_sway(2)]), flashes=flashes)
    return wearing, lived(wearing)


def test_each_pod_senses_all_that_is_its_own(crew):
    _, outcomes = crew
    for name, outcome in outcomes.items():
        assert_whole(outcome)
        assert outcome.summary["faults"] == {}, name
    wanted, found = contacts(replayed(outcomes["shoe"])), contacts(outcomes["shoe"].found)
    assert [(kind, way) for kind, _, way in found] == [(kind, way) for kind, _, way in wanted] and len(wanted) > 15
    off = [abs(at - wanted_at) for (_, at, _), (_, wanted_at, _) in zip(found, wanted, strict=True)]
    assert sorted(off)[len(off) // 2] <= TRUE_RATE_SAMPLES


def test_the_belts_steps_have_the_shoes_direction_as_they_come(crew):
    """But for those at a walk's begin, of which the belt tells before the shoe's first stride has ended."""
    wearing, outcomes = crew
    found = crew_figures.ways(wearing)
    steps = sum(event["event"] == "step" for event in outcomes["belt"].found)
    assert found.share >= 0.9 and {told for _, told, _ in found.wrong} <= {"unknown"}
    assert found.named >= 0.8 * steps and steps > 30


def test_in_the_merged_session_all_of_them_have_it(crew, tmp_path):
    wearing, outcomes = crew
    paths = left.put(wearing.pods, tmp_path)
    assert len(paths) == len(wearing.pods)
    _, merged = partners.load(paths[0])
    assert len(merged.pods) == len(wearing.pods)
    rate_hz = merged.true_rate_hz
    strides = [(one["contact"] / rate_hz, one["direction"]) for one in merged.records if one["event"] == "stride"]
    steps = [one for one in merged.records if one["event"] == "step" and one["told_by"] == "belt"]
    named = [(one["direction"], crew_figures.way_of(strides, one["contact"] / rate_hz)) for one in steps]
    known = [(told, way) for told, way in named if way]
    assert len(known) >= 0.8 * len(steps) and [told for told, _ in known] == [way for _, way in known]
    assert len(steps) == sum(event["event"] == "step" for event in outcomes["belt"].found)
    assert [one["event"] for one in merged.records].count("sway") == outcomes["belt"].summary["sways"]


def test_in_the_merged_session_all_clocks_are_one(crew, tmp_path):
    """By when each pod's samples truly were: a pod knows when its newest one was to a sample."""
    wearing, _ = crew
    _, merged = partners.load(left.put(wearing.pods, tmp_path)[0])
    of = {pod.worn.placement: pod for pod in wearing.pods}
    for own in merged.pods[1:]:
        placement = own.log.placement
        told = [one for one in merged.records if one["event"] == "step" and one["told_by"] == placement]
        steps = [one for one in own.log.records if one["event"] == "step"]
        for one, step in zip(told, steps, strict=True):
            off_s = of["shoe"].walk_s(one["contact"]) - of[placement].walk_s(step["contact"])
            assert abs(1000 * off_s) <= CLOCKS_MS + 1000 / own.log.true_rate_hz, (placement, one)


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


def test_at_an_esp32s_pace_the_wrist_buzzes_in_time():
    """Two warnings: what they are at the 99th percentile of many, `backstep bench` tells."""
    wearing = wearing_of(walk_and_sway(1), ("belt", "wrist"), costs=Costs.ESP32_160)
    lived(wearing)
    found = crew_figures.warnings(wearing)
    assert {one.pattern for one in found} == {"caution", "sway"}
    assert all(one.said and one.there_ms < P99_MS and one.here_ms < 40 for one in found), found


def test_nobody_tells_of_a_lost_link(crew):
    wearing, _ = crew
    assert [lost_cues(wearing, pod.worn.called) for pod in wearing.pods] == [[], [], []]
