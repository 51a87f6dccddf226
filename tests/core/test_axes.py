"""Mounting axes: the 24 rotations are taken, everything else is refused with its reason."""

from itertools import permutations, product

import pytest
from backstep.core.axes import parse_axes


def determinant(axes):
    rows = [[sign if column == axis else 0 for column in range(3)] for axis, sign in axes]
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def every_choice():
    for order in permutations("xyz"):
        for signs in product("+-", repeat=3):
            yield [sign + axis for sign, axis in zip(signs, order, strict=True)]


def test_exactly_the_24_rotations_are_taken():
    taken = []
    for names in every_choice():
        try:
            taken.append(parse_axes(names))
        except ValueError as error:
            assert "mirror image" in str(error)
    assert len(set(taken)) == 24
    assert all(determinant(axes) == 1 for axes in taken)


def test_axes_name_the_chip_axis_of_each_pod_axis():
    assert parse_axes(["-y", "+x", "+z"]) == ((1, -1), (0, 1), (2, 1))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["+x", "+y"], "want three"),
        ("+x+y+z", "want three"),
        (["+x", "+x", "+z"], "twice"),
        (["+x", "y", "+z"], "'y' is none of"),
        (["+x", "+y", 3], "3 is none of"),
        (["-x", "+y", "+z"], "mirror image"),
    ],
)
def test_anything_else_is_refused(names, said):
    with pytest.raises(ValueError, match=said):
        parse_axes(names)
