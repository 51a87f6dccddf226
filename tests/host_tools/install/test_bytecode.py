"""The firmware as bytecode: constants are folded, faults told, and the pod's MicroPython runs what was made."""

import re

import pytest
from vm import run_on_vm

from host_tools.errors import UserError
from host_tools.install import bytecode, podfiles


def on_vm(tmp_path, source: str, script: str) -> str:
    (tmp_path / "made.mpy").write_bytes(bytecode.compiled(source, "a.made"))
    return run_on_vm(script, path=(tmp_path,))


def test_const_is_folded_and_leaves_no_name(tmp_path):
    source = "from micropython import const\n_HIDDEN = const(7)\ndef twice(): return 2 * _HIDDEN\n"
    assert b"_HIDDEN" not in bytecode.compiled(source, "a.made")
    said = on_vm(tmp_path, source, "import made\nprint(made.twice(), hasattr(made, '_HIDDEN'))")
    assert said.split() == ["14", "False"]


def test_no_private_constant_of_the_firmware_is_left_on_the_pod():
    left = []
    for source in sorted(podfiles.PACKAGE.rglob("*.py")):
        names = re.findall(r"^(_\w+) = const\(", source.read_text(), re.M)
        made = bytecode.compiled(source.read_text(), source.stem)
        left += [f"{source.name}: {name}" for name in names if _as_name(name) in made]
    assert left == []


def _as_name(name: str) -> bytes:
    """Return a name as the table of a .mpy file holds it."""
    return bytes([len(name) << 1]) + name.encode() + b"\0"


@pytest.mark.parametrize("number", (2**30 - 1, -(2**30), 2**30, 2**40))
def test_whole_numbers_of_any_size_arrive(tmp_path, number):
    assert on_vm(tmp_path, f"N = {number}\n", "import made\nprint(made.N)").split() == [str(number)]


def test_a_traceback_names_module_and_function(tmp_path):
    source = "def fail():\n    x = 1\n    return x / 0\n"
    script = "try:\n    made.fail()\nexcept ZeroDivisionError as e:\n    sys.print_exception(e, sys.stdout)"
    said = on_vm(tmp_path, source, "import made, sys\n" + script)
    assert 'File "a.made", line 1, in fail' in said


def test_a_fault_in_the_source_is_told_with_its_line():
    with pytest.raises(UserError, match=r'(?s)^a.made: .*line 2\n.*SyntaxError'):
        bytecode.compiled("x = 1\ny = 1 +\n", "a.made")


def test_a_compiler_of_another_version_is_not_taken(monkeypatch):
    monkeypatch.setattr(bytecode, "MPY_VERSION", 7)
    with pytest.raises(UserError, match="makes bytecode of version 6, want 7"):
        bytecode.compiled("x = 8\n", "a.made")
