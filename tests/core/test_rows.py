"""Rows of six int16: moved whole, and a change of any of them told."""

from array import array

import pytest
from backstep.core.rows import approach, copy, renew

ROW = (-32768, 32767, 1000, -1, 0, 7)


def test_a_row_is_copied_from_and_to_any_place():
    source, target = array("h", (0,) * 6 + ROW), array("h", [5] * 18)
    copy(source, 6, target, 12)
    assert list(target) == [5] * 12 + list(ROW)


@pytest.mark.parametrize("k", range(6))
def test_any_change_is_told_once(k):
    row = array("h", ROW)
    other = array("h", (0,) * 6 + ROW)
    assert not renew(other, 6, row)
    other[6 + k] ^= 1
    assert renew(other, 6, row) and row == other[6:]
    assert not renew(other, 6, row)


def line(before, after, count):
    row, found = array("h", [before] * 6), []
    for left in range(count, 0, -1):
        approach(row, array("h", [after] * 6), left)
        assert row == array("h", [row[0]] * 6)
        found.append(row[0])
    return found


@pytest.mark.parametrize(
    ("before", "after", "count", "between_them"),
    [
        (-1000, 1000, 3, [-500, 0, 500]),
        (10, 11, 1, [11]),
        (11, 10, 1, [11]),
        (-7, -7, 2, [-7, -7]),
        (32767, -32768, 2, [10922, -10923]),
    ],
)
def test_lost_samples_lie_on_the_line_between_their_neighbours(before, after, count, between_them):
    assert line(before, after, count) == between_them


def test_a_line_leaves_its_neighbours_bounds_at_no_place():
    for before in (-32768, -5, 0, 32767):
        for after in (-32768, -1, 4, 32767):
            for count in (1, 2, 10, 31):
                found = line(before, after, count)
                assert sorted(found, reverse=after < before) == found
                assert all(min(before, after) <= value <= max(before, after) for value in found)
