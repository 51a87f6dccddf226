"""The pod's haptic words as data, and the player that turns them into motor levels."""

from .compat import const

LEVEL_MAX = const(127)
LENGTH_MAX_MS = const(3000)

# (name, priority, ((level 0..127, duration [ms]), ...)); a higher priority cuts into a lower one
PATTERNS = (
    ("sway", 9, ((127, 250), (0, 60), (127, 250), (0, 60), (127, 250))),
    ("caution", 8, ((90, 70),)),
    ("fault", 7, ((127, 80), (0, 80), (127, 80), (0, 80), (127, 80), (0, 400), (127, 80))),
    ("low_battery", 5, ((90, 400), (0, 200), (50, 400))),
    ("start", 3, ((70, 80), (0, 60), (110, 160))),
    ("stop", 3, ((110, 160), (0, 60), (70, 80))),
    ("milestone", 2, ((100, 90), (0, 110), (100, 90))),
    ("mark", 1, ((80, 60),)),
)


def index_of(name: str) -> int:
    """Return the number of a pattern; ValueError when no pattern has that name."""
    for i, row in enumerate(PATTERNS):
        if row[0] == name:
            return i
    raise ValueError("pattern: %r is none of %s" % (name, ", ".join([row[0] for row in PATTERNS])))


class Player:
    """Plays one pattern at a time; the caller brings the time that has passed."""

    def __init__(self, strength_pct: int):
        self.strength_pct = strength_pct
        self.playing = -1
        self.level = 0
        self.next_change_ms = -1
        self._step = 0

    def start(self, pattern: int) -> bool:
        """Begin a pattern now; False when one of its priority or higher is playing (a sway restarts)."""
        if self.playing >= 0 and pattern != 0 and PATTERNS[pattern][1] <= PATTERNS[self.playing][1]:
            return False
        self.playing = pattern
        self._enter(0)
        return True

    def stop(self) -> None:
        """Be silent at once."""
        self.playing = -1
        self.level = 0
        self.next_change_ms = -1

    def advance(self, elapsed_ms: int) -> int:
        """Return the motor level [0..127] after elapsed_ms more; next_change_ms: the time left, -1 = silent."""
        while self.playing >= 0 and elapsed_ms >= self.next_change_ms:
            elapsed_ms -= self.next_change_ms
            self._enter(self._step + 1)
        if self.playing >= 0:
            self.next_change_ms -= elapsed_ms
        return self.level

    def _enter(self, step: int) -> None:
        steps = PATTERNS[self.playing][2]
        if step == len(steps):
            self.stop()
            return
        self._step = step
        self.level = (steps[step][0] * self.strength_pct + 50) // 100
        self.next_change_ms = steps[step][1]
