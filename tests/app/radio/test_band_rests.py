"""A pod of a band that lies still and goes off: no link is lost by that, and it is back soon once it is moved."""

import pytest
from app.radio.worn_together import run, together
from backstep.core import events

CREW = "belt s", "shoe s", "wrist b"


@pytest.fixture
def crew(world):
    sky, pods = together(world, *CREW)
    return sky, *pods


def rest(sky, pod):
    """Go off as Radio.rest has it: tell, wait, end every connection."""
    pod.band.session.rest()
    sky.world.at(sky.now_ms + 100, lambda: [hang_up(sky, pod), setattr(pod.air, "on", False)])


def hang_up(sky, pod):
    for number, ends in list(sky.conns.items()):
        if pod.air in ends:
            sky.hang_up(number)


@pytest.mark.parametrize("who", range(3))
def test_who_rests_is_lost_to_nobody(world, crew, who):
    sky, *pods = crew
    world.at(5000, lambda: rest(sky, pods[who]))
    run(world, pods, 12_000)
    partners = pods[1:] if who == 0 else pods[:1]
    for pod in pods:
        assert not pod.played("link_lost") or pod is pods[who]
    for pod in partners:
        assert pod.told_of(events.LINK)[-1][:2] == (who, 2) and who not in pod.linked
        assert pod.keeper.running


@pytest.mark.parametrize("away_ms", [2000, 90_000, 90_700])
def test_who_rested_is_back_within_two_seconds_and_is_sought_at_less_meanwhile(world, crew, away_ms):
    sky, belt, shoe, wrist = crew
    seen = []
    world.at(5000, lambda: rest(sky, wrist))
    world.at(6000, lambda: seen.append(belt.air.seeks))
    world.at(5000 + away_ms, lambda: setattr(wrist.air, "on", True))
    world.at(6900 + away_ms, lambda: seen.append(belt.linked))
    run(world, crew[1:], 10_000 + away_ms)
    assert seen == [(1440, 120), [1, 2]]
    assert wrist.band.session.number == belt.band.session.number


def test_one_that_is_lost_beside_one_that_rests_is_sought_as_ever(world, crew):
    sky, belt, shoe, wrist = crew
    seen = []
    world.at(5000, lambda: rest(sky, wrist))
    world.at(6000, lambda: sky.part(belt.air, shoe.air))
    world.at(12_000, lambda: seen.append(belt.air.seeks))
    run(world, crew[1:], 13_000)
    assert seen == [(120, 30)] and belt.played("link_lost") == shoe.played("link_lost") == ["link_lost"]


def test_a_loss_after_a_rest_is_a_loss(world, crew):
    sky, belt, _, wrist = crew
    world.at(5000, lambda: rest(sky, wrist))
    world.at(6000, lambda: setattr(wrist.air, "on", True))
    world.at(9000, lambda: sky.part(belt.air, wrist.air))
    run(world, crew[1:], 15_000)
    assert belt.played("link_lost") == ["link_lost"]
    assert [fields[:2] for fields in belt.told_of(events.LINK)[2:]] == [(2, 2), (2, 1), (2, 0)]


def test_a_spotters_pod_is_awaited_while_the_wearers_session_runs_and_it_is_near(world):
    sky, pods = together(world, "belt s", "wrist b", "wrist p")
    belt, wrist, spotter = pods
    seen = []

    def look():
        seen.append([pod.band.session.is_awaited for pod in pods])

    world.at(3000, look)
    world.at(4000, lambda: sky.part(belt.air, spotter.air))
    world.at(8000, look)
    world.at(8000, lambda: sky.meet(belt.air, spotter.air))
    world.at(11_000, look)
    world.at(11_000, belt.keeper.end)
    world.at(12_000, look)
    run(world, pods, 13_000)
    assert seen == [[False, False, True], [False] * 3, [False, False, True], [False] * 3]


def test_what_the_radio_holds_back_is_said_before_it_ends(world, crew):
    sky, belt, _, wrist = crew

    def busy():
        wrist.air.refuses = 3
        rest(sky, wrist)

    world.at(5000, busy)
    run(world, crew[1:], 9000)
    assert not belt.played("link_lost") and belt.told_of(events.LINK)[-1][:2] == (2, 2)
