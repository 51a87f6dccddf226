"""What the sway figures must reach on recorded sets, each person's by a network that has not seen him."""

from .floors import Floor, at

_BACKWARD = "backward falls warned before impact"
_ALL, _WALKING = "false alarms, all daily life", "false alarms, locomotion"
_PER_HOUR, _WALKING_PER_HOUR = at("daily", "per_hour"), at("locomotion", "per_hour")
_LAST_SECOND = at("backward", "last_second_pct")
_F15 = at("falls_by_activity", "F15", "warned_pct")

FLOORS = (
    Floor("kfall", "always", _BACKWARD, "%", True, 99, 99, at("backward", "warned_pct")),
    Floor("kfall", "always", "median lead", "ms", True, 420, 420, at("backward", "median_lead_ms")),
    Floor("kfall", "always", "lead of 200 ms or more", "%", True, 90, 90, at("backward", "lead_200ms_pct")),
    Floor("kfall", "always", _ALL, "/h", False, 4, 4, _PER_HOUR),
    Floor("kfall", "always", _WALKING, "/h", False, 0.8, 0.8, _WALKING_PER_HOUR),
    Floor("kfall", "gait", "slips while walking warned (F15)", "%", True, 99, 99, _F15),
    Floor("kfall", "gait", _WALKING, "/h", False, 0.8, 0.8, _WALKING_PER_HOUR),
    Floor("sisfall", "always", "falls warned in the last second", "%", True, 93, 96, _LAST_SECOND),
    Floor("sisfall", "always", _ALL, "/h", False, 2, 2, _PER_HOUR),
)
