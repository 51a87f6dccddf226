"""Console: what the pod can be told at its USB port while it runs, and the clock of what it tells."""

import asyncio

from ..core.compat import const
from .lines import each_line

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
        self._commands = (
            ("help", self._help, "this list"),
            ("status", teller.status, "one status line now"),
            ("stop", self._stop, "end the session and leave to the REPL (so does Ctrl-C)"),
        )

    async def listen(self) -> None:
        """Obey the lines that come in."""
        await each_line(self._reader, self.obey, self._teller.error)

    async def tick(self) -> None:
        """Tell where we are, once a second."""
        while True:
            await asyncio.sleep_ms(_PERIOD_MS)
            self._keeper.tell_time()
            if not self._health.stopping:
                self._teller.second()

    def obey(self, line: str) -> None:
        """Carry out one command; anything unknown gets one line and changes nothing."""
        for name, action, _ in self._commands:
            if line == name:
                action()
                return
        shown = line if len(line) <= _SHOWN else line[:_SHOWN] + "..."
        self._teller.error("unknown command %r, try help" % shown)

    def _help(self):
        for name, _, text in self._commands:
            self._writer.say("%-8s%s" % (name, text))

    def _stop(self):
        self._keeper.end()
        self._health.stopping = True
