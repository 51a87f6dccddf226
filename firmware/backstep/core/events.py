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

UNKNOWN = const(0)
FORWARD = const(1)
BACKWARD = const(2)
LEFT = const(3)
RIGHT = const(4)
TURN = const(5)

FIELD_COUNT = const(8)

DIRECTIONS = ("unknown", "forward", "backward", "left", "right", "turn")

# (code, name, field names); start, contact: sample indices, lateral_mm: + left, height_mm: + up
TABLE = (
    (STRIDE, "stride", ("start", "contact", "direction", "stride_mm", "height_mm", "lateral_mm", "steps")),
    (STEP, "step", ("contact", "direction", "steps")),
    (SWAY, "sway", ("lean_ddeg", "rate_ddps")),
    (CAUTION, "caution", ("lean_ddeg", "rate_ddps")),
    (FALL, "fall", ("impact_mg", "turned_ddeg")),
    (FALL_OVER, "fall_over", ()),
    (FALL_ALARM, "fall_alarm", ()),
    (SLIDE, "slide", ("speed_mm_s",)),
    (CATCH, "catch", ("way_mm", "usual_mm")),
    (TOE_LIFT, "toe_lift", ("lift_ddeg",)),
    (RECOVERY, "recovery", ("stride_mm", "usual_mm")),
    (NEAR_FALL, "near_fall", ("impact_mg",)),
    (GAP, "gap", ("missing",)),
)


def decode(code: int, sample: int, fields) -> dict:
    """Return an event as a dict with names.

    code: event number.  sample: index of the sample it was emitted at.
    fields: the detector's integer fields, in the order of the table.
    ValueError for a number that is in no row of the table.
    """
    for row_code, name, names in TABLE:
        if row_code == code:
            event = {"sample": sample, "event": name}
            for i, field in enumerate(names):
                event[field] = DIRECTIONS[fields[i]] if field == "direction" else fields[i]
            return event
    raise ValueError("event: code %d is in no row of events.TABLE" % code)
