"""The real MicroPython for tests, under the name they know it by."""

from host_tools.micropython.script import run_script as run_on_vm

__all__ = ["run_on_vm"]
