"""Functions put where they are called: the same answers from fewer functions."""

import ast
import asyncio

import pytest

from host_tools.install import podfiles
from host_tools.install.pod_code.inline import inlined

WHOLE = """
_G = 7
def _cut(a, low=2):
    made = a + low
    if made > 9:
        return 9
    for i in range(made):
        made += i
    return made
def run(made, i):
    low = _cut(made)
    return made, i, low, _G
def _is_odd(n):
    return n % 2 == 1 and n > 0
def _sign(n, name):
    if n < 0:
        return "-"
    return name
def told(n):
    if _sign(n, "+") == "+" and n:
        return [k for k in range(n) if _is_odd(n)], not _is_even(n, 2)
    return _low(n) or n
def _low(n):
    for i in range(3):
        if n < -i:
            n -= i
    return n
def _is_even(n, by): return n % by == 0
class Counts:
    def __init__(self, n):
        self.n = n
        self.seen = []
        self._note(n + 1, n)
    def _note(self, what, n):
        if not what:
            return
        self.seen.append((what, n))
    def _sum(self, each):
        total = 0
        for number in self.seen:
            if number == each:
                return -1
            total += sum(number)
        return total
    def total(self, each):
        return self._sum(each)
    def walk(self, low):
        if low:
            self._down(low)
        else:
            self.seen.append(low)
        self.seen.append("end")
    def _down(self, n):
        if n > 3:
            self.seen.append("deep")
        elif n == 2:
            self.seen.append([n for n in range(n)])
            return
        self.seen.append(n)
    async def later(self):
        value = await self._later(1)
        await self._later_still()
        return value
    async def _later(self, n):
        try:
            await asyncio.sleep(0)
            raise ValueError(n)
        except ValueError as n:
            self.seen.append(str(n))
        return 5
    async def _later_still(self):
        self.seen.append(await asyncio.sleep(0, "late"))
def answer():
    counts = Counts(3)
    for low in (0, 1, 2, 5):
        counts.walk(low)
    counts.walk(-1)
    found = [run(1, 2), run(30, 4), Counts(-1).total(0), Counts(5).total((6, 5)), asyncio.run(counts.later())]
    return found, counts.seen, [told(n) for n in (-2, 0, 4, 5)]
"""
STAYING = """
def _shared(): return 1
def _looped(a):
    for i in a:
        if i: return i
    return 0
def _loads():
    import json
    return json
def _told(): return 3
def run(name):
    x = _shared(); y = _shared(); z = _looped([x]); j = _loads(); t = _told()
    return x, y, z, t, "_told"
"""


def functions(text):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)}


def test_fewer_functions_say_the_same():
    found = inlined({"m": WHOLE})["m"]
    here, there = {"asyncio": asyncio}, {"asyncio": asyncio}
    exec(WHOLE, here)
    exec(found, there)
    assert there["answer"]() == here["answer"]()
    private = {name for name in functions(found) if name.startswith("_")}
    assert private == {"__init__", "_down"}  # what comes after the latter's two ifs would be there twice


def test_what_is_called_twice_returns_in_a_loop_loads_a_module_or_is_told_by_name_stays():
    assert inlined({"m": STAYING})["m"] == STAYING


@pytest.mark.parametrize("callee", ["def _f(self): return other", "async def _f(self): 1", "def _f(self, *a): 1"])
def test_a_name_that_means_something_else_in_the_caller_stays_away(callee):
    text = f"other = 1\nclass A:\n    def run(self):\n        other = 2\n        x = self._f()\n    {callee}\n"
    assert inlined({"m": text})["m"] == text


def test_a_class_with_a_base_keeps_what_it_may_share():
    text = "class A:\n    def run(self):\n        self._f()\n    def _f(self):\n        pass\n"
    heir = "from m import A\nclass B(A):\n    def also(self):\n        self._f()\n"
    assert inlined({"m": text, "n": heir})["m"] == text
    assert inlined({"m": text, "n": "from m import A\nclass B(A): pass\n"})["m"] != text


def test_the_firmware_has_fewer():
    plain, made = podfiles.firmware_sources().values(), podfiles.firmware_texts(native=True).values()
    count = [sum(isinstance(node, ast.FunctionDef) for text in texts for node in ast.walk(ast.parse(text)))
             for texts in (plain, made)]  # fmt: skip
    assert count[1] < count[0] - 50


def test_several_names_are_assigned_without_a_tuple():
    two = "def _two(a, b):\n    b, a = a, b\n    return a\n"
    text = two + "def swapped(a, b):\n    c = _two(a, b)\n    return (c, b)\n"
    found = inlined({"m": text})["m"]
    assert "_two" not in found and " = (" not in found and "return (c, b)" in found


KERNELS = """
@micropython.viper
def run(x: int, k: int, rows) -> int:
    p = ptr32(rows)
    _mark(rows, p[0] + x, 3)
    x = p[1]
    return _last(x, p, k)
@micropython.viper
def _mark(rows, what: int, n: int):
    p = ptr32(rows)
    p[1] = what + n
@micropython.viper
def _last(x: int, p, k: int) -> int:
    while k:
        x += p[2]
        k -= 1
    return x
@micropython.native
def told(rows):
    _show(rows)
    return _plain(rows)
@micropython.native
def _show(rows):
    print(rows)
@micropython.viper
def _plain(rows) -> int:
    return int(rows[0])
"""


def test_a_kernel_is_put_into_a_kernel_alone():
    found = inlined({"m": KERNELS})["m"]
    assert functions(found) == {"run", "told", "_show", "_plain"}


def test_a_kernels_last_call_stays_in_the_variables_that_it_is_given():
    found = inlined({"m": KERNELS})["m"]
    body = found[: found.index("@micropython.native")]
    assert "x += p[2]\n        k -= 1" in body
    room: dict = {"ptr32": list, "micropython": type("", (), {"viper": staticmethod(lambda f: f)})}
    exec(body, room)
    assert room["run"](5, 4, [10, 7, 100]) == 7 + 400  # the list is a copy: what _mark put down is not seen


def test_a_kernel_does_not_take_a_variable_that_is_told_twice():
    text = KERNELS.replace("_last(x, p, k)", "_last(k, p, k)")
    body = inlined({"m": text})["m"].partition("@micropython.native")[0]
    room: dict = {"ptr32": list, "micropython": type("", (), {"viper": staticmethod(lambda f: f)})}
    exec(body, room)
    assert room["run"](5, 4, [10, 7, 100]) == 4 + 400
