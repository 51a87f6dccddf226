"""Public constants folded over all files: MicroPython's compiler folds private ones, in their own file only.

On the pod no name of them is left, nor the look-up of one on the way of a sample.
"""

import ast
from collections.abc import Iterator, Mapping

from host_tools.errors import UserError
from host_tools.install.pod_code import imports
from host_tools.install.pod_code.edits import Edit, applied, instead_of
from host_tools.install.pod_code.walking import walked


def folded(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sources with numbers in place of public constants, `NAME = const(...)` at the top of a file.

    sources: dotted module name -> Python, packages too.
    UserError when a constant is no whole number known from its own file, or its name is bound anew.
    """
    trees = {module: ast.parse(text, module) for module, text in sources.items()}
    known = {module: _public(module, tree) for module, tree in trees.items()}
    return {module: applied(text, _File(module, trees[module], known).edits()) for module, text in sources.items()}


def definitions(tree: ast.Module) -> Iterator[tuple[str, ast.Assign, ast.expr]]:
    """Yield name, statement and value of each constant that a file defines."""
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Call(ast.Name("const"), [value])):
                yield name, node, value


def _public(module: str, tree: ast.Module) -> dict[str, int]:
    """Return a file's public constants."""
    known: dict[str, int] = {}
    for name, node, value in definitions(tree):
        try:
            known[name] = int(eval(compile(ast.Expression(value), module, "eval"), {"__builtins__": {}}, known))
        except (NameError, TypeError, ValueError) as error:
            raise UserError(f"{module}: line {node.lineno}: {name}: no whole number: {error}") from error
    return {name: value for name, value in known.items() if not name.startswith("_")}


class _File:
    """What changes in one file."""

    def __init__(self, module: str, tree: ast.Module, known: Mapping[str, dict[str, int]]):
        self._module = module
        self._tree = tree
        self._nodes = walked(tree)
        self._numbers = dict(known[module])  # by the names they have here
        self._of_module: dict[str, dict[str, int]] = {}  # modules imported whole, by the names they have here
        self._imports = list(imports.own(module, self._nodes, known))
        for _, source, alias in self._aliases():
            if alias.name in known.get(source, {}):
                self._numbers[alias.asname or alias.name] = known[source][alias.name]
            elif f"{source}.{alias.name}" in known:
                self._of_module[alias.asname or alias.name] = known[f"{source}.{alias.name}"]

    def edits(self) -> list[Edit]:
        """Return definitions and imports that go, and numbers that come."""
        defined = [node for name, node, _ in definitions(self._tree) if not name.startswith("_")]
        numbers = list(self._number_edits({id(node.targets[0]) for node in defined}))
        gone = [instead_of(node, "pass") for node in defined]
        return gone + numbers + list(self._import_edits())

    def _aliases(self) -> Iterator[tuple[ast.ImportFrom, str, ast.alias]]:
        for node, source in self._imports:
            for alias in node.names:
                yield node, source, alias

    def _number_edits(self, defining: set[int]) -> Iterator[Edit]:
        for node in self._nodes:
            match node:
                case ast.Name(name, ast.Load()) if name in self._numbers:
                    yield instead_of(node, _literal(self._numbers[name]))
                case ast.Name(name) if name in self._numbers and id(node) not in defining:
                    raise UserError(f"{self._module}: line {node.lineno}: {name} is a constant")
                case ast.Attribute(ast.Name(module), name) if name in self._of_module.get(module, {}):
                    yield instead_of(node, _literal(self._of_module[module][name]))

    def _import_edits(self) -> Iterator[Edit]:
        for node, source in self._imports:
            left = [alias for alias in node.names if self._is_needed(source, alias)]
            if len(left) < len(node.names):
                yield instead_of(node, imports.statement("." * node.level + (node.module or ""), left))

    def _is_needed(self, source: str, alias: ast.alias) -> bool:
        here = alias.asname or alias.name
        if here in self._of_module:
            return self._uses(here)
        # The compiler knows const() by its name; nothing at run time calls it.
        return here not in self._numbers and (source.rpartition(".")[2], alias.name) != ("compat", "const")

    def _uses(self, module: str) -> bool:
        """Return whether anything but constants of a module is used."""
        unfolded = 0
        for node in self._nodes:
            match node:
                case ast.Attribute(ast.Name(name), attribute) if name == module:
                    unfolded -= attribute in self._of_module[module]
                case ast.Name(name) if name == module:
                    unfolded += 1
        return unfolded > 0


def _literal(value: int) -> str:
    return str(value) if value >= 0 else f"({value})"
