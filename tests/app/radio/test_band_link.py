"""A link of the band: lost and back, wishes from meanwhile, and strangers, who cost nothing and get nowhere."""

import random

import pytest
from app.radio.worn_together import BAND_ID, KEY, FakeAir, Pod, run, table_of, together
from backstep.app.radio import seal
from backstep.core import events
from backstep.core.radio import band_words as words
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

CREW = "belt s", "shoe s", "wrist b"
BELT = 1  # of PARTNERS


@pytest.fixture
def crew(world):
    sky, pods = together(world, *CREW)
    return sky, *pods


def test_a_lost_link_is_told_once_and_each_goes_on_alone_and_is_back_in_two_seconds(world, crew):
    sky, belt, shoe, wrist = crew
    world.at(5000, lambda: sky.part(belt.air, wrist.air))
    for at_ms in range(5200, 15_000, 400):
        world.at(at_ms, lambda: belt.feel(events.SWAY, 90, 800))
    world.at(15_000, lambda: sky.meet(belt.air, wrist.air))
    back = []
    world.at(17_000, lambda: back.append((belt.linked, wrist.linked)))
    world.at(18_000, lambda: belt.feel(events.SWAY, 90, 800))
    run(world, crew[1:], 30_000)
    assert back == [([1, 2], [0])]
    assert [pod.played("link_lost") for pod in (belt, shoe, wrist)] == [["link_lost"], [], ["link_lost"]]
    assert wrist.told_of(events.LINK) == [(0, 1, BELT), (0, 0, BELT), (0, 1, BELT)]
    assert len(belt.played("sway")) == 26
    assert len(wrist.played("sway")) == 1  # what was felt meanwhile comes no more: it would mislead


def test_a_break_that_is_soon_over_is_not_told(world, crew):
    sky, belt, _, wrist = crew
    world.at(5000, lambda: sky.hang_up(belt.band.way_to.links()[1].conn))
    run(world, crew[1:], 9000)
    assert wrist.linked == [0] and not belt.played("link_lost") and not wrist.played("link_lost")
    assert wrist.told_of(events.LINK) == [(0, 1, BELT), (0, 0, BELT), (0, 1, BELT)]


def test_who_stands_at_no_session_is_not_told_of_a_loss(world, crew):
    sky, belt, _, wrist = crew
    world.at(4000, wrist.keeper.end)
    world.at(5000, lambda: sky.part(belt.air, wrist.air))
    run(world, crew[1:], 12_000)
    assert not belt.played("link_lost") and not wrist.played("link_lost")


@pytest.mark.parametrize("ends", [True, False])
def test_what_the_wearer_did_meanwhile_holds_when_the_link_is_back(world, crew, ends):
    sky, belt, shoe, wrist = crew
    world.at(2900, (lambda: None) if ends else wrist.keeper.end)
    world.at(3000, lambda: sky.part(belt.air, wrist.air))
    world.at(7000, wrist.keeper.end if ends else wrist.keeper.begin)
    world.at(7100, lambda: states.append([pod.keeper.running for pod in (belt, shoe, wrist)]))
    world.at(8000, lambda: sky.meet(belt.air, wrist.air))
    states = []
    run(world, crew[1:], 12_000)
    assert states == [[ends, ends, not ends]]
    assert [pod.keeper.running for pod in (belt, shoe, wrist)] == [not ends] * 3
    assert len({pod.band.session.number for pod in (belt, shoe, wrist)} - {0}) == 1


def test_a_pod_that_starts_while_the_hub_rests_begins_no_session_of_its_own(world):
    sky, (belt, wrist) = together(world, "belt s", "wrist b")
    belt.keeper.end()
    run(world, (belt, wrist), 3000)
    assert not wrist.keeper.running


def test_a_hub_that_began_another_session_meanwhile_is_followed(world, crew):
    sky, belt, shoe, wrist = crew
    world.at(3000, lambda: sky.part(belt.air, wrist.air))
    world.at(7000, belt.keeper.end)
    world.at(7500, belt.keeper.begin)
    world.at(8000, lambda: sky.meet(belt.air, wrist.air))
    run(world, crew[1:], 11_000)
    assert {pod.band.session.number for pod in crew[1:]} == {belt.band.session.number}
    assert "stop" not in wrist.played() or wrist.played()[-2:] == ["stop", "start"]
    assert wrist.keeper.seconds <= 4


def test_an_end_from_before_ends_no_session_that_began_since(world, crew):
    """A wrist that was left at home, its session ended there: it meets the belt in another one."""
    sky, belt, shoe, wrist = crew
    world.at(3000, lambda: sky.part(belt.air, wrist.air))
    world.at(7000, wrist.keeper.end)
    world.at(7500, belt.keeper.end)
    world.at(8000, belt.keeper.begin)
    world.at(9000, lambda: sky.meet(belt.air, wrist.air))
    world.at(9000, lambda: belt.notifying.played.clear())
    run(world, crew[1:], 13_000)
    assert not belt.played("stop", "start") and belt.keeper.running and shoe.keeper.running
    assert wrist.keeper.running and wrist.band.session.number == belt.band.session.number


