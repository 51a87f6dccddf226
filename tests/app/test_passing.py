"""Modules for a moment: dropped on the pod once they have served, and never held by one that stays."""

import ast
from pathlib import Path

import backstep
import pytest
from vm import run_on_vm

from host_tools.install.pod_code.constants import definitions

PACKAGE = Path(str(backstep.__file__)).parent
MOMENT = """
import gc, sys
from backstep.app.passing import once
def taken():
    gc.collect()
    return gc.mem_alloc()
def use(fails):
    from backstep.core.settings import check, defaults
    if fails:
        check({"hue": 1})
    return defaults()["placement"]
print(once(use, False), "backstep.core.settings" in sys.modules, hasattr(sys.modules["backstep.core"], "settings"))
try:
    once(use, True)
except ValueError as error:
    print(error, "backstep.core.settings" in sys.modules)
before = taken()
for _ in range(10):
    once(use, False)
print((taken() - before) // 10 < 500, "backstep.core" in sys.modules)
"""


# settings is 2 KB: kept ten times it would show; one copy may look alive to the conservative collector
def test_a_module_goes_after_its_moment_also_after_an_error_and_comes_again():
    assert run_on_vm(MOMENT).splitlines() == ["shoe False False", "hue: no such setting False", "True True"]


def is_passing(path):
    return "\nPASSING = True" in path.read_text()


def constants_of(path):
    """Return the names that the host folds into numbers: who imports nothing else of a file does not hold it."""
    return {name for name, _, _ in definitions(ast.parse(path.read_text()))} if path.is_file() else set()


def held(path):
    """Yield the files of the package that a file imports, on a pod, as soon as it is imported."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            if {name.name for name in node.names} - constants_of(folder.with_suffix(".py")):
                yield folder.with_suffix(".py")
            for name in node.names:
                yield folder / f"{name.name}.py"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_only_what_passes_itself_holds_what_passes(path):
    if not is_passing(path):
        assert [other.name for other in held(path) if other.is_file() and is_passing(other)] == []


def test_the_rule_finds_who_holds_something():
    assert PACKAGE / "core/settings.py" in list(held(PACKAGE / "app/kept/settings_store.py"))
    assert PACKAGE / "core/axes.py" in list(held(PACKAGE / "board.py"))
