"""Which way the wearer of a belt or wrist pod goes, as said by button, console, request and setting."""

from types import SimpleNamespace

import pytest
from app.fake_chips import REST
from app.fakes import MARK
from backstep.app.session import SessionKeeper
from backstep.app.signals import EventQueue
from backstep.core import events, settings

STEP = (MARK + events.STEP, 0, 0, 0, 0, 0)
RATES_HZ = {"belt": 104, "wrist": 52}


@pytest.fixture(params=["belt", "wrist"])
def placement(request):
    return request.param


def walking(pod, placement, **changed):
    """Make the pod sense a step every half second."""
    pod.settings(**{"placement": placement, "console_events": 1} | changed)
    pod.imu.rows = ([REST] * (RATES_HZ[placement] // 2 - 1) + [STEP]) * 60
    return pod


def presses_at(pod, at_ms, times):
    for number in range(times):
        pod.parts.press_at(at_ms + 250 * number)


def directions(pod):
    """Return the directions of all steps in order, those in a row once."""
    found = [event["direction"] for event in pod.events if event["event"] == "step"]
    return [name for number, name in enumerate(found) if not number or name != found[number - 1]]


def buzzed(pod):
    return [event["pattern"] for event in pod.events if event["event"] == "buzz"]


def test_three_presses_turn_to_backward_then_forward_then_unknown(pod, placement):
    walking(pod, placement)
    for number in range(3):
        presses_at(pod, 4000 + 5000 * number, 3)
    pod.run(20000)
    assert directions(pod) == ["unknown", "backward", "forward", "unknown"]
    assert buzzed(pod) == ["start", "backward", "forward", "either", "stop"]
    summary = pod.events[-1]
    assert summary["backward"] == pytest.approx(10, abs=1) and summary["forward"] == pytest.approx(10, abs=1)
    assert summary["told_direction"] == "unknown"


def test_the_setting_holds_from_the_start_and_the_console_turns(pod, placement):
    walking(pod, placement, direction="forward")
    pod.type_at(5000, b"turn\n")
    pod.run(9000)
    assert directions(pod) == ["forward", "unknown"]


def test_two_presses_still_snooze_and_one_marks(pod):
    walking(pod, "belt")
    presses_at(pod, 3000, 2)
    presses_at(pod, 6000, 1)
    pod.run(9000)
    assert buzzed(pod) == ["start", "snoozed", "mark", "stop"]
    assert directions(pod) == ["unknown"]


def test_a_shoe_senses_its_direction_and_three_presses_are_two_and_one(pod):
    pod.settings(placement="shoe", console_events=1, direction="backward")
    presses_at(pod, 3000, 3)
    pod.type_at(6000, b"turn\n")
    pod.run(8000)
    assert buzzed(pod) == ["start", "mark", "mark", "stop"]
    assert pod.events[-1]["told_direction"] == "unknown"
    assert [event["text"] for event in pod.events if event["event"] == "error"] == ["turn: nothing to do now"]


def test_a_step_given_back_after_a_turn_counts_as_before_it():
    cues = []
    queue, detecting = EventQueue(4), SimpleNamespace(samples=500)
    wanted = settings.check({"placement": "wrist", "direction": "backward"})
    keeper = SessionKeeper(queue, detecting, 52, wanted, cues.append, lambda seconds: False)
    keeper.begin()
    assert keeper.face(events.FORWARD) and cues == ["start", "forward"]
    for contact in (499, 500):
        queue.put(events.STEP, 510, [contact, events.UNKNOWN, 1] + [0] * (events.FIELD_COUNT - 3))
    keeper.tell_time()
    keeper.mark()
    assert (keeper.counts.backward, keeper.counts.forward, keeper.counts.other) == (1, 1, 0)


def test_a_program_can_say_it_and_is_refused_what_makes_no_sense(asked):
    assert asked.ask("direction", direction="backward") == "direction: a shoe senses it"
    asked.running.sensing.keeper.takes_direction = True
    assert asked.ask("direction", direction="left") == "direction: 'left' is none of unknown, forward, backward"
    assert asked.ask("direction", direction="backward") == {"direction": "backward"}
    assert asked.ask("status")["told_direction"] == "backward"