def test_a_pod_that_is_there_but_silent_is_hung_up_on(world, crew):
    _, belt, _, wrist = crew
    world.at(4000, lambda: setattr(wrist.air, "refuses", 1_000_000))
    world.at(11_000, lambda: setattr(wrist.air, "refuses", 0))
    world.at(10_500, lambda: links.append(belt.linked))
    links = []
    run(world, crew[1:], 30_000)
    assert links == [[1]] and belt.linked == [1, 2]


def stranger(sky):
    """Return somebody else's radio, with nothing on it."""
    return FakeAir(sky, 99)


def hello(nonce=b"12345678", band=BAND_ID, version=words.BAND_VERSION):
    return bytes((version,)) + band + nonce


def test_a_central_that_says_nothing_is_sent_away_in_three_seconds(world, crew):
    sky, _, _, wrist = crew
    calls = []
    world.at(4000, lambda: calls.append(sky.connect(stranger(sky), wrist.air)))
    world.at(6900, lambda: calls.append(calls[0] in sky.conns))
    world.at(7400, lambda: calls.append(calls[0] in sky.conns))
    run(world, crew[1:], 8000)
    assert calls[1:] == [True, False] and wrist.linked == [0] and not wrist.played("link_lost")


@pytest.mark.parametrize("says", [b"", b"x" * 20, hello(band=b"\0\0\0\0"), hello(version=2), b"\1" * 9])
def test_a_central_without_the_key_is_sent_away_at_its_third_word(world, crew, says):
    sky, belt, _, wrist = crew
    other = stranger(sky)
    calls = []
    world.at(4000, lambda: calls.append(sky.connect(other, wrist.air)))
    for at_ms in (4100, 4200, 4300):
        world.at(at_ms, lambda: other.write(calls[0], 7, says))
    world.at(4290, lambda: calls.append(calls[0] in sky.conns))
    world.at(4400, lambda: calls.append(calls[0] in sky.conns))
    world.at(4500, lambda: belt.feel(events.SWAY, 90, 800))
    run(world, crew[1:], 5000)
    assert calls[1:] == [True, False] and wrist.band.dropped == 3
    assert len(wrist.played("sway")) == 1 and wrist.linked == [0]


def test_a_central_with_another_key_gets_an_answer_and_nowhere(world, crew):
    sky, belt, _, wrist = crew
    other, calls = stranger(sky), []

    def open_it():
        mine = seal.opened(bytes(16), b"12345678", other.heard[-1][1:], 2, True)[0]
        word = bytearray(words.LONGEST)
        for said in ((words.PATTERN, 0, 4000, 0), (words.ORDER, words.MARK), (words.SESSION, 9, words.RUNS)):
            other.write(calls[0], 7, mine.seal(word, words.write_word(word, *said)))

    world.at(4000, lambda: calls.append(sky.connect(other, wrist.air)))
    world.at(4050, lambda: other.write(calls[0], 7, hello()))
    world.at(4200, open_it)
    run(world, crew[1:], 5000)
    assert len(other.heard[0]) == 9 and len(other.heard) == 1
    assert calls[0] not in sky.conns and wrist.band.dropped == 3
    assert not wrist.played("sway", "mark") and wrist.linked == [0] and belt.linked == [1, 2]


def test_all_that_was_ever_heard_on_the_air_is_worth_nothing_said_again(world, crew):
    sky, belt, _, wrist = crew
    for at_ms in range(3000, 8000, 500):
        world.at(at_ms, lambda: belt.feel(events.SWAY, 90, 800))
    calls = []

    def again():
        """On a connection of its own, from the hello on; and amid the hub's own, as one can who is very near."""
        said = list(wrist.air.heard)
        other = stranger(sky)
        conn = sky.connect(other, wrist.air)
        own = wrist.band.way_to.links()[0].conn
        calls.append(len(wrist.played("sway")))
        for data in said:
            wrist.band.way_to.written(conn, 7, data)
            wrist.band.way_to.written(own, 7, data)

    world.at(9000, again)
    run(world, crew[1:], 12_000)
    assert calls == [10] and len(wrist.played("sway")) == 10
    assert wrist.band.dropped > 30 and wrist.linked == [0] and belt.linked == [1, 2]


