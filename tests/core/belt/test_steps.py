"""Holding contacts back and giving them back."""

import pytest
from backstep.core.belt.steps import StepGate
from hypothesis import given
from hypothesis import strategies as st

RATE = 104


def counted(contacts, gate=None):
    gate = gate or StepGate(RATE)
    found = []
    for at in contacts:
        gate.contact(at)
        while gate.due:
            found.append(gate.take())
    return found


def test_steps_in_rhythm_are_held_and_given_back_whole():
    walk = [100 + 55 * k for k in range(10)]
    for n in range(1, 4):
        assert counted(walk[:n]) == []
    for n in range(4, 11):
        assert counted(walk[:n]) == walk[:n]


def test_contacts_out_of_rhythm_are_no_gait():
    assert counted([100, 130, 260, 300, 440, 470, 600, 640]) == []


def test_lone_movements_are_no_gait():
    assert counted([100, 400, 700, 1000, 1300]) == []


def test_after_a_pause_steps_prove_themselves_anew_but_sooner():
    walk = [100 + 55 * k for k in range(6)]
    again = [walk[-1] + 4 * RATE + 55 * k for k in range(2)]
    assert counted(walk + again[:1]) == walk
    assert counted(walk + again) == walk + again
    late = [walk[-1] + 20 * RATE + 55 * k for k in range(3)]
    assert counted(walk + late) == walk


def test_a_hesitation_in_walking_loses_no_step():
    walk = [100 + 55 * k for k in range(6)]
    walk += [walk[-1] + 200 + 55 * k for k in range(4)]
    assert counted(walk) == walk


@pytest.mark.parametrize("ringing", [1, 10, 22])
def test_a_second_contact_too_soon_is_no_step(ringing):
    walk = [100 + 55 * k for k in range(8)]
    doubled = sorted(walk + [at + ringing for at in walk])
    assert counted(doubled) == walk


def test_restart_forgets_what_was_held():
    gate = StepGate(RATE)
    assert counted([100, 155, 210], gate) == []
    gate.restart()
    assert counted([265], gate) == []
    assert not gate.walking


@given(st.lists(st.integers(1, 400), max_size=60))
def test_every_step_is_given_once_in_order(intervals):
    contacts = [sum(intervals[: k + 1]) for k in range(len(intervals))]
    found = counted(contacts)
    assert found == sorted(set(found))
    assert set(found) <= set(contacts)
