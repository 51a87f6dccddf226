"""What follows from a stride's fields and is not stored with it; off the sample path."""

PASSING = True  # see app/passing.py


def swing_ms(fields, rate_hz: int) -> int:
    """Return the time from foot-off to contact [ms].  fields: of a stride.  rate_hz: of its sample indices."""
    return (fields[1] - fields[0]) * 1000 // rate_hz


def stride_ms(fields, rate_hz: int) -> int:
    """Return the time from one contact of the foot to the next [ms]; 0 where the stance before is not known."""
    return swing_ms(fields, rate_hz) + fields[8] if fields[8] else 0


def cadence_spm(fields, rate_hz: int) -> int:
    """Return steps of both feet a minute; 0 where it is not known."""
    length_ms = stride_ms(fields, rate_hz)
    return (120000 + length_ms // 2) // length_ms if length_ms else 0


def flight_ms(fields, rate_hz: int) -> int:
    """Return how long neither foot touches the ground in a step [ms]: what a stance lacks to half a stride.

    Both feet are taken to do the same. 0 in walking, and where it is not known.
    """
    return max(0, stride_ms(fields, rate_hz) // 2 - fields[8]) if fields[8] else 0


def grade_permille(fields) -> int:
    """Return height over length [0.1 %] of one stride, which says little: average 20 of them."""
    return fields[4] * 1000 // fields[3] if fields[3] else 0
