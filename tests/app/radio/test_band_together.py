"""Pods worn together: who buzzes for whom, what one button does for all, sessions with one number."""

import pytest
from app.radio.worn_together import Pod, Sky, run, table_of, together
from backstep.core import events
from backstep.core.radio import band_words as words

CREW = "belt s", "shoe s", "wrist b"


@pytest.fixture
def crew(world):
    sky, pods = together(world, *CREW)
    return sky, *pods


def later(world, ms, call, *args):
    world.at(ms, lambda: call(*args))


def after(pod, ms, *names):
    return [(at_ms, name) for at_ms, name in pod.notifying.played if at_ms >= ms and name in names]


def test_they_find_each_other_and_prove_the_key(world, crew):
    _, belt, shoe, wrist = crew
    run(world, crew[1:], 2000)
    assert (belt.linked, shoe.linked, wrist.linked) == ([1, 2], [0], [0])
    assert belt.told_of(events.LINK) == [(1, 1, 0), (2, 1, 2)]  # which, and it is here: a shoe, a wrist
    assert belt.air.seeks == (0, 0) and not shoe.air.advertises
    assert [(index, up, battery) for index, up, _, battery in belt.band.links()] == [(1, True, 63), (2, True, 63)]


def test_a_sway_of_the_belt_buzzes_at_the_wrist_at_once(world, crew):
    _, belt, shoe, wrist = crew
    for turn in range(40):
        later(world, 3000 + 413 * turn, belt.feel, events.SWAY, 90, 800)
    run(world, crew[1:], 20_000)
    there = [at_ms for at_ms, _ in after(wrist, 3000, "sway")]
    late = sorted(at_ms - 3000 - 413 * turn for turn, at_ms in enumerate(there))
    assert len(there) == len(belt.played("sway")) == 40
    assert late[0] > 0 and late[-1] < 35
    assert shoe.played("sway") == []


@pytest.mark.parametrize("name", ["foot", "posture", "milestone", "goal", "low_battery", "worn", "fault"])
def test_every_pattern_of_who_senses_is_played_where_it_buzzes_and_once(world, crew, name):
    _, belt, shoe, wrist = crew
    later(world, 3000, shoe.keeper.cue, name)
    run(world, crew[1:], 4000)
    assert [len(after(pod, 3000, name)) for pod in (belt, shoe, wrist)] == [0, 1, 1]


@pytest.mark.parametrize("name", ["tick", "forward", "link_lost"])
def test_what_is_of_one_place_alone_stays_there(world, crew, name):
    _, belt, shoe, wrist = crew
    later(world, 3000, shoe.notifying.cue, name)
    run(world, crew[1:], 4000)
    assert [len(after(pod, 3000, name)) for pod in (belt, shoe, wrist)] == [0, 1, 0]


def test_who_does_not_sense_tells_of_falls_alone(world, crew):
    _, belt, _, wrist = crew
    later(world, 3000, wrist.notifying.cue, "foot")
    later(world, 3100, wrist.notifying.cue, "fall_alarm")
    later(world, 3500, wrist.feel, events.SWAY, 90, 800)
    run(world, crew[1:], 5000)
    assert belt.band.alarm.on and not after(belt, 3000, "foot", "sway", "fall_alarm")


