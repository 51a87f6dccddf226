"""What gait costs its wearer above rest, an estimate.

Cost by grade: Minetti et al., Energy cost of walking and running at extreme uphill and downhill slopes, J. Appl.
Physiol. 93, 2002: polynomials for ten trained runners on a treadmill, who walked at each slope's cheapest speeds.
Backward: Flynn et al., Comparison of cardiopulmonary responses to forward and backward walking and running, Med.
Sci. Sports Exerc. 26, 1994, have 78 % more oxygen for a fast walk and 31 % more for a run on the level. Nobody has
measured it over slopes and speeds as a pod meets them: the surplus is taken to be that of the level.
"""

SOURCE = "Minetti 2002 by grade, and what Flynn 1994 has for backward gait on the level"
KCAL_PER_J = 1 / 4184
GRADE_MAX = 0.45  # measured no further
SPREAD = 0.25  # of people about the mean, and of their ground and speed
# Of the cost of the level: what walking or running it backward adds, from .. to.
BACKWARD = {"walk": (0.3, 0.8), "run": (0.2, 0.4)}
_POLYNOMIALS = {"walk": (280.5, -58.7, -76.8, 51.9, 19.6, 2.5), "run": (155.4, -30.4, -43.3, 46.3, 19.5, 3.6)}


def cost_j_kg_m(gait: str, grade: float) -> float:
    """Return the cost of a metre forward [J/kg].  gait: "walk" or "run".  grade: height over length, to +-0.45."""
    cost = 0.0
    for factor in _POLYNOMIALS[gait]:
        cost = cost * grade + factor
    return cost


def estimate(ways: list[tuple[str, float, float]], kg: float) -> dict | None:
    """Return the energy above rest [kcal] as a range, None without a mass or a way.

    ways: of each stretch ("backward walk", length [m], grade).  kg: the wearer's mass.
    not_covered_m: steeper than the formula's data, left out.
    """
    covered = [way for way in ways if abs(way[2]) <= GRADE_MAX]
    if not kg or not covered:
        return None
    low = kg * KCAL_PER_J * (1 - SPREAD) * sum(_stretch(way, 0) for way in covered)
    high = kg * KCAL_PER_J * (1 + SPREAD) * sum(_stretch(way, 1) for way in covered)
    left_out = sum(way[1] for way in ways) - sum(way[1] for way in covered)
    bounds = {"low_kcal": round(low, 1), "high_kcal": round(high, 1)}
    return bounds | {"not_covered_m": round(left_out, 1), "above_rest_by": SOURCE}


def _stretch(way: tuple[str, float, float], bound: int) -> float:
    direction, gait = way[0].split()
    surplus = BACKWARD[gait][bound] * cost_j_kg_m(gait, 0.0) if direction == "backward" else 0.0
    return way[1] * (cost_j_kg_m(gait, way[2]) + surplus)
