"""Constants over files: the number stands where the name stood, and nothing is left of the name."""

import ast

import pytest

from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.install.pod_code import constants
from host_tools.install.pod_code.constants import folded

EVENTS = """from .compat import const
NOTHING = const(0)
_BASE = const(8)
SWAY = const(-3)  # backward
COUNT = const(_BASE << 1)
WORDS = ("no", "sway")
def twice():
    return 2 * COUNT
"""


def folded_file(text: str) -> str:
    return folded({"p": "", "p.compat": "", "p.events": EVENTS, "p.file": text})["p.file"]


def test_the_defining_file_keeps_its_private_ones_for_the_compiler_and_its_lines():
    assert folded({"p": "", "p.compat": "", "p.events": EVENTS})["p.events"] == (
        "pass\npass\n_BASE = const(8)\npass  # backward\npass\n"
        'WORDS = ("no", "sway")\ndef twice():\n    return 2 * 16\n'
    )


def test_numbers_replace_names_imported_one_by_one_and_the_import():
    assert folded_file("from .events import SWAY, WORDS, COUNT as N\nx = (SWAY, WORDS, N)\n") == (
        "from .events import WORDS\nx = ((-3), WORDS, 16)\n"
    )
    assert folded_file("def f():\n    from .events import SWAY\n    return SWAY\n") == (
        "def f():\n    pass\n    return (-3)\n"
    )


def test_numbers_replace_attributes_of_the_module_which_stays_for_the_rest():
    assert folded_file("from . import events\nx = events.SWAY\n") == "pass\nx = (-3)\n"
    kept = "from . import events as e\nx = 16, e.WORDS\n"
    assert folded_file("from . import events as e\nx = e.COUNT, e.WORDS\n") == kept


def test_attributes_and_arguments_of_the_same_name_stay():
    text = "from .events import SWAY\nx.SWAY = y(SWAY=1)\n"
    assert folded_file(text) == "pass\nx.SWAY = y(SWAY=1)\n"


def test_a_constant_bound_anew_is_refused():
    with pytest.raises(UserError, match="p.file: line 3: SWAY is a constant"):
        folded_file("from .events import SWAY\ndef f():\n    SWAY = 4\n")


@pytest.mark.parametrize("value", ("other + 1", "'text'", "f(3)"))
def test_a_constant_of_unknown_value_is_refused(value):
    with pytest.raises(UserError, match="p: line 1: X: no whole number"):
        folded({"p": f"X = const({value})\n"})


@pytest.mark.slow
def test_no_public_constant_of_the_firmware_is_left():
    sources = podfiles.firmware_sources()
    trees = [ast.parse(text) for text in sources.values()]
    known = {name for tree in trees for name, _, _ in constants.definitions(tree) if not name.startswith("_")}
    left = [node for text in constants.folded(sources).values() for node in ast.walk(ast.parse(text))]
    assert {"SWAY", "FIELD_COUNT", "ONE_Q14"} <= known
    assert not known & {getattr(node, "id", getattr(node, "attr", None)) for node in left}
