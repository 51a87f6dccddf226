"""Band: what the pods of one wearer do for each other. The radio carries it; without it each goes on alone.

On the way of a sample is `hear` alone, which copies an event into a queue made once; a task makes words of it.
"""

import asyncio
import time

from ...core import events
from ...core.compat import const
from ...core.radio import band_words as words
from ..battery import charge_pct
from ..signals import EventQueue
from .band_alarm import BandAlarm
from .band_clock import BandClock
from .band_link import UNKNOWN, is_late
from .band_patterns import CAUTION, SWAY, BandPatterns, bits, is_counted, is_own, partners
from .band_session import BandSession
from .band_strides import Strides

_TICK_MS = const(250)
_AGAIN_MS = const(10)  # until the radio has sent what it holds
_BATTERY_TURNS = const(240)
_TELL_LOST_MS = const(1000)  # so soon back, and nothing is told
_WAITS_MS = const(5000)  # another's pattern for the motor; after that it never begins
_TOLD = 1 << events.SWAY | 1 << events.CAUTION | 1 << events.STRIDE | 1 << events.FALL_OVER


class Band:
    """This pod's part in it.

    key, band_id: bytes.  me: its place among the pods; is_hub: whether the others are linked to it.
    everybody: a bit for each pod.  spotters: those that only buzz for somebody else; spots: whether this one does.
    way_to: Hub or Member, which carries words.  clock: BandClock.  session: BandSession, once it is wired.
    dropped: frames that were none of this band's, or came twice.  values: of the word that is being heard.
    """

    def __init__(self, table: dict, key: bytes, band_id: bytes, names, carry):
        """Take what is kept.

        table: full, of band_kept.py.  names: of the patterns, by their numbers.
        carry: called with the band, returns what carries its words.
        """
        pods, self.me, self.hub = table["pods"], table["me"], table["hub"]
        self.key = key
        self.band_id = band_id
        self.is_hub = self.me == self.hub
        self.count = len(pods)
        self.everybody = (1 << len(pods)) - 1
        self.spotters = bits(pods, "spots")
        self.spots = pods[self.me]["spots"]
        self._partners = partners(pods)
        self.clock = BandClock(self.is_hub)
        self.battery = UNKNOWN
        self.dropped = 0
        self.obeying = False  # what another pod's wearer did: it is not told again
        self.values = [0] * words.VALUES
        self._warns = any([pod["placement"] == "belt" and pod["senses"] for pod in pods])
        self._has_shoe = any([pod["placement"] == "shoe" and pod["senses"] for pod in pods])
        self._senses, self._buzzes = pods[self.me]["senses"], pods[self.me]["buzzes"]
        self._patterns = BandPatterns(names, self.everybody, bits(pods, "buzzes") & ~self.spotters, self.spotters)
        self._strides = Strides()
        self._queue = EventQueue(8)
        self._word = bytearray(words.LONGEST)
        self._own = self._theirs = 0  # patterns begun here and not yet told, played for others; a bit each
        self._up = self._untold = 0  # pods that have a link, that lost it and it is not yet told; a bit each
        self._lost_ms = self._theirs_ms = time.ticks_ms()
        self._turns = 0
        self.way_to = carry(self)

    def wire(self, running) -> tuple:
        """Take its place among what runs; return the tasks, (name, run) of each.  running: Running."""
        sensing = running.sensing
        self._detecting, self._notifying, self._keeper = sensing.detecting, sensing.notifying, sensing.keeper
        self._parts = running.pod.parts
        keeper = self._keeper
        self.session = session = BandSession(self, keeper, sensing.detecting, running.pod.rate_hz)
        self.begun, self.ended = session.begun, session.ended
        self._report, self._still = keeper.report, keeper.still
        keeper.report, keeper.cue, keeper.still = self.report, self.cue, self.still
        self.alarm = keeper.alarm = BandAlarm(self, keeper.alarm, sensing.notifying)
        keeper.band = self
        sensing.detecting.hears += (self.hear,)
        sensing.notifying.heard += (self.heard,)
        return (("band", self.run), ("band beat", self.beat))

    async def run(self) -> None:
        """Tell at once what there is to tell."""
        posted = self._queue.posted
        while True:
            await posted.wait()
            posted.clear()
            self._tell_own()
            if not self.way_to.flush(self.now_ms):
                await asyncio.sleep_ms(_AGAIN_MS)
                posted.set()

    async def beat(self) -> None:
        """Keep the links up, and tell of those that are lost."""
        while True:
            await asyncio.sleep_ms(_TICK_MS)
            self.turn()

    def turn(self) -> None:
        """Do what is due four times a second."""
        now_ms = time.ticks_ms()
        if not self._turns % _BATTERY_TURNS:
            charge = charge_pct(self._parts.battery_mv())
            self.battery = charge if charge >= 0 else UNKNOWN
        self._turns += 1
        self.way_to.turn(now_ms)
        self.session.turn(now_ms)
        if time.ticks_diff(now_ms, self._theirs_ms) > _WAITS_MS:
            self._theirs = 0
        if self._untold and time.ticks_diff(now_ms, self._lost_ms) > _TELL_LOST_MS:
            self._untold = 0
            if self.session.runs:
                self._notifying.cue("link_lost")

    @property
    def now_ms(self) -> int:
        """The hub's clock [ms]."""
        return self.clock.hub_ms(time.ticks_ms())

    def sample_ms(self, sample: int) -> int:
        """Return the hub's clock at a sample of this pod."""
        newest_ms, behind = self.session.newest_ms(), self._detecting.samples - 1 - sample
        return self.clock.hub_ms(newest_ms - behind * 1000 // self.session.rate_hz)

    def way(self, contact: int) -> int:
        """Return which way the shoe says that a step went, else UNKNOWN.  contact: sample of the step."""
        return self._strides.way(self.sample_ms(contact)) if self.clock.known else events.UNKNOWN

    def hear(self, code: int, fields) -> None:
        """Take an event at its sample; allocates nothing."""
        if code < 30 and _TOLD >> code & 1 and not self.spots and (self._senses or code == events.FALL_OVER):
            self._queue.put(code, self._detecting.samples, fields)

    def heard(self, name: str, length_ms: int, level: int) -> None:
        """Take that the motor has begun a pattern: it is told to those that buzz for all."""
        index = self._notifying.index_of(name)
        bit = 1 << index
        if self._theirs & bit:
            self._theirs &= ~bit
        elif not (self.spots or is_own(name)) and (self._senses or self._patterns.is_fall(index)):
            self._own |= bit
            self._queue.posted.set()

    def cue(self, name: str) -> None:
        """Play a pattern of the session, but not what another pod of the band tells its wearer."""
        elsewhere = is_counted(name) and self._is_counted_elsewhere()
        if not (elsewhere or self.obeying and not self._buzzes):
            self._notifying.cue(name)

    def still(self, seconds: int) -> bool:
        """Have nothing warned of for so long [s]; returns whether there is a pod that warns."""
        return self._still(seconds) is True or self._warns

    def report(self, code: int, sample: int, fields) -> None:
        """Tell an event, and what the wearer did to all the pods."""
        self._report(code, sample, fields)
        order = words.order_of(code)
        if order and not self.obeying and not self.spots:
            self.order(order)

    def order(self, order: int) -> None:
        """Tell the other pods what the wearer did.  order: of band_words."""
        self.say(self.everybody & ~self.spotters, words.ORDER, order)

    def say(self, whom: int, kind: int, *values) -> None:
        """Say a word to pods.  whom: a bit for each; who is not the hub tells that."""
        self.way_to.post(self._word, words.write_word(self._word, kind, *values), whom)
        self._queue.posted.set()

    def take(self, link, kind: int, word, length: int) -> None:
        """Take a word from another pod, its values in self.values.  link: Link.  word: as it came, for others."""
        one, two, three = self.values[0], self.values[1], self.values[2]
        if kind == words.BEAT:
            link.battery = three
            self.clock.beat(one, self.way_to.stamp_ms, link.index)
        elif kind == words.SESSION:
            self.session.hear(link, one, two)
        elif not self.spotters >> link.index & 1:  # a spotter has nothing to say
            whom = self._for_all(kind, one, two, three)
            if self.is_hub and whom:
                self.way_to.post(word, length, whom & ~(1 << link.index))
                self._queue.posted.set()

    def linked(self, link) -> None:
        """Take note that another pod has proven the key."""
        self._up |= 1 << link.index
        self._untold &= ~(1 << link.index)
        if not self.is_hub:
            self.clock.forget()
        self._tell_link(link.index, 1)

    def unlinked(self, link) -> None:
        """Take note that a link is gone; it is not lost where the other pod has said that it rests."""
        if self._up >> link.index & 1:
            self._up &= ~(1 << link.index)
            self._untold |= (not link.rests) << link.index
            self._lost_ms = time.ticks_ms()
            self._tell_link(link.index, 2 if link.rests else 0)

    def links(self) -> list:
        """Return of every link [index, up, ms since it was heard, battery, -1 = not known]."""
        now_ms, found = time.ticks_ms(), []
        for link in self.way_to.links():
            battery = link.battery if link.battery <= 100 else -1
            found.append([link.index, link.is_proven, time.ticks_diff(now_ms, link.heard_ms), battery])
        return found

    def _tell_link(self, index, up):
        self._keeper.take(events.LINK, self._detecting.samples, (index, up, self._partners[index]))

    def _tell_own(self):
        """Make words of what was found here."""
        queue = self._queue
        while True:
            code = queue.take()
            if not code:
                break
            fields = queue.fields
            if code == events.SWAY or code == events.CAUTION:
                self._tell_pattern(SWAY if code == events.SWAY else CAUTION)
            elif code == events.STRIDE:
                whom, steps = self.everybody & ~self.spotters, min(fields[6], 255)
                self.say(whom, words.EVENT, code, self.sample_ms(fields[1]), fields[2], steps)
            else:
                self.say(self.everybody, words.EVENT, code, self.now_ms, 0, 0)
        own, self._own = self._own, 0
        for index in range(len(self._patterns.names)):
            if own >> index & 1:
                self._tell_pattern(index)

    def _tell_pattern(self, index):
        self.say(self._patterns.hears(index), words.PATTERN, index, self.now_ms, self.me)

    def _for_all(self, kind, one, two, three):
        """Do what a word says; return whom else it is for."""
        if kind == words.PATTERN:
            if one >= len(self._patterns.names) or is_late(two, self.now_ms):
                return 0
            self._play(one)
            return self._patterns.hears(one)
        if kind == words.ORDER:
            self._obey(one)
            return self.everybody & ~self.spotters
        if one == events.STRIDE and three <= events.TURN:
            if not self.spots:
                self._strides.put(two, three)
                self._detecting.gait()
                self._keeper.stepped = self._detecting.samples
            return self.everybody & ~self.spotters
        if one == events.FALL_OVER:
            self.alarm.over()
            return self.everybody
        return 0

    def _play(self, index):
        patterns = self._patterns
        if patterns.is_fall(index):
            self.alarm.elsewhere()
        if not patterns.plays(index) >> self.me & 1:
            return
        self._theirs |= 1 << index
        self._theirs_ms = time.ticks_ms()
        if index == SWAY:
            self._notifying.warn()
        elif index == CAUTION:
            self._notifying.caution()
        else:
            self._notifying.cue(patterns.names[index])

    def _obey(self, order):
        """Do what the wearer did at another pod."""
        if self.spots:
            return
        keeper = self._keeper
        self.obeying = True
        try:
            if order == words.MARK:
                keeper.mark()
            elif order == words.LAP:
                keeper.lap()
            elif order == words.SNOOZE:
                keeper.snooze()
            elif order == words.AWAKE:
                keeper.wake()
            elif order == words.PRESS:
                self.alarm.obey()
        finally:
            self.obeying = False

    def _is_counted_elsewhere(self):
        """Return whether another pod tells how many steps there were: a shoe that is near, else the hub."""
        if self._has_shoe:
            return self._strides.fresh(self.now_ms)
        return not self.is_hub and self._up != 0
