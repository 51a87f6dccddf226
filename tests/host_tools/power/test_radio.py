"""What the radio adds: worked out by hand, by setting and state, for every chip there is a board of."""

import pytest
from backstep.core.power_states import ARMED, OFF, STILL, WALKING, WORN

from host_tools.install import podfiles
from host_tools.power import model, radio
from host_tools.power.model import Row

SEEN = [Row(state, 60, 0.1, 0.8, 10, 8000) for state in (ARMED, WORN, STILL)] + [Row(OFF, 0, 0, 1, 0, 40)]


def test_an_esp32s_charge_by_hand():
    # 27 mA waiting, 34 computing; an event: 1.5 ms around, 80 us sent at 130 mA, 430 us heard at 97
    event = 1.5 * 7000 + 0.08 * 103_000 + 0.43 * 70_000
    assert radio.radio_ua("esp32", "pods", WALKING) == pytest.approx(2 * event / 29)
    advert = 1.5 * 7000 + 3 * (0.376 * 103_000 + 0.35 * 70_000)
    assert radio.radio_ua("esp32", "phone", STILL) == pytest.approx(advert / 1285)
    connected = advert / 2000 + event / 45 + event / 300
    assert radio.radio_ua("esp32", "phone", ARMED) == pytest.approx(connected)
    assert radio.radio_ua("esp32", "both", ARMED) == pytest.approx(connected + 2 * event / 29)


def test_a_receiver_that_stays_on_is_counted_once():
    assert radio.radio_ua("esp32s3", "pods", WORN) > radio.STAYS_ON["esp32s3"].ua
    assert radio.radio_ua("esp32s3", "pods", WORN) - 55_000 < radio.radio_ua("esp32", "pods", WORN)


@pytest.mark.parametrize("name", podfiles.board_names())
def test_every_board_has_its_rows_and_never_sleeps_with_the_radio_on(name):
    board = model.Board(name)
    rows = radio.rows(SEEN, board)
    assert [(row.setting, row.state) for row in rows] == [
        (setting, state) for setting in ("phone", "pods", "both") for state in (ARMED, WORN, STILL)
    ]
    for row in rows:
        assert row.ua > 8000 + row.radio_ua and row.hours == pytest.approx(200_000 / row.ua)
    both = {row.state: row.ua for row in rows if row.setting == "both"}
    assert all(both[row.state] >= row.ua for row in rows)
    assert radio.told(rows)["pods"]["worn"]["hours_200mah"] == round(200_000 / rows[4].ua, 1)


def test_a_day_of_walks_after_which_the_pod_is_laid_down_by_hand():
    currents = (ARMED, 90_000), (WORN, 80_000), (STILL, 60_000)
    rows = [radio.RadioRow("phone", state, ua, 0) for state, ua in currents]
    # 1 h of 90 mA, 10 min of 60, the rest of 0.1: 102.3 of 200 mAh; 2 h: 192.2
    assert radio.laid_down_h(rows, "phone", 1, 100) == pytest.approx(24 * 200 / 102.283, rel=1e-4)
    told = "phone: 1 h or 2 h walked a day, then laid down: 47 h or 25 h; worn on: 2.5 h"
    assert radio.days(rows, 100)[0] == told
    assert radio.laid_down_h(rows, "pods", 1, 100) == 0


def test_the_table_fits_80_columns(capsys):
    radio.table(radio.rows(SEEN, model.Board("qtpy_s3")))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10 and max(map(len, lines)) <= 80 and lines[1].split()[:2] == ["phone", "armed"]