def test_steps_are_counted_by_one_pod_the_shoe_while_it_is_near(world):
    sky, (belt, shoe, wrist) = together(world, *CREW, cue_every_steps=2)
    for turn in range(8):
        contact = (3000 + 500 * turn) * shoe.rate // 1000
        later(world, 3050 + 500 * turn, shoe.feel, events.STRIDE, contact - 100, contact, 2, 900, 50, 0, 2)
        later(world, 3040 + 500 * turn, belt.feel, events.STEP, (3000 + 500 * turn) * belt.rate // 1000, 0, 1)
    run(world, (belt, shoe, wrist), 8000)
    assert len(shoe.played("milestone")) == len(wrist.played("milestone")) == 8
    assert belt.keeper.counts.backward >= 7
    assert belt.played("milestone") == []


def test_a_step_of_the_belt_goes_the_way_that_the_shoe_says_and_arms_as_its_own_do(world, crew):
    _, belt, shoe, wrist = crew
    for turn in range(12):  # backward, then forward; a word of the shoe's comes after the step that ended it
        way = events.BACKWARD if turn < 6 else events.FORWARD
        contact = 3000 + 1000 * turn
        fields = contact * shoe.rate // 1000 - 150, contact * shoe.rate // 1000, way, 900, 50, 0, 2
        later(world, contact + 150, shoe.feel, events.STRIDE, *fields)
        for step in (contact - 500, contact):
            later(world, step + 300, belt.feel, events.STEP, step * belt.rate // 1000, events.UNKNOWN, 1)
            later(world, step + 300, wrist.feel, events.STEP, step * wrist.rate // 1000, events.UNKNOWN, 1)
    run(world, crew[1:], 16_000)
    for pod in belt, wrist:
        ways = [way for _, way, *_ in pod.told_of(events.STEP)]
        assert ways[1:12] == [events.BACKWARD] * 11
        assert ways[13:] == [events.FORWARD] * 11
    assert belt.detecting.gaits == wrist.detecting.gaits == 12
    assert belt.keeper.gait_is_recent()


def test_what_the_belt_has_sensed_holds_where_the_shoe_does_not_know(world, crew):
    _, belt, shoe, _ = crew
    fields = 3000 * shoe.rate // 1000 - 99, 3000 * shoe.rate // 1000, events.UNKNOWN, 0, 0, 0, 2
    later(world, 3100, shoe.feel, events.STRIDE, *fields)
    later(world, 3200, belt.feel, events.STEP, 3000 * belt.rate // 1000, events.FORWARD, 1)
    run(world, crew[1:], 4000)
    assert belt.told_of(events.STEP)[0][1] == events.FORWARD


@pytest.mark.parametrize("who", range(3))
def test_any_button_does_for_all(world, crew, who):
    presser = crew[1 + who]
    later(world, 3000, presser.keeper.mark)
    later(world, 4000, presser.keeper.lap)
    later(world, 5000, presser.keeper.snooze)
    later(world, 6000, presser.keeper.wake)
    run(world, crew[1:], 7000)
    for pod in crew[1:]:
        for code in (events.MARK, events.LAP, events.AWAKE, events.SNOOZE):
            assert len(pod.told_of(code)) == 1, (pod.name, code)
    assert crew[1].snoozed == [300, 0]


def test_where_another_pod_does_not_buzz_it_confirms_nothing(world, crew):
    _, belt, shoe, wrist = crew
    later(world, 3000, wrist.keeper.mark)
    later(world, 4000, shoe.keeper.mark)
    run(world, crew[1:], 5000)
    assert [len(after(pod, 3000, "mark")) for pod in (belt, shoe, wrist)] == [0, 1, 2]


def test_a_press_at_the_wrist_ends_the_alarm_of_the_belt(world, crew):
    _, belt, shoe, wrist = crew
    later(world, 3000, belt.feel, events.FALL, 3900, 740)
    later(world, 4000, lambda: pressed.append((wrist.keeper.alarm.on, wrist.keeper.alarm.press())))
    later(world, 5000, lambda: pressed.append((belt.keeper.alarm.on, wrist.keeper.alarm.press())))
    pressed = []
    run(world, crew[1:], 8000)
    assert pressed == [(True, True), (False, False)]
    assert belt.cancelled == 1
    assert after(wrist, 3000, "fall_countdown") and not after(wrist, 4100, "fall_countdown")


def test_an_alarm_that_ends_by_itself_ends_everywhere(world, crew):
    _, belt, _, wrist = crew
    later(world, 3000, belt.feel, events.FALL, 3900, 740)
    later(world, 4000, belt.feel, events.FALL_OVER)
    later(world, 4100, lambda: ended.append(wrist.keeper.alarm.on))
    ended = []
    run(world, crew[1:], 5000)
    assert ended == [False]


def test_sessions_begin_and_end_together_with_one_number(world, crew):
    pods = crew[1:]
    numbers, states = [], []
    later(world, 20_000, lambda: numbers.append({pod.band.session.number for pod in pods}))
    later(world, 20_500, lambda: [pod.told.clear() for pod in pods])
    later(world, 21_000, crew[3].keeper.end)
    later(world, 22_000, lambda: states.append([pod.keeper.running for pod in pods]))
    later(world, 32_000, crew[2].keeper.begin)
    run(world, pods, 120_000)
    ((first,),) = numbers
    assert states == [[False] * 3] and all(pod.keeper.running for pod in pods)
    (second,) = {pod.band.session.number for pod in pods}
    assert first != second and 0 not in (first, second)
    for pod in pods:
        notes = pod.told_of(events.BAND)
        assert {(high, low) for high, low, *_ in notes} == {(second >> 16, second & 0xFFFF)}
        assert {me for *_, me, _ in notes} == {pod.me}
        at_ms = [hub_ms for *_, hub_ms in notes]
        apart = [later - earlier for earlier, later in zip(at_ms, at_ms[1:], strict=False)]
        assert apart == pytest.approx([7500, 15_000, 30_000], abs=2300)
        samples = [sample for code, sample, _ in pod.told if code == events.BAND]
        for sample, (*_, hub_ms) in zip(samples, notes, strict=True):
            assert hub_ms == pytest.approx(sample * 1000 / pod.rate, abs=25)


def test_a_spotter_feels_sways_and_falls_alone_and_has_nothing_to_say(world):
    _, (belt, shoe, spotter) = together(world, "belt s", "shoe sb", "wrist p")
    pods = belt, shoe, spotter
    later(world, 3000, belt.feel, events.SWAY, 90, 800)
    later(world, 3500, belt.keeper.cue, "posture")
    later(world, 4000, belt.feel, events.FALL, 3900, 740)
    later(world, 5000, lambda: pressed.append(spotter.keeper.alarm.press()))
    later(world, 5500, spotter.keeper.mark)
    later(world, 5600, spotter.feel, events.SWAY, 90, 800)
    later(world, 5700, spotter.keeper.begin)
    later(world, 6000, belt.keeper.end)
    pressed = []
    run(world, pods, 8000)
    assert len(after(spotter, 2999, "sway")) == 2 and after(spotter, 4000, "fall_countdown")
    assert pressed == [True] and belt.keeper.alarm._own.on and belt.cancelled == 0
    assert not after(spotter, 0, "posture", "mark_of_others")
    assert len(belt.told_of(events.MARK)) == 0 and len(after(shoe, 0, "sway")) == 1
    assert spotter.keeper.running and not belt.keeper.running


def test_two_wearers_side_by_side_feel_their_own_alone(world):
    sky = Sky(world)
    hers = [Pod(sky, table_of(("belt s", "wrist b"), me)) for me in range(2)]
    his = [Pod(sky, table_of(("belt s", "wrist b"), me, band=b"\1\2\3\4"), key=bytes(16)) for me in range(2)]
    later(world, 3000, hers[0].feel, events.SWAY, 90, 800)
    later(world, 4000, his[1].keeper.mark)
    run(world, hers + his, 6000)
    assert hers[0].linked == his[0].linked == [1]
    assert hers[1].played("sway") == ["sway"] and his[1].played("sway") == []
    assert hers[0].told_of(events.MARK) == [] and len(his[0].told_of(events.MARK)) == 1


def test_a_radio_that_is_busy_gets_it_a_moment_later(world, crew):
    _, belt, _, wrist = crew

    def sway():
        belt.air.refuses = 3
        belt.feel(events.SWAY, 90, 800)

    later(world, 3000, sway)
    run(world, crew[1:], 4000)
    ((at_ms, _),) = after(wrist, 3000, "sway")
    assert 3010 <= at_ms < 3080


def test_nothing_that_a_sample_finds_touches_the_radio(world, crew):
    _, belt, *_ = crew
    run(world, crew[1:], 3000)
    sent = []
    belt.air.write = lambda *args: sent.append(args)
    belt.feel(events.SWAY, 90, 800)
    assert sent == [] and words.order_of(events.SWAY) == 0
