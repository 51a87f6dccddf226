"""What seldom happens, in words for a person."""

from ...core import events
from ...core.event_names import PARTNERS
from ..clock import shown

PASSING = True  # see passing.py

_FOOT = ("slides at %d mm/s", "caught after %d mm", "toes up by %d tenths of a degree", "hurried strides of %d mm")


def words(code: int, fields) -> str:
    """Return the line for an event of a fall, the foot, posture or the button.  code, fields: of the event."""
    if code == events.FALL:
        impact_g, turned_deg = fields[0] / 1000, fields[1] / 10
        return "FALL: impact of %.1f g, turned by %.0f deg, lying still" % (impact_g, turned_deg)
    if code == events.FALL_OVER:
        return "fall over: moved, or a press"
    if code == events.FALL_ALARM:
        return "FALL ALARM"
    if events.SLIDE <= code <= events.RECOVERY:
        return "FOOT: " + _FOOT[code - events.SLIDE] % fields[0]
    if code == events.NEAR_FALL:
        return "a near fall, perhaps: impact of %.1f g" % (fields[0] / 1000)
    if code == events.MARK:
        return "mark: false alarm %.1f s ago" % (fields[1] / 1000) if fields[0] else "mark"
    if code == events.SNOOZE:
        return "SNOOZED: no sway warnings for %s" % shown(fields[0])
    if code == events.GOAL:
        return "GOAL: %d backward %s" % (fields[1], _units(fields[0]))
    if code == events.DOSE_STOP:
        return "ENOUGH: %d backward %s" % (fields[1], _units(fields[0]))
    if code == events.LAP:
        return "lap %d" % fields[0]
    if code == events.POSTURE:
        way = "forward" if fields[0] > 0 else "back"
        return "POSTURE: leaning %s by %.0f deg for %d s" % (way, abs(fields[0]) / 10, fields[1])
    return _link(fields) if code == events.LINK else "awake: sways are warned of again"


def _link(fields):
    how = ("is out of reach", "is here", "goes off: it lies still")[fields[1]]
    return "radio: the %s %s" % (PARTNERS[fields[2]], how)


def _units(kind):
    return ("steps", "minutes", "steps, and the week has its share")[kind - 1]
