"""The training programme: doses, weeks, caps, and when the next level may be tried."""

import pytest
from backstep.core import settings
from backstep.core.training import programme
from hypothesis import given
from hypothesis import strategies as st

TODAY = 20_700
DAYS = st.lists(
    st.tuples(st.integers(TODAY - 40, TODAY + 3), st.integers(0, 30_000)),
    max_size=15, unique_by=lambda row: row[0],
)  # fmt: skip


def dose(**wanted):
    return programme.dose(settings.check(wanted))


def test_the_dose_is_the_levels_unless_the_wearer_has_one():
    assert dose() == programme.LEVELS[0][4:] == (300, 10)
    assert dose(programme_level=4) == (300, 8)
    assert dose(programme_level=0) == (0, 0)
    assert dose(dose_steps=40) == (40, 0) and dose(dose_min=5, programme_level=0) == (0, 5)


@pytest.mark.parametrize("level", range(1, 5))
def test_every_level_has_a_dose_within_the_settings_and_a_grade(level):
    name, gait, low, high, steps, minutes = programme.LEVELS[level - 1]
    settings.check({"dose_steps": steps, "dose_min": minutes})
    assert low < high <= 150 and gait == ("run" if level == 4 else "walk") and gait in name


@given(DAYS, st.integers(0, 13))
def test_a_week_is_seven_days_whatever_the_clock_was(days, ago):
    done, before = programme.weeks([list(row) for row in days], TODAY)
    assert done == sum(steps for day, steps in days if TODAY - 7 < day <= TODAY)
    assert before == sum(steps for day, steps in days if TODAY - 14 < day <= TODAY - 7)
    moved = programme.weeks([[TODAY - ago, 10]], TODAY)
    assert moved == ((10, 0) if ago < 7 else (0, 10))


def test_without_a_clock_there_are_no_weeks():
    assert programme.weeks([[0, 100]], 0) == (0, 0)


@given(st.integers(0, 10**6), st.integers(1, 20_000), st.integers(5, 50))
def test_a_week_may_exceed_the_last_by_the_cap_and_always_hold_three_doses(before, steps, cap_pct):
    limit = programme.week_limit(before, steps, cap_pct)
    assert limit >= 3 * steps and limit >= before
    assert limit == 3 * steps or limit <= before * (100 + cap_pct) / 100 < 2**30


def test_no_cap_and_no_dose_in_steps_are_no_limit():
    assert programme.week_limit(1000, 300, 0) == programme.week_limit(1000, 0, 10) == 0


def test_the_next_level_is_for_who_has_reached_the_dose_on_four_days():
    days = [[TODAY - 3 * n, 300] for n in range(4)]
    assert programme.is_ready(days, TODAY, 300)
    assert not programme.is_ready(days[1:], TODAY, 300)
    assert not programme.is_ready(days, TODAY, 301) and not programme.is_ready(days, TODAY + 10, 300)
    assert not programme.is_ready(days, TODAY, 0)
