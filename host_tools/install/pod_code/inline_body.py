"""The statements that stand in the place of a function's call."""

import ast
import copy
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from host_tools.install.pod_code.scopes import bound
from host_tools.install.pod_code.walking import walked

Function = ast.FunctionDef | ast.AsyncFunctionDef
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_VIPER = "micropython.viper"
# What is loaded for a moment would stay as long as a caller that never ends.
_STAY = (*_NESTED, ast.Yield, ast.YieldFrom, ast.Global, ast.GeneratorExp, ast.Import, ast.ImportFrom)


class Stays(Exception):  # noqa: N818 - no error
    """A function cannot be put where it is called."""


class Place(NamedTuple):
    """A call of a function by a statement, in which list of the caller's that is, whether the caller ends then."""

    caller: Function
    block: list[ast.stmt]
    statement: ast.stmt
    call: ast.Call | None
    is_last: bool


class Body:
    """What stands in a call's place."""

    def __init__(self, function: Function, place: Place, of_class: bool):
        self._function = function
        self._place = place
        self._self = of_class
        value = getattr(place.statement, "value", None)
        if isinstance(function, ast.AsyncFunctionDef) != isinstance(value, ast.Await):
            raise Stays
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        self._is_kernel = machine_marks(function) == [_VIPER]
        is_marked = len(function.decorator_list) > self._is_kernel
        if is_marked or any(isinstance(node, _STAY) for node in walked(*body)):
            raise Stays
        self._body = copy.deepcopy(body)

    def statements(self) -> list[ast.stmt]:
        """Return them; Stays where the function cannot be put there."""
        before = self._rename(self._arguments())
        if isinstance(self._place.statement, ast.Return):
            return before + self._body + ([] if _ends(self._body) else [ast.Return()])
        returns = [node for node in walked(*self._body) if isinstance(node, ast.Return)]
        is_drop = isinstance(self._place.statement, ast.Expr)
        if is_drop and self._place.is_last and not any(node.value for node in returns):
            return before + self._body
        return before + self._tail(self._body)

    def expression(self) -> ast.expr | None:
        """Return what the function comes to where it is one expression of plain arguments, else None."""
        match self._body:
            case [ast.Return(ast.expr())] if not _targets(self._body):
                arguments = self._arguments()
                if all(isinstance(one, ast.Name | ast.Constant) for one in arguments.values()):
                    self._rename(arguments)
                    return self._body[0].value  # type: ignore[attr-defined]
        return None

    def _arguments(self) -> dict[str, ast.expr]:
        """Return parameter -> argument."""
        of, call = self._function.args, self._place.call
        assert call
        if of.vararg or of.kwarg or of.kwonlyargs or of.posonlyargs or call.keywords:
            raise Stays
        names = [one.arg for one in of.args][1 if self._self else 0 :]
        given = list(call.args)
        missing = len(names) - len(given)
        if missing < 0 or missing > len(of.defaults) or any(isinstance(one, ast.Starred) for one in given):
            raise Stays
        defaults = of.defaults[len(of.defaults) - missing :] if missing else []
        if not all(isinstance(one, ast.Constant) for one in defaults):
            raise Stays
        given += defaults
        return dict(zip(names, given, strict=True))

    def _rename(self, arguments: dict[str, ast.expr]) -> list[ast.stmt]:
        """Give the body names that mean the same in the caller; return what is to be evaluated before."""
        caller = self._place.caller
        theirs = names(caller.body) | {one.arg for one in walked(caller.args) if isinstance(one, ast.arg)}
        locally = set(bound(caller.body)) | {one.arg for one in walked(caller.args) if isinstance(one, ast.arg)}
        stored = set(bound(self._body)) | _targets(self._body)
        ours = stored | arguments.keys()
        free = names(self._body) - ours - {"self"}
        if free & (locally | _targets(caller.body)) or "self" in stored:
            raise Stays
        given = self._given(arguments, locally)
        new: dict[str, ast.expr] = {}
        before: list[ast.stmt] = []
        for name in sorted(ours):
            argument = arguments.get(name)
            if isinstance(argument, ast.Name | ast.Constant) and (name not in stored or name in given):
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
        renamer = Renamer(new)
        self._body = [renamer.visit(part) for part in self._body]
        return before

    def _given(self, arguments: dict[str, ast.expr], locally: set[str]) -> set[str]:
        """Return the parameters that may stay in the caller's variable, which it does not look at again.

        So a kernel's come to be in the registers that the caller had.
        """
        if not self._is_kernel or not isinstance(self._place.statement, ast.Return):
            return set()
        told = [node.id for one in arguments.values() for node in walked(one) if isinstance(node, ast.Name)]
        return {
            name
            for name, one in arguments.items()
            if isinstance(one, ast.Name) and one.id in locally and told.count(one.id) == 1
        }

    def _tail(self, block: list[ast.stmt]) -> list[ast.stmt]:
        """Return a block, in place of whose returns its value is kept, and nothing comes after."""
        made: list[ast.stmt] = []
        for at, statement in enumerate(block):
            rest = block[at + 1 :]
            if isinstance(statement, ast.Return):
                return made + self._kept(statement.value)
            if not any(isinstance(node, ast.Return) for node in walked(statement)):
                made.append(statement)
                continue
            if not isinstance(statement, ast.If):
                raise Stays
            body, other = statement.body, statement.orelse
            if _ends(body):
                other = other + rest
            elif _ends(other) or not rest:
                body = body + rest
            else:
                raise Stays
            body, other = self._tail(body), self._tail(other)
            return [*made, ast.If(statement.test, body or [ast.Pass()], other)]
        return made if _ends(block) else made + self._kept(None)

    def _kept(self, value: ast.expr | None) -> list[ast.stmt]:
        if isinstance(self._place.statement, ast.Assign):
            return [ast.Assign(self._place.statement.targets, value or ast.Constant(None))]
        return [] if value is None or isinstance(value, ast.Constant | ast.Name) else [ast.Expr(value)]


def machine_marks(function: Function) -> list[str]:
    """Return those of a function's decorators that ask for machine code."""
    return [mark for mark in map(ast.unparse, function.decorator_list) if mark.startswith("micropython.")]


def _ends(block: list[ast.stmt]) -> bool:
    """Return whether what comes after a block is never reached."""
    match block[-1] if block else None:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(_, body, other):
            return _ends(body) and _ends(other)
    return False


def names(block: Iterable[ast.AST]) -> set[str]:
    """Return every name in a block."""
    return {node.id for node in walked(*block) if isinstance(node, ast.Name)} | set(bound(block))


def _targets(block: Iterable[ast.AST]) -> set[str]:
    """Return the variables of comprehensions."""
    nodes = [node for node in walked(*block) if isinstance(node, ast.comprehension)]
    return set(bound([node.target for node in nodes]))


class Renamer(ast.NodeTransformer):
    """Puts expressions in place of names."""

    def __init__(self, new: Mapping[str, ast.expr]):
        """new: name -> what stands in its place."""
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
