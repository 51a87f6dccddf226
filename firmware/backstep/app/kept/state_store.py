"""What the pod knows of itself over resets, in state.a and state.b: boots, early ends, last error, the day."""

from ...core.compat import const
from ...core.training.day_turn import COUNTS, remembered
from ..faults import reason
from . import log_files, twin

PASSING = True  # see passing.py

EARLY_MAX = const(3)  # so many ends within a minute in a row, and the pod starts with the console alone
_HARMLESS = ("power on", "hard reset", "deep sleep")
_SOFT = "soft reset"  # harmless where the app was left before; else the MCU may have panicked
_ANOTHER = "slot "  # another firmware than the one whose starts were counted, see main.py
_ERROR_MAX = const(200)
_BOOT_MAX = const(0xFFFF)


def begin(path: str, folder: str, cause: str, say) -> dict:
    """Count this start and return the state: boots, early, left, error, day, counts, days.

    path: of the state, without .a or .b.  folder: of the session log.  cause: of the reset, in words.
    say: takes a line for the console.
    """
    state = _read(path, say)
    try:
        _catch_up(state, folder)
    except OSError as error:
        say("log: %s cannot be read (%s)" % (folder, reason(error)))
    state["boots"] = min(state["boots"] + 1, _BOOT_MAX)
    harmless = cause in _HARMLESS or (cause == _SOFT and state["left"]) or cause.startswith(_ANOTHER)
    state["early"] = 0 if harmless else state["early"] + 1
    state["left"] = 0
    _write(path, state, say)
    return state


def steady(path: str, say) -> None:
    """Note that this start has lasted."""
    _change(path, say, early=0)


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
    state = {"boots": 0, "early": 0, "left": 0, "error": "", "day": 0, "counts": [0] * COUNTS, "days": []}
    if isinstance(table, dict):
        state.update(table)
    return state


def _write(path, state, say):
    try:
        twin.write(path, state)
    except OSError as error:
        say("state: cannot be written (%s)" % reason(error))


def _catch_up(state, folder):
    """Take the counts of the newest block where they are newer than what the state holds."""
    sessions = log_files.names(folder)
    head = log_files.last_head(folder, sessions)
    boots = max(state["boots"], log_files.last_boot(sessions))
    if head:
        boots = max(boots, head["boot"])
        counts = [head[name] for name in ("backward", "forward", "other", "sways", "falls")]
        if head["boot"] >= state["boots"]:
            _take(state, head["day"], counts)
    state["boots"] = boots


def _take(state, day, counts):
    """Take counts that the log has of a day."""
    other = state["day"], state["counts"]
    if (day, sum(counts)) > (other[0], sum(other[1])):
        state["day"], state["counts"] = day, counts
    else:
        other = day, counts
    if other[0] not in (0, state["day"]):
        state["days"] = remembered(state["days"], *other)
