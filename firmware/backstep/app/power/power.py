"""Power: keeps the state, and sleeps between two drains where that loses nothing.

With its radio on the pod never sleeps: it only goes off.
"""

import asyncio
import time

from ...core.compat import const
from ...core.log import log
from ...core.power_states import ARMED, OFF, ON_USB, STATES, WALKING, PowerStates

_LOOK_MS = const(250)
_LOOK_SELDOM_MS = const(1000)  # for stillness alone
# Awake so long after a start, a press, a line at the console: who plugs in a cable, whose first frames a sleeping
# pod does not hear, presses the button; who asks once may ask again.
_AWAKE_MS = const(60000)
_TALK_MS = const(300000)
_STANDS_MS = const(120000)  # a sway out of standing is armed: nobody stands as still as a table for so long
_LATER_PCT = const(115)  # INT1 comes first, where its wire is whole


class Power:
    """Chooses the state a few times a second; lets the parts follow it."""

    def __init__(self, parts, sensing: tuple, presses, console, settings: dict, health):
        """Take the parts.

        parts: of the pod.  sensing: Sampling, Detecting, Notifying, SessionKeeper.
        presses: Presses.  console: Console.  settings: from settings.check.  health: Health.
        """
        self.sleeps = 0
        self._mcu = parts.mcu_sleep
        self._set_mhz = parts.set_mhz
        self._radio = parts.radio
        self._every_ms = _LOOK_SELDOM_MS if parts.radio else _LOOK_MS
        self._mhz = 0
        self._sampling, self._detecting, self._notifying, self._keeper = sensing
        self._presses = presses
        self._console = console
        self._health = health
        self._states = PowerStates(settings["off_min"])
        self._sways = settings["placement"] == "belt" and settings["frame"] == "body"
        self._always = settings["sway_arming"] == "always"
        self._longest_ms = settings["watchdog_s"] * 500
        self._state = -1
        self._go = asyncio.Event()
        self._wake = self._go.set
        self._looked_ms = time.ticks_ms()
        self._awake_ms = _AWAKE_MS

    @property
    def name(self) -> str:
        """The state, in words."""
        return STATES[self._states.state][0]

    def rest(self) -> None:
        """Called just after a drain, ten times a second: it may be time to look."""
        if time.ticks_diff(time.ticks_ms(), self._looked_ms) >= self._every_ms:
            self._go.set()

    async def run(self) -> None:
        """Follow the state, and sleep when whoever was woken by the last drain has had a turn."""
        go = self._go
        while True:
            await go.wait()
            go.clear()
            self._look()
            await asyncio.sleep_ms(0)
            await asyncio.sleep_ms(0)
            if self._may_sleep():
                self._sleep()

    def _look(self):
        now_ms = time.ticks_ms()
        elapsed_ms = time.ticks_diff(now_ms, self._looked_ms)
        gait = self._keeper.gait_is_recent()
        if elapsed_ms < _LOOK_MS and not (gait and self._state > WALKING):  # a first step arms at once
            return
        self._looked_ms = now_ms
        states = self._states
        upright = self._always and states.rest_ms < _STANDS_MS
        armed = self._sways and (gait or upright)
        needed = gait or (self._radio and self._radio.is_awaited)
        state = states.look(self._detecting.last, elapsed_ms, self._is_awake(elapsed_ms), armed, needed)
        if state == OFF:
            self._health.stop(log.STILL)
        elif not self._radio:  # a light sleep would end its connections
            self._detecting.paused = self._wake if STATES[state][3] else None  # each drain is a chance to sleep
            if state != self._state or STATES[state][4]:
                self._follow(state)

    def _is_awake(self, elapsed_ms):
        """Return whether somebody may want to talk: a host on USB, a press, a line at the console, a new start."""
        self._awake_ms = max(0, self._awake_ms - elapsed_ms)
        if self._presses.pressed.rose:
            self._presses.pressed.rose = False
            self._awake_ms = max(self._awake_ms, _AWAKE_MS)
        if self._console.heard:
            self._console.heard = False
            self._awake_ms = _TALK_MS
        alarm = self._keeper.alarm
        return self._mcu.usb_heard() or self._awake_ms > 0 or (alarm and alarm.on)

    def _follow(self, state):
        _, wait_ms, mhz, _, rests, notices = STATES[state]
        if mhz != self._mhz:
            self._mhz = mhz
            self._set_mhz(mhz)
        if state == ON_USB:
            wait_ms = self._sampling.awake_ms
        if self._sampling.follow(min(wait_ms, self._longest_ms), notices):
            self._state = state
        if rests:
            self._notifying.rest()

    def _may_sleep(self):
        return (
            self._state == self._states.state
            and STATES[self._state][3]
            and self._sampling.well
            and self._sampling.waits
            and not self._sampling.data_ready.rose
            and self._notifying.silent
            and not self._presses.busy
        )

    def _sleep(self):
        """Sleep until INT1, a press, or a little after INT1 should have come: all else is late by that at most.

        That time counts from the last drain: judging what it brought took its time, and the FIFO went on filling.
        Edges are not seen meanwhile: levels are looked at.
        """
        sampling, presses = self._sampling, self._presses
        self.sleeps += 1
        latest_ms = sampling.wait_ms * _LATER_PCT // 100 + 2
        self._mcu.light_sleep(max(1, latest_ms - sampling.since_drain_ms()))
        if self._mcu.is_ready():
            if self._state == ARMED:  # tasks whose time came in the sleep would go first
                sampling.drain_now()
            else:
                sampling.data_ready.on_edge(None)
        elif sampling.since_drain_ms() >= latest_ms:
            sampling.miss()
        else:  # a press, which may be over; what lies in the FIFO is judged, and the state looked at after that
            sampling.drain_soon()
        if presses.is_down():
            presses.pressed.on_edge(None)
