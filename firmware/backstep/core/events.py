"""Every event the pod can report, numbered once for log, console, radio and host."""

from .compat import const

NOTHING = const(0)
STRIDE = const(1)
STEP = const(2)
SWAY = const(3)
FALL = const(4)
GAP = const(5)
CAUTION = const(6)
FALL_OVER = const(7)
FALL_ALARM = const(8)
SLIDE = const(9)
CATCH = const(10)
TOE_LIFT = const(11)
RECOVERY = const(12)
NEAR_FALL = const(13)
MARK = const(14)
SNOOZE = const(15)
AWAKE = const(16)

UNKNOWN = const(0)
FORWARD = const(1)
BACKWARD = const(2)
LEFT = const(3)
RIGHT = const(4)
TURN = const(5)

FIELD_COUNT = const(8)

DIRECTIONS = ("unknown", "forward", "backward", "left", "right", "turn")

# Of every code from 1 on: the event's name and those of its fields, as one text, which takes the least memory.
# start, contact: sample indices, lateral_mm: + left, height_mm: + up; false_alarm: 1 = the mark calls the warning
# `ago_ms` before it a false alarm.
TABLE = (
    "stride start contact direction stride_mm height_mm lateral_mm steps",
    "step contact direction steps",
    "sway lean_ddeg rate_ddps",
    "fall impact_mg turned_ddeg",
    "gap missing",
    "caution lean_ddeg rate_ddps",
    "fall_over",
    "fall_alarm",
    "slide speed_mm_s",
    "catch way_mm usual_mm",
    "toe_lift lift_ddeg",
    "recovery stride_mm usual_mm",
    "near_fall impact_mg",
    "mark false_alarm ago_ms",
    "snooze seconds",
    "awake",
)


def decode(code: int, sample: int, fields) -> dict:
    """Return an event as a dict with names.

    code: event number.  sample: index of the sample it was emitted at.
    fields: the detector's integer fields, in the order of the table.
    ValueError for a number that is in no row of the table.
    """
    if not 0 < code <= len(TABLE):
        raise ValueError("event: code %d is in no row of events.TABLE" % code)
    names = TABLE[code - 1].split()
    event = {"sample": sample, "event": names[0]}
    for i in range(len(names) - 1):
        name = names[i + 1]
        event[name] = DIRECTIONS[fields[i]] if name == "direction" else fields[i]
    return event
