"""Short private names: the same program, whatever they are called."""

import pytest

from host_tools import podfiles
from host_tools.errors import UserError
from host_tools.short_names import shortened

BASE = """
from micropython import const
_FOLDED = const(3)
_TABLE = (1, _FOLDED)
class Base:
    def __init__(self):
        self._own = "_own stays in text"  # _own too
        self.open = 1
    def _step(self):
        return self._own
"""
DERIVED = """
from .base import Base
class Derived(Base):
    def run(self):
        self._more = [self._step() for _ in range(2)]
        return self._more + [self._own]
def _alone():
    pass
"""


def test_names_are_short_lines_and_texts_stay():
    found = shortened({"p.base": BASE})["p.base"]
    assert found.count("\n") == BASE.count("\n")
    assert "_FOLDED = const(3)" in found and "(1, _FOLDED)" in found
    assert '"_own stays in text"  # _own too' in found and "self.open" in found and "__init__" in found
    assert "self._own" not in found and "_step" not in found and "_TABLE" not in found


def test_a_derived_class_shares_its_bases_names_and_takes_none_of_them():
    found = shortened({"p.base": BASE, "p.derived": DERIVED})
    names: dict = {}
    exec(found["p.base"].replace("from micropython import const", "const = int"), names)
    exec(found["p.derived"].replace("from .base import Base", ""), names)
    assert names["Derived"]().run() == ["_own stays in text"] * 3
    assert len(vars(names["Derived"]())) == 2  # open, _own
    made = names["Derived"]()
    made.run()
    assert len(vars(made)) == 3


def test_a_private_name_of_another_file_is_refused_with_its_line():
    with pytest.raises(UserError, match="p.friend: line 2: _state is private to another file"):
        shortened({"p.friend": "def look(other):\n    return other._state\n"})


def test_two_bases_in_two_files_are_refused():
    both = "from .a import A\nfrom .b import B\nclass C(A, B):\n    pass\n"
    with pytest.raises(UserError, match="p.c: derives from p.a and p.b, want one file"):
        shortened({"p.a": "class A:\n    pass\n", "p.b": "class B:\n    pass\n", "p.c": both})


def test_the_firmware_on_the_pod_has_few_private_names():
    content = b"".join(podfiles.firmware_files().values())
    assert b"_sampled_ms" not in content and b"drain_began_us" in content
