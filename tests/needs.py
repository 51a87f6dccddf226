"""What tests need: a MicroPython is there for those marked `vm` alone, and what `make quick` left out is counted.

A test is marked where it, a fixture of it or a function that they call names what starts one; what does so by
another way (a verb of `backstep`) says it with the marker. All others find a MICROPYTHON in the environment that
is no program, in every run: a new test that starts one unseen fails at once.
"""

import functools
import inspect
import os
import sys
import types
from pathlib import Path

import pytest

from host_tools.micropython import build, script
from host_tools.virtual_pod.vm import VirtualPod

STARTERS = frozenset({VirtualPod, script.run_script, build.find, build.find_or_build, build.build})
PROJECT = Path(__file__).resolve().parent.parent
OURS = tuple(f"{PROJECT / folder}{os.sep}" for folder in ("tests", "host_tools"))
NONE = "/a-test-without-the-marker-vm-starts-no-micropython"
_GIVEN = os.environ.get("MICROPYTHON")
_LEFT_OUT = pytest.StashKey[list]()


@functools.cache
def starts_vm(function) -> bool:
    """Return whether a function, or one that it names, names one of STARTERS."""
    seen, left = set(), [inspect.unwrap(function)]
    while left:
        one = left.pop()
        if one in STARTERS:
            return True
        if one not in seen:
            seen.add(one)
            left += _named(one)
    return False


@functools.cache
def _named(one) -> list:
    """Return the functions and classes of this project that the code of a function or of a class names."""
    if isinstance(one, type):
        return [part for part in vars(one).values() if isinstance(part, types.FunctionType)]
    codes, found = [one.__code__], []
    names = dict(inspect.getclosurevars(one).nonlocals)
    for code in codes:
        codes += [const for const in code.co_consts if isinstance(const, types.CodeType)]
        for name in code.co_names:
            value = one.__globals__.get(name)
            found.append(value)
            if isinstance(value, types.ModuleType) and _is_ours(value):
                found += [getattr(value, part, None) for part in code.co_names]
    plain = [inspect.unwrap(value) for value in [*found, *names.values()] if callable(value)]
    return [one for one in plain if isinstance(one, types.FunctionType | type) and _is_ours(_module(one))]


def _module(one):
    return sys.modules.get(one.__module__)


def _is_ours(module) -> bool:
    return (getattr(module, "__file__", None) or "").startswith(OURS)


def _needs(item) -> bool:
    fixtures = [found.func for defs in item._fixtureinfo.name2fixturedefs.values() for found in defs]
    return any(starts_vm(function) for function in [item.function, *fixtures])


def _have(micropython):
    if micropython is None:
        os.environ.pop("MICROPYTHON", None)
    else:
        os.environ["MICROPYTHON"] = micropython


def pytest_configure(config):
    config.stash[_LEFT_OUT] = [0, 0]  # tests left out, of them for the MicroPython they need


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if _needs(item):
            item.add_marker("vm")
        if "recordings_dir" in item.fixturenames:
            item.add_marker("recordings")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Hide the MicroPython from a test that does not say it needs one, and from its fixtures."""
    _have(_GIVEN if item.get_closest_marker("vm") else NONE)
    try:
        return (yield)
    finally:
        _have(_GIVEN)


def pytest_deselected(items):
    if items:
        left = items[0].config.stash[_LEFT_OUT]
        left[0] += len(items)
        left[1] += sum(1 for item in items if item.get_closest_marker("vm"))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """Tell the process that prints: each worker of xdist has collected the same."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[_LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.stash[_LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", [0, 0])


def pytest_terminal_summary(terminalreporter, config):
    left, vm = config.stash[_LEFT_OUT]
    hows = ("passed", "failed", "skipped", "xfailed", "error")
    ran = sum(len(terminalreporter.stats.get(how, ())) for how in hows)
    if left and "vm" in config.option.markexpr:
        terminalreporter.write_line(
            f"quick: {ran} of {ran + left} tests; {left} left out (make test): {vm} start a MicroPython, "
            f"{left - vm} read the real recordings or are slow; properties are tried on few examples"
        )
