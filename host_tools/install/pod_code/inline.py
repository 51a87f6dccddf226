"""Functions that are called in one place, put there: on the pod each costs some 50 bytes, and its call time.

Only where that changes nothing: private functions and methods, called by a statement of their own, `x = ...` or
`return ...`; what returns in mid-loop stays, unless its caller ends with it. An argument that is a plain name or
number stands for its parameter, any other is evaluated first, as in a call.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from host_tools.install.pod_code.scopes import bound

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# What is loaded for a moment would stay as long as a caller that never ends.
_STAYS = (*_NESTED, ast.Yield, ast.YieldFrom, ast.Global, ast.GeneratorExp, ast.Import, ast.ImportFrom)


def inlined(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sources, module -> Python, without the functions that could be put where they are called."""
    trees = {module: ast.parse(text, module) for module, text in sources.items()}
    derived = _derived(trees.values())
    return {module: _File(trees[module], derived).text(text) for module, text in sources.items()}


def _derived(trees: Iterable[ast.Module]) -> set[str]:
    """Return names of classes that have a base or are one."""
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.bases:
                found |= {node.name, *(ast.unparse(base).rpartition(".")[2] for base in node.bases)}
    return found


class _Stays(Exception):  # noqa: N818 - no error
    """A function cannot be put where it is called."""


class _Place(NamedTuple):
    """A call of a function by a statement, in which list of the caller's that is, whether the caller ends then."""

    caller: _Function
    block: list[ast.stmt]
    statement: ast.stmt
    call: ast.Call
    is_last: bool


class _File:
    def __init__(self, tree: ast.Module, derived: set[str]):
        self._tree = tree
        self._derived = derived

    def text(self, text: str) -> str:
        """Return the source.  text: as it is, returned where there is nothing to do."""
        changed = False
        while self._inline_one():
            changed = True
        return ast.unparse(ast.fix_missing_locations(self._tree)) + "\n" if changed else text

    def _inline_one(self) -> bool:
        nodes = list(ast.walk(self._tree))
        told = Counter(node.attr for node in nodes if isinstance(node, ast.Attribute))
        told += Counter(node.id for node in nodes if isinstance(node, ast.Name))
        told += Counter(str(node.value) for node in nodes if isinstance(node, ast.Constant))
        defined = Counter(node.name for node in nodes if isinstance(node, _Function))
        classes = [node for node in self._tree.body if isinstance(node, ast.ClassDef)]
        owners: list[ast.Module | ast.ClassDef] = [self._tree, *classes]
        for owner in owners:
            if isinstance(owner, ast.ClassDef) and owner.name in self._derived:
                continue
            for function in [node for node in owner.body if isinstance(node, _Function)]:
                name = function.name
                once = told[name] == 1 and defined[name] == 1
                if once and name.startswith("_") and not name.startswith("__") and self._try(owner, function):
                    return True
        return False

    def _try(self, owner: ast.Module | ast.ClassDef, function: _Function) -> bool:
        of_class = isinstance(owner, ast.ClassDef)
        for caller in [node for node in ast.walk(owner) if isinstance(node, _Function) and node is not function]:
            if any("micropython" in ast.unparse(mark) for mark in caller.decorator_list):
                continue  # machine code has rules of its own
            for place in _places(caller, caller.body, True):
                func = place.call.func
                match func:
                    case ast.Attribute(ast.Name("self"), name) if of_class and name == function.name:
                        pass
                    case ast.Name(name) if not of_class and name == function.name:
                        pass
                    case _:
                        continue
                try:
                    instead = _Body(function, place, of_class).statements()
                except _Stays:
                    return False
                at = place.block.index(place.statement)
                place.block[at : at + 1] = instead or [ast.Pass()]
                owner.body.remove(function)
                return True
        return False


def _places(caller: _Function, block: list[ast.stmt], is_last: bool) -> Iterator[_Place]:
    for statement in block:
        last = is_last and statement is block[-1]
        match statement:
            case ast.Expr(value) | ast.Return(value) | ast.Assign([_], value):
                call = value.value if isinstance(value, ast.Await) else value
                if isinstance(call, ast.Call):
                    yield _Place(caller, block, statement, call, last)
            case ast.If():
                yield from _places(caller, statement.body, last)
                yield from _places(caller, statement.orelse, last)
            case ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.Try():
                for inner in ("body", "orelse", "finalbody"):
                    yield from _places(caller, getattr(statement, inner, []), False)
                for handler in getattr(statement, "handlers", []):
                    yield from _places(caller, handler.body, False)


