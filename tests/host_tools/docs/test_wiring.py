"""The drawings of wires: every pin of a board's file is in its drawing, and no wire hides another."""

import copy
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from host_tools.docs import boards_docs, wearing_picture, wiring
from host_tools.install import podfiles

CHIPS = podfiles.chips()
BOARDS = boards_docs.wired()


def words(board):
    drawn = ElementTree.fromstring(wiring.drawing(board, CHIPS))
    return [mark.text for mark in drawn if mark.tag.endswith("text")]


@pytest.mark.parametrize("name", BOARDS)
def test_every_pin_of_a_board_is_drawn_and_in_its_parts_list(name):
    board = BOARDS[name]
    told = "\n".join(words(board)) + "\n" + "\n".join(" ".join(row) for row in boards_docs.shopping(board))
    for gpio in (board["i2c"]["scl"], board["i2c"]["sda"], *board["pins"].values()):
        assert len(re.findall(rf"GPIO{gpio}\b", told)) >= 2, gpio


def test_another_pin_in_the_file_is_another_pin_in_the_drawing():
    board = copy.deepcopy(BOARDS["devkit_esp32"])
    board["pins"]["imu_int1"] = 26
    assert "INT1: GPIO26" in words(board) and "INT1: GPIO27" not in words(board)


def test_a_button_on_the_board_is_not_to_be_bought():
    assert "button: BOOT (GPIO0), on the board" in words(BOARDS["qtpy_s3"])
    assert ("button", "none: BOOT (GPIO0) is on the board", "") in boards_docs.shopping(BOARDS["qtpy_s3"])
    assert "closes to ground" in words(BOARDS["devkit_esp32"])


def test_a_board_with_least_parts_is_drawn_too():
    board = copy.deepcopy(BOARDS["devkit_esp32_erm"])
    del board["pins"]["button"], board["pins"]["battery_adc"], board["battery"], board["buy"]
    assert "MOSFET" in words(board) and "button" not in words(board)
    assert [part for part, *_ in boards_docs.shopping(board)] == ["board", "IMU", "haptic", "motor"]


@pytest.mark.parametrize("name", BOARDS)
def test_no_wire_hides_another_and_none_leaves_the_drawing(name):
    drawn = ElementTree.fromstring(wiring.drawing(BOARDS[name], CHIPS))
    _, _, width, height = map(float, drawn.get("viewBox").split())
    wires = []
    for mark in drawn:
        points = [tuple(map(float, pair.split(","))) for pair in mark.get("points", "").split()]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
        if len(points) == 2:
            wires.append((mark.get("stroke"), *sorted(points)))
    for (one, *ends), (other, *others) in combinations(wires, 2):
        if one != other:
            assert not lie_on_each_other(ends, others), (one, ends, other, others)


def test_the_arrow_is_the_axis_that_a_board_calls_forward(monkeypatch):
    assert "+x: arrow" in wearing_picture.picture()
    hung = BOARDS["qtpy_s3"] | {"axes": ["+z", "-y", "+x"]}
    monkeypatch.setattr(wearing_picture.boards, "load", lambda name: hung)
    assert "+z: arrow" in wearing_picture.picture()


def lie_on_each_other(ends, others):
    """Return whether two wires run along each other; those that cross do not."""
    for along, across in ((0, 1), (1, 0)):
        if len({point[across] for point in (*ends, *others)}) == 1:
            return ends[0][along] < others[1][along] and others[0][along] < ends[1][along]
    return False
