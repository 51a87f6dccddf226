"""The pod's haptic words as data."""

PASSING = True  # see app/passing.py; what Player keeps of it takes a tenth

# (name, priority, level 0..127, on, off, on, ... [ms]); a higher priority cuts into a lower one
PATTERNS: tuple[tuple, ...] = (
    ("sway", 9, 127, 250, 60, 250, 60, 250),
    ("caution", 6, 90, 70),
    ("fall_alarm", 8, 127, 1000, 200, 1000, 200),
    ("fall_countdown", 7, 110, 400, 600, 400, 600),
    ("foot", 5, 110, 70, 70, 70),
    ("fault", 4, 127, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80),
    ("low_battery", 3, 70, 900),
    ("worn", 3, 110, 80, 60, 80, 300, 80, 60, 80),
    ("start", 2, 100, 80, 60, 240),
    ("stop", 2, 100, 240, 60, 80),
    ("awake", 2, 100, 80, 60, 80, 60, 240),
    ("snoozed", 2, 100, 240, 60, 80, 60, 80),
    ("stand", 2, 100, 400),
    ("walk", 2, 100, 90, 250, 90, 250, 90, 250, 90),
    ("done", 2, 100, 80, 60, 160, 60, 400),
    ("failed", 2, 100, 400, 60, 160, 60, 80),
    ("mark", 2, 80, 160),
    ("milestone", 1, 100, 90, 300, 90),
    ("backward", 2, 100, 80, 60, 80, 60, 80, 60, 240),
    ("forward", 2, 100, 240, 60, 80, 60, 80, 60, 80),
    ("either", 2, 100, 80, 60, 80, 60, 80, 60, 80),
    ("posture", 1, 80, 240, 240, 240),
    ("goal", 2, 100, 90, 90, 90, 90, 90, 90, 500),
    ("dose_stop", 3, 110, 500, 200, 500, 200, 500),
    ("tick", 0, 50, 60),
    ("lap", 2, 100, 60, 60, 300, 60, 60),
    ("link_lost", 0, 80, 320, 500, 60),
)


def index_of(name: str) -> int:
    """Return the number of a pattern; ValueError when no pattern has that name."""
    for i, row in enumerate(PATTERNS):
        if row[0] == name:
            return i
    raise ValueError("pattern: %r is none of %s" % (name, ", ".join([row[0] for row in PATTERNS])))


def packed() -> tuple:
    """Return the names, a blank before and behind each, and all rows: priority, level, count, times [10 ms]."""
    rows = bytearray()
    for _, priority, level, *times_ms in PATTERNS:
        rows.extend(bytes([priority, level, len(times_ms)] + [time_ms // 10 for time_ms in times_ms]))
    return " %s " % " ".join([row[0] for row in PATTERNS]), bytes(rows)
