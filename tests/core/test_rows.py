"""Rows of six int16: moved whole, and a change of any of them told."""

from array import array

import pytest
from backstep.core.rows import copy, renew

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
