"""Hours from currents and time, worked out by hand; every part of every board has its current."""

from collections import Counter

import pytest
from backstep.core.power_states import ARMED, OFF, ON_USB, STATES, STILL, WORN

from host_tools.errors import UserError
from host_tools.install import boards, podfiles
from host_tools.power import currents, model
from host_tools.power.meter import Spent
from host_tools.virtual_pod.sleep import BUS, COMPUTING, LIGHT, WAITING


class Meter:
    """A meter that has seen what it is told."""

    def __init__(self, by_state):
        self.by_state = by_state


def test_current_is_the_mean_over_what_the_mcu_did_and_all_that_is_beside_it():
    spent = Spent(Counter({COMPUTING: 100_000, WAITING: 50_000, BUS: 50_000, LIGHT: 800_000}), wakes=52)
    row, off = model.rows(Meter({ARMED: spent}), model.Board("virtual"))
    mcu_ua = 0.1 * 51_200 + 0.1 * 32_900 + 0.8 * 240
    assert row.ua == pytest.approx(mcu_ua + 550 + 600)
    assert (row.computing, row.asleep, row.wakes_hz) == (0.1, 0.8, 52)
    assert off.ua == 8 + 26 + 4
    assert row.hours == pytest.approx(200_000 / row.ua)


def test_a_day_needs_every_state_of_it():
    found = [model.Row(state, 60, 0, 1, 1, ua) for state, ua in ((ARMED, 10_000), (WORN, 5_000), (OFF, 40))]
    assert model.hours(found) == 0
    found.append(model.Row(STILL, 60, 0, 1, 1, 2_000))
    day_ua_h = 2 * 10_000 + 14 * 5_000 + 0.17 * 2_000 + 7.83 * 40
    motor_ua_h = 20 * 0.6 * 75_000 / 3600
    assert model.hours(found) == pytest.approx(24 * 200_000 / (day_ua_h + motor_ua_h))


@pytest.mark.parametrize("name", podfiles.board_names())
def test_every_board_has_the_currents_of_its_parts(name):
    board = model.Board(name)
    for state, (_, _, mhz, *_) in enumerate(STATES):
        assert board.beside_ua(state) > 0
        assert state == OFF or currents.mcu(board.mcu, "computing", mhz).ua > 0
    assert board.beside_ua(ON_USB) >= board.beside_ua(OFF)


def test_a_board_that_is_none_is_told():
    with pytest.raises(UserError):
        model.Board("teapot")


@pytest.mark.parametrize(("name", "why"), [("qtpy_s3", ""), ("xiao_c3", "GPIO3 cannot wake an ESP32-C3")])
def test_a_board_that_never_sleeps_says_which_pin_it_is(name, why):
    assert (why in boards.sleepless(podfiles.board_path(name))) and bool(why) == bool(
        boards.sleepless(podfiles.board_path(name))
    )
