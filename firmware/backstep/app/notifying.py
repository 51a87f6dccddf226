"""Notifying: the haptic queue. A sway drives the motor in the caller's own step; all else waits its turn."""

import asyncio
import time

from ..core.compat import const
from ..core.haptic import Player
from .faults import MOTOR_ERRORS, reason
from .passing import once

# The longest sleep while playing: a timer ends the steps, since a sleep ends on a tick, and a brake of 17 ms that
# lasts 27 turns the motor backward. Where the timer's call does not come, the next look here ends them.
_TICK_MS = const(10)
_RETRY_MS = const(10)
_BAD_MAX = const(10)
_BACK_OFF_MS = const(250)
_STOP_TRIES = const(5)
_SWAY = const(0)
_CAUTION = const(1)
_UNKNOWN = const(-128)


class Notifying:
    """Plays patterns on the motor; one that may not start now waits, the highest priority goes first."""

    def __init__(self, haptic, one_shot, strength_pct: int, faults, say):
        """Take the parts.

        haptic: driver.  one_shot: OneShot, this one's own.  strength_pct: [%].  faults: counters.
        say: takes a line for the console.
        """
        self._haptic = haptic
        self._one_shot = one_shot
        self._step = self._advance  # made once: a bound method is an object
        self._faults = faults
        self._say = say
        # Each called with (name, length [ms], highest level 0..127) after a pattern has started.
        self.heard: tuple = ()
        self._player = Player(strength_pct, haptic.rise_ms)
        self.index_of = self._player.index_of  # the number of a pattern, by its name
        self._wake = asyncio.Event()
        self._waiting = 0  # one bit a pattern
        self._unheard = 0
        self._running = False
        self._level = _UNKNOWN  # what the motor last took
        self._bad = 0
        self._at_ms = time.ticks_ms()

    @property
    def busy(self) -> bool:
        """Whether a pattern plays or waits."""
        return self._running and (self._player.playing >= 0 or self._waiting != 0)

    @property
    def silent(self) -> bool:
        """Whether the motor is known to be off, and nothing plays or waits."""
        return self._level == 0 and not self.busy

    def set_strength(self, strength_pct: int) -> None:
        """Play all that begins from now on at this strength [%]."""
        self._player.strength_pct = strength_pct

    def rest(self) -> None:
        """Let the driver stand by while nothing plays; the next pattern wakes it."""
        if self._running and not self.busy:
            try:
                self._haptic.rest()
            except OSError:
                self._faults[MOTOR_ERRORS] += 1

    def warn(self) -> None:
        """Start the sway pattern: one register write, now, whatever else plays."""
        self._start_now(_SWAY)

    def caution(self) -> None:
        """Start the caution pattern now, unless a sway is being warned of."""
        self._start_now(_CAUTION)

    def cue(self, name: str) -> None:
        """Play a pattern as soon as nothing of its priority or higher plays.  ValueError for an unknown name."""
        self._waiting |= 1 << self.index_of(name)
        self._wake.set()

    def hush(self, name: str) -> None:
        """End a pattern that plays or waits.  ValueError for an unknown name."""
        index = self.index_of(name)
        self._waiting &= ~(1 << index)
        if self._player.playing == index:
            self._one_shot.cancel()
            self._player.stop()

    async def run(self) -> None:
        """Bring the driver up, play until it fails for good, and again; the motor is off at every end."""
        try:
            while True:
                await self._bring_up()
                await self._play_while_well()
        finally:
            self._running = False
            self.silence()

    def silence(self) -> bool:
        """Stop the motor for good, with several tries; False when the driver refused them all."""
        self._one_shot.cancel()
        self._player.stop()
        self._waiting = 0
        for _ in range(_STOP_TRIES):
            try:
                self._haptic.stop()
                self._level = 0
                return True
            except OSError:
                self._faults[MOTOR_ERRORS] += 1
        return False

    def play_out(self, name: str) -> bool:
        """Play a pattern to its end, waiting, then as silence(): for the way out, when no task runs any more."""
        try:
            self._player.stop()
            self._start(self.index_of(name))
            while self._player.playing >= 0:
                time.sleep_ms(max(1, min(_TICK_MS, self._player.next_change_ms)))
                self._advance()
        finally:
            quiet = self.silence()
        return quiet

    async def _bring_up(self):
        self._running = False
        tries = 0
        while True:
            try:
                once(self._haptic.start)
                break
            except OSError as error:
                if not tries:
                    self._faults[MOTOR_ERRORS] += 1
                    self._say("haptic: %s; trying again" % reason(error))
                tries += 1
                await asyncio.sleep_ms(_BACK_OFF_MS)
        if tries:
            self._say("haptic: running again")
        self._one_shot.cancel()
        self._player.stop()
        self._level = _UNKNOWN
        self._bad = 0
        self._running = True

    async def _play_while_well(self):
        self._drive(0)
        while self._bad < _BAD_MAX:
            self._start_waiting()
            self._tell()
            if self._player.playing < 0 and self._level == 0:
                self._wake.clear()
                await self._wake.wait()
            else:
                await asyncio.sleep_ms(self._sleep_ms())
                self._advance()

    def _sleep_ms(self):
        if self._level == _UNKNOWN:
            return _RETRY_MS
        return min(_TICK_MS, self._player.next_change_ms)

    def _advance(self):
        """Play on to now: by the timer as a step ends, and by the task all the same.

        The timer's call may come amid anything but what is done between cancel() and _arm().
        """
        self._one_shot.cancel()
        now_ms = time.ticks_ms()
        level = self._player.advance(time.ticks_diff(now_ms, self._at_ms))
        self._at_ms = now_ms
        if level != self._level:
            self._drive(level)
        self._arm()

    def _arm(self):
        if self._player.next_change_ms > 0 and self._level != _UNKNOWN:
            self._one_shot.begin(self._player.next_change_ms, self._step)

    def _start_now(self, index):
        if not self._running:
            self._waiting |= 1 << index
        else:
            self._start(index)

    def _start(self, index):
        self._one_shot.cancel()
        if not self._player.start(index):
            self._arm()
            return False
        self._drive(self._player.level)
        self._at_ms = time.ticks_ms()
        self._arm()
        self._unheard |= 1 << index
        self._wake.set()
        return True

    def _start_waiting(self):
        player = self._player
        while self._waiting:
            best = -1
            for index in range(player.count):
                if self._waiting & 1 << index and (best < 0 or player.priority(index) > player.priority(best)):
                    best = index
            if not self._start(best):
                return
            self._waiting &= ~(1 << best)

    def _drive(self, level):
        try:
            self._haptic.drive(level)
            self._level = level
            self._bad = 0
        except OSError:
            self._level = _UNKNOWN
            self._bad += 1
            self._faults[MOTOR_ERRORS] += 1

    def _tell(self):
        for index in range(self._player.count):
            if self._unheard & 1 << index:
                for hear in self.heard:
                    hear(*self._player.told(index))
        self._unheard = 0
