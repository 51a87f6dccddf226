"""Tells a session's dose reached, and time to stop past it: by backward steps, by minutes of them, by the week."""

from array import array

from ..compat import const
from ..events import DOSE_STOP, GOAL, NOTHING

BY_STEPS = const(1)
BY_MINUTES = const(2)
BY_WEEK = const(3)  # backward steps, those of the week being too many
_PAUSE_S = const(3)  # longer between two steps is rest
_AGAIN_S = const(60)


class Guide:
    """Feed it the session's backward steps; read `fields` (kind, amount) whenever it returns an event code.

    seconds: of stepping backward in this session.
    """

    def __init__(self, rate_hz: int, goals, limits):
        """rate_hz: of the samples [Hz].  goals, limits: (steps, minutes) each, 0 = none; see programme.py."""
        self.fields = array("i", [0, 0])
        self.goals = goals
        self._limits = limits
        self._rate_hz = rate_hz
        self.begin(0)

    def begin(self, week_left: int) -> None:
        """Begin a session.  week_left: backward steps until the week's limit, 0 = no limit; it may be negative."""
        self._week_left = week_left
        self._steps = self._samples = 0
        self._stepped = -1
        self._reached = False
        self._told = -1

    @property
    def seconds(self) -> int:
        """Time spent stepping backward [s]."""
        return self._samples // self._rate_hz

    def feed(self, sample: int, backward: int) -> int:
        """Take the session's backward steps at a sample; return GOAL, DOSE_STOP or NOTHING.

        The goal is told once; that it is time to stop again every minute, while steps go on.
        """
        if backward == self._steps:
            return NOTHING
        self._steps = backward
        if self._stepped >= 0 and sample - self._stepped <= _PAUSE_S * self._rate_hz:
            self._samples += sample - self._stepped
        self._stepped = sample
        if not self._reached and self._past(self.goals):
            self._reached = True
            return GOAL
        again = self._told < 0 or sample - self._told >= _AGAIN_S * self._rate_hz
        if again and (self._past_week() or self._past(self._limits)):
            self._told = sample
            return DOSE_STOP
        return NOTHING

    def _past(self, limits):
        steps, minutes = limits
        if steps and self._steps >= steps:
            return self._tell(BY_STEPS, steps)
        if minutes and self._samples >= 60 * minutes * self._rate_hz:
            return self._tell(BY_MINUTES, minutes)
        return False

    def _past_week(self):
        return bool(self._week_left) and self._steps > self._week_left and self._tell(BY_WEEK, self._steps)

    def _tell(self, kind, amount):
        self.fields[0] = kind
        self.fields[1] = amount
        return True
