"""How the firmware's files import each other."""

import ast
from collections.abc import Container, Iterable, Iterator


def own(module: str, nodes: Iterable[ast.AST], modules: Container[str]) -> Iterator[tuple[ast.ImportFrom, str]]:
    """Yield each import from one of our modules or packages, with its dotted name.

    module: dotted name of the importing file, which is no package.  nodes: all of its tree.
    modules: all of ours, packages too.
    """
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            if source in modules:
                yield node, source


def statement(source: str, names: list[ast.alias]) -> str:
    """Return an import statement; without names one that does nothing."""
    words = [f"{name.name} as {name.asname}" if name.asname else name.name for name in names]
    return f"from {source} import {', '.join(words)}" if words else "pass"
