"""Battery: logs its voltage, tells when it is low, ends the session before it is flat."""

import asyncio

from ..core.charge import FLAT_MV, LOW_MV, MEASURED_MV
from ..core.compat import const
from ..core.log import log
from .passing import once

_LOOK_S = const(30)
_FIRST_MS = const(2000)  # by then the first pattern is over
_LOOKS = const(20)  # from one record, and one cue, to the next: 10 min


class Battery:
    """Looks at the voltage twice a minute; a look that measures nothing is as if it had not been."""

    def __init__(self, battery_mv, keeper, cue, say):
        """battery_mv: as Parts.battery_mv.  keeper: SessionKeeper.  cue: plays a pattern.  say: takes a
        line."""
        self.mv = 0
        self._read_mv = battery_mv
        self._keeper = keeper
        self._cue = cue
        self._say = say

    async def run(self) -> None:
        """Look for ever."""
        looks, before_mv = 0, self._read_mv()
        await asyncio.sleep_ms(_FIRST_MS)
        while True:
            now_mv = self._read_mv()
            self.mv = max(now_mv, before_mv)  # the motor pulls it down for a moment
            before_mv = now_mv
            if self.mv >= MEASURED_MV:
                if looks == 0:
                    self._note()
                looks = (looks + 1) % _LOOKS
                if self.mv < FLAT_MV and self._keeper.running:
                    self._say("battery: %d mV, flat: the session ends" % self.mv)
                    self._keeper.end(log.BATTERY_FLAT)
            await asyncio.sleep_ms(1000 * _LOOK_S)

    def _note(self):
        if self._keeper.log:
            self._keeper.log.note(log.BATTERY, self.mv)
        if self.mv < LOW_MV:
            self._say("battery: %d mV, low: %d %%" % (self.mv, charge_pct(self.mv)))
            self._cue("low_battery")


def charge_pct(voltage_mv: int) -> int:
    """Return how full a cell is [%], as core/charge.py has it, which is loaded for that."""
    return once(_percent, voltage_mv)


def _percent(voltage_mv):
    from ..core.charge import percent

    return percent(voltage_mv)
