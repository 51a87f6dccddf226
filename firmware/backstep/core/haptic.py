"""The pod's haptic words as data, and the player that turns them into motor levels."""

from .compat import const

LEVEL_MAX = const(127)
LENGTH_MAX_MS = const(3000)
ERM_RISE_MS = const(26)  # time constant of the quickest coin motors (ERM), which take 60 ms to 90 % of their speed

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
)
_FIRST_TIME = const(3)  # where the times of a row begin


def index_of(name: str) -> int:
    """Return the number of a pattern; ValueError when no pattern has that name."""
    for i, row in enumerate(PATTERNS):
        if row[0] == name:
            return i
    raise ValueError("pattern: %r is none of %s" % (name, ", ".join([row[0] for row in PATTERNS])))


class Player:
    """Plays one pattern at a time; the caller brings the time that has passed.

    Where a motor takes its time, a pulse begins with full drive until the motor turns as fast as the pulse wants,
    and ends with full reverse drive, a negative level, until it stands; who cannot reverse takes that for 0.
    """

    def __init__(self, strength_pct: int, rise_ms: int):
        """strength_pct: of every level [%].  rise_ms: time constant of the motor, 0 = its driver sees to it."""
        self.strength_pct = strength_pct
        self.playing = -1
        self.level = 0
        self.next_change_ms = -1
        self._rise_ms = rise_ms
        self._step = 0
        self._held = 0
        self._held_ms = 0

    def start(self, pattern: int) -> bool:
        """Begin a pattern now; False when one of its priority or higher is playing (a sway restarts)."""
        if self.playing >= 0 and pattern != 0 and PATTERNS[pattern][1] <= PATTERNS[self.playing][1]:
            return False
        self.playing = pattern
        self._held = 0
        self._enter(0)
        return True

    def stop(self) -> None:
        """Be silent at once."""
        self.playing = -1
        self.level = 0
        self.next_change_ms = -1

    def advance(self, elapsed_ms: int) -> int:
        """Return the motor level [-127..127] after elapsed_ms more; next_change_ms: the time left, -1 = silent."""
        while self.playing >= 0 and elapsed_ms >= self.next_change_ms:
            elapsed_ms -= self.next_change_ms
            if self._held_ms:
                self._hold()
            else:
                self._enter(self._step + 1)
        if self.playing >= 0:
            self.next_change_ms -= elapsed_ms
        return self.level

    def _enter(self, step: int) -> None:
        row = PATTERNS[self.playing]
        steps = len(row) - _FIRST_TIME
        if step > steps:
            self.stop()
            return
        level = 0 if step & 1 or step == steps else (row[2] * self.strength_pct + 50) // 100
        change = level - self._held
        boost_ms = self._boost_ms(change)
        self._step = step
        self._held = level
        self._held_ms = row[_FIRST_TIME + step] - boost_ms if step < steps else 0
        if boost_ms:
            self.level = LEVEL_MAX if change > 0 else -LEVEL_MAX
            self.next_change_ms = boost_ms
        else:
            self._hold()

    def _hold(self) -> None:
        self.level = self._held
        self.next_change_ms = self._held_ms
        self._held_ms = 0

    def _boost_ms(self, change: int) -> int:
        """Return how long full drive takes to change the speed by a step between 0 and a level.

        From rest t = rise * -ln(1 - x), to rest t = rise * ln(1 + x); both Pade approximants 2x / (2 -+ x) are a
        little short: a motor of this time constant or a slower one is never driven too far.
        """
        return 2 * self._rise_ms * abs(change) // (2 * LEVEL_MAX - change)
