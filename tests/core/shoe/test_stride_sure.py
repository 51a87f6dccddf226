"""How sure a direction is: drift, what was cut off, and scraps of strides."""

import pytest
from backstep.core.shoe.stride_sure import is_scrap, sure_pct

DEG_10_Q14 = 2845


@pytest.mark.parametrize(
    ("stride_mm", "drift_mm", "leant_mg", "astray_mm", "sure"),
    [
        (1000, 0, 0, 0, 100),
        (1000, 500, 50, 0, 75),
        (1000, 2001, 50, 0, 0),
        (1000, 760, 150, 0, 0),  # a level so far off is no steady one
        (1000, 0, 0, 250, 50),
        (1000, 0, 0, 501, 0),
        (1000, 1000, 50, 250, 1),
    ],
)
def test_drift_and_what_was_cut_off_make_it_less_sure(stride_mm, drift_mm, leant_mg, astray_mm, sure):
    assert sure_pct(stride_mm, drift_mm, leant_mg, astray_mm) == sure


@pytest.mark.parametrize(
    ("stride_mm", "drift_mm", "turn_sin", "scrap"),
    [
        (120, 24, 0, False),
        (120, 25, 0, True),
        (190, 5, DEG_10_Q14, False),
        (190, 15, DEG_10_Q14, True),
        (190, 15, -DEG_10_Q14, True),
        (200, 150, 1 << 14, False),  # no scrap: drift has its own limit
    ],
)
def test_a_short_shuffle_says_nothing_of_direction_unless_it_is_far_above_its_error(
    stride_mm, drift_mm, turn_sin, scrap
):
    assert is_scrap(stride_mm, drift_mm, turn_sin) == scrap
