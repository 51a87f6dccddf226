"""Modules that are needed for a moment: loaded, called and dropped, so that the session has their memory."""

import sys


def once(call, *args):
    """Return call(*args), then drop every module that says PASSING = True of itself.

    Who imports one again gets it anew from flash, which takes its time: never on the way of a sample.
    """
    try:
        return call(*args)
    finally:
        if sys.implementation.name == "micropython":  # CPython has memory enough
            _drop()


def _drop():
    for name in [name for name in sys.modules if getattr(sys.modules[name], "PASSING", False)]:
        package, _, last = name.rpartition(".")
        del sys.modules[name]
        if package:  # on the pod modules lie side by side
            delattr(sys.modules[package], last)
