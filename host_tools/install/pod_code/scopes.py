"""Which names of a source are its module's own, and which a function's or a class's."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from host_tools.install.pod_code.walking import children, walked

Target = tuple[str, str]  # a module and a name in it; "" in place of the name: the module itself
Own = Callable[[ast.stmt], Mapping[str, Target]]


class Use(NamedTuple):
    """A name that reaches one of a module's, or of MicroPython's own.

    node: the name.  target: where a function has imported it from, None where the name is its module's.
    hidden: names that mean something else there.
    """

    node: ast.Name
    target: Target | None
    hidden: frozenset[str]


def bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that statements bind, but for those in functions, classes and comprehensions."""
    for node in nodes:
        match node:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                yield name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case ast.Name(name, ast.Store()) | ast.ExceptHandler(_, str(name)):
                yield name
            case ast.alias(name, other):
                yield other or name
        yield from bound(children(node))


class Scopes:
    """Reads one source.  own: returns what an import of our modules binds, nothing for any other statement."""

    def __init__(self, own: Own):
        self._own = own

    def uses(self, tree: ast.Module) -> Iterator[Use]:
        """Yield every use but for definitions."""
        return self._in(tree.body, {}, frozenset())

    def _in(self, nodes: Iterable[ast.AST], found: Mapping[str, Target], hidden: frozenset[str]) -> Iterator[Use]:
        for node in nodes:
            match node:
                case ast.Name(name) if name in found or name not in hidden:
                    yield Use(node, found.get(name), hidden)
                case ast.ClassDef():
                    yield from self._in([*node.bases, *node.decorator_list], found, hidden)
                    yield from self._class(node, found, hidden)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    yield from self._function(node, found, hidden)
                case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                    names = frozenset(bound([generator.target for generator in node.generators]))
                    yield from self._in(children(node), _without(found, names), hidden | names)
                case _:
                    yield from self._in(children(node), found, hidden)

    def _class(self, node: ast.ClassDef, found: Mapping[str, Target], hidden: frozenset[str]) -> Iterator[Use]:
        """Yield the uses in a class, whose own names its functions do not see."""
        names = frozenset(bound(node.body))
        for child in node.body:
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self._function(child, found, hidden)
            else:
                yield from self._in([child], _without(found, names), hidden | names)

    def _function(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        found: Mapping[str, Target],
        hidden: frozenset[str],
    ) -> Iterator[Use]:
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        within = {id(child) for child in body}
        outside = [child for child in children(node) if id(child) not in within]
        arguments = [child.arg for child in walked(node.args) if isinstance(child, ast.arg)]
        yield from self._in(outside, found, hidden)
        names = frozenset([*arguments, *bound(body)])
        yield from self._in(body, {**_without(found, names), **self._imported(body)}, hidden | names)

    def _imported(self, body: Iterable[ast.AST]) -> dict[str, Target]:
        imported: dict[str, Target] = {}
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                imported |= self._own(node)
            elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
                imported |= self._imported(children(node))
        return imported


def _without(found: Mapping[str, Target], names: frozenset[str]) -> dict[str, Target]:
    return {name: target for name, target in found.items() if name not in names}
