"""What the pod knows of itself over resets, in state.a and state.b: boots, early ends, last error, the day.

early: starts in a row that ended within a minute.  left: whether the app was left on purpose.  low: whether this
start found the battery low and has not lasted a minute yet.
"""

from ...core.charge import is_low
from ...core.compat import const
from ...core.training.day_turn import COUNTS, remembered
from ..faults import reason
from . import twin

PASSING = True  # see passing.py

EARLY_MAX = const(3)  # so many ends within a minute in a row, and the pod starts with the console alone
_POWER_ON = "power on"  # a brownout too; on a low battery it may be the motor that starts it again and again
_HARMLESS = ("deep sleep", "USB reset")
# A panic is a hard reset, as machine.reset() is; a soft one is Ctrl-D: harmless where the app was left before.
_IF_LEFT = ("hard reset", "soft reset")
_ANOTHER = "slot "  # another firmware than the one whose starts were counted, see main.py
_ERROR_MAX = const(200)
_BOOT_MAX = const(0xFFFF)


def begin(path: str, folder: str, cause: str, battery_mv: int, say) -> dict:
    """Count this start and return the state: boots, early, left, low, error, day, counts, days.

    path: of the state, without .a or .b.  folder: of the session log.  cause: of the reset, in words, of
    board.py.  battery_mv: now [mV], -1 = not measured.  say: takes a line for the console.
    """
    state = _read(path, say)
    is_first, low = not state["boots"], is_low(battery_mv)
    try:
        _catch_up(state, folder)
    except OSError as error:
        say("log: %s cannot be read (%s)" % (folder, reason(error)))
    state["boots"] = min(state["boots"] + 1, _BOOT_MAX)
    state["early"] = 0 if is_first or _is_harmless(cause, state, low) else state["early"] + 1
    state["left"] = 0
    state["low"] = int(low)
    _write(path, state, say)
    return state


def _is_harmless(cause, state, low):
    """Return whether this start says nothing against how the last one ended."""
    if cause == _POWER_ON:
        return not (low and state["low"]) or state["left"]
    return cause in _HARMLESS or cause.startswith(_ANOTHER) or (cause in _IF_LEFT and state["left"])


def steady(path: str, say) -> None:
    """Note that this start has lasted."""
    _change(path, say, early=0, low=0)


def failed(path: str, error: str, say) -> None:
    """Keep the words of the error that ended the app."""
    _change(path, say, error=error[:_ERROR_MAX])


def left(path: str, say) -> None:
    """Note that the app was left on purpose."""
    _change(path, say, early=0, left=1)


def keep_counts(path: str, day: int, counts, days, say) -> None:
    """Keep the counts of the day and of the days before, which the log will not tell for ever."""
    _change(path, say, day=day, counts=list(counts), days=days)


def _change(path, say, **named):
    state = _read(path, say)
    state.update(named)
    _write(path, state, say)


def _read(path, say):
    table, _, faults = twin.read(path)
    for fault in faults:
        say("state: " + fault)
    state = {"boots": 0, "early": 0, "left": 0, "low": 0, "error": "", "day": 0, "days": []}
    state["counts"] = [0] * COUNTS
    if isinstance(table, dict):
        state.update(table)
    return state


def _write(path, state, say):
    try:
        twin.write(path, state)
    except OSError as error:
        say("state: cannot be written (%s)" % reason(error))


def _catch_up(state, folder):
    """Take the counts of the newest block where they are newer than what the state holds; tidy up the sessions."""
    from . import log_start  # once a start: not for what keeps the counts in a session

    sessions = log_start.newest(folder)
    head = log_start.last_head(folder, sessions)
    boots = max(state["boots"], log_start.last_boot(sessions))
    if head:
        boots = max(boots, head["boot"])
        counts = [head[name] for name in ("backward", "forward", "other", "sways", "falls")]
        if head["boot"] >= state["boots"]:
            _take(state, head["day"], counts)
    state["boots"] = boots
    log_start.shelve(folder)


def _take(state, day, counts):
    """Take counts that the log has of a day."""
    other = state["day"], state["counts"]
    if (day, sum(counts)) > (other[0], sum(other[1])):
        state["day"], state["counts"] = day, counts
    else:
        other = day, counts
    if other[0] not in (0, state["day"]):
        state["days"] = remembered(state["days"], *other)
