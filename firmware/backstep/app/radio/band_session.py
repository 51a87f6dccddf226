"""The session of a band: begins and ends at all its pods, and has one number, which the hub makes."""

import os
import time

from ...core import events
from ...core.compat import const
from ...core.log import log
from ...core.log.little_endian import get_int
from ...core.radio import band_words as words

_NOTE_MS = const(60000)
_SOON_MS = const(7500)  # two tell a pod's true rate better than the pod does; then twice as long, and so on
_CHOSEN_OF = const(8)  # turns, two seconds
_FIRST_TURNS = const(40)  # then the samples' rate is known well enough
_SAME_MS = const(10000)  # from pod to pod, the shoe's among them
_TRIES = const(10)  # until the radio has sent what it holds
_AGAIN_MS = const(10)
_BY_WEARER = log.BY_BUTTON, log.BY_CONSOLE  # what ends one pod's alone is not told: a reset, a flat battery


class BandSession:
    """What the pods have agreed on.

    number: of the band's session, 0 = none.  runs: whether one does, as far as this pod knows.  rate_hz: of its
    samples [Hz].
    """

    def __init__(self, band, keeper, detecting, rate_hz: int):
        """band: Band.  keeper: SessionKeeper.  detecting: Detecting."""
        self.number = 0
        self.rate_hz = rate_hz
        self._band = band
        self._keeper = keeper
        self._detecting = detecting
        self._wish = False  # the wearer has begun or ended it here, and the hub has not answered yet
        self._runs_there = False
        self._is_noted = False
        self._noted_ms = time.ticks_ms()
        self._turns = 0  # of the session
        self._first = self._seen = self._best = self._before = (
            0,
            self._noted_ms,
        )  # samples, and the own clock at them
        self._note_ms = _SOON_MS
        self._is_new = False  # a hub that has started, and knows of no session before
        self._has_obeyed = False  # another pod's wearer, a moment ago
        self._obeyed_ms = self._noted_ms
        self._begin, self._end = keeper.begin, keeper.end
        keeper.begin, keeper.end = self.begin, self.end

    @property
    def runs(self) -> bool:
        """Whether a session runs, of a spotter the wearer's."""
        return self._runs_there if self._band.spots else self._keeper.running

    def begin(self, why: int = log.BY_BUTTON) -> None:
        """Begin a session; who has just ended it at another pod, and presses at this one too, means the same."""
        if self._is_said_again(why):
            self._keeper.cue("stop")
        else:
            self._begin(why)

    def end(self, why: int = log.BY_BUTTON) -> None:
        """End the session; who has just begun it at another pod, and presses at this one too, means the same."""
        if self._is_said_again(why):
            self._keeper.cue("start")
        else:
            self._end(why)

    def begun(self, why: int) -> None:
        """Take note that the pod has begun a session.  why: of log.AT_START and on."""
        if self._band.is_hub:
            self._is_new = why == log.AT_START
            self._agree(_new_number())
            self.say(self._band.everybody)
        elif not self._band.obeying:
            self._agree(0)
            self._ask(why)

    def ended(self, why: int) -> None:
        """Take note that the pod has ended its session."""
        if self._band.is_hub:
            if self._band.obeying or why in _BY_WEARER:
                self.say(self._band.everybody)
        elif not self._band.obeying:
            self._ask(why)

    @property
    def is_awaited(self) -> bool:
        """Whether this pod waits for another's word: a spotter's, as long as the wearer's session runs."""
        return self._band.spots and self._runs_there and self._band.way_to.links()[0].is_proven

    def say(self, whom: int, also: int = 0) -> None:
        """Tell pods how it is.  whom: a bit for each.  also: another flag."""
        how = (words.RUNS if self._keeper.running else 0) | (words.WISH if self._wish else 0)
        self._band.say(whom, words.SESSION, self.number, how | also)

    def meet(self, link, hub_ms: int) -> None:
        """Tell a hub that is linked again how it is, and where it was in this session a moment ago that, too.

        link: Link.  hub_ms: its clock as it was until now, -1 where that is long ago.
        """
        also = 0
        if hub_ms >= 0 and self.number and self._keeper.running:
            self._band.say(1 << link.index, words.BEAT, hub_ms, 0, self._band.battery)
            also = words.RECENT
        self.say(1 << link.index, also)

    def rest(self) -> None:
        """Tell every pod that this one goes off."""
        band = self._band
        self.say(band.everybody, words.RESTS)
        for _ in range(_TRIES):
            if band.way_to.flush(band.now_ms):
                return
            time.sleep_ms(_AGAIN_MS)

    def hear(self, link, number: int, how: int) -> None:
        """Take what another pod says of it.  link: Link.  number, how: of the word SESSION."""
        runs = how & words.RUNS != 0
        if how & words.RESTS:
            link.rests = True
            return
        if not self._band.is_hub:
            self._follow(number, runs)
        elif how & words.RECENT and self._is_new:
            self._go_on(link, number)
        elif how & words.WISH and runs != self._keeper.running and self._may_wish(link, number, runs):
            self._obey(runs)
        else:
            self.say(1 << link.index)

    def newest_ms(self):
        """Return the own clock at the newest sample, which was there as the FIFO was last asked."""
        ago_ms = time.ticks_diff(time.ticks_us(), self._detecting.drain_began_us) // 1000
        return time.ticks_ms() - ago_ms  # type: ignore[operator]  # ints, for all the stubs say

    def turn(self, now_ms) -> None:
        """Log the band's session and the hub's clock, once they are known, soon again, and each minute.

        A sample is seen late, by what the pod does meanwhile, and never early: of the last turns that one counts
        whose sample came soonest, by the samples' rate since the session's beginning.
        """
        if self._has_obeyed and time.ticks_diff(now_ms, self._obeyed_ms) > _SAME_MS:
            self._has_obeyed = False
        if not self._keeper.running or not self.number:
            self._turns = 0
            return
        seen = self._seen = self._detecting.samples - 1, self.newest_ms()
        if not self._turns:
            self._first = self._best = self._before = seen
        elif not self._turns % _CHOSEN_OF:
            self._best, self._before = seen, self._best
        elif self._is_sooner(seen, self._best):
            self._best = seen
        self._turns += 1
        if self._turns < _FIRST_TURNS or not self._band.clock.settled:
            return
        if self._is_noted and time.ticks_diff(now_ms, self._noted_ms) < self._note_ms:
            return
        self._note_ms = min(2 * self._note_ms, _NOTE_MS) if self._is_noted else _SOON_MS
        self._is_noted = True
        self._noted_ms = now_ms
        sample, own_ms = self._before if self._is_sooner(self._before, self._best) else self._best
        told = self.number >> 16, self.number & 0xFFFF, self._band.me, self._band.clock.hub_ms(own_ms)
        self._keeper.take(events.BAND, sample, told)

    def _is_sooner(self, one, other):
        """Return whether a sample came sooner than another did, each by its number."""
        samples, ms = self._seen[0] - self._first[0], time.ticks_diff(self._seen[1], self._first[1])
        return time.ticks_diff(one[1], other[1]) * samples < (one[0] - other[0]) * ms

    def _agree(self, number):
        if number != self.number:
            self._is_noted = False
            self._turns = 0
        self.number = number

    def _ask(self, why):
        """Have the hub do as the wearer did here, now or once there is a link."""
        if why in _BY_WEARER and not self._band.spots:
            self._wish = True
            self.say(1 << self._band.hub)

    def _follow(self, number, runs):
        """Do as the hub does."""
        self._runs_there = runs
        keeper = self._keeper
        ended_another = not keeper.running and self.number not in (0, number)
        if self._band.spots or self._wish and runs != keeper.running and not ended_another:
            return  # what the hub says is older than what the wearer did here: it answers that, too
        self._wish = False
        if runs and keeper.running and self.number not in (0, number):
            self._obey(False)  # the hub has begun another one meanwhile
        if runs != keeper.running:
            self._obey(runs)
        self._agree(number if runs else 0)

    def _may_wish(self, link, number, runs):
        """Return whether a pod is obeyed: no spotter, and none that has ended a session before this one."""
        return not self._band.spotters >> link.index & 1 and (runs or number in (0, self.number))

    def _go_on(self, link, number):
        """Go on with the session that this hub was in before it started anew, if a pod knows of one."""
        self._is_new = False
        if number != self.number and self._keeper.running:
            self._band.clock.go_on(link.index)
            self._agree(number)
        self.say(self._band.everybody)

    def _is_said_again(self, why):
        """Return whether the wearer does at this pod what he has just done at another."""
        return why == log.BY_BUTTON and self._has_obeyed

    def _obey(self, runs):
        self._has_obeyed = runs or self.number != 0  # not what a pod that starts finds
        self._obeyed_ms = time.ticks_ms()
        self._band.obeying = True
        try:
            if runs:
                self._keeper.begin(log.BY_BAND)
            else:
                self._keeper.end(log.BY_BAND)
        finally:
            self._band.obeying = False


def _new_number():
    return get_int(os.urandom(4), 0, 4) & words.VALUE_MAX or 1
