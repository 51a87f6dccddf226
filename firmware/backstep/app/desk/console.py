"""Console: what the pod can be told and asked at its USB port while it runs, and the clock of what it tells."""

import asyncio

from ...core.compat import const
from ...core.log import log
from ..console.lines import each_line
from ..faults import ignore
from ..passing import once
from ..running import LOAD_MS, NEAR_MS, settle

_SHOWN = const(40)
_PERIOD_MS = const(1000)
_DESK_S = const(30)
_MODULE_S = const(2)  # who asks on and on does so faster; once in a while the module is loaded anyway
_STEADY_MS = const(60000)  # who has lived so long does not crash at once


class Console:
    """Obeys commands, and has requests answered (desk.py)."""

    def __init__(self, reader, running, teller):
        """reader: asyncio stream with readinto.  running: Running, not in safe mode.  teller: of what happens."""
        keeper = running.sensing.keeper
        self.heard = False  # whether a line came since somebody last put it back to False
        self._reader = reader
        self._running = running
        self._writer = running.writer
        self._teller = teller
        self._keeper = keeper
        self._desk = None  # while somebody asks
        self._idle_s = 0
        self._is_steady = False
        self._commands = {  # the words for them are in help.py
            "help": self._help,
            "status": teller.status,
            "mark": keeper.mark,
            "lap": keeper.lap,
            "snooze": keeper.snooze,
            "awake": keeper.wake,
            "turn": keeper.turn,
            "stop": self._stop,
        }

    async def listen(self) -> None:
        """Obey the lines that come in."""
        await each_line(self._reader, self.obey, self._teller.error)

    async def tick(self) -> None:
        """Tell where we are, once a second."""
        while True:
            await asyncio.sleep_ms(_PERIOD_MS)
            self._close_desk()
            self._note_steady()
            self._keeper.tell_time()
            if not self._running.health.stopping:  # what is told now would be cut short
                self._keeper.tell_sum()
                self._teller.second()

    async def obey(self, line: str) -> None:
        """Carry out one command or request; anything unknown gets one line and changes nothing."""
        self.heard = True
        if line.startswith("{"):
            await self._ask(line)
            return
        action = self._commands.get(line)
        if not action:
            shown = line if len(line) <= _SHOWN else line[:_SHOWN] + "..."
            self._teller.error("unknown command %r, try help" % shown)
        elif action() is False:
            self._teller.error(line + ": nothing to do now")

    async def _ask(self, line):
        self._idle_s = 0
        if not self._desk:
            await settle(self._running, LOAD_MS, NEAR_MS)
            from .desk import Desk

            self._desk = Desk(self._running)
        self._writer.put(await self._desk.answer(line))

    def _close_desk(self):
        self._idle_s += 1
        if self._desk and self._idle_s == _MODULE_S:
            self._desk.rest()
        elif self._desk and self._idle_s > _DESK_S:
            self._desk = None
            once(ignore)  # drops the modules

    def _note_steady(self):
        running = self._running
        kept = running.kept
        if not self._is_steady and running.clock.ms > _STEADY_MS and running.sensing.quiet():
            self._is_steady = True
            once(_note_steady, kept, self._writer.say)

    def _help(self):
        from ..console.help import lines

        for line in once(lines):
            self._writer.say(line)

    def _stop(self):
        self._keeper.end(log.STOPPED)
        self._running.health.stop()


def _note_steady(kept, say):
    from ..kept import slot, state_store

    slot.lasted(kept.path)
    if kept.state["early"] or kept.state["low"]:
        kept.state["early"] = kept.state["low"] = 0
        state_store.steady(kept.state_path, say)
