"""The figures of sessions and laps as text, 80 columns wide."""

from host_tools.sessions.session_figures import GRADE_BIN_PCT, UPHILL_PCT
from host_tools.sessions.session_log import SessionLog
from host_tools.sessions.strides import BLOCK
from host_tools.talk.status import span

FOOTNOTE = f"""\
Grades and heights: means over {BLOCK} strides or more, against the calibrated level;
uphill is {UPHILL_PCT:g} % and more. Impact: at the pod, not what a knee bears.
Energy: above rest, by mass, way and grade (Minetti 2002), backward gait by what
it adds on the level (Flynn 1994): an estimate to +-25 % beside that addition.
CV: of stride time and stride length, the first and last of a walk left out."""


def text(found: SessionLog, told: list[dict]) -> str:
    """Return a session's figures in lines.  told: as of session_figures.figures."""
    level = f", level {'' if found.is_level else 'not '}calibrated" if found.placement == "shoe" else ""
    lines = [f"{found.name}: {', '.join(found.worn)}{level}"]
    for part in told:
        lines += _part(part)
    return "\n".join(lines)


def _part(part: dict) -> list[str]:
    moving = f"{span(round(part['seconds']))}, moving {span(round(part['moving_s']))}"
    cadence = f", {part['cadence_spm']:.0f} steps/min" if part["cadence_spm"] else ""
    steps = ", ".join(f"{part[f'{name}_steps']} {name}" for name in ("backward", "forward", "other"))
    rows = [(part["part"], moving + cadence), ("steps", steps)]
    if "heart" in part:
        beats = part["heart"]
        known = f", told for {span(round(beats['known_s']))}"
        rows.append(("heart", f"mean {beats['mean_bpm']}, most {beats['max_bpm']} beats/min{known}"))
    if "ascent_m" in part:
        rows += _of_strides(part)
    return [f"  {name:<9} {words}" for name, words in rows]


def _of_strides(part: dict) -> list[tuple[str, str]]:
    rows = [(name, _direction(part[name])) for name in ("backward", "forward") if part[name]]
    uphill = part["backward_uphill_min"]
    height = f"up {part['ascent_m']:.1f} m, down {part['descent_m']:.1f} m"
    rows.append(("height", height + ("" if uphill is None else f"; backward uphill {uphill:.1f} min")))
    rows += _grade(part["grade"])
    if part["landing_pct"]:
        rows.append(("landing", ", ".join(f"{name} {share} %" for name, share in part["landing_pct"].items())))
    if part["impact"]:
        rows.append(("impact", _impact(part["impact"])))
    if part["running_pct"] is not None:
        rows.append(("running", f"{part['running_pct']:.0f} % of strides"))
    if part["energy"]:
        rows.append(("energy", _energy(part["energy"])))
    return rows


def _direction(one: dict) -> str:
    words = f"{one['distance_m']:.1f} m, strides of {one['length_m']:.2f} m"
    if one["cadence_spm"]:
        words += f", {one['cadence_spm']:.0f} steps/min"
    if one["time_cv_pct"] is not None:
        words += f"; CV {one['time_cv_pct']:.1f} %, {one['length_cv_pct']:.1f} %"
    return words


def _grade(grade: dict | None) -> list[tuple[str, str]]:
    if not grade:
        return []
    words = f"median {grade['median_pct']:.1f} %, middle 80 % {grade['p10_pct']:.1f} to {grade['p90_pct']:.1f} %"
    lows = grade["metres_from_pct"].items()
    ways = [f"{ground:.0f} m at {low:g}..{low + GRADE_BIN_PCT:g} %" for low, ground in lows]
    return [("grade", words), *(("", ", ".join(ways[i : i + 3])) for i in range(0, len(ways), 3))]


def _impact(impact: dict) -> str:
    clipped = impact["clipped_strides"]
    least = f" or more ({clipped} clipped)" if clipped else ""
    return f"median {impact['median_mg'] / 1000:.1f} g, 95 % {impact['p95_mg'] / 1000:.1f} g{least}"


def _energy(estimate: dict) -> str:
    left_out = estimate["not_covered_m"]
    without = f", without {left_out:.0f} m steeper than the formula's data" if left_out else ""
    return f"{estimate['low_kcal']:.0f} to {estimate['high_kcal']:.0f} kcal{without}"
