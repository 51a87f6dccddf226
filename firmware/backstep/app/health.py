"""Health: watchdog, restarts, memory. The only place that restarts a task that ended."""

import asyncio
import gc
import time

from ..core.compat import const
from ..core.log import log
from .faults import TASK_RESTARTS, reason

_TICK_MS = const(100)
_RESTARTS_MAX = const(5)  # in a row; a task that ran a minute starts counting anew
_FIRST_PAUSE_MS = const(100)
_STEADY_MS = const(60000)
_COLLECT_MS = const(2000)
_COLLECT_LATEST_MS = const(10000)
_STOP_LIMIT_MS = const(3000)
_REPEAT_FAULT_MS = const(5000)
VITAL = ("sampling", "notifying")


class Health:
    """Feeds the watchdog while sampling moves on and every vital task lives."""

    def __init__(self, sampling, detecting, notifying, faults, say):
        """Take the parts on the way of a sample, the counters, and where to say what happened."""
        self.heap_free = 0
        self.lost = []  # names of tasks given up
        self.stopping = False
        self.why = log.STOPPED
        self._sampling = sampling
        self._detecting = detecting
        self._notifying = notifying
        self._faults = faults
        self._say = say
        self._turns = 0
        self._collected_ms = time.ticks_ms()
        self._cued_ms = self._collected_ms

    async def run(self, watchdog) -> None:
        """Look after everything until it is to stop and the last pattern has played."""
        self.collect()
        gc.threshold(-1)  # main.py has set one; from here on `rest` chooses the moment
        while not self.stopping:
            await asyncio.sleep_ms(_TICK_MS)
            self._sampling.limit_wait()
            self._feed(watchdog)
            self._repeat_fault()
        began_ms = time.ticks_ms()
        while self._notifying.busy and time.ticks_diff(time.ticks_ms(), began_ms) < _STOP_LIMIT_MS:
            await asyncio.sleep_ms(_TICK_MS)
            self._sampling.limit_wait()

    def stop(self, why: int = log.STOPPED) -> None:
        """Have the pod stop soon.  why: of log.AT_START and on."""
        self.why = why
        self.stopping = True

    def bye(self) -> bool:
        """Have the wearer feel that the pod has stopped; returns whether the motor is off again."""
        return self._notifying.play_out("stop")

    async def keep(self, name: str, run) -> None:
        """Run a task; restart it after an exception, later each time, and give it up after five in a row.

        name: for messages.  run: makes the task's coroutine.
        """
        failures = 0
        while failures <= _RESTARTS_MAX:
            began_ms = time.ticks_ms()
            try:
                await run()
                why = "ended"
            except Exception as error:  # whatever it was: it is said, counted and limited
                why = reason(error)
            if time.ticks_diff(time.ticks_ms(), began_ms) > _STEADY_MS:
                failures = 0
            failures += 1
            if failures <= _RESTARTS_MAX:
                await self._before_restart(name, why, failures)
        self._give_up(name, why)

    def rest(self) -> None:
        """Collect garbage when it is time; called by detecting just after a drain, and only then.

        What was sensed before has been judged: no sample waits for the collector between crossing and buzz. The
        next ones are one watermark away, and the FIFO keeps them if we take longer. Not while the wearer turns
        fast enough to become a sway, unless he never rests: the allocator alone would choose any moment.
        """
        since_ms = time.ticks_diff(time.ticks_ms(), self._collected_ms)
        if since_ms >= _COLLECT_LATEST_MS or since_ms >= _COLLECT_MS and self._detecting.calm():
            self.collect()

    def collect(self) -> None:
        """Collect garbage and note what is free [bytes]."""
        gc.collect()
        self.heap_free = gc.mem_free()
        self._collected_ms = time.ticks_ms()

    def _feed(self, watchdog):
        turns = self._sampling.turns
        if turns != self._turns and not self._vital_lost():
            self._turns = turns
            watchdog.feed()

    def _vital_lost(self):
        return any(name in VITAL for name in self.lost)

    async def _before_restart(self, name, why, failures):
        self._faults[TASK_RESTARTS] += 1
        pause_ms = _FIRST_PAUSE_MS << failures
        self._say("%s: %s; restarting in %d ms (%d of %d)" % (name, why, pause_ms, failures, _RESTARTS_MAX))
        await asyncio.sleep_ms(pause_ms)

    def _give_up(self, name, why):
        self.lost.append(name)
        self._notifying.cue("fault")
        end = "; the watchdog will reset the pod" if name in VITAL else ""
        self._say("%s: %s; given up after %d restarts%s" % (name, why, _RESTARTS_MAX, end))

    def _repeat_fault(self):
        now_ms = time.ticks_ms()
        if self._vital_lost() and time.ticks_diff(now_ms, self._cued_ms) > _REPEAT_FAULT_MS:
            self._cued_ms = now_ms
            self._notifying.cue("fault")
