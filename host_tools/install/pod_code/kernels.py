"""Functions marked with core.compat's @viper or @native, as the compiler wants them: machine code or bytecode.

MicroPython knows the decorator and the pointers by their names as it compiles; nothing at run time calls them.
"""

import ast
from collections.abc import Iterator, Mapping

from host_tools.install.pod_code import imports
from host_tools.install.pod_code.edits import Edit, applied, instead_of
from host_tools.install.pod_code.walking import walked

_COMPAT = "core.compat"
_MARKS = ("viper", "native")
_POINTERS = ("ptr8", "ptr16", "ptr32")
_EMPTY = '"""Nothing on a pod asks for it."""\n'


def placed(sources: Mapping[str, str], native: bool) -> dict[str, str]:
    """Return the sources with their kernels as machine code, or as plain functions; line for line.

    sources: dotted module name -> Python, packages too.  native: whether the compiler makes machine code of them.
    """
    return {module: _placed(module, text, native) for module, text in sources.items()}


def has_kernels(source: str) -> bool:
    """Return whether a source that was placed holds machine code."""
    return any(f"@micropython.{mark}" in source for mark in _MARKS)


def _placed(module: str, text: str, native: bool) -> str:
    if module.endswith(_COMPAT):
        return _EMPTY
    if not any(mark in text for mark in _MARKS):
        return text
    return applied(text, _edits(module, walked(ast.parse(text)), native))


def _edits(module: str, nodes: list[ast.AST], native: bool) -> Iterator[Edit]:
    for node in nodes:
        match node:
            case ast.FunctionDef():
                yield from _marks(node, native)
            case ast.Call(ast.Name(name), [room]) if name in _POINTERS and not native:
                yield instead_of(node, ast.unparse(room))
    compat = ".".join([module.split(".")[0], _COMPAT])
    for statement, _ in imports.own(module, nodes, (compat,)):
        left = [alias for alias in statement.names if alias.name not in (*_MARKS, *_POINTERS)]
        if len(left) < len(statement.names):
            source = "." * statement.level + (statement.module or "")
            yield instead_of(statement, imports.statement(source, left))


def _marks(function: ast.FunctionDef, native: bool) -> Iterator[Edit]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Name) and mark.id in _MARKS:
            row, column, last_row, last_column, _ = instead_of(mark, "")
            yield row, column - 1, last_row, last_column, f"@micropython.{mark.id}" if native else ""
