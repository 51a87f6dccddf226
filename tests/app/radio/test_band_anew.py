"""A hub that starts anew amid a session goes on with it; a button held at pod after pod means one thing."""

import pytest
from app.radio.worn_together import Pod, run, table_of, together
from backstep.core import events

CREW = "belt s", "shoe s", "wrist b"
OLD_MS = 700_000  # the ticks of the hub that was, ahead of those of the one that is


@pytest.fixture
def crew(world):
    sky, pods = together(world, *CREW)
    pods[0].band.clock.beat(OLD_MS, 0, 1)  # a hub that has been on for long
    pods[0].band.clock.go_on(1)
    return sky, *pods


def crash(sky, pod):
    """Have it gone without a word."""
    pod.air.on = False
    for number, ends in list(sky.conns.items()):
        if pod.air in ends:
            sky.hang_up(number)
    pod.band.way_to.turn = lambda now_ms: None


def replaced(world, crew, away_ms):
    """Run a crew whose belt crashes at 20 s; return the belt that starts so much later, and all numbers before."""
    sky, belt, shoe, wrist = crew
    made = []

    def start():
        """Tasks are made by hand: the run has begun."""
        made.append(Pod(sky, table_of(CREW, 0)))
        turn(made[0])

    def turn(pod):
        pod.band.turn()
        pod.band._tell_own()
        pod.band.way_to.flush(pod.band.now_ms)
        world.at(world.now_us / 1000 + 250, lambda: turn(pod))

    world.at(20_000, lambda: crash(sky, belt))
    world.at(20_000 + away_ms, start)
    run(world, crew[1:], 60_000 + away_ms)
    return made[0]


@pytest.mark.parametrize(("away_ms", "same"), [(3000, True), (75_000, True), (200_000, False)])
def test_a_hub_that_starts_anew_goes_on_with_the_session_of_a_moment_ago(world, crew, away_ms, same):
    _, belt, shoe, wrist = crew
    anew = replaced(world, crew, away_ms)
    numbers = {pod.band.session.number for pod in (anew, shoe, wrist)}
    assert len(numbers) == 1 and (numbers == {belt.band.session.number}) is same
    assert wrist.played("start", "stop") == (["start"] if same else ["start", "stop", "start"])


def test_its_clock_goes_on_so_that_the_logs_still_lie_side_by_side(world, crew):
    _, belt, shoe, wrist = crew
    anew = replaced(world, crew, 5000)
    now_ms = world.now_us / 1000
    assert -60 <= anew.band.now_ms - (now_ms + OLD_MS) <= 0  # as late as the beat that told of it
    for pod in shoe, wrist:
        assert pod.band.now_ms == pytest.approx(anew.band.now_ms, abs=5)
        notes = [(sample, fields[-1]) for code, sample, fields in pod.told if code == events.BAND]
        assert len(notes) >= 3
        for sample, hub_ms in notes:
            assert hub_ms == pytest.approx(sample * 1000 / pod.rate + OLD_MS, abs=70)


def test_a_hub_that_was_only_out_of_reach_keeps_its_number_and_clock(world, crew):
    sky, belt, shoe, wrist = crew
    world.at(20_000, lambda: sky.part(belt.air, wrist.air))
    world.at(26_000, lambda: sky.meet(belt.air, wrist.air))
    seen = []
    world.at(19_000, lambda: seen.append((belt.band.session.number, belt.band.now_ms - 19_000)))
    run(world, crew[1:], 30_000)
    assert seen == [(belt.band.session.number, belt.band.now_ms - world.now_us // 1000)]


@pytest.mark.parametrize("other", range(3))
def test_a_button_held_at_one_pod_after_the_other_ends_one_session_and_begins_none(world, crew, other):
    _, *pods = crew
    first, second = pods[(other + 1) % 3], pods[other]
    world.at(5000, first.keeper.end)
    world.at(9000, lambda: (second.keeper.end if second.keeper.running else second.keeper.begin)())
    run(world, pods, 10_000)
    assert [pod.keeper.running for pod in pods] == [False] * 3 and second.notifying.played[-1][1] == "stop"


def test_held_a_while_later_it_begins_one(world, crew):
    _, belt, shoe, wrist = crew
    world.at(5000, wrist.keeper.end)
    world.at(16_000, belt.keeper.begin)
    world.at(20_000, wrist.keeper.end)  # he means that it has begun
    run(world, crew[1:], 22_000)
    assert [pod.keeper.running for pod in crew[1:]] == [True] * 3
    assert wrist.notifying.played[-1][1] == "start"


def test_what_a_pod_finds_as_it_starts_is_nobodys_button(world):
    sky, (belt, wrist) = together(world, "belt s", "wrist b")
    belt.keeper.end()
    world.at(3000, wrist.keeper.begin)
    run(world, (belt, wrist), 5000)
    assert belt.keeper.running and wrist.keeper.running