class _Body:
    """What stands in a call's place."""

    def __init__(self, function: _Function, place: _Place, of_class: bool):
        self._function = function
        self._place = place
        self._self = of_class
        value = getattr(place.statement, "value", None)
        if isinstance(function, ast.AsyncFunctionDef) != isinstance(value, ast.Await):
            raise _Stays
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        if function.decorator_list or any(isinstance(node, _STAYS) for part in body for node in ast.walk(part)):
            raise _Stays
        self._body = copy.deepcopy(body)

    def statements(self) -> list[ast.stmt]:
        """Return them; _Stays where the function cannot be put there."""
        before = self._rename(self._arguments())
        if isinstance(self._place.statement, ast.Return):
            return before + self._body + ([] if _ends(self._body) else [ast.Return()])
        returns = [node for part in self._body for node in ast.walk(part) if isinstance(node, ast.Return)]
        is_drop = isinstance(self._place.statement, ast.Expr)
        if is_drop and self._place.is_last and not any(node.value for node in returns):
            return before + self._body
        return before + self._tail(self._body)

    def _arguments(self) -> dict[str, ast.expr]:
        """Return parameter -> argument."""
        of, call = self._function.args, self._place.call
        if of.vararg or of.kwarg or of.kwonlyargs or of.posonlyargs or call.keywords:
            raise _Stays
        names = [one.arg for one in of.args][1 if self._self else 0 :]
        given = list(call.args)
        missing = len(names) - len(given)
        if missing < 0 or missing > len(of.defaults) or any(isinstance(one, ast.Starred) for one in given):
            raise _Stays
        defaults = of.defaults[len(of.defaults) - missing :] if missing else []
        if not all(isinstance(one, ast.Constant) for one in defaults):
            raise _Stays
        given += defaults
        return dict(zip(names, given, strict=True))

    def _rename(self, arguments: dict[str, ast.expr]) -> list[ast.stmt]:
        """Give the body names that mean the same in the caller; return what is to be evaluated before."""
        caller = self._place.caller
        theirs = _names(caller.body) | {one.arg for one in ast.walk(caller.args) if isinstance(one, ast.arg)}
        locally = set(bound(caller.body)) | {one.arg for one in ast.walk(caller.args) if isinstance(one, ast.arg)}
        stored = set(bound(self._body)) | _targets(self._body)
        ours = stored | arguments.keys()
        free = _names(self._body) - ours - {"self"}
        if free & (locally | _targets(caller.body)) or "self" in stored:
            raise _Stays
        new: dict[str, ast.expr] = {}
        before: list[ast.stmt] = []
        for name in sorted(ours):
            argument = arguments.get(name)
            if isinstance(argument, ast.Name | ast.Constant) and name not in stored:
                new[name] = argument
                continue
            word = name
            while word in theirs or (word != name and word in ours | free):
                word += "_"
            new[name] = ast.Name(word)
            theirs = theirs | {word}
        for name, argument in arguments.items():  # in their order
            if new[name] is not argument:
                before.append(ast.Assign([ast.Name(new[name].id, ast.Store())], argument))  # type: ignore[attr-defined]
        renamer = _Renamer(new)
        self._body = [renamer.visit(part) for part in self._body]
        return before

    def _tail(self, block: list[ast.stmt]) -> list[ast.stmt]:
        """Return a block, in place of whose returns its value is kept, and nothing comes after."""
        made: list[ast.stmt] = []
        for at, statement in enumerate(block):
            rest = block[at + 1 :]
            if isinstance(statement, ast.Return):
                return made + self._kept(statement.value)
            if not any(isinstance(node, ast.Return) for node in ast.walk(statement)):
                made.append(statement)
                continue
            if not isinstance(statement, ast.If):
                raise _Stays
            body, other = statement.body, statement.orelse
            if _ends(body):
                other = other + rest
            elif _ends(other) or not rest:
                body = body + rest
            else:
                raise _Stays
            body, other = self._tail(body), self._tail(other)
            return [*made, ast.If(statement.test, body or [ast.Pass()], other)]
        return made if _ends(block) else made + self._kept(None)

    def _kept(self, value: ast.expr | None) -> list[ast.stmt]:
        if isinstance(self._place.statement, ast.Assign):
            return [ast.Assign(self._place.statement.targets, value or ast.Constant(None))]
        return [] if value is None or isinstance(value, ast.Constant | ast.Name) else [ast.Expr(value)]


def _ends(block: list[ast.stmt]) -> bool:
    """Return whether what comes after a block is never reached."""
    match block[-1] if block else None:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(_, body, other):
            return _ends(body) and _ends(other)
    return False


def _names(block: Iterable[ast.AST]) -> set[str]:
    return {node.id for part in block for node in ast.walk(part) if isinstance(node, ast.Name)} | set(bound(block))


def _targets(block: Iterable[ast.AST]) -> set[str]:
    """Return the variables of comprehensions."""
    nodes = [node for part in block for node in ast.walk(part) if isinstance(node, ast.comprehension)]
    return set(bound([node.target for node in nodes]))


class _Renamer(ast.NodeTransformer):
    """Puts expressions in place of names."""

    def __init__(self, new: Mapping[str, ast.expr]):
        self._new = new

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802 - as ast calls it
        new = self._new.get(node.id)
        if new is None:
            return node
        return ast.Name(new.id, node.ctx) if isinstance(new, ast.Name) else copy.deepcopy(new)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:  # noqa: N802
        new = self._new.get(node.name or "")
        if isinstance(new, ast.Name):
            node.name = new.id
        return self.generic_visit(node)
