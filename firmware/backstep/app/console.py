"""Console: what the pod can be told at its USB port while it runs, and the clock of what it tells."""

import asyncio

from ..core import log
from ..core.compat import const
from .lines import each_line
from .passing import once

_SHOWN = const(40)
_PERIOD_MS = const(1000)


class Console:
    """Obeys commands."""

    def __init__(self, reader, writer, teller, keeper, health):
        """Take the parts.

        reader: asyncio stream with readinto.  writer: Writer.  teller: Lines or JsonLines.
        keeper: SessionKeeper.  health: Health.
        """
        self._reader = reader
        self._writer = writer
        self._teller = teller
        self._keeper = keeper
        self._health = health
        self._commands = {  # the words for them are in help.py
            "help": self._help,
            "status": teller.status,
            "mark": keeper.mark,
            "snooze": keeper.snooze,
            "awake": keeper.wake,
            "stop": self._stop,
        }

    async def listen(self) -> None:
        """Obey the lines that come in."""
        await each_line(self._reader, self.obey, self._teller.error)

    async def tick(self) -> None:
        """Tell where we are, once a second."""
        while True:
            await asyncio.sleep_ms(_PERIOD_MS)
            self._keeper.tell_time()
            if not self._health.stopping:  # what is told now would be cut short
                self._keeper.tell_sum()
                self._teller.second()

    def obey(self, line: str) -> None:
        """Carry out one command; anything unknown gets one line and changes nothing."""
        action = self._commands.get(line)
        if not action:
            shown = line if len(line) <= _SHOWN else line[:_SHOWN] + "..."
            self._teller.error("unknown command %r, try help" % shown)
        elif action() is False:
            self._teller.error(line + ": nothing to do now")

    def _help(self):
        from .help import lines

        for line in once(lines):
            self._writer.say(line)

    def _stop(self):
        self._keeper.end(log.STOPPED)
        self._health.stopping = True
