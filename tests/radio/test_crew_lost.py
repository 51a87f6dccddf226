"""The link that is bad or lost: each pod goes on alone, tells it once, and is back when it is near again."""

import pytest
from radio.worn_crew import (
    assert_whole,
    contacts,
    links,
    lived,
    lost_cues,
    replayed,
    walk_and_sway,
    wearing_of,
)

from host_tools.sim import crew_figures
from host_tools.sim.crew_figures import P99_MS
from host_tools.sim.rounds import Rounds
from host_tools.virtual_pod.radio.ether import Ether

pytestmark = pytest.mark.slow
BAD_S, BACK_S = 5.0, 2.0
PAIR = ("belt", "wrist")


@pytest.fixture(scope="module")
def bad_air():
    """Three sways, each in five bad seconds: a tenth, a third, all that is sent is lost; and one afterwards."""
    wearer = Rounds([walk_and_sway(seed) for seed in (1, 2, 3, 4)])
    wearing, ether = wearing_of(wearer, PAIR), Ether(1)
    spans = [(sway_s - 3.0, loss) for sway_s, loss in zip(wearer.sways_s, (0.1, 0.3, 1.0), strict=False)]

    def prepare(wearing):
        for begin_s, loss in spans:
            wearing.at(begin_s, lambda loss=loss: ether.set_loss(loss))
            wearing.at(begin_s + BAD_S, lambda: ether.set_loss(0.0))

    outcomes = lived(wearing, prepare, ether=ether)
    return wearing, outcomes, [begin_s for begin_s, _ in spans], wearer.sways_s


def test_no_pod_loses_a_sample_or_a_step_of_its_own(bad_air):
    _, outcomes, *_ = bad_air
    for outcome in outcomes.values():
        assert_whole(outcome)
        assert contacts(outcome.found) == contacts(replayed(outcome))


def test_the_belt_warns_its_own_wearer_as_soon_as_ever(bad_air):
    wearing, outcomes, *_ = bad_air
    found = crew_figures.warnings(wearing)
    alone = [event for event in replayed(outcomes["belt"]) if event["event"] in crew_figures.WARNINGS]
    assert [one.pattern for one in found] == [event["event"] for event in alone]
    assert all(one.here_ms is not None and one.here_ms < 40 for one in found)


def test_the_wrist_buzzes_while_packets_are_lost_and_after(bad_air):
    wearing, _, begins_s, sways_s = bad_air
    for one in crew_figures.warnings(wearing):
        if begins_s[2] <= one.at_s < begins_s[2] + BAD_S + BACK_S:
            continue
        assert one.said, one
        bad = any(begin_s <= one.at_s < begin_s + BAD_S for begin_s in begins_s)
        assert one.there_ms is not None and one.there_ms < (3 * P99_MS if bad else P99_MS), one


def test_a_warning_that_nobody_could_hear_is_not_played_later(bad_air):
    wearing, _, begins_s, _ = bad_air
    wrist = crew_figures.named(wearing, "wrist")
    heard = crew_figures.buzzes(wrist, "sway")
    assert not [at_s for at_s in heard if begins_s[2] <= at_s < begins_s[2] + BAD_S + BACK_S]


@pytest.mark.parametrize("name", PAIR)
def test_a_lost_link_is_told_once_and_is_back_within_two_seconds(bad_air, name):
    wearing, _, begins_s, _ = bad_air
    lost_s, near_s = begins_s[2], begins_s[2] + BAD_S
    assert [up for at_s, _, up in links(wearing, name) if at_s > 0] == [0, 1]
    (down_s, _, _), (up_s, _, _) = [row for row in links(wearing, name) if row[0] > 0]
    assert lost_s < down_s < near_s and near_s < up_s < near_s + BACK_S
    assert len(lost_cues(wearing, name)) == 1


@pytest.fixture(scope="module")
def flat():
    """The wrist's battery is flat in the middle of a session, and it comes back on a charger."""
    wearer = walk_and_sway(1, steps=30)
    wearing = wearing_of(wearer, PAIR)

    def prepare(wearing):
        wrist = crew_figures.named(wearing, "wrist").machine
        wearing.at(5.0, wrist.power_cut)
        wearing.at(12.0, lambda: wearing.crew.power_on(wrist))

    return wearing, lived(wearing, prepare)


def test_a_partner_whose_power_is_cut_costs_the_belt_nothing(flat):
    wearing, outcomes = flat
    assert_whole(outcomes["belt"])
    assert contacts(outcomes["belt"].found) == contacts(replayed(outcomes["belt"]))
    assert len(lost_cues(wearing, "belt")) == 1


def test_switched_on_again_it_joins_the_session_and_buzzes(flat):
    wearing, _ = flat
    ups = [at_s for at_s, _, up in links(wearing, "belt") if up and at_s > 12.0]
    assert len(ups) == 1 and ups[0] < 18.0
    found = [one for one in crew_figures.warnings(wearing) if one.pattern == "sway"]
    assert found and all(one.said for one in found)
