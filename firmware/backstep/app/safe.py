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
    """Console and health in one.

    stopping, why: as of Health.  tasks: (name, run) of each.
    """

    def __init__(self, reader, running):
        """reader: asyncio stream with readinto.  running: Running, in safe mode."""
        self.stopping = False
        self.why = log.STOPPED
        self.tasks = (("console input", self._listen), ("console output", running.writer.run))
        self._reader = reader
        self._running = running
        self._desk = Desk(running)
        self._say = running.writer.say
        running.health = self

    async def run(self, watchdog) -> None:
        """Say why, and feed the watchdog until `stopping` is set."""
        state = self._running.state
        told = state["early"], state["error"] or "no error was kept"
        self._say("safe mode: %d starts in a row ended within a minute (%s); nothing is sensed" % told)
        self._say("safe mode: backstep reasons tells more, backstep reboot or a power cut starts as usual")
        while not self.stopping:
            await asyncio.sleep_ms(_TICK_MS)
            watchdog.feed()
        await asyncio.sleep_ms(_ANSWERS_MS)

    async def keep(self, name: str, run) -> None:
        """Run a task for ever, whatever it runs into."""
        while True:
            try:
                await run()
            except Exception as error:  # said, and the next line is heard all the same
                self._say("%s: %s" % (name, reason(error)))
            await asyncio.sleep_ms(_AGAIN_MS)

    async def _listen(self):
        await each_line(self._reader, self._obey, lambda why: self._say("error: " + why))

    async def _obey(self, line):
        if line == "stop":
            self.stopping = True
        elif line.startswith("{"):
            self._running.writer.put(await self._desk.answer(line))
        else:
            self._say("error: safe mode knows requests and stop, no other commands")
