"""What went wrong since the start, counted in one place."""

# (counter, words for a person)
TABLE = (
    ("bus", "bus errors"),
    ("silence", "sensor silences"),
    ("lost_edge", "lost interrupts"),
    ("imu_restart", "sensor restarts"),
    ("haptic", "motor errors"),
    ("event_lost", "events lost"),
    ("task_restart", "task restarts"),
    ("line_lost", "console lines lost"),
)


class Faults:
    """One counter per row of TABLE; all zero is a healthy pod."""

    def __init__(self):
        self.bus = 0
        self.silence = 0
        self.lost_edge = 0
        self.imu_restart = 0
        self.haptic = 0
        self.event_lost = 0
        self.task_restart = 0
        self.line_lost = 0

    def counted(self) -> dict:
        """Return the counters that are not zero, by name."""
        return {name: getattr(self, name) for name, _ in TABLE if getattr(self, name)}

    def words(self) -> str:
        """Return them for a person, "ok" when there are none."""
        return ", ".join(["%d %s" % (getattr(self, n), text) for n, text in TABLE if getattr(self, n)]) or "ok"


def ignore(*args, **named) -> None:
    """Do nothing: who listens is wired later."""


def reason(error) -> str:
    """Return what an exception says: a driver's own words as they are, anything else with its type."""
    if error.args and isinstance(error, OSError) and isinstance(error.args[-1], str):
        return error.args[-1]
    return ("%s: %s" % (type(error).__name__, error)).rstrip(": ")
