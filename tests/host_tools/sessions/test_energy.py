"""The energy estimate against the published costs, and what it leaves out."""

import pytest

from host_tools.sessions import energy


# Minetti 2002, table of measured means [J/(kg m)]; the polynomials are their fit, so within its scatter.
@pytest.mark.parametrize(("gait", "grade", "cost"), [
    ("walk", 0.0, 1.64), ("walk", 0.45, 17.33), ("walk", -0.10, 0.81), ("run", 0.0, 3.40), ("run", 0.45, 18.93),
    ("run", -0.20, 1.73),
])  # fmt: skip
def test_costs_are_near_those_measured(gait, grade, cost):
    assert energy.cost_j_kg_m(gait, grade) == pytest.approx(cost, abs=1.0)


@pytest.mark.parametrize(("gait", "cost"), [("walk", 2.5), ("run", 3.6)])
def test_the_level_costs_the_polynomials_last_factor(gait, cost):
    assert energy.cost_j_kg_m(gait, 0.0) == cost


def test_uphill_costs_more_and_backward_more_than_forward():
    costs = [energy.estimate([("forward walk", 1000.0, grade)], 70)["low_kcal"] for grade in (0.0, 0.1, 0.2, 0.3)]
    assert costs == sorted(costs)
    forward, back = (energy.estimate([(f"{way} walk", 1000.0, 0.1)], 70) for way in ("forward", "backward"))
    assert back["low_kcal"] > forward["low_kcal"] and back["high_kcal"] > 1.2 * forward["high_kcal"]


def test_ground_steeper_than_was_measured_is_left_out_and_said():
    gentle, steep = ("forward walk", 100.0, 0.1), ("forward walk", 30.0, 0.5)
    one = energy.estimate([gentle, steep], 70)
    assert one["not_covered_m"] == 30 and one["low_kcal"] == energy.estimate([gentle], 70)["low_kcal"]


def test_without_a_mass_there_is_no_estimate():
    assert energy.estimate([("forward walk", 100.0, 0.1)], 0) is None
    assert energy.estimate([("forward walk", 100.0, 0.6)], 70) is None