def test_who_advertises_as_a_pod_without_the_key_is_left_alone_for_a_while(world):
    sky, (belt, wrist) = together(world, "belt s", "wrist b")
    wrist.air.on = False
    other = Pod(sky, table_of(("belt s", "wrist b"), 1), key=bytes(16))
    calls = []
    world.at(12_000, lambda: calls.append(sum(1 for _ in belt.air.heard)))
    world.at(12_000, lambda: setattr(wrist.air, "on", True))
    run(world, (belt, wrist, other), 24_000)
    assert other.linked == [] and not other.played("sway")
    assert 0 < calls[0] <= 4  # an answer to a hello each time
    assert belt.linked == [1] and wrist.linked == [0]


def test_ten_thousand_strange_words_change_nothing(world, crew):
    sky, belt, _, wrist = crew
    draw = random.Random(5)
    before = {}

    def attack():
        member, hub = wrist.band.way_to, belt.band.way_to
        own, theirs = member.links()[0].conn, hub.links()[1].conn
        before.update(state=(wrist.keeper.running, wrist.band.session.number), told=len(wrist.told))
        for number in range(5000):
            data = strange(draw, wrist.air.heard)
            member.written(own if number % 2 else 1000 + number % 7, 7, data)
            hub.notified(theirs, 9, strange(draw, belt.air.heard))

    world.at(4000, attack)
    world.at(5000, lambda: belt.feel(events.SWAY, 90, 800))
    run(world, crew[1:], 6000)
    assert (wrist.keeper.running, wrist.band.session.number) == before["state"]
    assert len(wrist.told) == before["told"] and wrist.band.dropped > 4900 and belt.band.dropped > 4900
    assert len(wrist.played("sway")) == 1
    assert wrist.linked == [0] and belt.linked == [1, 2]


def strange(draw, heard):
    """Return random bytes, or true ones that are cut, changed or lengthened."""
    if draw.random() < 0.5:
        return draw.randbytes(draw.randrange(24))
    data = bytearray(draw.choice(heard))
    at = draw.randrange(len(data))
    kind = draw.randrange(3)
    if kind == 0:
        data[at] ^= 1 << draw.randrange(8)
    elif kind == 1:
        del data[at:]
    else:
        data += draw.randbytes(1 + at)
    return bytes(data)


def test_the_key_is_in_nothing_that_is_said(world, crew):
    run(world, crew[1:], 5000)
    for pod in crew[1:]:
        assert not any(KEY in data or KEY[:8] in data for data in pod.air.heard)
        assert max(map(len, pod.air.heard)) <= 20


ANY_VALUE = st.one_of(st.integers(0, 40), st.integers(0, 255))


@hypothesis_settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 5), *[ANY_VALUE] * 4), min_size=20, max_size=40), st.sampled_from([1, 2]))
def test_whatever_a_pod_of_the_band_says_nobody_stumbles(world, said, who):
    """One with a newer firmware, or with somebody else's: sealed as it should be, and no sense in it."""
    world.now_us, world._due = 0, []
    sky, pods = together(world, *CREW)
    sender, begun = pods[who], [3000 + 20 * turn for turn in range(len(said))]
    for at_ms, (kind, *values) in zip(begun, said, strict=True):
        count = len(words.sizes(kind))
        world.at(at_ms, lambda kind=kind, values=values[:count]: sender.band.say(7, kind, *values))
        world.at(at_ms + 5, lambda: [pod.feel(events.STEP, pod.detecting.samples - 9, 0, 1) for pod in pods])
    run(world, pods, 5000)
    assert all(pod.linked for pod in pods)


def test_a_direction_that_is_none_is_nobodys(world, crew):
    _, belt, shoe, _ = crew
    world.at(3000, lambda: shoe.band.say(7, words.EVENT, events.STRIDE, 3000, 200, 2))
    world.at(3100, lambda: belt.feel(events.STEP, 3000 * belt.rate // 1000, events.UNKNOWN, 1))
    run(world, crew[1:], 4000)
    assert belt.told_of(events.STEP)[0][1] == events.UNKNOWN


def test_a_link_that_takes_nothing_keeps_nobody_else_waiting(world, crew):
    sky, belt, shoe, wrist = crew
    write = belt.air.write
    shoes = []

    def stuck(conn, handle, data):
        return conn != shoes[0] and write(conn, handle, data)

    def hold():
        shoes.append(belt.band.way_to.links()[0].conn)
        belt.air.write = stuck
        for link in belt.band.way_to.links():
            link._carry = stuck

    world.at(3000, hold)
    world.at(3001, belt.keeper.mark)
    for at_ms in range(3050, 4500, 100):
        world.at(at_ms, lambda: belt.feel(events.SWAY, 90, 800))
    run(world, crew[1:], 4600)
    assert len(wrist.told_of(events.MARK)) == 1 and len(wrist.played("sway")) == 15
    assert shoe.told_of(events.MARK) == []
