"""A session on a treadmill: the grade that its panel shows instead of the one that the pod sensed."""

from dataclasses import replace

from backstep.core import events

from host_tools.sessions.session_log import SessionLog

_DIRECTION, _LENGTH, _HEIGHT = 2, 3, 4  # of a stride's fields


def on_treadmill(found: SessionLog, grade_pct: float) -> SessionLog:
    """Return a session whose strides forward and backward climb by a treadmill's grade [%], down when negative.

    Lengths stay as sensed: a belt at an even speed is ground like any other to who walks on it.
    """
    walked = (events.FORWARD, events.BACKWARD)
    strides = [list(fields) for fields in found.strides]
    for fields in strides:
        fields[_HEIGHT] = round(fields[_LENGTH] * grade_pct / 100) if fields[_DIRECTION] in walked else 0
    return replace(found, strides=strides, is_level=True)
