"""Desk: answers the requests that come in as lines of JSON; loaded while somebody asks.

    {"id": 7, "do": "read", "path": "log/00012-01.bsl", "offset": 0, "length": 512}
    {"id": 7, "ok": {...}}    or    {"id": 7, "error": "read: offset: -1 is ..."}

An answer is one line. "busy": true in it says that the same may be granted in a moment. With several faults its
error has one a line. A request that is refused changes nothing.
"""

import gc
import json
import sys

from ...core.compat import const
from ...core.version import VERSION
from ..faults import reason
from ..passing import once
from ..running import LOAD_MS, NEAR_MS, BusyError, settle, shown

PASSING = True  # see passing.py

PROTOCOL = const(1)
# A request: its name, the module that answers it, then name:kind of its arguments, "?" behind those not needed.
TABLE = (
    "hello desk",
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
    "stream log path:text offset:int length:int",
    "synced log path:text size:int crc32:int",
    "delete log path:text size:int crc32:int",
    "reasons log",
    "record record minutes:int",
    "pair band values:table",
    "unpair band",
    "paired band",
    "strap band address:text",
    "straps strap seconds:int",
)
_ID_MAX = const(0x3FFFFFFF)
_BUSY = '"busy": true, '


class Desk:
    """Answers for as long as somebody asks, and holds the module that answered last: never two of them.

    After a moment without a request it holds none: what a request loads is to find the memory free.
    """

    def __init__(self, running):
        """running: Running."""
        self._running = running
        self._module = ""
        self._handlers: dict = {}  # of that module
        self._asked = False  # and not answered yet

    async def answer(self, line: str) -> str:
        """Return the answer to a line."""
        number, busy = None, ""
        self._asked = True
        try:
            asked = _parsed(line)
            number = _number(asked)
            found = json.dumps(await self._carry_out(asked))
            return '{"id": %d, "ok": %s}' % (number, found)
        except BusyError as error:
            busy, why = _BUSY, str(error)
        except (ValueError, OSError) as error:
            why = str(error) if isinstance(error, ValueError) else reason(error)
        except RuntimeError:
            why = "request: nested too deeply"
        except MemoryError:
            self._drop()
            busy, why = _BUSY, "request: the pod lacked memory; look whether it was done, then repeat"
        finally:
            self._asked = False
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
        if module == "desk":
            return HANDLERS
        await settle(self._running, 0 if module == self._module else LOAD_MS, NEAR_MS)
        if module != self._module:
            self._drop()
            self._handlers = once(_handlers, module)
            self._module = module
            gc.collect()  # what loading left; what an answer makes and lasts finds its room below
        return self._handlers

    def rest(self) -> None:
        """Let go of the module that answered last; nothing while a request is being answered."""
        if self._module and not self._asked:
            self._drop()

    def _drop(self):
        self._module, self._handlers = "", {}
        gc.collect()  # what comes next finds its room in one piece


async def hello(running, asked):
    """Return who the pod is and what it can be asked; `safe`: whether it is in safe mode.

    `archive`: the manifest of the firmware's archive: `version`, `board`, and digests of `code` and `board_file`.
    """
    pod = running.pod
    return {
        "name": pod.name,
        "uid": pod.parts.uid,
        "board": pod.parts.name,
        "mcu": pod.parts.mcu,
        "firmware": VERSION,
        "micropython": ".".join([str(part) for part in sys.implementation.version[:3]]),
        "protocol": PROTOCOL,
        "placement": pod.placement,
        "rate_hz": pod.rate_hz,
        "boots": running.kept.state["boots"],
        "safe": running.sensing is None,
        "archive": _manifest(),
        "requests": names(),
    }


def _manifest():
    try:
        with open("/f/manifest.json") as file:  # main.py mounts it there
            return json.loads(file.read())
    except OSError:
        return {}


HANDLERS = {"hello": hello}


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
    elif module == "record":
        from .ask_record import HANDLERS
    elif module == "band":
        from .ask_band import HANDLERS
    elif module == "strap":
        from .ask_strap import HANDLERS
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
