"""Kernels as the pod's compiler gets them, and the rules that machine code adds to Python's."""

import ast

import pytest
from backstep.core.belt import sway_table

from host_tools.install import bytecode, podfiles
from host_tools.install.pod_code import constants, inline, kernels, prepared

SOURCE = """from ..core.compat import const, ptr16, ptr32, viper
from .other import x


@viper
def first(words, n: int) -> int:
    p = ptr32(words)
    return p[n] + ptr16(words)[0]
"""
MOST_KB = {"shoe": 17, "belt": 18, "wrist": 16}
ARCHS = ("x86", "xtensawin", "rv32imc")
# What a pod has loaded at once, besides what every one has; the LSM6DSO's FIFO is the larger one.
EVERY = (
    "angle", "fixed", "rows", "still", "fall", "worn", "raw_ring", "placement_check",
    "lsm6ds_fifo", "lsm6ds_tagged",
)  # fmt: skip
BY_PLACEMENT = {
    "shoe": ("clipping", "stance_kernel", "strapdown_kernel", "swing_kernel"),
    "belt": ("belt", "bounce", "lean", "memory", "sway", "sway_motion"),
    "wrist": ("lift", "rhythm", "swing"),
}


def placed(native):
    sources = {"backstep.core.compat": "def viper(kernel): pass\n", "backstep.drivers.a": SOURCE}
    return kernels.placed(sources, native)["backstep.drivers.a"].splitlines()


def test_machine_code_has_the_decorator_that_the_compiler_knows():
    lines = placed(native=True)
    assert (lines[0], lines[4]) == ("from ..core.compat import const", "@micropython.viper")
    assert lines[6:] == ["    p = ptr32(words)", "    return p[n] + ptr16(words)[0]"]


def test_a_native_function_is_marked_as_such():
    sources = {"backstep.a": "from .core.compat import native\n\n\n@native\ndef f(x):\n    return x\n"}
    assert "@micropython.native\ndef f(x)" in kernels.placed(sources, True)["backstep.a"]
    assert "native" not in kernels.placed(sources, False)["backstep.a"]


def test_bytecode_is_left_with_nothing_of_it_on_the_same_lines():
    lines = placed(native=False)
    assert (lines[0], lines[4]) == ("from ..core.compat import const", "")
    assert lines[6:] == ["    p = words", "    return p[n] + words[0]"]


def viper_functions():
    for module, text in podfiles.firmware_sources().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                marks = [mark.id for mark in node.decorator_list if isinstance(mark, ast.Name)]
                yield module, node, "viper" in marks


def test_no_kernel_negates_a_variable_by_itself():
    """The compiler may do so in the register that holds the variable, which is then another number."""
    found = [
        f"{module}: line {node.lineno}: {ast.unparse(node)}"
        for module, function, is_kernel in viper_functions()
        for node in ast.walk(function)
        if is_kernel and isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not)
        and isinstance(node.operand, ast.Name) and not node.operand.id.isupper()
    ]  # fmt: skip
    assert found == []


def test_pointers_are_for_kernels_only_and_these_have_no_defaults():
    for module, function, is_kernel in viper_functions():
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        used = {call.func.id for call in calls if isinstance(call.func, ast.Name)} & {"ptr8", "ptr16", "ptr32"}
        assert is_kernel or not used or module.endswith("compat"), f"{module}: {function.name}"
        assert not (is_kernel and function.args.defaults), f"{module}: {function.name}"


@pytest.fixture(scope="module")
def native():
    sources = prepared(podfiles.firmware_sources(), podfiles.main_file().decode(), native=True)
    return {module: text for module, text in sources.items() if kernels.has_kernels(text)}


@pytest.mark.slow
@pytest.mark.parametrize("arch", ARCHS)
def test_every_kernel_compiles_for_every_processor(native, arch):
    for module, text in native.items():
        assert bytecode.compiled(text, module, arch)[2] >> 2 & 0xF, f"{module}: no machine code in it"


@pytest.mark.slow
@pytest.mark.parametrize("placement", BY_PLACEMENT)
def test_machine_code_takes_little_of_a_classic_esp32(placement):
    """Its images leave 16 to 60 KB for it; counted is what a .mpy has more than one whose kernels are empty."""
    sources = inline.inlined(constants.folded(kernels.placed(podfiles.firmware_sources(), True)))
    parts = EVERY + BY_PLACEMENT[placement]
    if placement == "belt" and sway_table.NETWORK:
        parts += ("memory",)
    taken = 0
    for module, text in sources.items():
        if kernels.has_kernels(text) and module.rpartition(".")[2] in parts:
            hollow = ast.parse(text)
            for node in ast.walk(hollow):
                if isinstance(node, ast.FunctionDef) and node.decorator_list:
                    node.body, node.decorator_list = [ast.Pass()], []
            full, rest = text, ast.unparse(hollow)
            taken += len(bytecode.compiled(full, module, "xtensawin")) - len(bytecode.compiled(rest, module))
    assert 2_000 < taken <= 1024 * MOST_KB[placement]
