"""A guess at a stride nobody could judge: only like the last sure one, and never for long."""

import pytest
from backstep.core.events import BACKWARD, FORWARD, LEFT, TURN, UNKNOWN
from backstep.core.shoe.stride_last import LastDirection


def after(direction, stride_mm=1000, contact=1000):
    last = LastDirection(208)
    last.sure(direction, stride_mm, contact)
    return last


def test_two_guesses_follow_a_sure_stride_and_no_third():
    last = after(BACKWARD)
    assert [last.guess(BACKWARD, 1000, 1200 + 200 * k) for k in range(3)] == [BACKWARD, BACKWARD, UNKNOWN]


@pytest.mark.parametrize("seems", [FORWARD, LEFT, TURN, UNKNOWN])
def test_a_stride_that_seems_to_go_another_way_is_never_taken_for_the_last_direction(seems):
    assert after(BACKWARD).guess(seems, 1000, 1200) == UNKNOWN


def test_another_gait_or_a_pause_is_not_guessed_at():
    assert after(FORWARD).guess(FORWARD, 2100, 1200) == UNKNOWN
    assert after(FORWARD).guess(FORWARD, 490, 1200) == UNKNOWN
    assert after(FORWARD).guess(FORWARD, 1000, 1000 + 2 * 208 + 1) == UNKNOWN


def test_neither_a_side_step_nor_nothing_is_a_direction_to_go_on_with():
    assert after(LEFT).guess(LEFT, 1000, 1200) == UNKNOWN
    assert LastDirection(208).guess(FORWARD, 1000, 1200) == UNKNOWN
