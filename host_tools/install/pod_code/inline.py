"""Functions that are called in one place, put there: on the pod each costs some 50 bytes, and its call time.

Only where that changes nothing: private functions and methods, called by a statement of their own, `x = ...` or
`return ...`, or before all else that a statement does; one that is a single expression anywhere. What returns in
mid-loop stays, unless its caller ends with it. Kernels are put into kernels alone. An argument that is a plain
name or number stands for its parameter, any other is evaluated first, as in a call.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from host_tools.install.pod_code.edits import applied, instead_of
from host_tools.install.pod_code.inline_body import Body, Function, Place, Stays, machine_marks, names
from host_tools.install.pod_code.walking import children, walked

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
    below = {module: walked(tree) for module, tree in trees.items()}
    told: Counter[str] = Counter()  # how many modules tell a name
    derived: set[str] = set()  # classes that have a base or are one
    for nodes in below.values():
        told.update({node.attr for node in nodes if isinstance(node, ast.Attribute)})
        for node in nodes:
            if isinstance(node, ast.ClassDef) and node.bases:
                derived |= {node.name, *(ast.unparse(base).rpartition(".")[2] for base in node.bases)}
    files = {module: _File(trees[module], below[module], derived, told) for module in sources}
    return {module: files[module].text(text) for module, text in sources.items()}


def _written(tree: ast.Module) -> str:
    """Return the source of a tree; `a, b = c, d` without brackets, with which MicroPython would make a tuple."""
    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    if " = (" not in text:
        return text
    values = [node.value for node in walked(ast.parse(text)) if isinstance(node, ast.Assign)]
    bare = [(node, ", ".join(map(ast.unparse, node.elts))) for node in values if isinstance(node, ast.Tuple)]
    return applied(text, [instead_of(node, words) for node, words in bare if len(node.elts) > 1])


class _Unit:
    """A function and all in it: what it tells of names, counted once for as long as it stays as it is."""

    def __init__(self, function: Function, home: ast.ClassDef | None):
        """home: the class at the top of the module that it is in, if any."""
        self.function = function
        self.home = home
        self._nodes = walked(function)
        self.told = _told(self._nodes)
        self.defined = Counter(node.name for node in self._nodes if isinstance(node, Function))
        self.calls = {_called(node) for node in self._nodes}

    def put(self, function: Function, of_class: bool) -> bool:
        """Put a function where it is called in here; return whether there is one; Stays where it cannot be."""
        for caller in [node for node in self._nodes if isinstance(node, Function)]:
            if machine_marks(caller) != machine_marks(function):
                continue  # machine code has rules of its own
            for call in walked(caller):
                if _called(call) == (of_class, function.name):
                    _put(caller, function, call, of_class)
                    return True
        return False


class _File:
    """A source whose functions are put where they are called.  derived, told: of all sources together."""

    def __init__(self, tree: ast.Module, nodes: list[ast.AST], derived: set[str], told: Mapping[str, int]):
        """nodes: all of the tree."""
        self._tree = tree
        self._derived = derived
        self._told_anywhere = told
        self._told = _told(nodes)
        self._defined = Counter(node.name for node in nodes if isinstance(node, Function))
        self._units = list(_units(tree, None))
        self._stay: dict[Function, tuple[_Unit, _Unit]] = {}  # which cannot be put, with what it would be put into

    def text(self, text: str) -> str:
        """Return the source.  text: as it is, returned where there is nothing to do."""
        changed = False
        while self._inline_one():
            changed = True
        return _written(self._tree) if changed else text

    def _inline_one(self) -> bool:
        classes = [node for node in self._tree.body if isinstance(node, ast.ClassDef)]
        owners: list[ast.Module | ast.ClassDef] = [self._tree, *classes]
        for owner in owners:
            is_kin = isinstance(owner, ast.ClassDef) and owner.name in self._derived
            for function in [node for node in owner.body if isinstance(node, Function)]:
                name = function.name
                if not name.startswith("_") or name.startswith("__") or (is_kin and self._told_anywhere[name] > 1):
                    continue
                if self._told[name] == 1 and self._defined[name] == 1 and self._try(owner, function):
                    return True
        return False

    def _try(self, owner: ast.Module | ast.ClassDef, function: Function) -> bool:
        """Put a function, which one place tells, where it is called, and return True, if that can be."""
        home = owner if isinstance(owner, ast.ClassDef) else None
        own = next(unit for unit in self._units if unit.function is function)
        for unit in self._units:
            if (home is not None, function.name) in unit.calls and home in (None, unit.home) and unit is not own:
                break
        else:
            return False
        if self._stay.get(function) == (own, unit):
            return False
        try:
            is_put = unit.put(function, home is not None)
        except Stays:
            is_put = False
        if is_put:
            owner.body.remove(function)
            self._changed([own, unit], [_Unit(unit.function, unit.home)])
        else:
            self._stay[function] = own, unit
        return is_put

    def _changed(self, old: list[_Unit], new: list[_Unit]) -> None:
        for unit in old:
            self._told.subtract(unit.told)
            self._defined.subtract(unit.defined)
            self._units.remove(unit)
        for unit in new:
            self._told.update(unit.told)
            self._defined.update(unit.defined)
        self._units += new


def _units(within: ast.AST, home: ast.ClassDef | None) -> Iterator[_Unit]:
    for node in children(within):
        if isinstance(node, Function):
            yield _Unit(node, home)
        else:
            yield from _units(node, home or (node if isinstance(node, ast.ClassDef) else None))


def _told(nodes: Iterable[ast.AST]) -> Counter[str]:
    """Return how often each name is told, in a text too."""
    told: Counter[str] = Counter()
    told.update([node.attr for node in nodes if isinstance(node, ast.Attribute)])
    told.update([node.id for node in nodes if isinstance(node, ast.Name)])
    told.update([str(node.value) for node in nodes if isinstance(node, ast.Constant)])
    return told


def _called(node: ast.AST) -> tuple[bool, str] | None:
    """Return whether a call is of a method of its own object, and the name, if it is one or of a plain name."""
    match node:
        case ast.Call(ast.Attribute(ast.Name("self"), name)):
            return True, name
        case ast.Call(ast.Name(name)):
            return False, name
    return None


def _put(caller: Function, function: Function, call: ast.AST, of_class: bool) -> None:
    """Put a function in the place of its call; Stays where that would change something."""
    assert isinstance(call, ast.Call)
    if isinstance(function, ast.FunctionDef) and isinstance(function.body[-1], ast.Return):
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
    for node in walked(within):
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
