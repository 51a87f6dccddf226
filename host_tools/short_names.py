"""Shorter private names for the pod: it keeps every name for ever, and 250 of ours are nobody's business outside.

Each file's private names, but for constants that the compiler folds, become _0, _1 ... by the order they come in,
so that the files share them; a file whose class derives from one of another file goes on from there. Lines stay.
"""

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping

from host_tools.errors import UserError


def shortened(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sources with short private names.

    sources: dotted module name -> Python; all that derive from each other.
    UserError when a file uses a private name that is another file's, or derives from two files.
    """
    trees = {module: ast.parse(text, module) for module, text in sources.items()}
    return {module: _renamed(module, text, _short_names(module, trees)) for module, text in sources.items()}


def _short_names(module: str, trees: Mapping[str, ast.Module]) -> dict[str, str]:
    """Return private name -> short name for a file, those of the files it derives from first."""
    bases = set(_bases(module, trees[module]))
    if len(bases) > 1:
        files = " and ".join(sorted(bases))
        raise UserError(f"{module}: derives from {files}, want one file: their names would collide")
    names = dict(_short_names(bases.pop(), trees)) if bases else {}
    for name in _bound(trees[module]):
        names.setdefault(name, f"_{len(names)}")
    return names


def _bases(module: str, tree: ast.Module) -> Iterator[str]:
    """Yield the modules that the classes of a file derive from."""
    wanted = {base.id for node in tree.body if isinstance(node, ast.ClassDef) for base in _names(node.bases)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level and wanted & {name.name for name in node.names}:
            yield ".".join([*module.split(".")[: -node.level], *(node.module or "").split(".")])


def _names(nodes: list[ast.expr]) -> Iterator[ast.Name]:
    return (node for node in nodes if isinstance(node, ast.Name))


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield the private names that a file binds: functions, methods, attributes of self, variables."""
    folded = set(_folded(tree))
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            name = node.attr
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        if _is_private(name) and name not in folded:
            yield name


def _folded(tree: ast.Module) -> Iterator[str]:
    """Yield the names of constants, which the compiler leaves out of the bytecode."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and _is_const(node.value):
            yield from (target.id for target in _names(node.targets))


def _is_const(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "const"


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def _renamed(module: str, text: str, names: Mapping[str, str]) -> str:
    folded = set(_folded(ast.parse(text)))
    lines = text.splitlines(keepends=True)
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(text).readline))):
        if token.type != tokenize.NAME or not _is_private(token.string) or token.string in folded:
            continue
        row, column = token.start
        if token.string not in names:
            raise UserError(f"{module}: line {row}: {token.string} is private to another file")
        line = lines[row - 1]
        lines[row - 1] = line[:column] + names[token.string] + line[column + len(token.string) :]
    return "".join(lines)
