"""The metronome: a tick for every step wanted, while the wearer steps backward and nothing else is felt."""

import asyncio
import time

from ...core import events
from ...core.compat import const

_LOOK_MS = const(200)
_AFTER_OTHERS_MS = const(2000)  # a caution is as short as a tick: the silence after it tells it apart


class Metronome:
    """Ticks at a cadence; a tick never delays another pattern, and none is heard soon after one."""

    def __init__(self, keeper, notifying, cadence_spm: int):
        """keeper: SessionKeeper.  notifying: Notifying.  cadence_spm: of both feet [1/min]."""
        self._keeper = keeper
        self._notifying = notifying
        self._period_us = 60_000_000 // cadence_spm

    async def run(self) -> None:
        """Tick for ever."""
        while True:
            while not self._walks():
                await asyncio.sleep_ms(_LOOK_MS)
            await self._tick_while_walking()

    def _walks(self):
        counts = self._keeper.counts
        return self._keeper.running and counts.cadence_spm and counts.direction == events.BACKWARD

    async def _tick_while_walking(self):
        next_us = time.ticks_us()
        while self._walks():
            if self._notifying.busy:
                await asyncio.sleep_ms(_AFTER_OTHERS_MS)
                next_us = time.ticks_us()
                continue
            self._notifying.cue("tick")
            next_us = time.ticks_add(next_us, self._period_us)
            await asyncio.sleep_ms(max(0, time.ticks_diff(next_us, time.ticks_us())) // 1000)
