"""What the head of a block of the session log tells."""

PASSING = True  # see app/passing.py

# number: of the block in its session, from 0.  boot: how often the pod has started.  session: in it, from 1.
# closed_ms: since the start.  unix_s, unix_ms: time of the start, 0 = not known.  day: since 1970 at the wearer's,
# 0 = not known, with the day's counts so far.
HEAD = (
    ("number", 2),
    ("boot", 2),
    ("session", 1),
    ("placement", 1),
    ("rate_hz", 2),
    ("closed_ms", 4),
    ("unix_s", 4),
    ("unix_ms", 2),
    ("day", 2),
    ("backward", 4),
    ("forward", 4),
    ("other", 4),
    ("sways", 2),
    ("falls", 2),
)
