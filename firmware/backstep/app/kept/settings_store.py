"""The settings on flash: settings.a and settings.b; a settings.json beside them is a whole new set."""

import json
import os

from ...core import settings as rules
from ...core.compat import const
from ..faults import reason
from . import twin

PASSING = True  # see passing.py

_LONGEST = const(4096)
_ENOENT = const(2)


def load(path: str, say) -> dict:
    """Return the full settings; the defaults when there are none, or none that are sound.

    path: of the settings.json, the others' names being made from it.  What is damaged is kept as settings.bad*.
    say: takes a line for the console.
    """
    stem = path[: path.rfind(".")]
    settings = _stored(stem, say, say)
    asked = _asked(path, stem, "the defaults" if settings is None else "those from before", say)
    if asked is None:
        return settings or rules.defaults()
    try:
        save(path, asked)
    except OSError as error:
        say("settings: %s is not taken over (%s); it stays" % (path, reason(error)))
        return asked
    try:
        os.remove(path)
    except OSError as error:
        say("settings: %s is taken over at every start: it cannot be removed (%s)" % (path, reason(error)))
    return asked


def stored(path: str, say, say_gone=None) -> dict:
    """Return the full settings that are stored, the defaults when none are sound.

    path, say: as for load.  say_gone: takes a line about settings that are no more, None: nobody does.
    """
    return _stored(path[: path.rfind(".")], say, say_gone) or rules.defaults()


def save(path: str, settings: dict) -> None:
    """Write full settings; those before stay when that is cut.  path: as for load.  OSError: nothing changed."""
    for _ in saving(path, settings):
        pass


def saving(path: str, settings: dict):
    """Write full settings as save does, yielding where samples may be drained."""
    return twin.pieces(path[: path.rfind(".")], {"version": rules.VERSION, "settings": settings})


def _stored(stem, say, say_gone):
    """Return the settings that the pod keeps, None when there are none that are sound."""
    table, _, faults = twin.read(stem)
    for fault in faults:
        say("settings: " + fault)
    if faults:
        say("settings: running on " + ("the defaults" if table is None else "the other copy"))
    if table is None:
        return None
    try:
        return _taken(table.get("version"), table.get("settings"), say_gone)
    except (ValueError, AttributeError) as error:
        _say_each(error, say)
        say("settings: running on the defaults; " + twin.set_aside(stem))
        return None


def _asked(path, stem, instead, say):
    """Return what settings.json wants, None when it is absent or not sound.  instead: what is run on then."""
    try:
        with open(path) as file:
            text = file.read(_LONGEST + 1)
        if len(text) > _LONGEST:
            raise ValueError("longer than %d characters" % _LONGEST)
        return _taken(1, json.loads(text), say)
    except OSError as error:
        if error.args[0] != _ENOENT:
            say("settings: %s cannot be read (%s); running on %s" % (path, reason(error), instead))
    except (ValueError, RuntimeError, MemoryError) as error:  # the last two: nested too deeply
        _say_each(error, say)
        say("settings: running on %s; %s" % (instead, _kept_aside(path, stem)))
    return None


def _taken(version, wanted, say_gone):
    gone = rules.gone(wanted)
    settings = rules.check(rules.migrated(version, wanted))
    if gone and say_gone:
        say_gone(gone)
    return settings


def _say_each(error, say):
    for fault in (str(error) or "nested too deeply").split("\n"):
        say("settings: " + fault.replace("settings: ", ""))


def _kept_aside(path, stem):
    bad = stem + ".bad"
    try:
        os.rename(path, bad)
        return "the damaged file is kept as " + bad
    except OSError as error:
        return "the damaged file stays (%s)" % reason(error)
