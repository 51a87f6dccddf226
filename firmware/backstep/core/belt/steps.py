"""From contacts to counted steps: a few are held back until they prove to be gait, then given back."""

from array import array

from ..compat import const
from ..fixed import samples

_SHORTEST_MS = const(220)  # a sprinter's 4.5 steps/s
_LONGEST_MS = const(1500)
_HELD = const(3)  # so many contacts in rhythm are held back; the next one gives all of them
_HELD_AGAIN = const(1)  # the same so soon after a gait
_AGAIN_MS = const(8000)
_UNEVEN_PCT = const(60)  # the times of two steps in rhythm differ by less
_PAUSE_MS = const(2200)  # a longer one ends a gait: the next step has to prove itself again


class StepGate:
    """Holds contacts back until they come in rhythm; take() then hands them out, one a sample.

    walking: the last contact was part of gait.  due: how many steps wait for take().
    """

    def __init__(self, rate_hz: int, uneven_pct=_UNEVEN_PCT, pause_ms=_PAUSE_MS, keeps_last=False):
        """rate_hz: [Hz].  uneven_pct: the times of two steps in rhythm differ by less [%].

        pause_ms: a longer one ends a gait [ms].  keeps_last: out of rhythm the last contact begins the next one,
        else it is dropped with those before.
        """
        self._uneven_pct = uneven_pct
        self._keeps_last = keeps_last
        self._shortest = samples(_SHORTEST_MS, rate_hz)
        self._longest = samples(_LONGEST_MS, rate_hz)
        self._pause = samples(pause_ms, rate_hz)
        self._again = samples(_AGAIN_MS, rate_hz)
        self._held_at = array("i", bytearray(4 * (_HELD + 1)))
        self.restart()

    def restart(self) -> None:
        """Forget the rhythm and whatever was held back."""
        self.walking = False
        self.due = 0
        self._count = 0
        self._last = 0
        self._walked = -self._again
        self._interval = 0

    def contact(self, at: int) -> bool:
        """Take a contact at sample `at`; False for one that follows the last too soon: it is no step."""
        interval = at - self._last
        if self._count and interval < self._shortest:
            return False
        if not self._count or interval > (self._pause if self.walking else self._longest):
            interval = 0
            self._begin()
        elif not self.walking and not self._even(interval):
            self._begin()
            if self._keeps_last:
                self._hold(self._last)
        self._interval = interval
        self._last = at
        self._hold(at)
        return True

    def take(self) -> int:
        """Return the sample of the oldest contact that is due (due > 0)."""
        first = self._count - self.due
        self.due -= 1
        return self._held_at[first]

    def _even(self, interval) -> bool:
        last = self._interval
        return not last or abs(interval - last) * 100 <= self._uneven_pct * max(interval, last)

    def _begin(self) -> None:
        self.walking = False
        self._count = 0

    def _hold(self, at) -> None:
        if self.walking:
            self._count = self.due = 1
            self._held_at[0] = at
            self._walked = at
            return
        self._held_at[self._count] = at
        self._count += 1
        if self._count > (_HELD_AGAIN if at - self._walked < self._again else _HELD):
            self._walked = at
            self.walking = True
            self.due = self._count
