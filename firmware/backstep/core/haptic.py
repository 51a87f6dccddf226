"""The player that turns the pod's haptic words, of patterns.py, into motor levels."""

from .compat import const

LEVEL_MAX = const(127)
LENGTH_MAX_MS = const(3000)
ERM_RISE_MS = const(26)  # time constant of the quickest coin motors (ERM), which take 60 ms to 90 % of their speed
_FIRST_TIME = const(3)  # where the times of a row begin: before are priority, level, and how many there are
_UNIT_MS = const(10)


class Player:
    """Plays one pattern at a time; the caller brings the time that has passed.

    Where a motor takes its time, a pulse begins with full drive until the motor turns as fast as the pulse wants,
    and ends with full reverse drive, a negative level, until it stands; who cannot reverse takes that for 0.
    """

    def __init__(self, strength_pct: int, rise_ms: int):
        """strength_pct: of every level [%].  rise_ms: time constant of the motor, 0 = its driver sees to it."""
        from .patterns import packed  # passing: the table of it is large

        self.strength_pct = strength_pct
        self._names, self._rows = packed()
        self._at = 0  # of the row that plays
        self.playing = -1
        self.level = 0
        self.next_change_ms = -1
        self._rise_ms = rise_ms
        self._step = 0
        self._held = 0
        self._held_ms = 0

    @property
    def count(self) -> int:
        """How many patterns there are."""
        return self._names.count(" ") - 1

    def index_of(self, name: str) -> int:
        """Return the number of a pattern; ValueError when no pattern has that name."""
        at = self._names.find(" %s " % name)
        if at < 0:
            raise ValueError("pattern: %r is none of %s" % (name, ", ".join(self._names.split())))
        return self._names.count(" ", 0, at)

    def priority(self, pattern: int) -> int:
        """Return a pattern's priority."""
        return self._rows[self._row(pattern)]

    def told(self, pattern: int) -> tuple:
        """Return a pattern's name, its length [ms] and its highest level at the present strength."""
        rows, at = self._rows, self._row(pattern)
        times = rows[at + _FIRST_TIME : at + _FIRST_TIME + rows[at + 2]]
        return self._names.split()[pattern], _UNIT_MS * sum(times), (rows[at + 1] * self.strength_pct + 50) // 100

    def start(self, pattern: int) -> bool:
        """Begin a pattern now; False when one of its priority or higher is playing (a sway restarts)."""
        at = self._row(pattern)
        if self.playing >= 0 and pattern != 0 and self._rows[at] <= self._rows[self._at]:
            return False
        self.playing = pattern
        self._at = at
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

    def _row(self, pattern: int) -> int:
        at = 0
        for _ in range(pattern):
            at += _FIRST_TIME + self._rows[at + 2]
        return at

    def _enter(self, step: int) -> None:
        rows, at = self._rows, self._at
        steps = rows[at + 2]
        if step > steps:
            self.stop()
            return
        level = 0 if step & 1 or step == steps else (rows[at + 1] * self.strength_pct + 50) // 100
        change = level - self._held
        boost_ms = self._boost_ms(change)
        self._step = step
        self._held = level
        self._held_ms = _UNIT_MS * rows[at + _FIRST_TIME + step] - boost_ms if step < steps else 0
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
