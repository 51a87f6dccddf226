"""Short names: the same program, whatever things are called."""

import re

import pytest
from vm import run_on_vm

from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.install.pod_code import constants, kernels, modules, names, words
from host_tools.install.pod_code.names import shortened

BASE = """
from array import array
_FOLDED = const(3)
_TABLE = (1, _FOLDED)
class Base:
    def __init__(self, rate_hz):
        self._own = "_own stays in text"  # _own too
        self.opened = array("i", [rate_hz])
    def _step(self):
        return self._own
"""
DERIVED = """
from base import Base
class Derived(Base):
    def through(self):
        self._more = [self._step() for _ in range(2)]
        return self._more + [self._own, self.opened[0]]
def made():
    return Derived(rate_hz=52)
"""
BOTH = {"base": BASE, "derived": DERIVED}


def run(found: dict[str, str], expression: str):
    space: dict = {"const": int}
    for text in found.values():
        exec(re.sub(r"from (base|derived) import .*", "", text), space)
    return eval(expression, space)


def test_names_are_short_while_lines_texts_and_what_is_not_ours_stay():
    found = shortened({"base": BASE})["base"]
    assert found.count("\n") == BASE.count("\n")
    assert "_FOLDED = const(3)" in found and "(1, _FOLDED)" in found
    assert '"_own stays in text"  # _own too' in found
    assert 'array("i", [' in found and "def __init__(self, " in found
    for name in ("self._own", "_step", "_TABLE", "Base", "opened", "rate_hz"):
        assert name not in found


def test_the_program_stays_the_same():
    found = shortened(BOTH, main="made")
    assert run(found, "made()") and "rate_hz=52" in found["derived"]
    (through,) = re.findall(r"def (\w+)\(self\):\n        self", found["derived"])
    made = run(found, "made()")
    assert getattr(made, through)() == ["_own stays in text"] * 3 + [52]
    assert len(vars(made)) == 3  # opened, _own, _more


def test_names_that_never_meet_share_a_short_one():
    one, other = "class One:\n    pass\n", "class Other:\n    pass\n"
    found = shortened({"one": one, "other": other})
    assert found["one"] == found["other"] == "class abs:\n    pass\n"
    both = shortened({"one": one, "other": other, "user": "from one import One\nfrom other import Other\n"})
    assert both["one"] != both["other"]


SISTERS = {
    "base": "class Base:\n    def __init__(self):\n        self._kept = 1\n        self.seen = 2\n",
    "one": "from base import Base\nclass One(Base):\n    def fill(self):\n        self._one = self._kept + 3\n",
    "two": "from base import Base\nclass Two(Base):\n    def fill(self):\n        self._two = 4\n",
}


def test_classes_of_one_base_share_names_that_are_none_of_the_bases():
    found = shortened(SISTERS)
    kept, seen = re.findall(r"self\.(\w+) = ", found["base"])
    ((one, again),) = re.findall(r"self\.(\w+) = self\.(\w+) \+ 3", found["one"])
    (two,) = re.findall(r"self\.(\w+) = 4", found["two"])
    assert again == kept and one == two and len({kept, seen, one}) == 3


@pytest.mark.parametrize(
    "text",
    ("import outer\nouter.call(length_mm=1)\n", "hasattr(1, 'length_mm')\n", "from outer import length_mm\n"),
)
def test_a_name_that_others_may_know_stays(text):
    found = shortened({"file": text + "def length_mm():\n    pass\n"})
    assert found["file"].endswith("def length_mm():\n    pass\n")


def test_a_private_name_of_another_file_is_refused_with_its_line():
    with pytest.raises(UserError, match="friend: line 2: _state is private to another file"):
        shortened({"friend": "def look(other):\n    return other._state\n"})


def test_a_word_of_micropythons_is_no_name_where_its_own_is_used():
    found = shortened({"file": "def first(x):\n    return abs(x)\n", "other": "def first(x):\n    pass\n"})
    assert found["file"].startswith("def all(") and found["other"].startswith("def all(")


def test_short_names_take_no_memory_where_micropython_has_them():
    """What the VM has no place for in its ROM it would list here."""
    few = [*words.STATIC.split(), *words.COMMON.split()]
    uses = "".join(f"    x.{name}\n" for name in [*few, "nobodys_name"])
    said = run_on_vm(f"import micropython\ndef use(x):\n{uses}micropython.qstr_info(1)\n", heapsize="1M")
    new = set(re.findall(r"^Q\((.*)\)$", said, re.M))
    assert "nobodys_name" in new and new.isdisjoint(few) and len(few) == len(set(few)) > 180


def test_no_name_that_micropython_has_is_changed():
    """What the VM needs no new memory for, it has: a name of ours there might be its own, and costs nothing."""
    sources = modules.flat(constants.folded(kernels.placed(podfiles.firmware_sources(), True)))
    ours = names.candidates(sources) - names.MICROPYTHON
    uses = "".join(f"    x.{name}\n" for name in sorted(ours))
    said = run_on_vm(f"import micropython\ndef use(x):\n{uses}micropython.qstr_info(1)\n", heapsize="1M")
    assert sorted(ours - set(re.findall(r"^Q\((.*)\)$", said, re.M))) == []  # else into names.MICROPYTHON


def test_the_firmware_on_the_pod_has_few_names():
    content = b"".join(podfiles.firmware_files().values())
    assert b"sampled_ms" not in content and b"drain_began_us" not in content and b"Sampling" not in content
