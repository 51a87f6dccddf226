"""Expressions of core's Python as C: every step a variable of its own, in Python's order."""

from __future__ import annotations

import ast
import builtins
import inspect
from array import array
from types import FunctionType, MethodType, ModuleType

from host_tools.compiled.program import Program
from host_tools.compiled.shape import OURS, Room, Untranslatable
from host_tools.compiled.values import Fixed, Num, Row, Value, as_number, literal, of, truth

_SIMPLE = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}
_CALLED = {ast.FloorDiv: "floor_div", ast.Mod: "floor_mod", ast.LShift: "left", ast.RShift: "right"}
_COMPARED = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_AS_IT_IS = "backstep.core.compat"  # functions that return what they are given


class Expressions:
    """The expressions of one function; `lines` is what they come to, in order."""

    def __init__(self, program: Program, function: FunctionType):
        self.program = program
        self.function = function
        self.lines: list[str] = []
        self.fixed: dict[str, Value] = {}  # local names of what is known
        self.numbers: dict[str, None] = {}  # local names of numbers
        self._made = 0

    def value(self, node: ast.expr) -> Value:
        """Return what an expression comes to."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise Untranslatable(f"{self.function.__qualname__}: {type(node).__name__}")
        return method(node)

    def number(self, node: ast.expr) -> str:
        """Return an expression that is a number."""
        found = self.value(node)
        if not isinstance(found, Num):
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}: no number")
        return found.text

    def known_truth(self, found: Value) -> bool | None:
        """Return whether a condition holds, None where that shows only when it runs."""
        return truth(found) if isinstance(found, Fixed) else found.truth if isinstance(found, Num) else None

    def new(self, text: str = "") -> Num:
        """Return a new variable.  text: what it is; else it is assigned to later."""
        self._made += 1
        name = f"t{self._made}"
        self.lines.append(f"int64_t {name} = {text};" if text else f"int64_t {name};")
        return Num(name)

    def _constant(self, node: ast.Constant) -> Value:
        return of(node.value)

    def _name(self, node: ast.Name) -> Value:
        name = node.id
        if name in self.fixed:
            return self.fixed[name]
        if name in self.numbers:
            return Num(f"v_{name}")
        found = self.function.__globals__.get(name, builtins.__dict__.get(name, self))
        if found is self:
            raise Untranslatable(f"{self.function.__qualname__}: {name}")
        return of(found)

    def _attribute(self, node: ast.Attribute) -> Value:
        owner = self.value(node.value)
        if not isinstance(owner, Fixed):
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")
        thing = owner.value
        if isinstance(thing, ModuleType):
            return of(thing.__dict__[node.attr])
        if not type(thing).__module__.startswith(OURS):
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")
        mine = thing.__dict__
        if isinstance(mine.get(node.attr), int):
            return self.new(self.program.slot(thing, node.attr))
        if node.attr in mine:
            return self.program.read(thing, node.attr)
        match inspect.getattr_static(type(thing), node.attr):
            case property(fget=FunctionType() as function):
                return self._result(function, [owner])
            case FunctionType() as function:
                return Fixed(MethodType(function, thing))
            case None | int() | tuple() | bytes() | str() as found:
                return of(found)
        raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")

    def _subscript(self, node: ast.Subscript) -> Value:
        of_what = self.value(node.value)
        if isinstance(of_what, Row):
            return self._of_row(of_what, node.slice)
        if not isinstance(of_what, Fixed):
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")
        held = of_what.value
        if isinstance(held, Room) or (isinstance(held, bytes) and self.program.shape.has(held)):
            return self.new(self.element(held, node.slice))
        if isinstance(held, tuple | bytes):
            index = self.new(f"at(c, {self.number(node.slice)}, {len(held)})").text
            if isinstance(held, tuple) and all(isinstance(row, tuple) for row in held):
                return Row(held, index)
            return self.new(f"{self.program.table(held)}[{index}]")
        raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")

    def _of_row(self, row: Row, column: ast.expr) -> Value:
        if isinstance(column, ast.Constant) and isinstance(column.value, int):
            return self.new(f"{self.program.table(row.table, column.value)}[{row.index}]")
        wide = len(row.table[0])
        at = self.new(f"at(c, {self.number(column)}, {wide})").text
        return self.new(f"{self.program.table(row.table)}[{row.index} * {wide} + {at}]")

    def element(self, held: Room | bytes, index: ast.expr) -> str:
        """Return an element of an array, as something to read or assign to."""
        at = self.number(index)
        pointer, size = self.program.room(held)
        return f"{pointer}[{self.new(f'at(c, {at}, {size})').text}]"

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        found = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            known = self.known_truth(found)
            return self.new(f"!{as_number(found)}") if known is None else Fixed(not known)
        sign = {ast.USub: "-", ast.Invert: "~", ast.UAdd: "+"}[type(node.op)]
        return self.new(f"{sign}{as_number(found)}")

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.number(node.left), self.number(node.right)
        return self.new(self.combined(node.op, left, right))

    def combined(self, op: ast.operator, left: str, right: str) -> str:
        """Return two numbers combined."""
        if type(op) in _SIMPLE:
            return f"{left} {_SIMPLE[type(op)]} {right}"
        if type(op) in _CALLED:
            return f"{_CALLED[type(op)]}(c, {left}, {right})"
        raise Untranslatable(f"{self.function.__qualname__}: {type(op).__name__}")

    def _boolop(self, node: ast.BoolOp) -> Value:
        ends_by = isinstance(node.op, ast.Or)  # `or` ends by what is true
        result: Num | None = None
        opened = 0
        found: Value = Fixed(None)
        for part in node.values:
            found = self.value(part)
            known = self.known_truth(found)
            if known is not None and known != ends_by and part is not node.values[-1]:
                continue
            if result:
                self.lines.append(f"{result.text} = {as_number(found)};")
            if known == ends_by and result:
                result = Num(result.text, known)
            if known is not None or part is node.values[-1]:
                break
            result = result or self.new(as_number(found))
            self.lines.append(f"if ({'!' if ends_by else ''}{result.text}) {{")
            opened += 1
        self.lines.append("}" * opened)
        return result or found

    def _compare(self, node: ast.Compare) -> Value:
        left = self.value(node.left)
        if isinstance(node.ops[0], ast.Is | ast.IsNot):
            right = self.value(node.comparators[0])
            if len(node.ops) == 1 and isinstance(left, Fixed) and isinstance(right, Fixed):
                same = left.value is right.value
                return Fixed(same == isinstance(node.ops[0], ast.Is))
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")
        result: Num | None = None
        for op, part in zip(node.ops, node.comparators, strict=True):
            if result:
                self.lines.append(f"if ({result.text}) {{")
            right = self.value(part)
            if type(op) not in _COMPARED or not isinstance(left, Num) or not isinstance(right, Num):
                raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")
            holds = f"{left.text} {_COMPARED[type(op)]} {right.text}"
            if result:
                self.lines.append(f"{result.text} = {holds};")
            result = result or self.new(holds)
            left = right
        assert result
        self.lines.append("}" * (len(node.ops) - 1))
        return result

    def _ifexp(self, node: ast.IfExp) -> Value:
        condition = self.value(node.test)
        known = self.known_truth(condition)
        if known is not None:
            return self.value(node.body if known else node.orelse)
        result = self.new()
        self.lines.append(f"if ({as_number(condition)}) {{")
        self.lines.append(f"{result.text} = {self.number(node.body)};")
        self.lines.append("} else {")
        self.lines.append(f"{result.text} = {self.number(node.orelse)};")
        self.lines.append("}")
        return result

    def _call(self, node: ast.Call) -> Value:
        called = self.value(node.func)
        if node.keywords or not isinstance(called, Fixed):
            raise Untranslatable(f"{self.function.__qualname__}: {ast.unparse(node)}")
        arguments = [self.value(part) for part in node.args]
        match called.value:
            case FunctionType(__module__=module) if module == _AS_IT_IS:
                return arguments[0]
            case FunctionType() as function:
                return self._result(function, arguments)
            case MethodType(__self__=owner, __func__=FunctionType() as function):
                return self._result(function, [Fixed(owner), *arguments])
        return self._built_in(called.value, arguments, ast.unparse(node))

    def _built_in(self, which, arguments: list[Value], told: str) -> Value:
        if which is len:
            match arguments:
                case [Fixed(value=tuple() | bytes() | array() | bytearray() as held)]:
                    return literal(len(held))
        if which is bool:
            return self.new(f"!!{as_number(arguments[0])}")
        numbers = [one.text for one in arguments if isinstance(one, Num)]
        if len(numbers) == len(arguments):
            if which is int:
                return Num(numbers[0])
            if which is abs:
                return self.new(f"{numbers[0]} < 0 ? -{numbers[0]} : {numbers[0]}")
            if which in (min, max) and len(numbers) > 1:
                best = self.new(numbers[0])
                sign = "<" if which is min else ">"
                self.lines += [f"if ({one} {sign} {best.text}) {best.text} = {one};" for one in numbers[1:]]
                return best
        raise Untranslatable(f"{self.function.__qualname__}: {told}")

    def _result(self, function: FunctionType, arguments: list[Value]) -> Value:
        defaults = function.__defaults__ or ()
        missing = function.__code__.co_argcount - len(arguments)
        if not 0 <= missing <= len(defaults):
            raise Untranslatable(f"{function.__qualname__}: arguments")
        arguments = [*arguments, *map(of, defaults[len(defaults) - missing :])]
        name = self.program.called(function, arguments)
        numbers = [one.text for one in arguments if isinstance(one, Num)]
        return self.new(f"{name}({', '.join(['c', *numbers])})")
