"""How full a cell is by its voltage."""

import pytest
from backstep.core import charge


@pytest.mark.parametrize(
    ("mv", "pct"),
    [(4200, 100), (4400, 100), (4155, 95), (3840, 50), (3900, 63), (3610, 5), (3440, 2), (3270, 0), (2500, 0)],
)
def test_percent_is_read_off_the_curve(mv, pct):
    assert charge.percent(mv) == pct


@pytest.mark.parametrize("mv", [-1, 0, 300, 2499, 4401, 5000])
def test_what_is_no_cell_has_no_percent(mv):
    assert charge.percent(mv) == -1


def test_a_fuller_cell_never_reads_emptier():
    found = [charge.percent(mv) for mv in range(charge.MEASURED_MV, charge.USB_MV + 1)]
    assert found == sorted(found) and (found[0], found[-1]) == (0, 100)


def test_low_is_a_cell_s_voltage_only():
    assert [charge.is_low(mv) for mv in (-1, 300, 2500, 3499, 3500)] == [False, False, True, True, False]
