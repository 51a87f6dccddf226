"""The names of the events and of their fields, for whoever reads them."""

from .events import DIRECTIONS

PASSING = True  # see app/passing.py

LANDINGS = ("unknown", "toe", "flat", "heel")  # names of the field `landing`
# Of the field `partner`: which pod of the band a link is to.
PARTNERS = ("shoe", "belt", "wrist", "spotter's shoe", "spotter's belt", "spotter's wrist")
_WORDS = (("direction", DIRECTIONS), ("landing", LANDINGS), ("partner", PARTNERS))

# Of every code from 1 on: the event's name and those of its fields; all as one text, which takes the least memory.
# start, contact: sample indices, lateral_mm: + left, height_mm: + up; confidence_pct: of the direction;
# stance_ms: before the stride, 0 = not known; pitch_ddeg: the foot at contact against that stance, + toes up;
# impact_mg: the hardest the accelerometer felt then; clipped: samples at its range's end; false_alarm: 1 = the
# mark calls the warning `ago_ms` before it a false alarm; kind, amount: what of the dose, see guide.py; rr_ms: the
# last beat to beat, 0 = not told; pod: its place in the band; session_hi, session_lo: halves of the band's session
# id; hub_ms: what the hub's clock shows at the event's sample.
_ROWS = (
    "stride start contact direction stride_mm height_mm lateral_mm steps"
    " confidence_pct stance_ms landing pitch_ddeg impact_mg clipped;"
    "step contact direction steps;"
    "sway lean_ddeg rate_ddps;"
    "fall impact_mg turned_ddeg;"
    "gap missing;"
    "caution lean_ddeg rate_ddps;"
    "fall_over;"
    "fall_alarm;"
    "slide speed_mm_s;"
    "catch way_mm usual_mm;"
    "toe_lift lift_ddeg;"
    "recovery stride_mm usual_mm;"
    "near_fall impact_mg;"
    "mark false_alarm ago_ms;"
    "snooze seconds;"
    "awake;"
    "posture lean_ddeg seconds;"
    "goal kind amount;"
    "dose_stop kind amount;"
    "lap number;"
    "heart bpm rr_ms;"
    "link pod up partner;"
    "band session_hi session_lo pod hub_ms;"
)
CODES = _ROWS.count(";")


def row(code: int) -> list[str]:
    """Return an event's name and those of its fields; ValueError for a number that no event has."""
    if not 0 < code <= CODES:
        raise ValueError("event: code %d is in no row of event_names" % code)
    at = 0
    for _ in range(code - 1):
        at = _ROWS.find(";", at) + 1
    return _ROWS[at : _ROWS.find(";", at)].split()


def words_of(name: str) -> tuple:
    """Return what the numbers of a field are called, () where they are no words."""
    for field, words in _WORDS:
        if field == name:
            return words
    return ()


def decode(code: int, sample: int, fields) -> dict:
    """Return an event as a dict with names.

    code: event number.  sample: index of the sample it was emitted at.
    fields: the detector's integer fields, in the order of its row.
    ValueError for a number that no event has.
    """
    names = row(code)
    event = {"sample": sample, "event": names[0]}
    for i in range(min(len(names) - 1, len(fields))):
        name = names[i + 1]
        words = words_of(name)
        event[name] = words[fields[i]] if 0 <= fields[i] < len(words) else fields[i]
    return event
