"""What the console can be told, in words."""

PASSING = True  # see passing.py

COMMANDS = (
    ("help", "this list"),
    ("status", "one status line now"),
    ("mark", "mark this moment; within 15 s after a warning: it was a false alarm"),
    ("lap", "begin the next lap of the session"),
    ("snooze", "no sway warnings for a while (setting snooze_min)"),
    ("awake", "warn again"),
    ("turn", "belt, wrist: count steps as backward, then as forward, then as unknown"),
    ("stop", "end the session and leave to the REPL (so does Ctrl-C)"),
    ("{...}", "a request of a program: `backstep status`, `config`, `sync` and others ask them"),
)


def lines():
    """Return a line for each command."""
    return ["%-8s%s" % row for row in COMMANDS]
