"""The band where words cross, come late, are a spotter's, or the other end is not what it says."""

from app.radio.worn_together import Pod, run, table_of, together
from backstep.core import events
from backstep.core.radio import band_words as words


def test_what_the_hub_says_amid_the_wearers_own_end_begins_nothing_anew(world):
    _, (belt, wrist) = together(world, "belt s", "wrist b")

    def cross():
        belt.band.session.say(belt.band.everybody)  # it still runs there
        wrist.keeper.end()

    world.at(3000, cross)
    run(world, (belt, wrist), 5000)
    assert not belt.keeper.running and not wrist.keeper.running
    assert wrist.played("start") == ["start"]


def test_a_pattern_that_was_long_on_its_way_is_not_played(world):
    sky, (belt, wrist) = together(world, "belt s", "wrist b")
    world.at(3000, lambda: sky.part(belt.air, wrist.air))
    world.at(3100, lambda: belt.feel(events.SWAY, 90, 800))
    world.at(4000, lambda: belt.feel(events.SWAY, 90, 800))
    world.at(4500, lambda: sky.meet(belt.air, wrist.air))
    run(world, (belt, wrist), 6000)
    assert len(wrist.played("sway")) == 1 and wrist.linked == [0]


def test_a_pattern_that_the_radio_did_not_take_for_long_is_not_sent(world):
    _, (belt, wrist) = together(world, "belt s", "wrist b")
    world.at(3000, lambda: setattr(belt.air, "refuses", 1_000_000))
    world.at(3001, lambda: belt.feel(events.SWAY, 90, 800))
    world.at(4200, lambda: setattr(belt.air, "refuses", 0))
    kinds, take = [], wrist.band.take
    wrist.band.take = lambda link, kind, *rest: (kinds.append((world.now_us, kind)), take(link, kind, *rest))
    run(world, (belt, wrist), 5000)
    late = [kind for at_us, kind in kinds if at_us > 4_200_000]
    assert words.BEAT in late and words.PATTERN not in late and not wrist.played("sway")


def test_who_played_for_others_tells_of_its_own_the_next_time(world):
    _, (belt, wrist) = together(world, "belt sb", "wrist sb")
    world.at(3000, lambda: belt.notifying.cue("worn"))
    world.at(4000, lambda: wrist.notifying.cue("worn"))
    run(world, (belt, wrist), 5000)
    assert len(belt.played("worn")) == len(wrist.played("worn")) == 2


def test_who_was_hushed_before_it_played_for_others_tells_of_its_own_the_next_time(world):
    _, (belt, wrist) = together(world, "belt sb", "wrist sb")
    play = wrist.notifying._play
    world.at(3000, lambda: setattr(wrist.notifying, "_play", lambda name: None))
    world.at(3010, lambda: belt.notifying.cue("fall_countdown"))
    world.at(3500, lambda: setattr(wrist.notifying, "_play", play))
    world.at(9000, lambda: wrist.notifying.cue("fall_countdown"))
    run(world, (belt, wrist), 10_000)
    assert len(belt.played("fall_countdown")) == 2


def test_a_hub_that_started_anew_has_a_new_clock(world):
    sky, (belt, wrist) = together(world, "belt s", "wrist b")
    world.at(4000, lambda: wrist.band.clock.beat(9000, 4000))  # another time than it will tell
    world.at(4100, lambda: told.append(wrist.band.now_ms))
    world.at(4200, lambda: sky.hang_up(belt.band.way_to.links()[0].conn))
    world.at(6000, lambda: told.append(wrist.band.now_ms))
    told = []
    run(world, (belt, wrist), 7000)
    assert told[0] > 9000 and abs(told[1] - 6000) < 40


def test_a_spotters_words_are_not_heeded_whatever_it_says(world):
    _, pods = together(world, "belt s", "wrist b", "wrist p")
    belt, wrist, spotter = pods
    said = (words.PATTERN, 0, 3000, 2), (words.ORDER, words.MARK), (words.SESSION, 0, words.WISH)
    for at_ms, word in zip((3000, 3100, 3200), said, strict=True):
        world.at(at_ms, lambda word=word: spotter.band.say(7, *word))
    run(world, pods, 5000)
    assert belt.keeper.running and wrist.keeper.running
    assert not wrist.played("sway", "mark") and not belt.told_of(events.MARK)
    assert [fields[2] for fields in belt.told_of(events.LINK)] == [2, 5]  # a wrist, a spotter's wrist


def test_a_link_that_is_proven_is_no_strangers_any_more(world):
    _, (belt, wrist) = together(world, "belt s", "wrist b")
    run(world, (belt, wrist), 3000)
    assert wrist.linked == [0] and not wrist.band.way_to._others


def test_an_impostor_is_hung_up_on_at_its_third_word_and_left_alone(world):
    sky, (belt, wrist) = together(world, "belt s", "wrist b")
    wrist.air.on = False
    other = Pod(sky, table_of(("belt s", "wrist b"), 1), key=bytes(16))
    offered = []
    real = belt.band.way_to.opened
    belt.band.way_to.opened = lambda conn: (offered.append(sky.now_ms), real(conn))

    def babble():
        """Answer anything, thrice, once there is a connection."""
        for conn, (_, end) in list(sky.conns.items()):
            if end is other.air:
                for _ in range(3):
                    other.air.write(conn, 9, bytes(20))
        world.at(sky.now_ms + 200, babble)

    world.at(200, babble)
    run(world, (belt, wrist, other), 12_000)
    assert len(offered) in (2, 3) and offered[1] - offered[0] > 4000
    assert belt.band.dropped == 3 * len(offered) and belt.linked == []


def test_a_note_of_the_clock_is_of_a_sample_that_was_seen_soon(world):
    """Now and then a pod is busy: what it sees then, it sees late."""
    _, (belt, wrist) = together(world, "belt s", "wrist b")
    late_ms = [0, 7, 3, 8, 0, 9, 6, 4, 9, 2, 7, 5, 8, 1]

    class Busy(type(wrist.detecting)):
        @property
        def samples(self):
            return super().samples - late_ms[self.world.now_us // 250_000 % len(late_ms)] * self.rate // 1000

        @property
        def drain_began_us(self):
            return self.world.now_us

    belt.detecting.__class__ = Busy
    belt.detecting.rate = belt.rate = belt.band.session.rate_hz = 1000
    run(world, (belt, wrist), 60_000)
    notes = [(sample, fields[-1]) for code, sample, fields in belt.told if code == events.BAND]
    assert len(notes) >= 3
    assert max(abs(hub_ms - (sample + 1)) for sample, hub_ms in notes) <= 2
