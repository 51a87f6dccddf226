"""Desk: answers the requests that come in as lines of JSON; loaded while somebody asks.

    {"id": 7, "do": "read", "path": "log/00012-01.bsl", "offset": 0, "length": 512}
    {"id": 7, "ok": {...}}    or    {"id": 7, "error": "read: offset: -1 is ..."}

An answer is one line. "busy": true in it says that the same may be granted in a moment. With several faults its
error has one a line. A request that is refused changes nothing.
"""

import json

from ..core.compat import const
from .faults import reason
from .running import LOAD_MS, settle

PASSING = True  # see passing.py

PROTOCOL = const(1)
# A request: its name, the module that answers it, then name:kind of its arguments, "?" behind those not needed.
TABLE = (
    "hello pod",
    "status pod",
    "time pod unix_ms:int utc_offset_min:int",
    "live pod on:flag",
    "mark pod",
    "lap pod",
    "snooze pod",
    "awake pod",
    "direction pod direction:text",
    "buzz pod pattern:text",
    "begin pod",
    "end pod",
    "maintenance pod",
    "reboot pod",
    "stop pod",
    "get settings",
    "set settings values:table",
    "reset settings names:list?",
    "calibrate calibration cancel:flag? forget:flag?",
    "calibration calibration",
    "sessions log after:text?",
    "marks log after:text?",
    "read log path:text offset:int length:int",
    "synced log path:text size:int crc32:int",
    "delete log path:text size:int crc32:int",
    "reasons log",
    "record log minutes:int",
)
_ID_MAX = const(0x3FFFFFFF)
_SHOWN = const(40)
_CALM_MS = const(5000)


class BusyError(ValueError):
    """Not now: the same request may be granted in a moment."""


class Desk:
    """Answers for as long as somebody asks, and holds the modules that answering took."""

    def __init__(self, running):
        """running: Running."""
        self._running = running
        self._handlers: dict = {}  # of every module asked so far

    async def answer(self, line: str) -> str:
        """Return the answer to a line."""
        number, busy = None, ""
        try:
            asked = _parsed(line)
            number = _number(asked)
            found = json.dumps(await self._carry_out(asked))
            return '{"id": %d, "ok": %s}' % (number, found)
        except BusyError as error:
            busy, why = '"busy": true, ', str(error)
        except (ValueError, OSError) as error:
            why = str(error) if isinstance(error, ValueError) else reason(error)
        except (RuntimeError, MemoryError):
            why = "request: nested too deeply, too long, or more than the pod has memory for now"
        return '{"id": %s, %s"error": %s}' % ("null" if number is None else number, busy, json.dumps(why))

    async def _carry_out(self, asked):
        name = asked.pop("do", None)
        for row in TABLE:
            words = row.split()
            if words[0] == name:
                _check(name, words[2:], asked)
                handlers = await self._of(words[1])
                return await handlers[name](self._running, asked)
        raise ValueError("do: %s is none of %s" % (shown(name), ", ".join(names())))

    async def _of(self, module):
        if module not in self._handlers:
            await settle(self._running, LOAD_MS)
            self._handlers[module] = _handlers(module)
        return self._handlers[module]


async def calm(running) -> None:
    """Wait for a moment when a write to the flash disturbs no warning; BusyError when none comes for 5 s."""
    if not await settle(running, _CALM_MS):
        raise BusyError("the pod moves too much to write to its flash now; hold it still and repeat")


def shown(value) -> str:
    """Return a value as it may stand in a message."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _parsed(line):
    try:
        asked = json.loads(line)
    except ValueError:
        raise ValueError("request: no JSON: " + shown(line))
    if not isinstance(asked, dict):
        raise ValueError("request: %s is no table" % shown(line))
    return asked


def _number(asked):
    number = asked.pop("id", None)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _ID_MAX:
        raise ValueError("id: %s is no whole number 0..%d" % (shown(number), _ID_MAX))
    return number


def names() -> list:
    """Return the names of the requests."""
    return [row.split()[0] for row in TABLE]


def _handlers(module):
    if module == "pod":
        from .ask_pod import HANDLERS
    elif module == "settings":
        from .ask_settings import HANDLERS
    elif module == "calibration":
        from .ask_calibration import HANDLERS
    else:
        from .ask_log import HANDLERS
    return HANDLERS


def _check(name, arguments, asked):
    kinds = dict([argument.split(":") for argument in arguments])
    faults = ["%s: %s: no such argument" % (name, shown(other)) for other in asked if other not in kinds]
    for argument, kind in kinds.items():
        if argument not in asked:
            if not kind.endswith("?"):
                faults.append("%s: %s: missing" % (name, argument))
        elif not _is_a(kind.rstrip("?"), asked[argument]):
            faults.append("%s: %s: %s is no %s" % (name, argument, shown(asked[argument]), kind.rstrip("?")))
    if faults:
        raise ValueError("\n".join(sorted(faults)))


def _is_a(kind, value):
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "list":
        return isinstance(value, list) and all([isinstance(item, str) for item in value])
    return isinstance(value, {"text": str, "flag": bool, "table": dict}[kind])
