"""Modules bundled into one: the same program, whatever names meet in it."""

import os
import subprocess
import sys
from types import ModuleType

import pytest

from host_tools.errors import UserError
from host_tools.install import podfiles
from host_tools.install.pod_code.bundles import bundled

SOURCES = {
    "x_base": "_A = 1\nLIMIT = 10\ndef made(a, limit=LIMIT):\n    return _A + a + limit\n",
    "x_clash": (
        "import math\nfrom x_base import made as base_made\n_A = 5\nimport x_base as low\n\n"
        "class Made:\n    made = 3\n    def add(self, made):\n        _B = _A\n"
        "        return base_made(made) + low.made(made) + _B + self.made + math.floor(low.LIMIT)\n\n"
        "def made(other):\n    return [made for made in range(_A)] + [other(Made().add(x)) for x in (1, 2)]\n"
    ),
    "x_lazy": (
        "def use(k):\n    import x_clash\n    from x_base import made as later\n    from x_alone import twice\n"
        "    return x_clash.made(lambda made: twice(made) + later(k)), _A, x_clash.Made.made\n_A = 'mine'\n"
    ),
    "x_alone": "from x_clash import made as m\nimport x_lazy\n\ndef twice(n):\n    return 2 * n\n\ndef run():\n"
    "    return m(str), x_lazy.use(1)\n",
    "x_passing": "PASSING = True\nfrom x_alone import run\n",
}  # fmt: skip


def answer(sources, first):
    """Return what run() of the module `first` comes to, each executed at its first import."""
    modules = {}

    def load(name, *_):
        if name not in sources:
            return __import__(name)
        if name not in modules:
            modules[name] = ModuleType(name)
            modules[name].__builtins__ = vars(sys.modules["builtins"]) | {"__import__": load}
            exec(sources[name], vars(modules[name]))
        return modules[name]

    return load(first).run()


@pytest.mark.parametrize(
    "bundle", ["x_base x_clash x_lazy", "x_lazy x_base", "x_clash x_base", "x_clash", "x_alone x_clash x_lazy"]
)
def test_a_bundle_does_what_its_modules_do(bundle):
    found = bundled(SOURCES, {"all": bundle})
    assert found.keys() == SOURCES.keys() - set(bundle.split()) | {"all"}
    assert answer(found, "all" if "x_alone" in bundle else "x_alone") == answer(SOURCES, "x_alone")


@pytest.mark.parametrize(
    ("bundle", "words"), [("x_base x_passing", "some of its modules"), ("x_base gone", "no such module")]
)
def test_what_cannot_be_bundled(bundle, words):
    with pytest.raises(UserError, match=words):
        bundled(SOURCES, {"all": bundle})


def test_every_process_makes_the_same():
    """A set of texts has another order in each; modules in that order would be another firmware each time."""
    modules = {"last": "".join(f"from m{n} import f{n}\n" for n in range(9))}
    modules |= {f"m{n}": f"def f{n}(): pass\n" for n in range(9)}
    words = f"{modules}, {{'b': {' '.join(modules)!r}}}"
    script = f"from host_tools.install.pod_code.bundles import bundled; print(bundled({words}))"
    seeds = [os.environ | {"PYTHONHASHSEED": seed} for seed in "12"]
    first, second = (subprocess.check_output([sys.executable, "-c", script], env=seed) for seed in seeds)
    assert first == second and b"f8" in first


@pytest.mark.slow
def test_who_is_called_from_outside_keeps_its_name():
    texts = podfiles.firmware_texts(native=True)
    assert "\ndef run(parts" in texts["pod"] and "sampling" not in texts
