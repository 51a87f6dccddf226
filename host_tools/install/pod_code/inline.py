"""Functions that are called in one place, put there: on the pod each costs some 50 bytes, and its call time.

Only where that changes nothing: private functions and methods, called by a statement of their own, `x = ...` or
`return ...`, or before all else that a statement does; one that is a single expression anywhere. What returns in
mid-loop stays, unless its caller ends with it. An argument that is a plain name or
number stands for its parameter, any other is evaluated first, as in a call.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from host_tools.install.pod_code.edits import applied, instead_of
from host_tools.install.pod_code.inline_body import Body, Function, Place, Stays, names

# What an expression evaluates first, by its kind.
_FIRST = {
    ast.If: "test", ast.Return: "value", ast.Assign: "value", ast.Expr: "value", ast.BoolOp: "values",
    ast.Compare: "left", ast.BinOp: "left", ast.UnaryOp: "operand", ast.Tuple: "elts", ast.IfExp: "test",
    ast.Subscript: "value", ast.Attribute: "value",
}  # fmt: skip
_FOUND = "found"  # a variable for what a function returned


def inlined(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sources, module -> Python, without the functions that could be put where they are called."""
    trees = {module: ast.parse(text, module) for module, text in sources.items()}
    told: Counter[str] = Counter()  # how many modules tell a name
    derived: set[str] = set()  # classes that have a base or are one
    for tree in trees.values():
        nodes = list(ast.walk(tree))
        told.update({node.attr for node in nodes if isinstance(node, ast.Attribute)})
        for node in nodes:
            if isinstance(node, ast.ClassDef) and node.bases:
                derived |= {node.name, *(ast.unparse(base).rpartition(".")[2] for base in node.bases)}
    return {module: _File(trees[module], derived, told).text(text) for module, text in sources.items()}


def _written(tree: ast.Module) -> str:
    """Return the source of a tree; `a, b = c, d` without brackets, with which MicroPython would make a tuple."""
    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    values = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assign)]
    bare = [(node, ", ".join(map(ast.unparse, node.elts))) for node in values if isinstance(node, ast.Tuple)]
    return applied(text, [instead_of(node, words) for node, words in bare if len(node.elts) > 1])


class _File:
    """A source whose functions are put where they are called.  derived, told: of all sources together."""

    def __init__(self, tree: ast.Module, derived: set[str], told: Mapping[str, int]):
        self._tree = tree
        self._derived = derived
        self._told = told

    def text(self, text: str) -> str:
        """Return the source.  text: as it is, returned where there is nothing to do."""
        changed = False
        while self._inline_one():
            changed = True
        return _written(self._tree) if changed else text

    def _inline_one(self) -> bool:
        nodes = list(ast.walk(self._tree))
        told = Counter(node.attr for node in nodes if isinstance(node, ast.Attribute))
        told += Counter(node.id for node in nodes if isinstance(node, ast.Name))
        told += Counter(str(node.value) for node in nodes if isinstance(node, ast.Constant))
        defined = Counter(node.name for node in nodes if isinstance(node, Function))
        classes = [node for node in self._tree.body if isinstance(node, ast.ClassDef)]
        owners: list[ast.Module | ast.ClassDef] = [self._tree, *classes]
        for owner in owners:
            is_kin = isinstance(owner, ast.ClassDef) and owner.name in self._derived
            for function in [node for node in owner.body if isinstance(node, Function)]:
                name = function.name
                once = told[name] == 1 and defined[name] == 1 and not (is_kin and self._told[name] > 1)
                if once and name.startswith("_") and not name.startswith("__") and self._try(owner, function):
                    return True
        return False

    def _try(self, owner: ast.Module | ast.ClassDef, function: Function) -> bool:
        """Put a function where it is called, and return True, if that can be."""
        for caller in [node for node in ast.walk(owner) if isinstance(node, Function) and node is not function]:
            if any("micropython" in ast.unparse(mark) for mark in caller.decorator_list):
                continue  # machine code has rules of its own
            for call in [node for node in ast.walk(caller) if _calls(node, owner, function)]:
                try:
                    _put(caller, function, call, isinstance(owner, ast.ClassDef))
                except Stays:
                    return False
                owner.body.remove(function)
                return True
        return False


def _calls(node: ast.AST, owner: ast.AST, function: Function) -> bool:
    match node:
        case ast.Call(ast.Attribute(ast.Name("self"), name)):
            return isinstance(owner, ast.ClassDef) and name == function.name
        case ast.Call(ast.Name(name)):
            return isinstance(owner, ast.Module) and name == function.name
    return False


def _put(caller: Function, function: Function, call: ast.AST, of_class: bool) -> None:
    """Put a function in the place of its call; Stays where that would change something."""
    assert isinstance(call, ast.Call)
    if isinstance(function, ast.FunctionDef):
        value = Body(function, Place(caller, [], ast.Expr(call), call, False), of_class).expression()
        if value:
            _replace(caller, call, value)
            return
    for place in _places(caller, caller.body, True):
        first = _first(place.statement)
        if place.call is call:
            instead = Body(function, place, of_class).statements() or [ast.Pass()]
        elif first is call:
            name = _FOUND
            while name in names([caller]):
                name += "_"
            kept = ast.Assign([ast.Name(name, ast.Store())], call)
            place_kept = place._replace(statement=kept, call=call, is_last=False)
            instead = Body(function, place_kept, of_class).statements()
            _replace(place.statement, call, ast.Name(name))
            instead.append(place.statement)
        else:
            continue
        at = place.block.index(place.statement)
        place.block[at : at + 1] = instead
        return
    raise Stays


def _replace(within: ast.AST, old: ast.AST, new: ast.expr) -> None:
    for node in ast.walk(within):
        for field, child in ast.iter_fields(node):
            if child is old:
                setattr(node, field, new)
            elif isinstance(child, list):
                child[:] = [new if one is old else one for one in child]


def _first(node: ast.AST | None) -> ast.AST | None:
    """Return the call that a statement evaluates before all else, if it is one."""
    while node and not isinstance(node, ast.Call):
        field = _FIRST.get(type(node))
        child = getattr(node, field) if field else None
        node = child[0] if isinstance(child, list) else child
    return node


def _places(caller: Function, block: list[ast.stmt], is_last: bool) -> Iterator[Place]:
    """Yield every statement of a function; its call is one that is all of it, if any."""
    for statement in block:
        last = is_last and statement is block[-1]
        value = getattr(statement, "value", None)
        call = value.value if isinstance(value, ast.Await) else value
        simple = isinstance(statement, ast.Expr | ast.Return) or (
            isinstance(statement, ast.Assign) and len(statement.targets) == 1
        )
        yield Place(caller, block, statement, call if simple and isinstance(call, ast.Call) else None, last)
        if isinstance(statement, ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.If):
            inner_last = last and isinstance(statement, ast.If)
            for field in ("body", "orelse", "finalbody"):
                yield from _places(caller, getattr(statement, field, []), inner_last)
            for handler in getattr(statement, "handlers", []):
                yield from _places(caller, handler.body, False)
