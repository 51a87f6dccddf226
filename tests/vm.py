"""The real MicroPython for tests, under the name they know it by."""

import functools

from host_tools.micropython.script import run_script as run_on_vm

__all__ = ["run_on_vm", "word_bits"]


@functools.cache
def word_bits() -> int:
    """Return the word size of the MicroPython that tests run on: 32, or 64 where gcc lacks -m32."""
    return 32 if run_on_vm("import sys; print(sys.maxsize)").strip() == str(2**31 - 1) else 64
