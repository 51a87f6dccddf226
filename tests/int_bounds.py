"""An int that watches: every result of arithmetic with it must be a small int on the pod, inside +-2^30."""

LIMIT = 1 << 30


class Watched(int):
    """An int whose every result is checked against LIMIT and is watched as well."""


def _watched(name):
    plain = getattr(int, name)

    def operation(self, *other):
        result = plain(self, *(int(value) for value in other))
        assert -LIMIT <= result < LIMIT, f"{name} of {int(self)}, {other} is {result}"
        return Watched(result)

    return operation


for _stem in ("add", "sub", "mul", "floordiv", "mod", "lshift", "rshift", "and", "or"):
    for _form in ("__%s__", "__r%s__"):
        setattr(Watched, _form % _stem, _watched(_form % _stem))
for _name in ("__neg__", "__abs__"):
    setattr(Watched, _name, _watched(_name))


class WatchedArray:
    """An array whose numbers come out watched; wraps the detector's own. As ptr32 it watches a kernel's."""

    def __init__(self, array):
        self._array = array

    def __getitem__(self, index):
        return Watched(self._array[index])

    def __setitem__(self, index, value):
        self._array[index] = value


def watch_kernels(monkeypatch, *modules):
    """Have kernels in these modules watch what they read from their arrays."""
    for module in modules:
        monkeypatch.setattr(module, "ptr32", WatchedArray)
