"""The one difference between the interpreters that core has to know."""

try:
    from micropython import const
except ImportError:  # CPython

    def const(value):  # type: ignore[misc]
        """Return value; on MicroPython the compiler folds it into the bytecode."""
        return value
