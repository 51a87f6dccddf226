"""Safe mode: after several starts that ended early only the console answers; nothing is sensed."""

import asyncio

from ..core.log import log
from .console.lines import each_line
from .desk.desk import Desk
from .faults import reason

PASSING = True  # see passing.py

_TICK_MS = 100
_AGAIN_MS = 1000
_ANSWERS_MS = 500  # the last one goes out before the pod is left


class Safe:
    """What Health is to a pod that senses.

    stopping, why: as of Health.
    """

    def __init__(self, state: dict, say):
        """state: from state_store.begin.  say: takes a line for the console."""
        self.stopping = False
        self.why = log.STOPPED
        self._state = state
        self._say = say

    def stop(self, why: int = log.STOPPED) -> None:
        """Have the pod stop soon.  why: of log.AT_START and on."""
        self.why = why
        self.stopping = True

    async def run(self, watchdog) -> None:
        """Say why, and feed the watchdog until it is to stop."""
        told = self._state["early"], self._state["error"] or "no error was kept"
        self._say("safe mode: %d starts in a row ended within a minute (%s); nothing is sensed" % told)
        self._say("safe mode: backstep reasons tells more, backstep reboot or a power cut starts as usual")
        while not self.stopping:
            await asyncio.sleep_ms(_TICK_MS)
            watchdog.feed()
        await asyncio.sleep_ms(_ANSWERS_MS)

    def bye(self) -> bool:
        """Leave without a buzz: nothing was sensed."""
        return True

    async def keep(self, name: str, run) -> None:
        """Run a task for ever, whatever it runs into."""
        while True:
            try:
                await run()
            except Exception as error:  # said, and the next line is heard all the same
                self._say("%s: %s" % (name, reason(error)))
            await asyncio.sleep_ms(_AGAIN_MS)


class Answering:
    """The console: requests and the word stop."""

    def __init__(self, reader, running):
        """reader: asyncio stream with readinto.  running: Running, in safe mode."""
        self._reader = reader
        self._running = running
        self._desk = Desk(running)

    async def listen(self) -> None:
        """Obey the lines that come in."""
        await each_line(self._reader, self._obey, self._refuse)

    async def _obey(self, line):
        if line == "stop":
            self._running.health.stop()
        elif line.startswith("{"):
            self._running.writer.put(await self._desk.answer(line))
        else:
            self._refuse("safe mode knows requests and stop, no other commands")

    def _refuse(self, why):
        self._running.writer.say("error: " + why)
