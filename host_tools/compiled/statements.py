"""One function of core's Python as one of C, for objects that are known."""

from __future__ import annotations

import ast
from types import FunctionType

from host_tools.compiled.expressions import Expressions
from host_tools.compiled.program import Program, source_of
from host_tools.compiled.shape import Room, Untranslatable, element
from host_tools.compiled.values import Fixed, Num, Value, as_number


def written(program: Program, function: FunctionType, arguments: list[Value], name: str) -> tuple[str, str]:
    """Return head and body in C of a function.

    arguments: one for each parameter; only whether it is a number, else which object, is of interest.
    name: the function's in C.  Untranslatable where it is none for this translator.
    """
    return _Statements(program, function, arguments).written(name)


class _Statements(Expressions):
    """The statements of one function."""

    def __init__(self, program: Program, function: FunctionType, arguments: list[Value]):
        super().__init__(program, function)
        self._source = source_of(function)
        names = [one.arg for one in self._source.args.args]
        self._parameters = []
        for name, value in zip(names, arguments, strict=True):
            if isinstance(value, Num):
                self._parameters.append(name)
                self.numbers[name] = None
            else:
                self.fixed[name] = value

    def written(self, name: str) -> tuple[str, str]:
        self._block(self._source.body)
        parameters = ["ctx *c", *(f"int64_t v_{one}" for one in self._parameters)]
        declared = [f"int64_t v_{one} = 0;" for one in self.numbers if one not in self._parameters]
        return f"static int64_t {name}({', '.join(parameters)})", "\n".join([*declared, *self.lines, "return 0;"])

    def _block(self, statements: list[ast.stmt]) -> bool:
        """Write statements down; return whether the function ends in them, and so nothing comes after."""
        for node in statements:
            method = getattr(self, f"_do_{type(node).__name__.lower()}", None)
            if method is None:
                raise Untranslatable(f"{self.function.__qualname__}: {type(node).__name__}")
            if method(node):
                return True
        return False

    def _do_pass(self, node: ast.Pass) -> None: ...

    def _do_expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def _do_return(self, node: ast.Return) -> bool:
        found = self.value(node.value) if node.value else Fixed(None)
        if isinstance(found, Fixed) and not isinstance(found.value, bool | None):
            raise Untranslatable(f"{self.function.__qualname__}: returns no number")
        self.lines.append(f"return {as_number(found)};")
        return True

    def _do_raise(self, node: ast.Raise) -> bool:
        self.lines.append("return fault(c, RAISED);")
        return True

    def _do_break(self, node: ast.Break) -> None:
        self.lines.append("break;")

    def _do_continue(self, node: ast.Continue) -> None:
        self.lines.append("continue;")

    def _do_assign(self, node: ast.Assign) -> None:
        if isinstance(node.value, ast.Tuple):
            (target,) = node.targets
            if not isinstance(target, ast.Tuple) or len(target.elts) != len(node.value.elts):
                raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")
            found = [self.value(part) for part in node.value.elts]
            kept = [self.new(one.text) if isinstance(one, Num) else one for one in found]
            for part, value in zip(target.elts, kept, strict=True):
                self._put(part, value)
            return
        value = self.value(node.value)
        for target in node.targets:
            self._put(target, value)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self._put(node.target, self.value(node.value))

    def _do_augassign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            before = self.number(node.target)
            self._put(node.target, Num(self.combined(node.op, before, self.number(node.value))))
        elif isinstance(node.target, ast.Attribute):
            owner = self._owner(node.target)
            before = self.number(node.target)
            more = self.number(node.value)
            self._change(owner, node.target.attr, self.new(self.combined(node.op, before, more)))
        else:
            assert isinstance(node.target, ast.Subscript)
            held = self._held(node.target)
            place = self.element(held, node.target.slice)
            before = self.new(place).text
            self._store(held, place, self.combined(node.op, before, self.number(node.value)))

    def _put(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self._name_it(target.id, value)
        elif isinstance(target, ast.Attribute):
            self._change(self._owner(target), target.attr, value)
        elif isinstance(target, ast.Subscript):
            held = self._held(target)
            self._store(held, self.element(held, target.slice), as_number(value))
        else:
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(target)} = ...")

    def _name_it(self, name: str, value: Value) -> None:
        if isinstance(value, Fixed) and isinstance(value.value, bool):
            value = Num(as_number(value))
        known = self.fixed.get(name)
        if isinstance(value, Num) and known is None:
            self.numbers[name] = None
            self.lines.append(f"v_{name} = {value.text};")
        elif name not in self.numbers and (known is None or _same(known, value)):
            self.fixed[name] = value
        else:
            raise Untranslatable(f"{self.function.__qualname__}: {name} is not always the same")

    def _owner(self, target: ast.Attribute) -> object:
        owner = self.value(target.value)
        if not isinstance(owner, Fixed):
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(target)} = ...")
        return owner.value

    def _change(self, owner, name: str, value: Value) -> None:
        if isinstance(value, Fixed) and isinstance(value.value, bool):
            value = Num(as_number(value))
        self.lines.append(self.program.change(owner, name, value))

    def _held(self, target: ast.Subscript) -> Room:
        held = self.value(target.value)
        if not isinstance(held, Fixed) or not isinstance(held.value, Room):
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(target)} = ...")
        return held.value

    def _store(self, held: Room, place: str, value: str) -> None:
        self.lines.append(f"{place} = fit_{element(held)}(c, {value});")

    def _do_if(self, node: ast.If) -> bool:
        condition = self.value(node.test)
        known = self.known_truth(condition)
        if known is not None:
            return self._block(node.body if known else node.orelse)
        self.lines.append(f"if ({as_number(condition)}) {{")
        ends = self._block(node.body)
        self.lines.append("} else {")
        ends = self._block(node.orelse) and ends
        self.lines.append("}")
        return ends

    def _do_while(self, node: ast.While) -> None:
        if node.orelse:
            raise Untranslatable(f"{self.function.__qualname__}: while ... else")
        self.lines.append("while (!c->fault) {")
        self.lines.append(f"if (!{as_number(self.value(node.test))}) break;")
        self._block(node.body)
        self.lines.append("}")

    def _do_for(self, node: ast.For) -> None:
        if node.orelse or not isinstance(node.target, ast.Name):
            raise Untranslatable(f"{self.function.__qualname__}: for {ast.unparse(node.target)}")
        count = self.new("0").text
        match node.iter:
            case ast.Tuple(elts):
                numbers = [self.number(part) for part in elts]
                self._made += 1
                among = f"t{self._made}"
                self.lines.append(f"const int64_t {among}[] = {{{', '.join(numbers)}}};")
                self.lines.append(f"for (; {count} < {len(numbers)}; {count}++) {{")
                self._name_it(node.target.id, Num(f"{among}[{count}]"))
            case ast.Call(ast.Name("range"), [*bounds]) if len(bounds) in (1, 2):
                ends = [self.new(self.number(part)).text for part in bounds]
                first = ends[0] if len(ends) > 1 else "0"
                self.lines.append(f"for ({count} = {first}; {count} < {ends[-1]}; {count}++) {{")
                self._name_it(node.target.id, Num(count))
            case _:
                raise Untranslatable(f"{self.function.__qualname__}: for ... in {ast.unparse(node.iter)}")
        self._block(node.body)
        self.lines.append("}")


def _same(one: Value, other: Value) -> bool:
    return isinstance(one, Fixed) and isinstance(other, Fixed) and one.value is other.value
